"""Pages for what cannot be done: unknown address, forged form, too much at once, a fault of ours."""

from django.http import HttpRequest, HttpResponse


def forged_request(request: HttpRequest) -> HttpResponse:
    return HttpResponse("", status=403)
