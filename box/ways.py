"""The ways to the letter form: its own page, a frame on the school's own site, a computer in the school's library.

The page ties a letter to its browser by the CSRF cookie. A frame on another site gets no cookie back, and at a computer
that everybody uses a cookie would be everybody's; there the form's own signed token stands in its place. That
is no less: nobody is signed in on these pages, so a form of another site could do nothing there but send a letter of
its own, which it can do without a visitor too. A browser that names another site as the form's is refused all the same.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from box.form_tokens import BadToken, browser_secret, read_token
from schools.addresses import address_of
from schools.models import School

_HOST = re.compile(r"[a-z0-9.-]+")


@dataclass(frozen=True)
class Pauses:
    """Seconds at a computer that everybody uses.

    ``idle``: without a hand on it, before it clears itself; ``warned``: so long before that it asks; ``code``: for
    writing a code down. Without a script nobody knows whether somebody is typing: ``without_script`` is long enough
    for a letter. ``anew``: after which an empty form is loaded anew.
    """

    idle: int = 120
    warned: int = 30
    code: int = 120
    without_script: int = 20 * 60
    anew: int = 6 * 3600

    @property
    def minutes_for_code(self) -> int:
        """``code`` in words of a page."""
        return self.code // 60

    @property
    def minutes_for_letter(self) -> int:
        """``without_script`` in words of a page."""
        return self.without_script // 60


@dataclass(frozen=True)
class Way:
    """Where a form stands: its addresses, the template around its pages, and whether it has a cookie."""

    name: str
    form: str
    sent: str
    around: str
    has_cookie: bool = False
    pauses: Pauses | None = None


PAGE = Way("page", "box:write", "box:sent", "box/base.html", has_cookie=True)
EMBED = Way("embed", "box:embed", "box:embed_sent", "box/embed.html")
KIOSK = Way("kiosk", "box:kiosk", "box:kiosk_sent", "box/kiosk.html", pauses=Pauses())


def secret_of(request: HttpRequest, way: Way, token: str) -> bytes:
    """What only this author's browser has: its cookie, else the token of the form; empty where that is none of ours."""
    if way.has_cookie:
        return browser_secret(request)
    try:
        read_token(token)
    except BadToken:
        return b""
    return token.encode()


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a form was sent by another site's page, or by one that hides which it is."""
    origin = request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return (origin is not None and origin not in ours) or request.headers.get(
        "Sec-Fetch-Site", "same-origin"
    ) not in ("same-origin", "none")


def origin_of(site: str) -> str:
    """``https://school.kz`` of any address there, as a header writes it; empty where the address has none."""
    try:
        parts = urlsplit(site)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return f"{parts.scheme}://{host}{port}"


def portal_address(request: HttpRequest, school: School) -> str:
    """The public address without a closing slash: the school's own, else the portal's, else the one it is asked at."""
    return address_of(school, otherwise=f"{request.scheme}://{request.get_host()}")


def short_address(portal: str, school: School) -> str:
    """The shortest address that leads to a school's page, to be typed: its own name alone, where it has one."""
    if school.host:
        return in_words(portal)
    return in_words(portal + reverse("box:start_of_school", kwargs={"slug": school.slug}))


def in_words(address: str) -> str:
    """An address as somebody types it: without its scheme and its closing slash."""
    return address.partition("://")[2].rstrip("/")
