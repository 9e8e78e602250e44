"""What every answer carries, and what every staff request needs: the person's keyring and language."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from journal.services.refusing import Withheld, note_forbidden
from schools.languages import LANGUAGES
from schools.session import (
    Waits,
    forget_session_key,
    keyring_of_request,
    seconds_left_in_all,
    waits,
)
from vault.keyring import EMPTY_KEYRING, Keyring

# Where a sign-in that waits for its second factor may still go.
STEPS = {Waits.FOR_CODE: "admin:second_factor", Waits.FOR_SET_UP: "admin:second_factor_set_up"}
ALWAYS_OPEN = ("admin:logout", "admin:welcome")

# What a page of ours never asks of a browser, and so no script slipped into one could.
_UNUSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES)


class HeadersMiddleware:
    """The headers that Django has no setting for. Stands first, so that files and error pages carry them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class StaffMiddleware:
    """Adds ``request.keyring`` (opened only when asked for) to the pages of the staff site.

    Ends a session after its longest time, and leads whoever has not shown the second factor to it, wherever they go.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.staff_path = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.staff_path):
            return self.get_response(request)
        if request.user.is_authenticated and seconds_left_in_all(request) <= 0:
            logout(request)
        request.keyring = SimpleLazyObject(lambda: self._keyring(request))
        with translation.override(self._language(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self._missing_step(request) or self.get_response(request)
            # Still inside: an admin page renders late.
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_cache_control(response, no_store=True, private=True)
        if not request.user.is_authenticated and settings.KEYRING_COOKIE_NAME in request.COOKIES:
            forget_session_key(response)
        return response

    def _keyring(self, request: HttpRequest) -> Keyring:
        return keyring_of_request(request) if waits(request) is Waits.FOR_NOTHING else EMPTY_KEYRING

    def _missing_step(self, request: HttpRequest) -> HttpResponse | None:
        step = STEPS.get(waits(request))
        if step is None or request.path == reverse(step):
            return None
        if any(request.path.startswith(reverse(place)) for place in ALWAYS_OPEN):
            return None
        wanted = request.path if request.method == "GET" else reverse("admin:index")
        return HttpResponseRedirect(f"{reverse(step)}?{urlencode({'next': wanted})}")

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What somebody tried and may not do is a row of their schools' trails; the answer stays 403."""
        if (
            isinstance(exception, PermissionDenied)
            and not isinstance(exception, Withheld)
            and request.path.startswith(self.staff_path)
            and request.user.is_authenticated
            and request.resolver_match is not None
        ):
            note_forbidden(by=request.user, place=request.resolver_match.url_name or "")

    def _language(self, request: HttpRequest) -> str:
        if request.user.is_authenticated and request.user.language in LANGUAGES:
            return request.user.language
        chosen = request.GET.get("language")
        if chosen in LANGUAGES:
            return chosen
        return translation.get_language_from_request(request) or settings.LANGUAGE_CODE
