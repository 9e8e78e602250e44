"""A caller that costs little, because it shares the cores with what it calls: kept-alive sockets and one epoll."""

import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

AT_ONCE = 16
READ_BYTES = 1 << 18


@dataclass
class Answers:
    """What came back: seconds for all, how many of each status, and the answers themselves when they are kept."""

    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds


class _Line:
    """One connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = b""

    def whole_answer(self) -> bytes | None:
        """The answer once all of it is here. Raises ConnectionError when the server hangs up."""
        piece = self.socket.recv(READ_BYTES)
        if not piece:
            raise ConnectionError("The server closed a connection.")
        self.read += piece
        head, found, body = self.read.partition(b"\r\n\r\n")
        if not found:
            return None
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return None
        answer, self.read = self.read, b""
        return answer


def send_all(port: int, requests: Sequence[bytes], *, keep: bool = False) -> Answers:
    """Send the requests, ``AT_ONCE`` at a time, each as soon as a connection is free."""
    answers = Answers()
    lines = [_Line(port) for _place in range(min(AT_ONCE, len(requests)))]
    waiting = iter(requests)
    with selectors.DefaultSelector() as ready:
        began = time.perf_counter()
        for line in lines:
            ready.register(line.socket, selectors.EVENT_READ, line)
            line.socket.sendall(next(waiting))
        left = len(requests)
        while left:
            for key, _events in ready.select():
                line = key.data
                answer = line.whole_answer()
                if answer is None:
                    continue
                left -= 1
                status = int(answer[9:12])
                answers.statuses[status] = answers.statuses.get(status, 0) + 1
                if keep:
                    answers.kept.append(answer)
                following = next(waiting, None)
                if following is not None:
                    line.socket.sendall(following)
        answers.seconds = time.perf_counter() - began
    for line in lines:
        line.socket.close()
    return answers


def get(port: int, path: str) -> bytes:
    """A request for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


def post(
    port: int,
    path: str,
    *,
    cookie: str,
    body: bytes,
    content_type: str = "application/x-www-form-urlencoded",
) -> bytes:
    """A form sent."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Cookie: {cookie}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
