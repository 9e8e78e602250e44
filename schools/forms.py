"""Form fields for what a school keeps as lists."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class ChoiceListField(forms.MultipleChoiceField):
    """Some of the choices, in the order of the choices, for a JSON list."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [key for key, _label in self.choices if key in chosen]


class OrderWidget(forms.MultiWidget):
    """A line for each choice with a small number: its place in the order, empty when it is not used."""

    template_name = "schools/order_widget.html"

    def __init__(
        self, choices: Iterable[tuple[str, Any]], attrs: dict[str, Any] | None = None
    ) -> None:
        self.choices = list(choices)
        super().__init__(
            {
                key: forms.NumberInput(attrs={"min": 1, "max": 99, "class": "order-number"})
                for key, _label in self.choices
            },
            attrs,
        )

    def decompress(self, value: list[str] | None) -> list[int | None]:
        chosen = list(value or [])
        return [chosen.index(key) + 1 if key in chosen else None for key, _label in self.choices]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lines = zip(self.choices, context["widget"]["subwidgets"], strict=True)
        context["lines"] = [{"label": label, "widget": widget} for (_key, label), widget in lines]
        return context


class OrderField(forms.MultiValueField):
    """Some of the choices in an order of the person's own, for a JSON list. Works without JavaScript."""

    def __init__(self, *, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.choices = list(choices)
        numbers = [
            forms.IntegerField(required=False, min_value=1, max_value=99) for _c in self.choices
        ]
        super().__init__(
            numbers, require_all_fields=False, widget=OrderWidget(self.choices), **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        """The list kept as numbers in its boxes; what somebody typed stays as it is."""
        keys = {key for key, _label in self.choices}
        if value and all(item in keys for item in value):
            return self.widget.decompress(value)
        return value

    def compress(self, data_list: list[int | None]) -> list[str]:
        placed = [
            (number, at, key)
            for at, ((key, _label), number) in enumerate(
                zip(self.choices, data_list or [], strict=False)
            )
            if number is not None
        ]
        return [key for _number, _at, key in sorted(placed)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.clean_quietly(data)

    def clean_quietly(self, data: Any) -> list[str] | None:
        """The list that the typed numbers give; None when they are no numbers."""
        try:
            return self.clean(data)
        except ValidationError:
            return None


class MonthDaysField(forms.CharField):
    """Days of the month as people write them: ``1, 15``."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[int]:
        words = [word for word in re.split(r"[\s,;]+", super().to_python(value)) if word]
        if not all(word.isascii() and word.isdigit() for word in words):
            raise ValidationError(
                _("Give days of the month: numbers from 1 to 31."), code="month_days"
            )
        return sorted({int(word) for word in words})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != self.clean(data)
        except ValidationError:
            return True


class DayInput(forms.DateInput):
    """The browser's own calendar; needs no script."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class SiteField(forms.URLField):
    """The address of a site; typed without its beginning, it is a secure one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **kwargs})
