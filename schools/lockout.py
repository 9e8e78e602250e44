"""Failed sign-ins, counted so that nobody can lock a school out and nothing tells who tried from where.

What is counted is a name, or a browser in which that person has signed in before (OWASP's device cookies): whoever
types wrong passwords from elsewhere locks the name for strangers, and the person still signs in at the desk where they
always do. The table holds keyed digests of names and browsers: no address, no browser, nothing that was typed, which
could be a password in the wrong field.
"""

import datetime
import secrets
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

COOKIE_NAME = "trustbox_known"
_COOKIE_SALT = "schools.lockout.known"
_KEPT_FOR = 365 * 24 * 3600
_PEOPLE_A_BROWSER = 12
_DIGITS = 32


def _name_digest(username: str) -> str:
    return salted_hmac("schools.lockout.name", username, algorithm="sha256").hexdigest()[:_DIGITS]


def _known(request: HttpRequest) -> dict[str, str]:
    """Digest of a name → this browser's mark for it; empty for a browser that nobody has signed in with."""
    try:
        known = signing.loads(
            request.COOKIES.get(COOKIE_NAME, ""), salt=_COOKIE_SALT, max_age=_KEPT_FOR
        )
    except signing.BadSignature:
        return {}
    return known if isinstance(known, dict) else {}


def remember_browser(request: HttpRequest, response: HttpResponse, *, username: str) -> None:
    """The person has signed in here: others' wrong passwords do not lock them out in this browser any more."""
    name = _name_digest(username)
    known = _known(request)
    mark = known.pop(name, None) or secrets.token_urlsafe(16)
    kept = [*known.items(), (name, mark)][-_PEOPLE_A_BROWSER:]
    response.set_cookie(
        COOKIE_NAME,
        signing.dumps(dict(kept), salt=_COOKIE_SALT, compress=True),
        max_age=_KEPT_FOR,
        path=settings.STAFF_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def counted_under(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Under what a try is counted: the name as a digest, or the browser known to that person."""
    username = (credentials or {}).get("username")
    if username is None:
        return None
    name = _name_digest(str(username))
    mark = _known(request).get(name)
    if mark is None:
        return f"name {name}"
    return "browser " + salted_hmac("schools.lockout.browser", mark, algorithm="sha256").hexdigest()


def no_address(request: HttpRequest) -> None:
    """django-axes asks for the address; there is none."""


def no_description(*about: Any) -> str:
    """django-axes asks how to describe a client in a log; not at all."""
    return ""


class NamelessHandler(AxesDatabaseHandler):
    """Counts in the table of django-axes, without the address, browser and form it would keep."""

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """One more failure; during the lock none is counted, so that it is not prolonged."""
        if request is None:
            return
        request.axes_credentials = credentials
        if request.axes_locked_out:
            return
        self.clean_expired_user_attempts(request, credentials)
        key = counted_under(request, credentials)
        if key is None:
            return
        attempts = AccessAttempt.objects.filter(username=key)
        more = attempts.update(
            failures_since_start=F("failures_since_start") + 1,
            attempt_time=request.axes_attempt_time,
        )
        if not more:
            AccessAttempt.objects.create(username=key, failures_since_start=1)
        request.axes_failures_since_start = self.get_failures(request, credentials)
        if request.axes_failures_since_start >= settings.AXES_FAILURE_LIMIT:
            request.axes_locked_out = True


def locked_until(request: HttpRequest) -> datetime.datetime:
    """When the name or browser of this refused try may try again."""
    key = counted_under(request, request.axes_credentials)
    last = AccessAttempt.objects.filter(username=key).order_by("-attempt_time").first()
    return (last.attempt_time if last else timezone.now()) + settings.AXES_COOLOFF_TIME
