"""Pages that belong to no room: health, and what a person sees when something is refused or broken."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from box.views.refused import forged_request


def healthz(request: HttpRequest) -> HttpResponse:
    """200 and ``ok`` when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the words typed into a letter are kept, anything else is a plain page."""
    return forged_request(request)
