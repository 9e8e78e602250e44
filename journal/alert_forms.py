"""How a danger alert ends, on the page of the alert."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal.forms import TextField
from journal.models import Alert

NOTE_LENGTH = 2000

_QUESTIONS: dict[str, tuple[str | Promise, str | Promise]] = {
    Alert.Outcome.HELPED: (
        _("What was done"),
        _("Who was called, and that the child is safe. Only those who read the letter see it."),
    ),
    Alert.Outcome.FALSE_ALARM: (
        _("Why it was a false alarm"),
        _("How you know that nobody is in danger. Only those who read the letter see it."),
    ),
}


class CloseAlertForm(forms.Form):
    """What was done, or why it was a false alarm; ``outcome`` says which of the two is asked."""

    note = TextField(widget=forms.Textarea(attrs={"rows": 3}), max_length=NOTE_LENGTH)

    def __init__(self, data: Any = None, *, outcome: str) -> None:
        super().__init__(data, prefix=outcome)
        self.outcome = outcome
        self.fields["note"].label, self.fields["note"].help_text = _QUESTIONS[outcome]
