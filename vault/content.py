"""Confidential content under a random content key: XChaCha20-Poly1305 over padded JSON.

The context (what kind of row, which one) is authenticated with the text, so that a sealed text moved to
another row does not open there. Padding to blocks hides whether a letter is a line or a page.
"""

import json
from collections.abc import Mapping
from typing import Any

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.utils import random

from vault.errors import NotForThisKey

KEY_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_KEYBYTES
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
BLOCK_BYTES = 256


def new_content_key() -> bytes:
    """32 random bytes."""
    return random(KEY_BYTES)


def encrypt_bytes(data: bytes, *, key: bytes, context: str) -> bytes:
    """nonce (24) + ciphertext + tag (16) of ``data`` as it is, without padding."""
    nonce = random(NONCE_BYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        data, context.encode(), nonce, key
    )


def decrypt_bytes(sealed: bytes, *, key: bytes, context: str) -> bytes:
    """What ``encrypt_bytes`` was given. Raises NotForThisKey on another key, context or an altered text."""
    sealed = bytes(sealed)
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[NONCE_BYTES:], context.encode(), sealed[:NONCE_BYTES], key
        )
    except (CryptoError, ValueError, TypeError) as error:
        raise NotForThisKey from error


def encrypt(fields: Mapping[str, Any], *, key: bytes, context: str) -> bytes:
    """The fields (JSON values) as one sealed block, its length a multiple of 256 plus 40 bytes."""
    plain = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":")).encode()
    return encrypt_bytes(bindings.sodium_pad(plain, BLOCK_BYTES), key=key, context=context)


def decrypt(sealed: bytes, *, key: bytes, context: str) -> dict[str, Any]:
    """The fields that ``encrypt`` was given. Raises NotForThisKey as ``decrypt_bytes`` does."""
    padded = decrypt_bytes(sealed, key=key, context=context)
    return json.loads(bindings.sodium_unpad(padded, BLOCK_BYTES))
