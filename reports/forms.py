"""What is asked before printing."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.forms import PasswordForm
from journal.models import Volume
from schools.models import School

WHOLE, DAYS = "whole", "days"


class JournalPrintForm(forms.Form):
    """Language, and the whole volume or the letters taken out on some days."""

    language = forms.ChoiceField(label=_("Language of the document"))
    extent = forms.ChoiceField(
        label=_("What to print"),
        choices=[
            (WHOLE, pgettext_lazy("what to print", "the whole volume")),
            (DAYS, pgettext_lazy("what to print", "letters taken out on these days")),
        ],
        widget=forms.RadioSelect,
        initial=WHOLE,
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, volume: Volume, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["language"].choices = volume.school.languages_to_offer()
        self.fields["language"].initial = volume.school.main_language

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or cleaned["extent"] == WHOLE:
            return cleaned
        since, until = cleaned["since"], cleaned["until"]
        if since is None and until is None:
            self.add_error("since", ValidationError(_("Give at least one of the days."), "days"))
        elif since and until and since > until:
            self.add_error(
                "until", ValidationError(_("The last day is before the first one."), "order")
            )
        return cleaned

    @property
    def days(self) -> tuple[datetime.date | None, datetime.date | None]:
        """First and last day, None where it has no end. Of a valid form."""
        if self.cleaned_data["extent"] == WHOLE:
            return None, None
        return self.cleaned_data["since"], self.cleaned_data["until"]


class SheetPrintForm(PasswordForm):
    """Language of the recovery sheet, and the person's own password."""

    language = forms.ChoiceField(label=_("Language of the document"))

    field_order = ("language", "password")

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = school.languages_to_offer()
        self.fields["language"].initial = school.main_language
