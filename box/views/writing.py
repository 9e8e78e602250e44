"""The letter form: shown from memory, kept with every typed word until the letter is in the box."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from box import limits
from box.csrf_tokens import csrf_token
from box.files.field import chose_files, files_again
from box.files.uploads import FIELD, takes_files
from box.form_tokens import BadToken, Receipt, mark_of, new_token, read_token, receipt_of
from box.forms import LetterForm
from box.help_now import help_now
from box.kept_page import KeptPages, new_slot
from box.readers import region_in_words
from box.selectors import SchoolBox, forget_boxes, opening_next
from box.services.attaching import NotPutAway
from box.services.submitting import NobodyElse, NotStored, submit
from box.views.page import box_or_404, in_its_language, page_of
from box.views.school import keepers_of
from box.ways import KIOSK, PAGE, Way, secret_of

log = logging.getLogger(__name__)

SEE_OTHER, TOO_MANY, UNAVAILABLE = 303, 429, 503
CONTENT = ("text", "full_name", "address", "age", "class_group", "phone")

_CSRF_SLOT, _TOKEN_SLOT = new_slot(), new_slot()
kept_pages = KeptPages((_CSRF_SLOT, _TOKEN_SLOT))
kept_bare_pages = KeptPages((_TOKEN_SLOT,))


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@in_its_language
def write(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """The form; after a letter is in the box, on to the page with its code."""
    return form_at(request, box_or_404(slug), language, PAGE)


def form_at(request: HttpRequest, box: SchoolBox, language: str, way: Way) -> HttpResponse:
    """The form on one of the ways to it, and what sending it leads to."""
    if not box.is_open:
        return _not_open(request, box, language, way)
    if request.method != "POST":
        return _fresh_form(request, box, language, way)
    _refuse_unreadable(request)
    if "switch" in request.POST:
        return form_again(request, box, language, way=way)
    return _send(request, box, language, way)


def _refuse_unreadable(request: HttpRequest) -> None:
    # Django reads such a body that is no UTF-8 as Latin-1: the letter would be kept as letters that nobody wrote. In a
    # form with files it puts the sign “�” instead, which the fields refuse.
    if request.content_type == "application/x-www-form-urlencoded":
        try:
            request.body.decode()
        except UnicodeDecodeError:
            raise BadRequest from None


def _fresh_form(request: HttpRequest, box: SchoolBox, language: str, way: Way) -> HttpResponse:
    key = (box.school.pk, language, way.name)
    csrf = _CSRF_SLOT if way.has_cookie else ""

    def render() -> str:
        form = LetterForm(box=box, is_shared=way is KIOSK)
        return _form_page(box, language, form, way=way, csrf=csrf, token=_TOKEN_SLOT)

    if way.has_cookie:
        return HttpResponse(kept_pages.filled(key, render, (csrf_token(request), new_token())))
    return HttpResponse(kept_bare_pages.filled(key, render, (new_token(),)))


def _send(request: HttpRequest, box: SchoolBox, language: str, way: Way) -> HttpResponse:
    if chose_files(request) and not limits.uploads.take(limits.sender_of(request)):
        return form_again(request, box, language, way=way, notice=_wait_a_minute(), status=TOO_MANY)
    form = LetterForm(request.POST, request.FILES, box=box, is_shared=way is KIOSK)
    if not form.is_valid():
        return form_again(request, box, language, way=way, form=form)
    letter = form.cleaned_data
    try:
        mark, receipt = _receipt_of(request, way, letter)
    except BadToken:
        return form_again(request, box, language, way=way, notice=once_more())
    if not limits.letters.take(limits.sender_of(request)):
        return form_again(request, box, language, way=way, notice=_wait_a_minute(), status=TOO_MANY)
    again = partial(form_again, request, language=language, way=way)
    not_stored = _put_into_box(box, language, form, receipt, again)
    if not_stored is not None:
        return not_stored
    query = urlencode(sent_query(way, mark, request.POST.get("token", "")))
    place = reverse(way.sent, kwargs={"language": language, "slug": box.school.slug})
    response = HttpResponseRedirect(f"{place}?{query}")
    response.status_code = SEE_OTHER
    return response


def sent_query(way: Way, mark: str, token: str) -> dict[str, str]:
    """What the page with the code is asked with: a form's mark; without a cookie also its token."""
    return {"f": mark} if way.has_cookie else {"f": mark, "t": token}


def _receipt_of(request: HttpRequest, way: Way, letter: dict[str, Any]) -> tuple[str, Receipt]:
    """The form's mark and what follows from it. Raises BadToken, also where a machine filled the form in."""
    typed = request.POST.get("token", "")
    token = read_token(typed)
    if letter["website"] or token.too_quick:
        raise BadToken
    browser = secret_of(request, way, typed)
    written = {**letter, FIELD: [file.uploaded for file in letter[FIELD]]}
    mark = mark_of(nonce=token.nonce, browser=browser, written=written)
    return mark, receipt_of(mark=mark, browser=browser)


def _put_into_box(
    box: SchoolBox,
    language: str,
    form: LetterForm,
    receipt: Receipt,
    again: Callable[..., HttpResponse],
) -> HttpResponse | None:
    """The form ``again`` when the letter could not be stored; None when it is in the box."""
    try:
        _submit(box, language, form.cleaned_data, receipt)
    except NotPutAway:
        return again(box=box, notice=_no_room(), status=UNAVAILABLE)
    except DatabaseError:
        # A database that stands still, or a full disk. If it was stored all the same, this form makes no second letter.
        log.exception("A letter was not stored.")
        return again(box=box, notice=_broken(), status=UNAVAILABLE)
    except NotStored:
        forget_boxes()
        return again(box=box_or_404(box.school.slug), notice=once_more())
    except NobodyElse:
        forget_boxes()
        return again(box=box_or_404(box.school.slug), form=form, nobody_else=True)
    return None


def _submit(box: SchoolBox, language: str, letter: dict[str, Any], receipt: Receipt) -> None:
    chosen = letter.get("category")
    submit(
        school=box.school,
        school_key=box.key,
        language=language,
        audience=letter["audience"],
        signed=letter["signed"] == "yes",
        danger=letter["danger"],
        category=next((item for item in box.categories if item.slug == chosen), None),
        content={name: letter[name] for name in CONTENT},
        receipt=receipt,
        about=letter["about"],
        files=letter[FIELD],
    )


def form_again(
    request: HttpRequest,
    box: SchoolBox,
    language: str,
    *,
    way: Way = PAGE,
    form: LetterForm | None = None,
    notice: str = "",
    nobody_else: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form with every typed word; without ``form`` nothing is checked and no error is shown.

    ``nobody_else``: it says that nobody but the people whom the letter is about could read it.
    """
    if not box.is_open:
        return _not_open(request, box, language, way)
    if form is None:
        typed = {name: value for name, value in request.POST.items() if name != "website"}
        typed["about"] = request.POST.getlist("about")
        form = LetterForm(initial=typed, box=box, is_shared=way is KIOSK)
    token = request.POST.get("token", "")
    try:
        read_token(token)
    except BadToken:
        token = new_token()
    page = _form_page(
        box,
        language,
        form,
        way=way,
        csrf=csrf_token(request) if way.has_cookie else "",
        token=token,
        notice=notice,
        nobody_else=nobody_else,
        files_note=files_again(request, form),
    )
    response = HttpResponse(page, status=status)
    if status == TOO_MANY:
        response.headers["Retry-After"] = "60"
    return response


def _form_page(
    box: SchoolBox,
    language: str,
    form: LetterForm,
    *,
    way: Way,
    csrf: str,
    token: str,
    notice: str = "",
    nobody_else: bool = False,
    files_note: str = "",
) -> str:
    return page_of(
        "box/write.html",
        language,
        box=box,
        view_name=way.form,
        way=way,
        form=form,
        csrf=csrf,
        token=token,
        notice=notice,
        nobody_else=nobody_else,
        files_note=files_note,
        keepers=keepers_of(box),
        region_reader=region_in_words(box),
        opening_next=opening_next(box),
        help_now=help_now(box),
    )


def _not_open(request: HttpRequest, box: SchoolBox, language: str, way: Way) -> HttpResponse:
    # Somebody may have written while the box was closed: the words are theirs to copy.
    typed = request.POST.get("text", "") if request.method == "POST" else ""
    view_name = "box:school" if way is PAGE else way.form
    template = "box/left.html" if box.has_left else "box/not_open.html"
    page = page_of(template, language, box=box, view_name=view_name, way=way, typed=typed)
    return HttpResponse(page, status=409 if request.method == "POST" else 200)


def once_more() -> str:
    """What is said when a form has to be sent again though nothing in it is wrong."""
    return _(
        "Your letter is not sent yet, and nothing is lost. Please press “Send the letter” once more."
    )


def _broken() -> str:
    return _(
        "Something broke on our side. Your letter is not sent yet, and nothing is lost. "
        "Please wait a minute and press “Send the letter” again."
    )


def _no_room() -> str:
    return _(
        "There is no room for files just now. Your letter is not sent yet, and nothing is lost. "
        "Please send it without files, or try again in a minute."
    )


def _wait_a_minute() -> str:
    return _(
        "Many letters are coming in just now. Your letter is not sent yet, and nothing is lost. "
        "Please wait a minute and press “Send the letter” again."
    )
