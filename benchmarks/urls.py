"""The portal's addresses, and a view that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """What the server and the middleware cost."""
    return HttpResponse(b"")


urlpatterns = [path("benchmarks/empty", empty), path("", include("trustbox.urls"))]
