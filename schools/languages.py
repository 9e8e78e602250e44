"""The four languages of the portal, and texts that a school keeps in several of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

LANGUAGES: tuple[str, ...] = ("kk", "ru", "ky", "en")

# Each language by its own name, as a language switch shows it.
OWN_NAMES: dict[str, str] = {"kk": "Қазақша", "ru": "Русский", "ky": "Кыргызча", "en": "English"}


def in_language(texts: Mapping[str, str] | None, language: str, *, main: str = "") -> str:
    """The text in ``language``, else in ``main``, else in any language there is, else empty."""
    texts = texts or {}
    for candidate in (language, main, *LANGUAGES):
        if texts.get(candidate):
            return texts[candidate]
    return ""


def check_texts(value: Any) -> None:
    """A mapping of the portal's languages to texts, and nothing else."""
    if not isinstance(value, dict) or any(
        code not in LANGUAGES or not isinstance(text, str) for code, text in value.items()
    ):
        raise ValidationError(_("Give a text for each language."), code="texts")


class TextsField(models.JSONField):
    """A short text in several languages: ``{"kk": …, "ru": …}``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, check_texts]

    def formfield(self, **kwargs: Any) -> Any:
        from schools.forms import TextsFormField  # forms import models; only here the other way

        return TextsFormField(
            required=not self.blank,
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
        )


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside is in this language, whatever the request's was."""
    with translation.override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
        yield
