"""One render process that stays: a paper of a page or two takes longer to begin with than to draw.

It is begun with the first paper, works for one at a time, and is begun anew when it has died, when it failed, and
after some hundred papers. It keeps nothing of a paper that was drawn, and ends with the server.
"""

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reports.rendering import RenderProcess

MOST_PAPERS = 300
WAITS_SECONDS = 300  # without a paper to draw, before it ends by itself


@dataclass
class _Standing:
    """The process and how many papers it has drawn. Whoever touches them holds the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    process: RenderProcess | None = None
    papers: int = 0

    def ready(self) -> RenderProcess:
        if self.process is not None and (not self.process.is_alive or self.papers >= MOST_PAPERS):
            self.end()
        if self.process is None:
            self.process, self.papers = RenderProcess(patience=WAITS_SECONDS), 0
        self.papers += 1
        return self.process

    def end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.__exit__(None, None, None)


_standing = _Standing()


@contextmanager
def standing_process() -> Iterator[RenderProcess]:
    """The process, for one paper; others wait. What fails in the block ends it, so that the next begins anew."""
    with _standing.lock:
        try:
            yield _standing.ready()
        except BaseException:
            _standing.end()
            raise


@atexit.register
def end() -> None:
    """End the process, if there is one. Safe to repeat."""
    _standing.end()
