"""Each step of an entry with its form, its words and its service: one table for the entry's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.forms import (
    AnswerForm,
    CloseForm,
    CorrectForm,
    MeasuresForm,
    ReturnForm,
    StepForm,
    TakeIntoReviewForm,
)
from journal.forwarding_forms import ForwardForm
from journal.models import Entry, Trail
from journal.services import reviewing
from journal.services.forwarding import forward
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
        reviewing.close,
        _plain("outcome"),
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
        },
    ),
}


def form_for(
    step: str, *, entry: Entry, content: dict[str, str], by: User, data: Any = None
) -> StepForm:
    """The step's form for an entry, empty or with what was typed. Its fields' ids differ from step to step."""
    page = STEP_PAGES[step]
    extra: dict[str, Any] = {}
    if step == Step.TAKEN_INTO_REVIEW:
        reviewers = [
            person
            for person in people_allowed(entry.school, "journal.review_entry")
            if not entry.is_withheld_from(person.pk)
        ]
        extra = {"reviewers": reviewers, "by": by}
    return page.form(data, prefix=step, entry=entry, content=content, **extra)


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
