"""A stream opens whole, by its key, in its place; and in no other way."""

import tracemalloc
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vault.content import new_content_key
from vault.errors import NotForThisKey
from vault.streams import (
    BLOCK_BYTES,
    EXTRA_BYTES,
    HEADER_BYTES,
    StreamLock,
    decrypt_stream,
    encrypt_stream,
)

pytestmark = pytest.mark.once("sqlite")

SEALED_BLOCK = BLOCK_BYTES + EXTRA_BYTES
KEY = new_content_key()


def sealed(data: bytes, *, key: bytes = KEY, context: str = "here") -> bytes:
    return b"".join(encrypt_stream([data], key=key, context=context))


def opened(data: bytes, *, key: bytes = KEY, context: str = "here") -> bytes:
    return b"".join(decrypt_stream([data], key=key, context=context))


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    yield from (data[at : at + size] for at in range(0, len(data), size))


@pytest.mark.parametrize(
    "length", [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES]
)
def test_lengths_at_the_edges_of_blocks(length: int) -> None:
    data = bytes(range(256)) * (length // 256 + 1)
    data = data[:length]
    stream = sealed(data)
    assert opened(stream) == data
    blocks = max(1, -(-length // BLOCK_BYTES))
    assert len(stream) == HEADER_BYTES + length + blocks * EXTRA_BYTES
    assert data[:1000] not in stream or length < 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=200_000), max_size=4), st.integers(1, 150_000))
def test_however_it_is_cut_into_pieces(chunks: list[bytes], size: int) -> None:
    stream = b"".join(encrypt_stream(chunks, key=KEY, context="here"))
    assert b"".join(decrypt_stream(in_pieces(stream, size), key=KEY, context="here")) == b"".join(
        chunks
    )


def test_the_same_file_twice_is_two_streams() -> None:
    assert sealed(b"x" * 100) != sealed(b"x" * 100)


def test_another_key_or_another_place_does_not_open_it() -> None:
    stream = sealed(b"x" * 100_000)
    for other in ({"key": new_content_key()}, {"context": "there"}):
        with pytest.raises(NotForThisKey):
            opened(stream, **other)


@pytest.mark.parametrize("length", [0, 10, BLOCK_BYTES, 2 * BLOCK_BYTES + 5])
def test_cut_off_anywhere(length: int) -> None:
    stream = sealed(b"y" * length)
    edges = [HEADER_BYTES + SEALED_BLOCK * number for number in range(3)]
    for kept in {0, 1, HEADER_BYTES - 1, *edges, len(stream) - 1}:
        if kept < len(stream):
            with pytest.raises(NotForThisKey):
                opened(stream[:kept])


def test_cut_off_after_a_whole_block_gives_that_block_and_then_refuses() -> None:
    stream = sealed(b"y" * (2 * BLOCK_BYTES))
    found = decrypt_stream([stream[: HEADER_BYTES + SEALED_BLOCK]], key=KEY, context="here")
    assert next(found) == b"y" * BLOCK_BYTES
    with pytest.raises(NotForThisKey):
        next(found)


def test_blocks_in_another_order_left_out_doubled_or_from_another_stream() -> None:
    data = b"".join(bytes([number]) * BLOCK_BYTES for number in range(4))
    stream, other = sealed(data), sealed(data)
    head = stream[:HEADER_BYTES]
    one, two, three, four = in_pieces(stream[HEADER_BYTES:], SEALED_BLOCK)
    stranger = other[HEADER_BYTES : HEADER_BYTES + SEALED_BLOCK]
    for blocks in (
        [two, one, three, four],
        [one, three, four],
        [one, one, two, three, four],
        [stranger, two, three, four],
        [one, two, three, four, four],
        [one, two, three, four, b"z"],
        [four],
        [],
    ):
        with pytest.raises(NotForThisKey):
            opened(head + b"".join(blocks))


@settings(max_examples=200, deadline=None)
@given(st.integers(0), st.integers(1, 255))
def test_any_byte_altered(at: int, by: int) -> None:
    stream = bytearray(sealed(b"z" * (BLOCK_BYTES + 100)))
    stream[at % len(stream)] ^= by
    with pytest.raises(NotForThisKey):
        opened(bytes(stream))


@pytest.mark.parametrize("junk", [b"", b"x", b"x" * 24, b"x" * 41, b"x" * 100_000])
def test_what_is_no_stream(junk: bytes) -> None:
    with pytest.raises(NotForThisKey):
        opened(junk)


def test_memory_does_not_grow_with_the_file() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"m" * 50_000

    def peak_of(count: int) -> int:
        tracemalloc.start()
        stream = encrypt_stream(islice(endless(), count), key=KEY, context="here")
        length = sum(map(len, decrypt_stream(stream, key=KEY, context="here")))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert length == count * 50_000
        return peak

    assert peak_of(800) < peak_of(20) + 100_000 < 2_000_000


def test_the_lock_by_hand_is_the_same_stream() -> None:
    lock = StreamLock(key=KEY, context="here")
    stream = lock.add(b"a" * 70_000) + lock.add(b"b") + lock.end()
    assert opened(stream) == b"a" * 70_000 + b"b"
