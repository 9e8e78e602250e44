"""Each step of an entry with its form, its words and its service: one table for the entry's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.conversation import repeats_of
from journal.forms import StepForm
from journal.forwarding_forms import ForwardForm
from journal.models import Entry, Trail
from journal.services import answering, holding, reviewing
from journal.services.drafting import draft_of
from journal.services.forwarding import forward
from journal.step_forms import (
    AnswerForm,
    CloseForm,
    CorrectForm,
    ExtendForm,
    HoldForm,
    LinkForm,
    MeasuresForm,
    ReleaseForm,
    ReturnForm,
    TakeIntoReviewForm,
    WriteForm,
)
from schools.models import User
from schools.selectors import people_allowed
from vault.keyring import Keyring

Step = Trail.Step


@dataclass(frozen=True)
class StepPage:
    """How a step looks: its name, its button, its form, what is said afterwards, and the service it calls."""

    title: Promise
    button: Promise
    form: type[StepForm]
    done: Promise
    take: Callable[..., Entry]
    facts: Callable[[StepForm], dict[str, Any]]


def _plain(*names: str) -> Callable[[StepForm], dict[str, Any]]:
    return lambda form: {name: form.cleaned_data[name] for name in names}


def _send_on(**facts: Any) -> Entry:
    return forward(**facts).entry


def _write(*, is_answer: bool, **facts: Any) -> Entry:
    return (answering.answer_by_code if is_answer else answering.write_to_author)(**facts)


def _close(*, reason: str, **facts: Any) -> Entry:
    if facts["entry"].answered_on is not None:
        return reviewing.close(**facts)
    return reviewing.close_without_reply(reason=reason, **facts)


STEP_PAGES: dict[str, StepPage] = {
    Step.TAKEN_INTO_REVIEW: StepPage(
        _("Take into review"),
        pgettext_lazy("button", "Take into review"),
        TakeIntoReviewForm,
        _("%(entry)s is in review now."),
        reviewing.take_into_review,
        _plain("reviewer"),
    ),
    Step.MEASURES_RECORDED: StepPage(
        _("Write down measures"),
        pgettext_lazy("button", "Write down"),
        MeasuresForm,
        _("%(entry)s: the measures are written down."),
        reviewing.record_measures,
        _plain("measures"),
    ),
    Step.WRITTEN_TO: StepPage(
        _("Write to the author"),
        pgettext_lazy("button", "Send"),
        WriteForm,
        _("%(entry)s: sent. The author reads it on the site with the code."),
        _write,
        lambda form: {"text": form.cleaned_data["text"], "is_answer": form.is_answer},
    ),
    Step.ANSWERED: StepPage(
        _("Record the reply"),
        pgettext_lazy("button", "Record the reply"),
        AnswerForm,
        _("%(entry)s: the reply is recorded."),
        reviewing.record_answer,
        _plain("answered_on", "way", "measures"),
    ),
    Step.CLOSED: StepPage(
        _("Finish the work"),
        pgettext_lazy("button", "Finish"),
        CloseForm,
        _("%(entry)s is closed."),
        _close,
        lambda form: {
            "outcome": form.cleaned_data["outcome"],
            "reason": form.cleaned_data.get("reason", ""),
            **form.found(),
        },
    ),
    Step.RETURNED: StepPage(
        _("Return to review"),
        pgettext_lazy("button", "Return to review"),
        ReturnForm,
        _("%(entry)s is in review again."),
        reviewing.return_to_review,
        _plain("reason"),
    ),
    Step.FORWARDED: StepPage(
        _("Send on to another body"),
        pgettext_lazy("button", "Send on"),
        ForwardForm,
        _("%(entry)s is sent on. The sheet for the body can be printed below."),
        _send_on,
        ForwardForm.facts,
    ),
    Step.DUE_EXTENDED: StepPage(
        _("Take more time for the reply"),
        pgettext_lazy("button", "Set the new day"),
        ExtendForm,
        _("%(entry)s: the reply is due on the new day."),
        answering.extend,
        _plain("due_on", "reason"),
    ),
    Step.LINKED: StepPage(
        _("Link to an earlier entry"),
        pgettext_lazy("button", "Link"),
        LinkForm,
        _("%(entry)s: the link to an earlier entry is changed."),
        answering.link,
        lambda form: {"repeat_of": form.found},
    ),
    Step.CORRECTED: StepPage(
        _("Correct a slip of the pen"),
        pgettext_lazy("button", "Correct"),
        CorrectForm,
        _("%(entry)s is corrected; the history keeps what stood before."),
        reviewing.correct,
        lambda form: {
            "category": form.cleaned_data["category"],
            "corrected": form.corrected(),
            "reason": form.cleaned_data["reason"],
            **form.open_changes(),
        },
    ),
    Step.HELD: StepPage(
        _("Keep it for a court or an inquiry"),
        pgettext_lazy("button", "Keep it"),
        HoldForm,
        _("%(entry)s is kept: it is on no list for destruction now."),
        holding.hold,
        _plain("reason"),
    ),
    Step.RELEASED: StepPage(
        _("End the hold for a court or an inquiry"),
        pgettext_lazy("button", "End the hold"),
        ReleaseForm,
        _("%(entry)s is no longer held: the time of keeping counts as before."),
        holding.release,
        _plain("reason"),
    ),
}


def form_for(
    step: str,
    *,
    entry: Entry,
    content: dict[str, str],
    by: User,
    keyring: Keyring,
    data: Any = None,
) -> StepForm:
    """The step's form for an entry, empty or with what was typed. Its fields' ids differ from step to step."""
    page = STEP_PAGES[step]
    extra: dict[str, Any] = {}
    if step == Step.WRITTEN_TO:
        extra = {"draft": draft_of(entry=entry, by=by, keyring=keyring)}
    if step == Step.LINKED:
        extra = {"by": by, "repeats": repeats_of(entry, by).of}
    if step == Step.TAKEN_INTO_REVIEW:
        reviewers = [
            person
            for person in people_allowed(entry.school, "journal.review_entry")
            if not entry.is_withheld_from(person.pk)
        ]
        extra = {"reviewers": reviewers, "by": by}
    return page.form(data, prefix=step, entry=entry, content=content, **extra)


def is_offered(step: str, entry: Entry) -> bool:
    """Whether the step makes sense for this entry, besides being allowed."""
    if step == Step.WRITTEN_TO:
        return answering.can_be_written_to(entry)
    if step in (Step.HELD, Step.RELEASED):
        return entry.held == (step == Step.RELEASED)
    return step in STEP_PAGES


def take(step: str, form: StepForm, *, entry: Entry, by: User, keyring: Keyring) -> Entry:
    """Take the step with what a valid form says. Raises Refused and Conflict."""
    page = STEP_PAGES[step]
    return page.take(
        entry=entry,
        by=by,
        keyring=keyring,
        version=form.cleaned_data["version"],
        **page.facts(form),
    )
