"""What can be done with an entry now, and which one thing comes next: the right-hand side of its page."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from journal.admin.pages import day_of, moment_at
from journal.admin.steps import STEP_PAGES, form_for, is_offered
from journal.conversation import Said
from journal.forms import StepForm
from journal.models import Entry, Trail
from journal.rules import steps_possible
from journal.services.drafting import KeptDraft
from journal.services.reviewing import obstacles_to_closing
from schools.models import FirstAnswer, User
from vault.keyring import Keyring

Step = Trail.Step
State = Entry.State

# What is seldom needed stands below what is needed every day.
SELDOM = (
    Step.DUE_EXTENDED,
    Step.LINKED,
    Step.RETURNED,
    Step.CORRECTED,
    Step.HELD,
    Step.RELEASED,
)


@dataclass(frozen=True)
class OfferedStep:
    """A step with its form; ``obstacles`` in place of the form say why it cannot be taken yet."""

    name: str
    title: str
    button: str
    form: StepForm = field(repr=False)
    unfolded: bool
    obstacles: list[str]
    first_answers: list[tuple[str, str]] = field(repr=False)

    @property
    def draft(self) -> KeptDraft | None:
        """What the person had typed to the author and not sent."""
        return getattr(self.form, "draft", None)

    @property
    def draft_kept(self) -> str:
        """When it was kept, by the school's clock."""
        return moment_at(self.draft.kept_at, self.form.entry.school) if self.draft else ""

    @property
    def is_kept(self) -> bool:
        """Whether what stands in the form is the draft as it is kept."""
        return self.draft is not None and self.form["text"].value() == self.draft.text

    @property
    def writes(self) -> bool:
        """Whether its words go to the author: such a form keeps drafts."""
        return self.name == Step.WRITTEN_TO


def steps_context(
    entry: Entry,
    content: dict[str, Any] | None,
    *,
    user: User,
    keyring: Keyring,
    said: list[Said],
    bound: dict[str, StepForm],
) -> dict[str, Any]:
    """For the page: ``next`` in words, the steps of every day with the next one first, and the others."""
    if content is None:
        return {"steps": [], "seldom": []}
    possible = [
        step
        for step in steps_possible(entry, user)
        if step in bound or (step in STEP_PAGES and is_offered(step, entry))
    ]
    obstacles = obstacles_to_closing(entry) if Step.CLOSED in possible else []
    forms = {
        step: bound.get(step)
        or form_for(step, entry=entry, content=content, by=user, keyring=keyring)
        for step in possible
    }
    first = _first(entry, forms, said, obstacles)
    offered = [
        _offered(step, forms[step], entry, obstacles, unfolded=step in (bound or [first]))
        for step in sorted(possible, key=lambda step: step != first)
    ]
    return {
        "next": _next(entry, said, obstacles, bool(possible)),
        "steps": [step for step in offered if not _is_seldom(step, entry)],
        "seldom": [step for step in offered if _is_seldom(step, entry)],
    }


def _offered(
    step: str, form: StepForm, entry: Entry, obstacles: list[str], *, unfolded: bool
) -> OfferedStep:
    page = STEP_PAGES[step]
    without_reply = step == Step.CLOSED and entry.answered_on is None
    return OfferedStep(
        name=step,
        title=_("Finish without a reply") if without_reply else str(page.title),
        button=str(page.button),
        form=form,
        unfolded=unfolded,
        obstacles=obstacles if step == Step.CLOSED else [],
        first_answers=first_answers_for(entry) if step == Step.WRITTEN_TO else [],
    )


def first_answers_for(entry: Entry) -> list[tuple[str, str]]:
    """Title in the reader's language and text in the language of the letter, of each first answer in use."""
    rows = FirstAnswer.objects.filter(school=entry.school_id, in_use=True)
    return [(str(row), row.text_in(entry.letter.language)) for row in rows]


def _is_seldom(step: OfferedStep, entry: Entry) -> bool:
    return step.name in SELDOM or (step.name == Step.CLOSED and entry.answered_on is None)


def _waits_for_words(said: list[Said]) -> bool:
    return bool(said) and said[-1].from_author


def _first(
    entry: Entry, forms: dict[str, StepForm], said: list[Said], obstacles: list[str]
) -> str | None:
    """The one step to do next, of those possible."""
    wanted: list[str] = []
    write = forms.get(Step.WRITTEN_TO)
    if getattr(write, "draft", None) is not None or _waits_for_words(said):
        wanted.append(Step.WRITTEN_TO)
    if entry.state == State.REGISTERED:
        wanted.append(Step.TAKEN_INTO_REVIEW)
    elif entry.state == State.IN_REVIEW:
        wanted += [Step.WRITTEN_TO, Step.ANSWERED]
    elif entry.state == State.ANSWERED and not obstacles:
        wanted.append(Step.CLOSED)
    return next((step for step in wanted if step in forms), None)


def _next(entry: Entry, said: list[Said], obstacles: list[str], may_work: bool) -> str:
    """What waits to be done, in a sentence."""
    if not may_work:
        return ""
    if _waits_for_words(said):
        return _("The author wrote last and waits for your words.")
    if entry.state == State.IN_REVIEW and entry.due_on is not None:
        return _("Look into it and answer the author by %(date)s.") % {"date": day_of(entry.due_on)}
    if entry.state == State.ANSWERED and obstacles:
        return _("The author has an answer. The work is finished when the other body answers.")
    return {
        State.REGISTERED: _("Decide who looks into it."),
        State.IN_REVIEW: _("Look into it and answer the author."),
        State.ANSWERED: _("The author has an answer. Write down how it ended."),
        State.CLOSED: _("The work is finished."),
    }[State(entry.state)]
