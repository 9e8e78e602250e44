"""After sending: the code, once, and what happens next."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from box.addresses import school_address
from box.csrf_tokens import csrf_token
from box.form_tokens import BadToken, Receipt, browser_secret, receipt_of
from box.readers import posts_of
from box.selectors import opening_next
from box.services.submitting import (
    readers_in_person,
    show_code_in_another_language,
    show_code_once,
)
from box.views.page import box_or_404, in_its_language, page_of
from schools.selectors import readers_of

SEE_OTHER = 303


@require_http_methods(["GET", "HEAD", "POST"])
@in_its_language
def sent(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The code in this browser, the first time it is asked for; by POST, once more in another language."""
    box = box_or_404(slug)
    given = request.POST if request.method == "POST" else request.GET
    mark = given.get("f", "")
    receipt = _receipt(request, mark)
    if request.method == "POST":
        if receipt:
            show_code_in_another_language(receipt=receipt, code=request.POST.get("code", ""))
        query = f"?f={mark}" if receipt else ""
        response = HttpResponseRedirect(school_address("sent", language, slug) + query)
        response.status_code = SEE_OTHER
        return response
    # A HEAD is no reader: it must not use up the one time.
    shown = (
        request.method == "GET"
        and receipt is not None
        and show_code_once(school=box.school, receipt=receipt)
    )
    readers, in_person = box.readers if shown else (), False
    if shown and receipt and (people := readers_in_person(receipt=receipt)) is not None:
        in_person = True
        readers = [reader for reader in readers_of(box.school) if reader.person_id in people]
    page = page_of(
        "box/sent.html",
        language,
        box=box,
        view_name="box:sent",
        code=receipt.code if shown and receipt else "",
        mark=mark if shown else "",
        csrf=csrf_token(request) if shown else "",
        opening_next=opening_next(box),
        readers=list(posts_of(box, readers).values()),
        in_person=in_person,
    )
    return HttpResponse(page)


def _receipt(request: HttpRequest, mark: str) -> Receipt | None:
    try:
        return receipt_of(mark=mark, browser=browser_secret(request))
    except BadToken:
        return None
