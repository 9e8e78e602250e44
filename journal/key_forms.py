"""Forms of the life of a school's key: its change, its loss, and its way back from paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.forms import PasswordForm
from schools.models import User
from vault.errors import LockError
from vault.recovery import LINES, lines_typed, pair_from_lines, wrong_lines

MOST_TYPED = 400


class SheetLinesForm(PasswordForm):
    """The lines of the recovery sheet; each that was typed wrong is named."""

    lines = forms.CharField(
        label=gettext_lazy("The eight lines of the sheet"),
        help_text=gettext_lazy(
            "One below the other, without their numbers. What a phone reads from the square code can be "
            "pasted as it is. Capital or small letters, spaces and dashes make no difference."
        ),
        max_length=MOST_TYPED,
        widget=forms.Textarea(
            attrs={
                "rows": LINES,
                "cols": 16,
                "class": "key-lines",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
            }
        ),
    )

    field_order = ("lines", "password")

    def clean_lines(self) -> str:
        """Whatever is wrong at once, so that nobody types eight lines eight times."""
        text = self.cleaned_data["lines"]
        lines = lines_typed(text)
        found = wrong_lines(lines[:LINES])
        errors = [
            forms.ValidationError(
                _("Line %(line)s was typed wrong: compare it with the sheet."),
                code="line",
                params={"line": line},
            )
            for line in found
        ]
        if len(lines) != LINES:
            errors = errors[:1]
            errors.append(
                forms.ValidationError(
                    _("The sheet has eight lines. Lines here: %(count)s."),
                    code="count",
                    params={"count": len(lines)},
                )
            )
        if errors:
            raise forms.ValidationError(errors)
        try:
            pair_from_lines(lines)
        except LockError:
            raise forms.ValidationError(
                _("Each line is right, but they are lines of different sheets."), code="mixed"
            ) from None
        return text

    def typed(self) -> list[str]:
        """The lines, of a valid form."""
        return lines_typed(self.cleaned_data["lines"])


class ChangeKeyForm(PasswordForm):
    """Who keeps a key. Everybody who holds one, but for those unticked; whoever changes it always does."""

    keep = forms.MultipleChoiceField(
        label=gettext_lazy("Who gets the new key"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("keep", "password")

    def __init__(self, *args: Any, others: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(person.pk): person for person in others}
        if not others:
            del self.fields["keep"]
            return
        self.fields["keep"].asked = True
        self.fields["keep"].choices = [(key, str(person)) for key, person in self.others.items()]
        self.fields["keep"].initial = list(self.others)

    def keepers(self) -> list[User]:
        """Of a valid form."""
        return [self.others[key] for key in self.cleaned_data.get("keep", [])]


class LossForm(PasswordForm):
    """A new key after the former was lost: nobody does that by mistake."""

    understood = forms.BooleanField(
        label=gettext_lazy(
            "I understand: what was written before stays closed, unless the recovery sheet is found."
        )
    )

    field_order = ("understood", "password")
