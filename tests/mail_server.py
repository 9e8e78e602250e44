"""A real mail server on loopback: it takes mail, or delays, refuses, hangs, dies, as a test tells it."""

import asyncio
import email
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


class MailServer:
    """At ``port``. What it took is in ``taken``; ``answers`` are given before it takes again, the last one for good.

    An answer is a line of SMTP, seconds to wait before taking, ``"die"`` (the connection ends without an answer), or
    ``"die after"`` (it takes the mail and ends the connection instead of saying so).
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.told: list[str] = []
        self.answers: list[str | float] = []
        self.for_recipients: str = TAKEN
        self.goodbye: str = "221 Bye"
        self.port = 0
        # Called in the server's thread after a mail is taken and before it says so.
        self.on_taken: Callable[[], None] = lambda: None
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Begin to listen, at the same port as before if there was one."""

        async def begin() -> asyncio.Server:
            return await self._loop.create_server(
                lambda: SMTP(self, loop=self._loop), "127.0.0.1", self.port
            )

        self._server = asyncio.run_coroutine_threadsafe(begin(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def shut(self) -> None:
        """Stop listening: whoever comes is refused the connection."""
        if self._server is not None:
            self._loop.call_soon_threadsafe(self._server.close)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), self._loop).result()
            self._server = None

    def end(self) -> None:
        """Shut, and end its thread."""
        self.shut()
        asyncio.run_coroutine_threadsafe(self._drop_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _drop_all(self) -> None:
        others = [
            task for task in asyncio.all_tasks(self._loop) if task is not asyncio.current_task()
        ]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def wait_for(self, count: int, seconds: float = 30.0) -> list[EmailMessage]:
        """What it took, once there are so many. Raises AssertionError when they do not come."""
        until = time.monotonic() + seconds
        while len(self.taken) < count:
            assert time.monotonic() < until, f"{len(self.taken)} of {count} mails came"
            time.sleep(0.02)
        return list(self.taken)

    def _next(self) -> str | float:
        if len(self.answers) > 1:
            return self.answers.pop(0)
        return self.answers[0] if self.answers else TAKEN

    # What aiosmtpd calls.

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list
    ) -> str:
        if self.for_recipients == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.for_recipients

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.goodbye == "die":
            server.transport.abort()
        return self.goodbye

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._next()
        if isinstance(answer, float | int):
            await asyncio.sleep(answer)
            answer = TAKEN
        if answer == "die":
            server.transport.abort()
            return TAKEN
        if answer in (TAKEN, "die after"):
            message = email.message_from_bytes(envelope.content, policy=default)
            self.told.append(envelope.rcpt_tos[0])
            self.taken.append(message)
            self.on_taken()
        if answer == "die after":
            server.transport.abort()
            return TAKEN
        return answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that takes mail; ended afterwards."""
    server = MailServer()
    server.open()
    try:
        yield server
    finally:
        server.end()
