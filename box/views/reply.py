"""The way in by the receipt code: the form for it, and slow answers for whoever tries many."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from box import limits
from box.csrf_tokens import csrf_token
from box.files.uploads import takes_files
from box.forms import ReceiptForm
from box.models import Letter
from box.plain_text import plain
from box.selectors import only_demonstration
from box.services.messaging import LetterGone
from box.views.conversation import TOO_MANY, UNAVAILABLE, conversation
from box.views.page import in_its_language, page_of
from vault.errors import BadReceiptCode
from vault.receipts import lookup_hash

log = logging.getLogger(__name__)

_HASH_OF_NO_LETTER = bytes(32)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@in_its_language
def read_reply(request: HttpRequest, language: str) -> HttpResponse:
    """The form for the code, and what the code opens. The code travels in the body alone, never in an address."""
    if request.method != "POST":
        return _form(request, language, ReceiptForm())
    if "switch" in request.POST and not request.POST.get("page"):
        return code_again(request, language)
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _form(request, language, form)
    sender = limits.sender_of(request)
    if not limits.wrong_codes.has_any(sender):
        notice = _("Many codes were tried just now. Please wait a minute and try again.")
        response = code_again(request, language, notice=notice, status=TOO_MANY)
        response.headers["Retry-After"] = "60"
        return response
    opened = _opened(request, language, form.cleaned_data["code"])
    if opened is not None:
        return opened
    limits.wrong_codes.take(sender)
    form.add_error("code", _("There is no letter with this code. Please compare it sign by sign."))
    return _form(request, language, form)


def _opened(request: HttpRequest, language: str, code: str) -> HttpResponse | None:
    """The page of the letter with this code; None where there is none."""
    try:
        letter = _letter(code)
        return None if letter is None else conversation(request, language, letter, code)
    except LetterGone:
        return None  # taken away while this was on its way: a code like any other unknown one
    except DatabaseError:
        # A database that stands still, or a full disk: the code and the message go on standing in the form.
        log.exception("The page of a letter was not made.")
        return code_again(request, language, notice=_broken(), status=UNAVAILABLE)


def _letter(typed: str) -> Letter | None:
    # What cannot be a code is looked up all the same: the answer and its time tell nothing.
    try:
        wanted = lookup_hash(typed)
    except BadReceiptCode:
        wanted = _HASH_OF_NO_LETTER
    return (
        Letter.objects.filter(receipt_hash=wanted, taken_away=False)
        .select_related("school")
        .defer("content")
        .first()
    )


def _broken() -> str:
    return _(
        "Something broke on our side. What you typed is still here. Please wait a minute and press the button again."
    )


def code_again(
    request: HttpRequest, language: str, *, notice: str = "", status: int = 200
) -> HttpResponse:
    """The form with the code and a message that were typed; nothing is looked up or checked."""
    form = ReceiptForm(initial={"code": request.POST.get("code", "")})
    return _form(request, language, form, notice=notice, status=status)


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
        # A message that could not be sent yet goes along until the code opens its letter again.
        text=plain(request.POST.get("text", "")),
        danger="danger" in request.POST,
        demo=only_demonstration(),
    )
    return HttpResponse(page, status=status)
