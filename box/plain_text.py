"""What a person typed, made plain: one kind of newline, nothing invisible that only machines read."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Control characters but tab and newline (C0, DEL, C1): no keyboard makes them, pasting from some programs does.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_NEWLINES = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
# What stands for bytes that were no UTF-8, and halves of characters that stand for nothing.
_UNREADABLE = re.compile("[\ufffd\ud800-\udfff]")


def plain(text: str) -> str:
    """The text with newlines as ``\\n`` and without control characters; tabs stay."""
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text))


class PlainTextField(forms.CharField):
    """Text of any script as it was typed, but for control characters, which are taken out.

    Counts characters after that, so that a line break is one. ``one_line`` makes line breaks spaces.
    """

    default_error_messages = {
        "unreadable": _(
            "Some characters did not arrive as you typed them. Please delete the signs “�” and type them again."
        )
    }

    def __init__(self, *, one_line: bool = True, **kwargs: Any) -> None:
        self.one_line = one_line
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: a browser would cut a pasted text off without a word.
        return {}

    def to_python(self, value: Any) -> str:
        text = plain(str(value or ""))
        if self.one_line:
            text = " ".join(text.split())
        return super().to_python(text)

    def validate(self, value: str) -> None:
        super().validate(value)
        if _UNREADABLE.search(value):
            raise ValidationError(self.error_messages["unreadable"], code="unreadable")
