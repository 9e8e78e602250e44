"""Forms of the named person of a region: a message to the author, how it ended, and for whom it is kept."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.forms import TextField, long_text
from journal.models import Escalation

MESSAGE_LENGTH, NOTE_LENGTH = 5000, 2000
_QUESTIONS: dict[str, str | Promise] = {
    Escalation.Outcome.HELPED: _("What was done"),
    Escalation.Outcome.FALSE_ALARM: _("Why there was nothing to do"),
}


class RegionMessageForm(forms.Form):
    """What the author reads by the code."""

    text = TextField(
        label=_("Your message to the author"),
        help_text=_(
            "The author reads it with the code, and sees that it is from the named person of the region. "
            "Your name does not stand there."
        ),
        widget=long_text(6),
        max_length=MESSAGE_LENGTH,
    )


class CloseEscalationForm(forms.Form):
    """How it ended, with a few words."""

    note = TextField(widget=forms.Textarea(attrs={"rows": 3}), max_length=NOTE_LENGTH)

    def __init__(self, data: Any = None, *, outcome: str, shared: bool) -> None:
        """``shared``: those who read the letter at the school see the note as well."""
        super().__init__(data, prefix=outcome)
        self.outcome = outcome
        self.fields["note"].label = _QUESTIONS[outcome]
        self.fields["note"].help_text = (
            _("Those who read the letter at the school see this note as well.")
            if shared
            else _("Nobody but you can open this note.")
        )


class HoldCaseForm(forms.Form):
    """Who asked for it to be kept."""

    reason = TextField(
        label=_("Who asked for it, and for which matter"),
        help_text=_(
            "Nobody but you can open this note. Until the hold ends nothing of this is destroyed."
        ),
        widget=long_text(2),
        max_length=NOTE_LENGTH,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="hold")


class ReleaseCaseForm(forms.Form):
    """Why it need not be kept any more."""

    reason = TextField(
        label=_("Why it need not be held any more"),
        help_text=_("Nobody but you can open this note."),
        widget=long_text(2),
        max_length=NOTE_LENGTH,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="release")
