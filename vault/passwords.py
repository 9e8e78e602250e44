"""A private key wrapped by a password (Argon2id, libsodium's moderate limits), and by a session key."""

from nacl import pwhash
from nacl.utils import random

from vault.content import KEY_BYTES, decrypt_bytes, encrypt_bytes
from vault.errors import NotForThisKey, WrongPassword
from vault.pairs import KeyPair, pair_of_private

SALT_BYTES = pwhash.argon2id.SALTBYTES
# 64 MiB and 3 passes: about a tenth of a second, and the same order as the sign-in hash itself.
OPERATIONS = 3
MEMORY_BYTES = 64 * 1024 * 1024

_PASSWORD_CONTEXT = "private key under a password"
_SESSION_CONTEXT = "private key in a session"


def _key_from(password: str, salt: bytes) -> bytes:
    return pwhash.argon2id.kdf(
        KEY_BYTES, password.encode(), salt, opslimit=OPERATIONS, memlimit=MEMORY_BYTES
    )


def wrap(pair: KeyPair, password: str) -> bytes:
    """The private half under the password: salt (16) + nonce (24) + ciphertext (48)."""
    salt = random(SALT_BYTES)
    return salt + encrypt_bytes(
        pair.private, key=_key_from(password, salt), context=_PASSWORD_CONTEXT
    )


def unwrap(wrapped: bytes, password: str) -> KeyPair:
    """The pair that ``wrap`` was given. Raises WrongPassword."""
    wrapped = bytes(wrapped)
    key = _key_from(password, wrapped[:SALT_BYTES])
    try:
        private = decrypt_bytes(wrapped[SALT_BYTES:], key=key, context=_PASSWORD_CONTEXT)
    except NotForThisKey as error:
        raise WrongPassword from error
    return pair_of_private(private)


def new_session_key() -> bytes:
    """32 random bytes, for the cookie that alone opens a session's keyring."""
    return random(KEY_BYTES)


def wrap_for_session(pair: KeyPair, session_key: bytes) -> bytes:
    """The private half under the session's key."""
    return encrypt_bytes(pair.private, key=session_key, context=_SESSION_CONTEXT)


def unwrap_from_session(wrapped: bytes, session_key: bytes) -> KeyPair:
    """The pair of the person signed in. Raises NotForThisKey when cookie and session do not match."""
    return pair_of_private(decrypt_bytes(wrapped, key=session_key, context=_SESSION_CONTEXT))
