"""The names at which the portal is asked: its own, and those that lead to one school alone.

``ALLOWED_HOSTS`` lets every name through, since those of schools stand in the database; this middleware refuses all
others before anything else looks at them (``trustbox.E004`` watches that it does).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

from schools.hosts import slug_of_host

# What another school's page needs beside its words; the page of a reply may be another school's.
LOOKS = ("box:style", "box:logo")


class HostMiddleware:
    """Sets ``request.hosted_slug``: the school whose own name was asked for, None under the portal's.

    Under a school's own name the public side is that school's alone; another school is not there. The staff pages
    are, with a session of their own, since a browser keeps cookies by name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        domain, _port = split_domain_port(request.get_host())
        request.hosted_slug = None
        if not validate_host(domain, settings.PORTAL_HOSTS):
            request.hosted_slug = slug_of_host(domain)
            if request.hosted_slug is None:
                raise DisallowedHost("This name leads to no school.")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, given: Any, named: dict[str, Any]
    ) -> None:
        """Another school's public pages are not there. Raises Http404."""
        slug = named.get("slug")
        if request.hosted_slug is None or slug in (None, request.hosted_slug):
            return
        staff = request.path.startswith(settings.STAFF_PATH)
        if not staff and request.resolver_match.view_name not in LOOKS:
            raise Http404
