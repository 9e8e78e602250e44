"""Files of any length under a content key, in constant memory: libsodium's secretstream (XChaCha20-Poly1305).

A stream is a header and blocks of 64 KiB, each authenticated together with its place and with the context; the last
one carries the final tag. So a stream that was cut off, put into another order, altered, or moved to another row does
not open.

Source: https://doc.libsodium.org/secret-key_cryptography/secretstream
"""

from collections.abc import Iterable, Iterator

from nacl import bindings
from nacl.exceptions import CryptoError

from vault.errors import NotForThisKey

BLOCK_BYTES = 64 * 1024
HEADER_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
EXTRA_BYTES = bindings.crypto_secretstream_xchacha20poly1305_ABYTES

_GOES_ON = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_ENDS = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class StreamLock:
    """Encrypts what is handed to it piece by piece. What ``add`` and ``end`` return, in order, is the stream."""

    def __init__(self, *, key: bytes, context: str) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._context = context.encode()
        self._out = bytearray(
            bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        )
        self._rest = bytearray()

    def add(self, data: bytes) -> bytes:
        """As much of the stream as is certain now, perhaps nothing."""
        self._rest += data
        # One block is always held back: it could be the last.
        while len(self._rest) > BLOCK_BYTES:
            self._push(bytes(self._rest[:BLOCK_BYTES]), _GOES_ON)
            del self._rest[:BLOCK_BYTES]
        return self._taken()

    def end(self) -> bytes:
        """The rest of the stream."""
        self._push(bytes(self._rest), _ENDS)
        self._rest.clear()
        return self._taken()

    def _push(self, block: bytes, tag: int) -> None:
        self._out += bindings.crypto_secretstream_xchacha20poly1305_push(
            self._state, block, self._context, tag
        )

    def _taken(self) -> bytes:
        out = bytes(self._out)
        self._out.clear()
        return out


def encrypt_stream(chunks: Iterable[bytes], *, key: bytes, context: str) -> Iterator[bytes]:
    """The pieces of a stream that holds ``chunks``, which may be of any lengths."""
    lock = StreamLock(key=key, context=context)
    for chunk in chunks:
        if piece := lock.add(chunk):
            yield piece
    yield lock.end()


def decrypt_stream(chunks: Iterable[bytes], *, key: bytes, context: str) -> Iterator[bytes]:
    """What ``encrypt_stream`` was given, in blocks. ``chunks`` may be cut anywhere.

    Raises NotForThisKey, at the block where it shows: what came before it is genuine, but not all of the file.
    """
    pieces = _sized(chunks, HEADER_BYTES, BLOCK_BYTES + EXTRA_BYTES)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    tag = _GOES_ON
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, next(pieces, b""), key)
        for piece in pieces:
            if tag == _ENDS:
                raise NotForThisKey
            block, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, piece, context.encode()
            )
            yield block
    except (CryptoError, ValueError, TypeError) as error:
        raise NotForThisKey from error
    if tag != _ENDS:
        raise NotForThisKey


def _sized(chunks: Iterable[bytes], first: int, others: int) -> Iterator[bytes]:
    """The same bytes as one piece of ``first`` bytes and then pieces of ``others``; the last may be shorter."""
    rest, size = bytearray(), first
    for chunk in chunks:
        rest += chunk
        while len(rest) >= size:
            yield bytes(rest[:size])
            del rest[:size]
            size = others
    if rest:
        yield bytes(rest)
