"""Limits in memory: generous, forgiving, and knowing nobody."""

import pytest
from django.test import RequestFactory

from box import limits
from box.limits import Buckets, sender_of

pytestmark = pytest.mark.once("sqlite")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def buckets(clock: Clock, at_once: int = 3, a_minute: int = 6) -> Buckets:
    return Buckets(at_once=lambda: at_once, a_minute=lambda: a_minute, clock=clock)


def test_rights_grow_back() -> None:
    clock = Clock()
    held = buckets(clock)
    assert [held.take(b"a") for _time in range(4)] == [True, True, True, False]
    assert not held.has_any(b"a")
    clock.now += 10.1
    assert [held.take(b"a"), held.take(b"a")] == [True, False]


def test_never_more_than_the_bucket_holds() -> None:
    clock = Clock()
    held = buckets(clock)
    held.take(b"a")
    clock.now += 3600
    assert [held.take(b"a") for _time in range(4)] == [True, True, True, False]


def test_asking_takes_nothing() -> None:
    held = buckets(Clock(), at_once=1)
    assert held.has_any(b"a")
    assert held.take(b"a")


def test_each_sender_has_a_bucket() -> None:
    held = buckets(Clock(), at_once=1)
    assert held.take(b"a")
    assert held.take(b"b")
    assert not held.take(b"a")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 10)
    held = buckets(Clock())
    for number in range(100):
        assert held.take(str(number).encode())
    assert len(held._buckets) == 10


def sender(address: str, forwarded: str = "", proxies: int = 0) -> bytes:
    from django.test import override_settings

    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    with override_settings(PROXIES=proxies):
        return sender_of(RequestFactory().get("/", REMOTE_ADDR=address, **headers))


def test_forwarded_address_counts_only_behind_our_proxies() -> None:
    assert sender("10.0.0.1", "1.1.1.1") == sender("10.0.0.1", "2.2.2.2")
    assert sender("10.0.0.1", "1.1.1.1", 1) != sender("10.0.0.1", "2.2.2.2", 1)
    assert sender("10.0.0.1", "9.9.9.9, 1.1.1.1", 1) == sender("10.0.0.1", "8.8.8.8, 1.1.1.1", 1)
    assert sender("10.0.0.1", "1.1.1.1, 10.0.0.2", 2) == sender("10.0.0.1", "1.1.1.1", 1)
    assert sender("10.0.0.1", "", 1) == sender("10.0.0.1", "1.1.1.1", 2)


def test_same_sender_however_the_address_is_written() -> None:
    assert sender("1.1.1.1") == sender("1.1.1.1:5555")
    assert sender("2001:db8::1") == sender("2001:db8:0:0:ffff::2") == sender("[2001:db8::3]:80")
    assert sender("2001:db8::1") != sender("2001:db8:0:1::1")
    assert sender("::ffff:1.1.1.1") == sender("1.1.1.1")
    assert sender("unix:") != sender("1.1.1.1")


def test_key_does_not_hold_the_address() -> None:
    assert b"1.1.1.1" not in sender("1.1.1.1")
    assert len(sender("1.1.1.1")) == 16
