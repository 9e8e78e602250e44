"""A text that a school keeps in several languages: how it is stored, checked and typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.languages import LANGUAGES, OWN_NAMES

LONG_LINES = 5
LONG_LENGTH = 3000


def check_texts(value: Any) -> None:
    """A mapping of the portal's languages to texts, and nothing else."""
    if not isinstance(value, dict) or any(
        code not in LANGUAGES or not isinstance(text, str) for code, text in value.items()
    ):
        raise ValidationError(_("Give a text for each language."), code="texts")


class TextsWidget(forms.MultiWidget):
    """One line for each language, labelled with the language's own name."""

    template_name = "schools/texts_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                code: forms.TextInput(attrs={"lang": code, "aria-label": OWN_NAMES[code]})
                for code in LANGUAGES
            },
            attrs,
        )

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code in LANGUAGES]


class LongTextsWidget(forms.MultiWidget):
    """Some lines for each language, labelled with the language's own name."""

    template_name = "schools/texts_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                code: forms.Textarea(
                    attrs={"lang": code, "aria-label": OWN_NAMES[code], "rows": LONG_LINES}
                )
                for code in LANGUAGES
            },
            attrs,
        )

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code in LANGUAGES]


class TextsFormField(forms.MultiValueField):
    """``{"kk": …, "ru": …}`` without the empty ones; at least one when required."""

    widget = TextsWidget
    most: int | None = None

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False, max_length=self.most) for _code in LANGUAGES]
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        texts = dict(zip(LANGUAGES, data_list or [], strict=False))
        return {code: text for code, text in texts.items() if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.compress(self.widget.decompress(initial)) != self.compress(data or [])


class LongTextsFormField(TextsFormField):
    """The same of several lines, which end in one way, whatever the browser sends."""

    widget = LongTextsWidget
    most = LONG_LENGTH

    def compress(self, data_list: list[str]) -> dict[str, str]:
        texts = super().compress(data_list)
        return {
            code: text.replace("\r\n", "\n").replace("\r", "\n") for code, text in texts.items()
        }

    def has_changed(self, initial: Any, data: Any) -> bool:
        # What the browser sends for lines that nobody touched ends them in its own way.
        return (initial or {}) != self.compress(data or [])


class TextsField(models.JSONField):
    """A short text in several languages: ``{"kk": …, "ru": …}``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, check_texts]

    def formfield(self, **kwargs: Any) -> Any:
        return TextsFormField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
        )


class LongTextsField(TextsField):
    """A text of several lines in several languages."""

    def formfield(self, **kwargs: Any) -> Any:
        return LongTextsFormField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
        )
