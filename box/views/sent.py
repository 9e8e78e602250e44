"""After sending: the code, once, what happens next, and whether it was noted down right."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from box.csrf_tokens import csrf_token
from box.form_tokens import BadToken, Receipt, receipt_of
from box.help_now import help_now
from box.readers import posts_of, region_in_words
from box.selectors import SchoolBox, opening_next
from box.services.submitting import (
    cries_for_help,
    lies_with_region,
    readers_in_person,
    show_code_once,
    show_code_once_more,
)
from box.views.page import box_or_404, in_its_language, page_of
from box.views.writing import sent_query
from box.ways import PAGE, Way, in_words, portal_address, secret_of
from schools.selectors import readers_of
from vault.errors import BadReceiptCode
from vault.receipts import normalise

SEE_OTHER = 303


@require_http_methods(["GET", "HEAD", "POST"])
@in_its_language
def sent(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The code in this browser, the first time it is asked for; by POST, whoever has the page before them sees it once
    more: in another language, or to mend a note that is not right."""
    return code_at(request, box_or_404(slug), language, PAGE)


def code_at(request: HttpRequest, box: SchoolBox, language: str, way: Way) -> HttpResponse:
    """The page with the code at the end of one of the ways to the form."""
    given = request.POST if request.method == "POST" else request.GET
    mark, token = given.get("f", ""), given.get("t", "")
    receipt = _receipt(request, way, mark, token)
    if request.method == "POST":
        query = _what_next(request, receipt, sent_query(way, mark, token))
        place = reverse(way.sent, kwargs={"language": language, "slug": box.school.slug})
        response = HttpResponseRedirect(f"{place}?{urlencode(query)}" if query else place)
        response.status_code = SEE_OTHER
        return response
    checked = request.GET.get("checked", "")
    # A HEAD is no reader: it must not use up the one time.
    shown = (
        request.method == "GET"
        and checked != "right"
        and receipt is not None
        and show_code_once(school=box.school, receipt=receipt)
    )
    readers, in_person, people = box.readers if shown else (), False, None
    at_region = bool(shown and receipt and lies_with_region(receipt=receipt))
    if shown and receipt and (people := readers_in_person(receipt=receipt)) is not None:
        in_person = True
        readers = [reader for reader in readers_of(box.school) if reader.person_id in people]
    page = page_of(
        "box/sent.html",
        language,
        box=box,
        view_name=way.sent,
        way=way,
        code=receipt.code if shown and receipt else "",
        mark=mark if shown else "",
        token=token if shown else "",
        checked=checked if receipt else "",
        csrf=csrf_token(request) if shown and way.has_cookie else "",
        opening_next=opening_next(box),
        readers=list(posts_of(box, readers).values()),
        in_person=in_person,
        at_region=at_region,
        region_reader=region_in_words(box) if at_region else "",
        reply_in_words=in_words(
            portal_address(request, box.school) + reverse("box:start_of_reply")
        ),
        help_now=help_now(box, only=people, at_region=at_region)
        if shown and receipt and cries_for_help(receipt=receipt)
        else None,
    )
    return HttpResponse(page)


def without_code(box: SchoolBox, language: str, way: Way, *, status: int) -> HttpResponse:
    """The same page with nothing on it that is anybody's: what came was sent by no page of ours."""
    page = page_of(
        "box/sent.html",
        language,
        box=box,
        view_name=way.sent,
        way=way,
        opening_next=opening_next(box),
    )
    return HttpResponse(page, status=status)


def _what_next(
    request: HttpRequest, receipt: Receipt | None, query: dict[str, str]
) -> dict[str, str]:
    """The query of the page that follows. What was typed stands in no address, only whether it was right."""
    if receipt is None:
        return {}
    checked = ""
    if request.POST.get("do") == "check":
        checked = "right" if _is_code(request.POST.get("typed", ""), receipt) else "wrong"
    if checked != "right":
        show_code_once_more(receipt=receipt, code=request.POST.get("code", ""))
    return {**query, "checked": checked} if checked else query


def _is_code(typed: str, receipt: Receipt) -> bool:
    try:
        return normalise(typed) == normalise(receipt.code)
    except BadReceiptCode:
        return False


def _receipt(request: HttpRequest, way: Way, mark: str, token: str) -> Receipt | None:
    try:
        return receipt_of(mark=mark, browser=secret_of(request, way, token))
    except BadToken:
        return None
