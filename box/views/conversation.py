"""What the code opens: what became of the letter, both sides' messages, a form to write back, and a way to leave."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from box import limits
from box.csrf_tokens import csrf_token
from box.files.field import chose_files, files_again
from box.form_tokens import BadToken, browser_secret, mark_of, new_token, read_token, receipt_of
from box.help_now import help_now
from box.models import Letter
from box.readers import region_in_words
from box.reply_form import ReplyForm
from box.said_by import Line, line_of
from box.selectors import SchoolBox, box_of, opening_next
from box.services import messaging
from box.services.attaching import NotPutAway
from box.services.withdrawing import can_be_erased, erase
from box.views.page import page_of
from schools.dates import long_date
from schools.errors import Refused
from vault.receipts import author_pair, normalise

TOO_MANY, UNAVAILABLE = 429, 503
# States in which the school still owes an answer.
_OWED = (Letter.State.REGISTERED, Letter.State.IN_REVIEW)


def conversation(request: HttpRequest, language: str, letter: Letter, code: str) -> HttpResponse:
    """The page of a letter, and what its buttons do (``do``). Raises LetterGone."""
    do = request.POST.get("do", "")
    page = ConversationPage(request, language, letter, code)
    if letter.opens_to_nobody:
        return page.destroyed()
    if letter.has_left:
        return page.elsewhere()
    if "switch" in request.POST:
        return page.leaving() if request.POST.get("page") == "leave" else page.shown()
    return _DOES.get(do, ConversationPage.shown)(page)


def _leave(page: "ConversationPage") -> HttpResponse:
    messaging.take_away(letter=page.letter)
    return page.left()


def _erase(page: "ConversationPage") -> HttpResponse:
    try:
        erase(letter=page.letter)
    except Refused as refusal:
        return page.shown(notice=str(refusal))
    return page.left(erased=True)


def _write(page: "ConversationPage") -> HttpResponse:
    sender = limits.sender_of(page.request)
    if chose_files(page.request) and not limits.uploads.take(sender):
        return page.later()
    form = ReplyForm(page.request.POST, page.request.FILES, auto_id="id_%s")
    if not form.is_valid():
        return page.shown(form=form)
    try:
        form_hash = _form_hash(page, form.cleaned_data)
    except BadToken:
        return page.shown(form=form, notice=_once_more())
    if not limits.letters.take(sender):
        return page.later(form)
    return _stored(page, form, form_hash)


def _stored(page: "ConversationPage", form: ReplyForm, form_hash: bytes) -> HttpResponse:
    message = form.cleaned_data
    try:
        messaging.write_back(
            letter=page.letter,
            text=message["text"],
            danger=message["danger"],
            form_hash=form_hash,
            files=message["attachments"],
        )
    except Refused as refusal:
        return page.shown(form=form, notice=str(refusal))
    except NotPutAway:
        return page.shown(form=form, notice=_no_room(), status=UNAVAILABLE)
    return page.shown(form=ReplyForm(auto_id="id_%s"), sent=True, in_danger=message["danger"])


def _form_hash(page: "ConversationPage", message: dict[str, Any]) -> bytes:
    """By which the same form sent twice is known. Raises BadToken, also where a machine filled the form in."""
    token = read_token(page.request.POST.get("token", ""))
    if message["website"] or token.too_quick:
        raise BadToken
    browser = browser_secret(page.request)
    written = {
        "code": normalise(page.code),
        "text": message["text"],
        "danger": message["danger"],
        "files": [file.sha256 for file in message["attachments"]],
    }
    mark = mark_of(nonce=token.nonce, browser=browser, written=written)
    return receipt_of(mark=mark, browser=browser).form_hash


class ConversationPage:
    """The page of one letter for whoever has its code, in one language."""

    def __init__(self, request: HttpRequest, language: str, letter: Letter, code: str) -> None:
        self.request, self.language, self.letter, self.code = request, language, letter, code
        self.box: SchoolBox = box_of(letter.school.slug)

    def shown(
        self,
        *,
        form: ReplyForm | None = None,
        notice: str = "",
        sent: bool = False,
        in_danger: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """Everything; without ``form`` what was typed stands in it unchecked. ``sent``: a message was just stored."""
        if form is None:
            typed = {name: self.request.POST.get(name, "") for name in ("text", "danger")}
            form = ReplyForm(initial=typed, auto_id="id_%s")
        letter, today = self.letter, self.box.school.today()
        # The token of a form that was not sent stays: sent once more it is still the same form.
        token = new_token() if sent else self._token()
        page = page_of(
            "box/letter_state.html",
            self.language,
            box=self.box,
            view_name="box:reply",
            csrf=csrf_token(self.request),
            code=self.code,
            token=token,
            form=form,
            notice=" ".join(
                part for part in (notice, notice and files_again(self.request, form)) if part
            ),
            sent=sent,
            in_danger=in_danger,
            help_now=help_now(
                self.box,
                only=self._readers_in_person(),
                at_region=letter.state == Letter.State.AT_REGION,
            ),
            with_region=letter.with_region,
            region_reader=region_in_words(self.box),
            state=letter.state,
            number=letter.number,
            book=letter.get_book_display(),
            taken_on=self._day(letter.taken_on),
            due_on=self._day(letter.due_on if letter.state in _OWED else None),
            overdue=letter.due_on is not None and letter.due_on < today,
            opening_next=opening_next(self.box),
            lines=self._lines(),
        )
        return HttpResponse(page, status=status)

    def later(self, form: ReplyForm | None = None) -> HttpResponse:
        """Too much at once: nothing is stored, and nothing typed is lost."""
        response = self.shown(form=form, notice=_wait_a_minute(), status=TOO_MANY)
        response.headers["Retry-After"] = "60"
        return response

    def leaving(self) -> HttpResponse:
        """The step before the conversation is taken away: what goes, what stays, and yes or no."""
        page = page_of(
            "box/take_away.html",
            self.language,
            box=self.box,
            view_name="box:reply",
            csrf=csrf_token(self.request),
            code=self.code,
            text=self.request.POST.get("text", ""),
            can_erase=can_be_erased(self.letter),
            in_box=self.letter.state == Letter.State.IN_BOX,
            at_region=self.letter.state == Letter.State.AT_REGION,
            **self._kept_for(),
        )
        return HttpResponse(page)

    def left(self, *, erased: bool = False) -> HttpResponse:
        """The code opens nothing any more; ``erased``: nor does anybody else open the letter."""
        page = page_of(
            "box/taken_away.html",
            self.language,
            box=self.box,
            view_name="box:reply",
            erased=erased,
        )
        return HttpResponse(page)

    def destroyed(self) -> HttpResponse:
        """What was written is kept no more; its number is."""
        return self._number_alone("box/letter_destroyed.html")

    def elsewhere(self) -> HttpResponse:
        """The school has left, and the letter with it: where to ask."""
        return self._number_alone("box/letter_left.html")

    def _number_alone(self, template: str) -> HttpResponse:
        page = page_of(
            template,
            self.language,
            box=self.box,
            view_name="box:reply",
            csrf=csrf_token(self.request),
            code=self.code,
            at_region=self.letter.state == Letter.State.AT_REGION,
            number=self.letter.number,
            book=self.letter.get_book_display(),
            taken_on=self._day(self.letter.taken_on),
        )
        return HttpResponse(page)

    def _kept_for(self) -> dict[str, int]:
        rules = self.box.regulation
        if rules is None:
            return {}
        return {"keep_years": rules.keep_years, "keep_aside_months": rules.keep_aside_months}

    def _readers_in_person(self) -> frozenset[int] | None:
        if self.letter.school_key_id is not None:
            return None
        return frozenset(map(int, self.letter.personal_keys))

    def _lines(self) -> list[Line]:
        turns = messaging.conversation(letter=self.letter, pair=author_pair(self.code))
        return [line_of(turn, self.language, self.box.school.zone) for turn in turns]

    def _token(self) -> str:
        token = self.request.POST.get("token", "")
        try:
            read_token(token)
        except BadToken:
            return new_token()
        return token

    def _day(self, day: Any) -> str:
        return long_date(day, self.language) if day else ""


_DOES: dict[str, Callable[[ConversationPage], HttpResponse]] = {
    "write": _write,
    "leave": ConversationPage.leaving,
    "left": _leave,
    "erase": _erase,
}


def _once_more() -> str:
    return _(
        "Your message is not sent yet, and nothing is lost. Please press “Send the message” once more."
    )


def _wait_a_minute() -> str:
    return _(
        "Many letters are coming in just now. Your message is not sent yet, and nothing is lost. "
        "Please wait a minute and press “Send the message” again."
    )


def _no_room() -> str:
    return _(
        "There is no room for files just now. Your message is not sent yet, and your words are still here. "
        "You can send them without the files."
    )
