"""The screen after an opening: each letter beside its form; paper letters typed in; then, what the act says."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from journal.admin.files import files_of_letters
from journal.admin.pages import day_of, moment_at, staff_page
from journal.conversation import added_to, mark_seen
from journal.destroyed import Act, acts_of_letters, destroyed_by
from journal.forms import AsideForm, PaperAsideForm, PaperForm, RegistrationForm
from journal.models import Opening, TakenLetter
from journal.prints import end_of_book
from journal.services.reading import note_opening_read
from journal.services.registering import paper_typed_in
from journal.written import who_wrote
from schools.models import Category, Regulation, School, User
from schools.models.regulation import Audience, Source
from schools.roles import ROLE_NAMES
from schools.selectors import categories_of, key_in_use, regulation_of
from schools.services.classes import classes_offered
from vault.keyring import Keyring

# More at once would make a long page; the others move up as these are registered.
LETTERS_ON_SCREEN = 10

Bound = dict[str, forms.Form]


def registration_form(
    taken: TakenLetter, written: dict[str, Any], *, categories: list[Category], data: Any = None
) -> RegistrationForm:
    """The form beside a letter, begun with what its author chose."""
    letter = taken.letter
    initial = {
        "class_group": written.get("class_group", ""),
        "category": letter.category_id if letter else None,
        "danger": bool(letter and letter.danger),
    }
    form = RegistrationForm(
        data, prefix=f"register-{taken.pk}", categories=categories, initial=initial
    )
    if initial["danger"]:
        form.fields["danger"].disabled = True  # what the author said about danger stays
    return form


def aside_form(of: TakenLetter | Opening, *, data: Any = None) -> AsideForm:
    """Setting aside a letter from the site, or a paper letter of an opening."""
    if isinstance(of, TakenLetter):
        return AsideForm(data, prefix=f"aside-{of.pk}")
    return PaperAsideForm(data, prefix="paper-aside", initial={"typed_before": paper_typed_in(of)})


def paper_form(
    opening: Opening, *, categories: list[Category], data: Any = None, files: Any = None
) -> PaperForm:
    """A paper letter typed in or scanned."""
    return PaperForm(
        data,
        files,
        prefix="paper",
        categories=categories,
        audiences=_audiences(opening.school),
        initial={"typed_before": paper_typed_in(opening), "signed": "no"},
    )


def _audiences(school: School) -> list[str]:
    try:
        return regulation_of(school).audiences
    except Regulation.DoesNotExist:
        return [Audience.STUDENT.value, Audience.PARENT.value]


def opening_screen(
    request: HttpRequest,
    opening: Opening,
    *,
    first: int | None = None,
    bound: Bound | None = None,
    status: int = 200,
) -> TemplateResponse:
    """The screen, with forms that were refused (``bound``) as they were typed. Showing letters leaves a row.

    ``first`` is the id of the taken letter to begin with; without it the address says so, or nothing.
    """
    bound = bound or {}
    school = opening.school
    taken = list(
        TakenLetter.objects.filter(opening=opening)
        .select_related("letter", "entry__volume")
        .order_by("position")
    )
    for row in taken:
        row.opening = opening
    told = [row for row in taken if not is_withheld(row, request.user)]
    waiting = [row for row in told if row.is_waiting]
    added = added_to(
        [row.letter for row in told if row.letter and row.entry_id is None], request.keyring
    )
    # One that was set aside comes back to be read when its author writes again.
    to_read = _beginning_at(
        str(first or request.GET.get("letter", "")),
        waiting
        + [
            row
            for row in told
            if row.set_aside_as and row.destroyed_on is None and row.letter_id in added
        ],
    )
    shown = to_read[:LETTERS_ON_SCREEN]
    registers = request.user.has_perm("journal.register_letter", school)
    categories = categories_of(school) if registers else []
    files = files_of_letters(shown, request.keyring)
    letters = [
        {
            **_letter(row, request.keyring, categories, bound, registers=registers),
            "files": files.get(row.pk, []),
            "added": [
                {"turn": turn, "when": moment_at(turn.message.sent_hour, school)}
                for turn in added.get(row.letter_id, [])
            ],
        }
        for row in shown
    ]
    if request.method == "GET" and any(letter["written"] is not None for letter in letters):
        note_opening_read(opening=opening, by=request.user)
        mark_seen([turn for row in shown for turn in added.get(row.letter_id, [])])
    acts = acts_of_letters(told)
    papers = [row for row in taken if row.source == Source.PAPER]
    paper_left = max(opening.paper_count - len(papers), 0)
    key = key_in_use(school)
    holds_key = key is not None and request.keyring.opens_school_key(key.pk)
    types_in = registers and holds_key
    total = len(told) + paper_left
    left = len(waiting) + paper_left
    context = {
        "title": _("Opening %(opening)s") % {"opening": opening},
        "opening": opening,
        "school": school,
        "opened_at": moment_at(opening.opened_at, school),
        "present": [_present_line(person) for person in opening.present],
        "act": opening.read_or_none(request.keyring),
        "letters": letters,
        "more": len(to_read) - len(shown),
        "left": left,
        "total": total,
        "done": total - left,
        "holds_key": holds_key,
        "registers": registers,
        "found": len(taken) + paper_left,
        "withheld": len(taken) - len(told),
        "finished": [
            _finished_line(row, request.keyring, acts)
            if row in told
            else {"withheld": row.position}
            for row in taken
            if row not in told or not row.is_waiting
        ],
        "book": end_of_book(school),
        "classes_offered": classes_offered(school) if registers else [],
        "paper_left": paper_left,
        "paper_number": len(papers) + 1,
        "paper_total": max(opening.paper_count, len(papers)),
        "paper": (bound.get("paper") or paper_form(opening, categories=categories))
        if types_in
        else None,
        "paper_aside": (bound.get("paper-aside") or aside_form(opening)) if types_in else None,
        "paper_unfolded": paper_left > 0 or "paper" in bound or "paper-aside" in bound,
    }
    return staff_page(request, "journal/opening.html", context, status=status)


def is_withheld(taken: TakenLetter, user: User) -> bool:
    """Whether this person sees of the letter its place in the opening, and not even what became of it."""
    return taken.letter is not None and taken.letter.is_withheld_from(user.pk)


def _beginning_at(wanted: str, waiting: list[TakenLetter]) -> list[TakenLetter]:
    """The waiting letters, turned so that the wanted one comes first."""
    at = next((at for at, row in enumerate(waiting) if str(row.pk) == wanted), 0)
    return waiting[at:] + waiting[:at]


def _letter(
    taken: TakenLetter,
    keyring: Keyring,
    categories: list[Category],
    bound: Bound,
    *,
    registers: bool,
) -> dict[str, Any]:
    """One waiting letter: what its author wrote (None when closed to this person), and its two forms."""
    letter = taken.letter
    written = letter.read_or_none(keyring) if letter else None
    forms_shown = registers and written is not None and taken.is_waiting
    register, aside = f"register-{taken.pk}", f"aside-{taken.pk}"
    return {
        "taken": taken,
        "letter": letter,
        "written": written,
        "identity": who_wrote(written or {}),
        "about": [ROLE_NAMES.get(role, role) for role in (written or {}).get("about", ())],
        "form": (
            bound.get(register) or registration_form(taken, written, categories=categories)
            if forms_shown
            else None
        ),
        "aside": (bound.get(aside) or aside_form(taken)) if forms_shown else None,
        "aside_unfolded": aside in bound,
    }


def _finished_line(taken: TakenLetter, keyring: Keyring, acts: Mapping[int, Act]) -> dict[str, Any]:
    """A letter of the act: its number, or why it was set aside, and by which act it was destroyed."""
    note = ""
    if taken.set_aside_as:
        note = (taken.read_or_none(keyring) or {}).get("note", "")
    destroyed = ""
    if taken.destroyed_on is not None:
        # Without an act its author has erased it.
        act = acts.get(taken.pk)
        destroyed = destroyed_by(act, day_of) if act else _("erased by its author")
    return {"taken": taken, "note": note, "destroyed": destroyed}


def _present_line(person: dict[str, str]) -> str:
    post = str(ROLE_NAMES.get(person.get("role", ""), "")) or person.get("post", "")
    return f"{person['name']}, {post}" if post else person["name"]
