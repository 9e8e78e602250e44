"""The letter form and the form for a receipt code. Rendered by our own templates in ``templates/box/form/``."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from box.codes_in_text import no_code_within
from box.files.field import FilesField
from box.phones import phone_in_full
from box.plain_text import PlainTextField
from box.readers import posts_of, roles_alone
from box.said import said
from box.selectors import SchoolBox
from schools.models.regulation import Audience
from schools.selectors import roles_allowing

TEXT_LEAST, TEXT_MOST = 10, 10_000
YOUNGEST, OLDEST = 3, 120
IDENTITY = ("full_name", "address", "age", "class_group", "phone", "consent")


class Radios(forms.RadioSelect):
    template_name = "box/form/radios.html"


class Tick(forms.CheckboxInput):
    template_name = "box/form/tick.html"


class Ticks(forms.CheckboxSelectMultiple):
    template_name = "box/form/ticks.html"


class ReadersField(forms.MultipleChoiceField):
    """Some of the roles that read letters. One that ceased to hold the key while somebody wrote is no error."""

    widget = Ticks

    def valid_value(self, value: str) -> bool:
        return value in roles_allowing("schools.hold_key")

    def clean(self, value: Any) -> list[str]:
        return sorted(set(super().clean(value)))


class Choices(forms.Select):
    """A select whose choices may each be in a language of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.languages:
            option["attrs"]["lang"] = self.languages[str(value)]
        return option


class Offered(forms.TextInput):
    """A line with words to choose from; others can be typed. A browser that cannot offer them shows the line alone."""

    template_name = "box/form/offered.html"

    def __init__(self, offered: Sequence[str], attrs: dict[str, Any]) -> None:
        super().__init__({**attrs, "list": "classes"})
        self.offered = offered

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["offered"] = self.offered
        return context


class KeptFields(dict[str, forms.Field]):
    """Fields that every form of a school and language shares: Django copies a form's fields for each request, which
    takes longer than checking what was typed, and nothing here changes a field after it was made."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "KeptFields":
        return self


def dressed(form_class: type[forms.Form]) -> type[forms.Form]:
    """Give each field its template and its look."""
    for field in form_class.base_fields.values():
        widget = field.widget
        field.template_name = "box/form/field.html"
        if isinstance(widget, Tick):
            field.template_name = "box/form/tick_field.html"
        elif isinstance(widget, Ticks):
            field.template_name = "box/form/ticks_field.html"
        elif not isinstance(widget, Radios):
            look = "form-select" if isinstance(widget, Choices) else "form-control"
            widget.attrs["class"] = f"{look} {widget.attrs.get('class', '')}".rstrip()
    form_class.base_fields = KeptFields(form_class.base_fields)
    return form_class


class PublicForm(forms.Form):
    """A form for people who may see badly, hurry, or be afraid: every error names the field and the way out."""

    use_required_attribute = (
        False  # the browser's own messages are in the browser's language, not the page's
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    def places_to_mend(self) -> Iterator[tuple[str, str, str]]:
        """For the summary above the form: id of the control, its label, what to do."""
        for name in self.fields:
            field = self[name]
            # A group of radio buttons has no id of its own: its first button has one.
            control = field.id_for_label or f"{field.auto_id}_0"
            yield from ((control, field.label, error) for error in field.errors)


@dressed
class LetterForm(PublicForm):
    """A letter to a school's box. Identity typed into an anonymous letter is dropped before anything else sees it."""

    danger = forms.BooleanField(
        label=_("Yes, somebody is in danger"),
        help_text=_(
            "Somebody is being hurt or threatened, or wants to harm themselves. You or somebody else."
        ),
        required=False,
        widget=Tick,
    )
    audience = forms.ChoiceField(
        label=_("Who are you?"),
        widget=Radios,
        error_messages={
            "required": _("Please choose who you are: a pupil, a parent or somebody else."),
            "invalid_choice": _("Please choose one of the answers in the list."),
        },
    )
    signed = forms.ChoiceField(
        label=_("Do you want to give your name?"),
        choices=[
            ("no", _("No. Nobody will know who wrote.")),
            ("yes", _("Yes, I sign, and the school can answer me in person.")),
        ],
        initial="no",
        widget=Radios,
        error_messages={
            "required": _("Please choose: with your name or without."),
            "invalid_choice": _("Please choose: with your name or without."),
        },
    )
    full_name = PlainTextField(
        label=_("First name and family name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    class_group = PlainTextField(
        label=_("Class or group"), help_text=_("If you want."), required=False, max_length=50
    )
    age = PlainTextField(
        label=_("Age"),
        help_text=_("If you want."),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    phone = PlainTextField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = PlainTextField(
        label=_("Home address"),
        help_text=_("If you want."),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    consent = forms.BooleanField(
        label=_(
            "I agree that the school keeps my name and what I wrote about myself, to answer me."
        ),
        required=False,
        widget=Tick,
    )
    category = forms.ChoiceField(
        label=_("What is it about?"),
        required=False,
        widget=Choices,
        error_messages={"invalid_choice": _("Please choose one of the answers in the list.")},
    )
    about = ReadersField(
        label=_("Is the letter about one of the people who read the letters?"),
        help_text=_(
            "Then tick who it is: that person will not be able to open your letter, only the others will. "
            "If not, leave this empty."
        ),
        required=False,
        error_messages={"invalid_choice": _("Please choose one of the answers in the list.")},
    )
    text = PlainTextField(
        label=_("Your letter"),
        help_text=_("Write in any language, in your own words. Mistakes do not matter."),
        one_line=False,
        max_length=TEXT_MOST,
        min_length=TEXT_LEAST,
        validators=[no_code_within],
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
        error_messages={
            "required": _("The letter is still empty. Please write what happened."),
            "min_length": _("The letter is very short. Please write at least 10 characters."),
            "max_length": _(
                "The letter is longer than 10,000 characters. Please make it shorter, or send it in two letters."
            ),
        },
    )
    attachments = FilesField()
    # No person sees it: what is typed here was typed by a machine.
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, box: SchoolBox, is_shared: bool = False, **kwargs: Any) -> None:
        """``is_shared``: on a computer that many use; the browser is asked to offer and to keep nothing."""
        self.box = box
        language = get_language() or box.school.main_language
        fields = box.kept.get(("letter form", language, is_shared))
        if fields is None:
            fields = fields_for(box, language)
            if is_shared:
                _offer_nothing(fields)
            box.kept["letter form", language, is_shared] = fields
        self.base_fields = fields
        super().__init__(*args, auto_id="id_%s", **kwargs)

    @property
    def signed_with_name(self) -> bool:
        """Whether what was sent says that the author signs."""
        return self.is_bound and self.data.get("signed") == "yes"

    def clean_age(self) -> str:
        age = self.cleaned_data["age"]
        if age and not (age.isdecimal() and YOUNGEST <= int(age) <= OLDEST):
            raise ValidationError(
                _("Please write your age as a number, for example 12, or leave it empty."),
                code="age",
            )
        return str(int(age)) if age else ""

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        phone = phone_in_full(typed, self.box.school.country) if typed else ""
        if phone is None:
            raise ValidationError(
                _(
                    "This phone number does not look right. Please check its digits, or leave it empty."
                ),
                code="phone",
            )
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.signed_with_name:
            for name in IDENTITY:
                self.errors.pop(name, None)
                cleaned[name] = ""
            return cleaned
        if not cleaned.get("full_name") and "full_name" not in self.errors:
            self.add_error(
                "full_name",
                ValidationError(
                    _("Please write your name, or choose above to write without a name."),
                    code="required",
                ),
            )
        if not cleaned.get("consent"):
            self.add_error(
                "consent",
                ValidationError(
                    _("Please tick this, or choose above to write without a name."), code="required"
                ),
            )
        return cleaned


def _offer_nothing(fields: KeptFields) -> None:
    for field in fields.values():
        if isinstance(field, PlainTextField):
            field.widget.attrs.update(autocomplete="off", spellcheck="false")


def fields_for(box: SchoolBox, language: str) -> KeptFields:
    """The letter form's fields with the choices of a school, in the language now active."""
    fields = KeptFields(
        {name: copy.deepcopy(field) for name, field in LetterForm.base_fields.items()}
    )
    audiences = {choice.value: capfirst(choice.label) for choice in Audience}
    fields["audience"].choices = [
        (key, audiences[key]) for key in (box.regulation.audiences if box.regulation else ())
    ]
    fields["phone"].help_text = _("If you want. For example %(phone)s.") % {
        "phone": "0555 123 456" if box.school.country == "KG" else "8 701 123 45 67"
    }
    if box.classes:
        field = fields["class_group"]
        field.widget = Offered(box.classes, field.widget.attrs)
    posts = posts_of(box, box.readers)
    fields["about"].choices = [(role, capfirst(words)) for role, words in posts.items()]
    fields["about"].alone = [capfirst(posts[role]) for role in roles_alone(box.readers)]
    names = {item.slug: said(item.names, language) for item in box.categories}
    if not names:
        del fields["category"]
        return fields
    fields["category"].choices = [
        ("", pgettext_lazy("category of a letter", "I do not know, or something else")),
        *((slug, name.text) for slug, name in names.items()),
    ]
    fields["category"].widget.languages = {
        slug: name.language for slug, name in names.items() if name.language != language
    }
    return fields


@dressed
class ReceiptForm(PublicForm):
    """The code that an author got after sending. Whether it is right, only the view says, always in the same words."""

    code = PlainTextField(
        label=_("Your code"),
        help_text=_(
            "16 letters and digits, for example K7QX-9M2T-4HWD-PZ3A. Small or capital, with or without dashes."
        ),
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
        error_messages={"required": _("Please type the code you got after sending your letter.")},
    )
