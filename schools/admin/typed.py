"""Rows that are typed by their short name: of thousands of people or schools nobody chooses from a list."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from schools.models import School, User

LONGEST_NAME = 200


class TypedField(forms.ModelChoiceField):
    """A row by a name that it alone has; ``name`` is the field."""

    name: str
    widget = forms.TextInput(
        attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "to_field_name": self.name})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Model | None:
        # SQLite refuses to look for a text with no end, PostgreSQL for one with a zero in it.
        if isinstance(value, str):
            value = value.strip().replace("\0", "")[:LONGEST_NAME]
        return super().to_python(value)


class PersonField(TypedField):
    """Somebody by their user name."""

    name = "username"
    default_error_messages = {"invalid_choice": _("Nobody with this user name may sign in.")}

    def __init__(self, *, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(
            **{"queryset": User.objects.filter(is_active=True), **kwargs},
            help_text=help_text or _("User name, as the list of people has it."),
        )


class SchoolField(TypedField):
    """A school by its short name."""

    name = "slug"
    default_error_messages = {"invalid_choice": _("No school has this short name.")}

    def __init__(self, *, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(
            **{"queryset": School.objects.all(), **kwargs},
            help_text=help_text or _("Short name, as the address of the school’s pages has it."),
        )
