"""Public files that are the same for everybody: made once, one at a time, and kept in memory by what they say."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST_FILES = 60
# Whoever comes while another file is being made waits this long, and so few at once: the server has other work.
WAIT_SECONDS = 15
MOST_WAITING = 4


class Busy(Exception):
    """Too many files are being asked for that nobody has made yet."""


class KeptFiles:
    """Files by everything that stands in them, so that a change of a word is another file; the oldest go first."""

    def __init__(self) -> None:
        self._files: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._places = threading.Semaphore(MOST_WAITING)

    def get(self, content: Hashable, make: Callable[[], bytes]) -> bytes:
        """The file of this content, made when it is not there. Raises Busy, and what ``make`` raises."""
        kept = self._kept(content)
        if kept is not None:
            return kept
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._making.acquire(timeout=WAIT_SECONDS):
                raise Busy
            try:
                # Perhaps the one before was asking for the same.
                return self._kept(content) or self._keep(content, make())
            finally:
                self._making.release()
        finally:
            self._places.release()

    def _kept(self, content: Hashable) -> bytes | None:
        with self._lock:
            file = self._files.get(content)
            if file is not None:
                self._files.move_to_end(content)
            return file

    def _keep(self, content: Hashable, file: bytes) -> bytes:
        with self._lock:
            self._files[content] = file
            while len(self._files) > MOST_FILES:
                self._files.popitem(last=False)
        return file

    def forget(self) -> None:
        """Make every file anew."""
        with self._lock:
            self._files.clear()
