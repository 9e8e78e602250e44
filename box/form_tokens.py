"""What makes a form one form: a signed nonce, and the receipt code that follows from it.

The form carries ``token``: 16 random bytes and the moment it was shown, signed. From the nonce, the browser's CSRF
secret and what was written follows a ``mark``; the same form sent twice has the same mark, so it is one letter and
has the same code. The mark stands in the address of the page that shows the code; without the cookie and the
server's secret it gives neither the code nor the letter.
"""

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from vault.receipts import code_from

NONCE_BYTES = 16
MOMENT_BYTES = 6
SIGNATURE_BYTES = 16
MARK_BYTES = 16
GOOD_FOR_SECONDS = 24 * 3600
TOO_QUICK_SECONDS = 1.0


class BadToken(Exception):
    """The token was not made here, or too long ago."""


@dataclass(frozen=True)
class FormToken:
    """A token read back: its nonce, and for how many seconds the form has been on the screen."""

    nonce: bytes
    age: float

    @property
    def too_quick(self) -> bool:
        """Whether no person could have read the form in that time."""
        return self.age < TOO_QUICK_SECONDS


def _signature(body: bytes) -> bytes:
    key = b"box.form" + settings.SECRET_KEY.encode()
    return hmac.digest(key, body, "sha256")[:SIGNATURE_BYTES]


def new_token() -> str:
    """A fresh token, 51 characters that are safe in HTML."""
    moment = int(time.time() * 1000).to_bytes(MOMENT_BYTES, "big")
    body = secrets.token_bytes(NONCE_BYTES) + moment
    return _text_of(body + _signature(body))


def read_token(token: str) -> FormToken:
    """The token's nonce and age. Raises BadToken."""
    data = _bytes_of(token)
    body, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    if len(body) != NONCE_BYTES + MOMENT_BYTES or not hmac.compare_digest(
        signature, _signature(body)
    ):
        raise BadToken
    age = time.time() - int.from_bytes(body[NONCE_BYTES:], "big") / 1000
    if age > GOOD_FOR_SECONDS:
        raise BadToken
    return FormToken(nonce=body[:NONCE_BYTES], age=age)


def _bytes_of(text: str) -> bytes:
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        raise BadToken from None
    if _text_of(data) != text:
        raise BadToken  # another spelling of the same bytes
    return data


def _text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def browser_secret(request: HttpRequest) -> bytes:
    """What only this browser has: the secret of its CSRF cookie. Empty without the cookie."""
    return (request.META.get("CSRF_COOKIE") or "").encode()


def mark_of(*, nonce: bytes, browser: bytes, written: Mapping[str, object]) -> str:
    """The mark of a form with what was written in it: 22 characters for an address."""
    mac = hmac.new(settings.SECRET_KEY.encode(), b"box.mark", hashlib.sha256)
    for part in (nonce, browser, repr(sorted(written.items())).encode("utf-8", "backslashreplace")):
        mac.update(len(part).to_bytes(4, "big") + part)
    return _text_of(mac.digest()[:MARK_BYTES])


@dataclass(frozen=True)
class Receipt:
    """The code that an author gets, and the hash by which a form sent twice is known."""

    code: str
    form_hash: bytes


def receipt_of(*, mark: str, browser: bytes) -> Receipt:
    """What follows from a mark in this browser. Raises BadToken on a mark that cannot be one."""
    data = _bytes_of(mark)
    if len(data) != MARK_BYTES or not browser:
        raise BadToken
    secret = settings.SECRET_KEY.encode()
    mac = hmac.new(secret, b"box.form_hash" + data + browser, hashlib.sha256)
    return Receipt(code=code_from(secret, data, browser), form_hash=mac.digest())
