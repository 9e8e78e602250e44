"""Trust phones on the staff site, with the hours at which they are answered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import in_words
from schools.admin.regulations import OfASchoolAdmin
from schools.forms import ChoiceListField
from schools.models import TrustPhone
from schools.models.regulation import Weekday


class WeekdaysField(ChoiceListField):
    """Days of the week with a tick each, for a JSON list of numbers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Weekday.choices, required=False, **kwargs)

    def clean(self, value: Any) -> list[int]:
        # The choices' keys are numbers, what the browser sends is not.
        chosen = forms.MultipleChoiceField.clean(self, value)
        return sorted(int(day) for day in chosen)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed([str(day) for day in initial or []], data)


class TrustPhoneForm(forms.ModelForm):
    """A phone with its days as ticks."""

    weekdays = WeekdaysField(
        label=_("Answered on"),
        help_text=_(
            "By these days and hours the public page says whether somebody answers now. Left empty: it says nothing "
            "of that."
        ),
    )

    class Meta:
        model = TrustPhone
        fields = [
            *("school", "names", "number", "weekdays", "answered_from", "answered_to"),
            *("on_days_off", "hours", "order"),
        ]


@admin.register(TrustPhone)
class TrustPhoneAdmin(OfASchoolAdmin):
    """Phones beside the box."""

    form = TrustPhoneForm
    list_display = [
        *("number", "school", "answered_from", "answered_to"),
        *(in_words(TrustPhone, "on_days_off"), "order"),
    ]
    fieldsets = [
        (None, {"fields": ["school", "names", "number"]}),
        (
            _("When it is answered"),
            {
                "fields": ["weekdays", "answered_from", "answered_to", "on_days_off", "hours"],
                "description": _(
                    "Hours that end before they begin run over midnight; the same hour twice is day and night."
                ),
            },
        ),
        (None, {"fields": ["order"]}),
    ]
