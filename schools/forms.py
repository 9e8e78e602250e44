"""Form fields that the admin needs for what a school keeps in several languages."""

from typing import Any

from django import forms

from schools.languages import LANGUAGES, OWN_NAMES


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


class TextsFormField(forms.MultiValueField):
    """``{"kk": …, "ru": …}`` without the empty ones; at least one when required."""

    widget = TextsWidget

    def __init__(self, *, required: bool = True, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False) for _code in LANGUAGES]
        super().__init__(fields, required=required, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        texts = dict(zip(LANGUAGES, data_list or [], strict=False))
        return {code: text for code, text in texts.items() if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.compress(self.widget.decompress(initial)) != self.compress(data or [])


class ChoiceListField(forms.MultipleChoiceField):
    """Some of the choices, in the order of the choices, for a JSON list."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return value

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [key for key, _label in self.choices if key in chosen]
