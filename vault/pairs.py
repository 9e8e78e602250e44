"""Key pairs (X25519) and sealing to their public half (libsodium's sealed box).

Source: https://doc.libsodium.org/public-key_cryptography/sealed_boxes
"""

from dataclasses import dataclass, field

from nacl import bindings
from nacl.exceptions import CryptoError

from vault.errors import NotForThisKey

KEY_BYTES = 32


@dataclass(frozen=True)
class KeyPair:
    """A pair of 32-byte halves. The private half never shows in a repr, a log or a traceback."""

    public: bytes
    private: bytes = field(repr=False)


def new_pair() -> KeyPair:
    """A fresh random pair."""
    public, private = bindings.crypto_box_keypair()
    return KeyPair(public=public, private=private)


def pair_of_private(private: bytes) -> KeyPair:
    """The pair whose private half is ``private`` (32 bytes)."""
    return KeyPair(public=bindings.crypto_scalarmult_base(private), private=private)


def pair_from_seed(seed: bytes) -> KeyPair:
    """The pair that a 32-byte seed always gives."""
    public, private = bindings.crypto_box_seed_keypair(seed)
    return KeyPair(public=public, private=private)


def seal(data: bytes, *, to: bytes) -> bytes:
    """``data`` sealed so that only the private half of ``to`` (32 bytes) opens it; 48 bytes longer."""
    return bindings.crypto_box_seal(data, to)


def open_sealed(sealed: bytes, *, pair: KeyPair) -> bytes:
    """The data in ``sealed``. Raises NotForThisKey when this pair does not open it."""
    try:
        return bindings.crypto_box_seal_open(bytes(sealed), pair.public, pair.private)
    except (CryptoError, ValueError, TypeError) as error:
        raise NotForThisKey from error
