"""The person's private key in a session: encrypted there, under a random key that only a cookie holds."""

import time
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from enum import Enum

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from schools.models import User
from schools.selectors import keyring_of
from schools.services.second_factor import has_second_factor, needs_second_factor
from vault.errors import NotForThisKey
from vault.keyring import EMPTY_KEYRING, Keyring
from vault.pairs import KeyPair
from vault.passwords import new_session_key, unwrap_from_session, wrap_for_session

_SESSION_FIELD = "wrapped_pair"
_BEGAN_FIELD = "began"


def sign_in(request: HttpRequest, user: User, pair: KeyPair) -> bytes:
    """Sign the person in with their pair. Returns the session key for ``remember_session_key``."""
    request.session.clear_expired()  # pairs of sessions long gone
    login(request, user, backend="schools.backends.StaffBackend")
    request.session[_BEGAN_FIELD] = int(time.time())
    return keep_pair(request, pair)


def seconds_left_in_all(request: HttpRequest) -> int:
    """How long this session may still last, however busy; zero or less when it is over."""
    began = request.session.get(_BEGAN_FIELD, 0)
    return int(began + settings.SESSION_LONGEST - time.time())


def keep_pair(request: HttpRequest, pair: KeyPair) -> bytes:
    """Put the pair into the session under a fresh key, and return that key."""
    session_key = new_session_key()
    request.session[_SESSION_FIELD] = b64encode(wrap_for_session(pair, session_key)).decode()
    return session_key


def remember_session_key(response: HttpResponse, session_key: bytes) -> None:
    """Give the browser the only thing that opens the session's keyring."""
    response.set_cookie(
        settings.KEYRING_COOKIE_NAME,
        b64encode(session_key).decode(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
        path=settings.KEYRING_COOKIE_PATH,
    )


def forget_session_key(response: HttpResponse) -> None:
    """Take it from the browser again."""
    response.delete_cookie(
        settings.KEYRING_COOKIE_NAME, path=settings.KEYRING_COOKIE_PATH, samesite="Strict"
    )


def pair_of_request(request: HttpRequest) -> KeyPair | None:
    """The signed-in person's pair, or None when cookie and session do not open one."""
    wrapped = request.session.get(_SESSION_FIELD)
    cookie = request.COOKIES.get(settings.KEYRING_COOKIE_NAME)
    if not wrapped or not cookie or not request.user.is_authenticated:
        return None
    try:
        pair = unwrap_from_session(b64decode(wrapped), b64decode(cookie))
    except (NotForThisKey, Base64Error, ValueError):
        return None
    return pair if pair.public == bytes(request.user.public_key) else None


class Waits(Enum):
    """What is still missing after the password; until then nothing is readable."""

    FOR_NOTHING = "nothing"
    FOR_CODE = "code"
    FOR_SET_UP = "set up"


def waits(request: HttpRequest) -> Waits:
    """What the sign-in of this session waits for; asked of the database once a request."""
    if not hasattr(request, "_waits"):
        request._waits = _waits(request)
    return request._waits


def _waits(request: HttpRequest) -> Waits:
    user = request.user
    if not user.is_authenticated or user.otp_device is not None:
        return Waits.FOR_NOTHING
    if has_second_factor(user):
        return Waits.FOR_CODE
    return Waits.FOR_SET_UP if needs_second_factor(user) else Waits.FOR_NOTHING


def keyring_of_request(request: HttpRequest) -> Keyring:
    """What the signed-in person can open on this request."""
    pair = pair_of_request(request)
    return keyring_of(request.user, pair) if pair else EMPTY_KEYRING
