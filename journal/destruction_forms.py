"""Forms of a list for destruction: the meeting that approved it, what is kept all the same, and one's own password."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.admin.pages import day_of
from journal.forms import PasswordForm
from journal.models import Destruction, Meeting


class MeetingChoice(forms.ModelChoiceField):
    """A protocol by its number and day."""

    def label_from_instance(self, meeting: Meeting) -> str:
        return f"№ {meeting.number}, {day_of(meeting.held_on)}"


class ApproveForm(forms.Form):
    """At which meeting the commission approved the list, and which lines it took off (``spared``, ids)."""

    meeting = MeetingChoice(
        Meeting.objects.none(),
        label=_("Protocol of the meeting that approved the list"),
        empty_label=None,
    )

    def __init__(self, *args: Any, destruction: Destruction, **kwargs: Any) -> None:
        super().__init__(*args, prefix="approve", **kwargs)
        self.destruction = destruction
        self.fields["meeting"].queryset = Meeting.objects.filter(
            school=destruction.school_id,
            state=Meeting.State.HELD,
            held_on__gte=destruction.drawn_up_on,
        ).order_by("-held_on", "-number")

    @property
    def typed_spared(self) -> list[int]:
        """The lines that were ticked, as far as they are numbers."""
        if not self.is_bound:
            return []
        ticked = self.data.getlist(self.add_prefix("spared"))
        return [int(typed) for typed in ticked if typed.isdecimal() and len(typed) < 19]

    def clean(self) -> dict[str, Any]:
        lines = set(self.destruction.lines.values_list("pk", flat=True))
        spared = set(self.typed_spared)
        if not spared <= lines:
            raise ValidationError(_("A line that was ticked is not on this list."), code="lines")
        return {**self.cleaned_data, "spared": sorted(spared)}


class CarryOutForm(PasswordForm):
    """It cannot be undone: one's own password once more."""

    sure = forms.BooleanField(label=_("I understand that this cannot be undone."))
    field_order = ("sure", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="destroy", **kwargs)
