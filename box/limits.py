"""Holding off abuse without keeping who came: counters in this process's memory, under a hash that dies with it.

A whole school shares one address, so a limit is a bucket that holds a class's letters many times over and fills
up again by itself: nobody is ever refused for good.
"""

import hashlib
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

MOST_ADDRESSES = 20_000
_PROCESS_SECRET = secrets.token_bytes(32)


class Buckets:
    """One bucket of rights for each address. Thread-safe; holds at most ``MOST_ADDRESSES`` buckets.

    ``at_once`` rights to begin with, ``a_minute`` grown back; both are asked for anew each time.
    """

    def __init__(
        self,
        *,
        at_once: Callable[[], int],
        a_minute: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._a_minute, self._clock = at_once, a_minute, clock
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def _left(self, key: bytes, now: float) -> float:
        full = float(self._at_once())
        left, then = self._buckets.get(key, (full, now))
        return min(full, left + (now - then) * self._a_minute() / 60)

    def has_any(self, key: bytes) -> bool:
        """Whether a right is left; takes none."""
        with self._lock:
            return self._left(key, self._clock()) >= 1

    def take(self, key: bytes) -> bool:
        """Take one right. False when none is left: then nothing is taken."""
        with self._lock:
            now = self._clock()
            left = self._left(key, now)
            if left < 1:
                return False
            self._buckets[key] = (left - 1, now)
            self._buckets.move_to_end(key)
            if len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
            return True

    def forget(self) -> None:
        """Empty memory: everybody has all rights again."""
        with self._lock:
            self._buckets.clear()


def sender_of(request: HttpRequest) -> bytes:
    """A key for the sender's address that means nothing outside this process.

    Behind proxies of ours the address is the ``PROXIES``-th from the right of X-Forwarded-For: what stands to the
    left of it anybody can write. An IPv6 sender is counted by its /64 network, which one household has.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= settings.PROXIES:
            address = forwarded[-settings.PROXIES].strip() or address
    return hashlib.blake2b(
        _network(address).encode(errors="replace"), digest_size=16, key=_PROCESS_SECRET
    ).digest()


def _network(address: str) -> str:
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:
        return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


letters = Buckets(
    at_once=lambda: settings.LETTERS_AT_ONCE, a_minute=lambda: settings.LETTERS_A_MINUTE
)
# Cleaning files costs what a hundred letters do, also when the letter is not sent in the end.
uploads = Buckets(
    at_once=lambda: settings.LETTERS_AT_ONCE, a_minute=lambda: settings.LETTERS_A_MINUTE
)
# Eighty random bits cannot be guessed; this only keeps somebody from trying at full speed.
wrong_codes = Buckets(at_once=lambda: 30, a_minute=lambda: 10)
