"""What became of a letter, for whoever has its code."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from box import limits
from box.csrf_tokens import csrf_token
from box.forms import ReceiptForm
from box.models import Letter
from box.selectors import box_of, only_demonstration, opening_next
from box.views.page import in_its_language, page_of
from schools.dates import long_date
from vault.errors import BadReceiptCode
from vault.receipts import lookup_hash

TOO_MANY = 429
_HASH_OF_NO_LETTER = bytes(32)


@require_http_methods(["GET", "HEAD", "POST"])
@in_its_language
def read_reply(request: HttpRequest, language: str) -> HttpResponse:
    """The form for the code, and what the code opens. The code travels in the body alone, never in an address."""
    if request.method != "POST":
        return _form(request, language, ReceiptForm())
    if "switch" in request.POST:
        return _form(request, language, ReceiptForm(initial={"code": request.POST.get("code", "")}))
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _form(request, language, form)
    sender = limits.sender_of(request)
    if not limits.wrong_codes.has_any(sender):
        notice = _("Many codes were tried just now. Please wait a minute and try again.")
        typed = ReceiptForm(initial=form.cleaned_data)
        response = _form(request, language, typed, notice=notice, status=TOO_MANY)
        response.headers["Retry-After"] = "60"
        return response
    letter = _letter(form.cleaned_data["code"])
    if letter is None:
        limits.wrong_codes.take(sender)
        form.add_error(
            "code", _("There is no letter with this code. Please compare it sign by sign.")
        )
        return _form(request, language, form)
    return _state(request, language, letter, form.cleaned_data["code"])


def _letter(typed: str) -> Letter | None:
    # What cannot be a code is looked up all the same: the answer and its time tell nothing.
    try:
        wanted = lookup_hash(typed)
    except BadReceiptCode:
        wanted = _HASH_OF_NO_LETTER
    return (
        Letter.objects.filter(receipt_hash=wanted)
        .select_related("school")
        .only("state", "number", "taken_on", "school__slug")
        .first()
    )


def _form(
    request: HttpRequest, language: str, form: ReceiptForm, *, notice: str = "", status: int = 200
) -> HttpResponse:
    page = page_of(
        "box/reply.html",
        language,
        view_name="box:reply",
        form=form,
        csrf=csrf_token(request),
        notice=notice,
        demo=only_demonstration(),
    )
    return HttpResponse(page, status=status)


def _state(request: HttpRequest, language: str, letter: Letter, code: str) -> HttpResponse:
    box = box_of(letter.school.slug)
    page = page_of(
        "box/letter_state.html",
        language,
        box=box,
        view_name="box:reply",
        csrf=csrf_token(request),
        code=code,
        state=letter.state,
        number=letter.number,
        taken_on=long_date(letter.taken_on, language) if letter.taken_on else "",
        opening_next=opening_next(box),
    )
    return HttpResponse(page)
