"""More than a thousand spoiled files: each is cleaned or refused with a reason, soon, and never anything else.

Most are cleaned in this process, where an error of ours would be seen as it is; some by the real child.
"""

import random
import time

import pytest

from box.files import kinds
from box.files.cleaning import MOST_CLEANED_BYTES, clean
from box.files.kinds import type_of
from box.files.refusals import NotCleaned, Why
from box.files.worker import clean_upload
from tests.box.files.making import upload
from tests.box.files.samples import HIDDEN, KINDS, every_kind

pytestmark = pytest.mark.once("sqlite")

SEED = 20261121
FOR_EACH_KIND = 110
BY_THE_CHILD = 4
LONGEST_SECONDS = 5.0


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _place in range(chance.choice((1, 5, 50))):
        spoiled[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(spoiled)


def _wrong_lengths(data: bytes, chance: random.Random) -> bytes:
    """Four bytes somewhere, most likely near the beginning where lengths stand, say the most or the least."""
    spoiled = bytearray(data)
    for _place in range(chance.choice((1, 3))):
        at = chance.randrange(min(len(data) - 4, chance.choice((64, 512, len(data)))))
        spoiled[at : at + 4] = chance.choice(
            (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1", b"\x80\0\0\0")
        )
    return bytes(spoiled)


def _without_a_piece(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(1, 200) :]


def _doubled_piece(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at : at + 500] * chance.choice((2, 50)) + data[at:]


def _spliced(data: bytes, chance: random.Random) -> bytes:
    other = every_kind()[chance.choice(KINDS)]
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _polyglot(data: bytes, chance: random.Random) -> bytes:
    tail = chance.choice(
        (b"<html><script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 50, every_kind()["pdf"])
    )
    return data + tail


def _other_head(data: bytes, chance: random.Random) -> bytes:
    """The beginning of one kind before the rest of another."""
    other = every_kind()[chance.choice(KINDS)]
    cut = chance.choice((8, 12, 32, 200))
    return other[:cut] + data[cut:]


def _noise(data: bytes, chance: random.Random) -> bytes:
    return data[:16] + chance.randbytes(chance.choice((10, 1000, 100_000)))


WAYS = (
    _cut,
    _flipped,
    _flipped,
    _wrong_lengths,
    _wrong_lengths,
    _without_a_piece,
    _doubled_piece,
    _spliced,
    _polyglot,
    _other_head,
    _noise,
)


def _spoiled(name: str) -> list[bytes]:
    chance = random.Random(f"{SEED} {name}")
    return [WAYS[number % len(WAYS)](every_kind()[name], chance) for number in range(FOR_EACH_KIND)]


def test_there_are_a_thousand() -> None:
    assert len(KINDS) * FOR_EACH_KIND >= 1000


@pytest.mark.parametrize("name", KINDS)
def test_each_is_cleaned_or_refused_with_a_reason(name: str) -> None:
    refused, slowest = 0, 0.0
    for number, data in enumerate(_spoiled(name)):
        began = time.perf_counter()
        try:
            cleaned, kind = clean(data)
        except NotCleaned as refusal:
            assert refusal.why in set(Why)
            refused += 1
        else:
            assert kind.mime in kinds.CLEANED and type_of(cleaned) is kind, f"{name} {number}"
            assert 0 < len(cleaned) <= MOST_CLEANED_BYTES
            if kind.kind != kinds.SOUND:
                assert HIDDEN not in cleaned, f"{name} {number}"
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < LONGEST_SECONDS
    assert 0 < refused < FOR_EACH_KIND


@pytest.mark.parametrize("name", KINDS)
def test_the_child_says_the_same(name: str) -> None:
    for data in _spoiled(name)[:BY_THE_CHILD]:
        sent = upload(data)
        try:
            wanted = clean(data)[1].mime if data else None
        except NotCleaned:
            wanted = None
        try:
            file = clean_upload(sent)
            said = file.type.mime
            assert len(b"".join(file.chunks())) == file.size
        except NotCleaned as refused:
            said, why = None, str(refused)
        else:
            why = ""
        finally:
            sent.close()
        assert said == wanted, why
