"""Pages that are the same for everybody for a few seconds: rendered once, then only filled in.

A form rendered anew for each visitor costs ten times the rest of the request. What differs between visitors (the CSRF
token, the form's token) is put into the rendered page at its slots.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

MOST_PAGES = 400
KEPT_SECONDS = 10.0


def new_slot() -> str:
    """A text that stands where something is put in later; it can be in no page by chance."""
    return f"slot{secrets.token_hex(12)}"


class KeptPages:
    """Rendered pages by key, each for ``KEPT_SECONDS``; at most ``MOST_PAGES``, the oldest go first."""

    def __init__(self, slots: tuple[str, ...] = ()) -> None:
        self.slots = slots
        self._pages: OrderedDict[Hashable, tuple[float, tuple[bytes, ...]]] = OrderedDict()
        self._lock = threading.Lock()

    def filled(
        self, key: Hashable, render: Callable[[], str], values: tuple[str, ...] = ()
    ) -> bytes:
        """The page with a value in each slot; ``render`` is called when there is none fresh."""
        now = time.monotonic()
        kept = self._pages.get(key)
        if kept is None or kept[0] < now:
            kept = (now + KEPT_SECONDS, self._cut(render()))
            with self._lock:
                self._pages[key] = kept
                self._pages.move_to_end(key)
                while len(self._pages) > MOST_PAGES:
                    self._pages.popitem(last=False)
        pieces = kept[1]
        if not values:
            return pieces[0]
        whole = [pieces[0]]
        for value, piece in zip(values, pieces[1:], strict=True):
            whole += (value.encode(), piece)
        return b"".join(whole)

    def _cut(self, page: str) -> tuple[bytes, ...]:
        # The slots stand in the page in their order, each once.
        pieces = []
        for slot in self.slots:
            piece, found, page = page.partition(slot)
            if not found:
                raise ValueError("A kept page lacks one of its slots.")
            pieces.append(piece.encode())
        return (*pieces, page.encode())

    def forget(self) -> None:
        """Render everything anew."""
        with self._lock:
            self._pages.clear()
