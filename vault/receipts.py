"""Receipt codes: how an author, and nobody else outside, finds the letter again and reads the reply.

A code is 80 bits in Crockford's base32 (``vault.base32``), four groups of four:
``K7QX-9M2T-4HWD-PZ3A``. From it come two independent values: a lookup hash, which the server keeps, and
the author's key pair, of which the server keeps the public half. Neither gives the code back.
"""

import hashlib
import hmac

from nacl.utils import random

from vault.base32 import letters_of, read
from vault.errors import BadReceiptCode
from vault.pairs import KeyPair, pair_from_seed

CODE_BYTES = 10
CODE_LENGTH = 16
GROUP = 4


def _encode(data: bytes) -> str:
    text = letters_of(int.from_bytes(data, "big"), CODE_LENGTH)
    return "-".join(text[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def new_code() -> str:
    """A fresh random code, in groups."""
    return _encode(random(CODE_BYTES))


def code_from(secret: bytes, *parts: bytes) -> str:
    """The code that a secret and some unguessable parts always give, in groups.

    The same form sent twice must show the same code, and the server must keep neither the code nor the
    parts: so the code is computed anew from what the browser sends, under the server's secret.
    """
    mac = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(4, "big") + part)
    return _encode(mac.digest()[:CODE_BYTES])


def normalise(typed: str) -> str:
    """The 16 characters meant by what a person typed.

    Case, spaces and dashes do not matter; O is read as 0, I and L as 1. Raises BadReceiptCode for anything else.
    """
    text = read(typed)
    if text is None or len(text) != CODE_LENGTH:
        raise BadReceiptCode
    return text


def lookup_hash(code: str) -> bytes:
    """32 bytes by which the server finds the letter. Raises BadReceiptCode."""
    return hashlib.blake2b(
        normalise(code).encode(), digest_size=32, person=b"trustbox find"
    ).digest()


def author_pair(code: str) -> KeyPair:
    """The author's key pair, made from the code alone. Raises BadReceiptCode."""
    seed = hashlib.blake2b(
        normalise(code).encode(), digest_size=32, person=b"trustbox author"
    ).digest()
    return pair_from_seed(seed)
