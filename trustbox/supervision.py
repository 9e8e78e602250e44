"""Server and worker side by side, as ``manage.py serve`` leaves them: they end together, the worker comes again.

A small process of the standard library alone; it takes the place of the command that prepared the start.
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from trustbox.server import server_command

# The worker starts a moment later: on a small machine the server is wanted first.
WORKER_AFTER = 1.0
# A worker that dies is started again after growing pauses; one that lived this long begins with the shortest again.
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0)
LIVED_LONG = 60.0
# How long a worker may take to finish the mail it has in hand.
WORKER_ENDS_WITHIN = 15.0
_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
_PR_SET_PDEATHSIG = 1


def worker_command() -> list[str]:
    """The worker's command line."""
    return [sys.executable, "manage.py", "worker"]


def _dies_with(parent: int) -> Callable[[], None] | None:
    """What a child does before it begins: ask the kernel to be ended when its parent is gone, however it went."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


class Supervisor:
    """Starts both, passes signals on, and ends when the server does."""

    def __init__(self, server: list[str], worker: list[str]) -> None:
        self._commands = {"server": server, "worker": worker}
        self._server: subprocess.Popen | None = None
        self._worker: subprocess.Popen | None = None
        self._stopping = False
        self._deaths = 0
        self._born_at = 0.0

    def run(self) -> int:
        """Until the server has ended. Returns its exit code, 128 and the signal's number if one ended it."""
        ears, mouth = socket.socketpair()
        ears.setblocking(False)
        mouth.setblocking(False)
        signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        for number in (*_FORWARDED, signal.SIGCHLD):
            signal.signal(number, self._heard)
        self._server = self._start("server")
        worker_at = time.monotonic() + WORKER_AFTER
        try:
            while self._server.poll() is None:
                worker_at = self._see_to_worker(worker_at)
                pause = None if self._stopping or self._worker else worker_at - time.monotonic()
                select.select([ears], [], [], pause if pause is None else max(pause, 0.0))
                with contextlib.suppress(BlockingIOError):
                    ears.recv(4096)
        finally:
            self._stopping = True
            self._end_worker()
            # Of a server that was killed its own children may be left.
            _signal_group(self._server, signal.SIGKILL)
        code = self._server.wait()
        return code if code >= 0 else 128 - code

    def _see_to_worker(self, worker_at: float) -> float:
        """Start it when its time has come, and notice when it died. Returns when it is to be started."""
        now = time.monotonic()
        if self._worker is not None:
            code = self._worker.poll()
            if code is None or self._stopping:
                return worker_at
            self._worker = None
            self._deaths = 0 if now - self._born_at > LIVED_LONG else self._deaths
            pause = PAUSES[min(self._deaths, len(PAUSES) - 1)]
            self._deaths += 1
            print(
                f"The worker ended ({code}); it starts again in {pause:.0f} s.",
                file=sys.stderr,
                flush=True,
            )
            return now + pause
        if not self._stopping and now >= worker_at:
            self._born_at = now
            self._worker = self._start("worker")
        return worker_at

    def _start(self, name: str) -> subprocess.Popen:
        # A group of its own: Ctrl-C reaches this process alone, which passes it on once.
        return subprocess.Popen(  # noqa: S603 - our own two commands
            self._commands[name],
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_dies_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
        )

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return
        self._stopping = True
        for child in (self._server, self._worker):
            if child is not None:
                child.send_signal(number)

    def _end_worker(self) -> None:
        if self._worker is None:
            return
        self._worker.terminate()
        try:
            self._worker.wait(WORKER_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()


def _signal_group(child: subprocess.Popen | None, number: int) -> None:
    if child is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)


def main() -> None:
    """``python -m trustbox.supervision PORT``."""
    sys.exit(Supervisor(server_command(int(sys.argv[1])), worker_command()).run())


if __name__ == "__main__":
    main()
