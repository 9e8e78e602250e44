"""Forms of the psychologist's day: opening the box, registering, setting aside; what the forms of steps begin from."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from box.files.field import FilesField, FilesInput
from box.files.kinds import SOUND
from box.files.uploads import FIELD
from box.files.worker import CleanFile
from journal.models import Entry, TakenLetter
from journal.services.attempts import note_failed_sign_in
from journal.services.registering import IDENTITY, PaperLetter, Registration
from schools.models import Category, User
from schools.models.regulation import Audience

SUMMARY_LENGTH = 2000
TEXT_LENGTH = 10_000
SHEETS = "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf,.heic"


def long_text(rows: int, **attrs: Any) -> forms.Textarea:
    """A text area of so many lines."""
    return forms.Textarea(attrs={"rows": rows, **attrs})


class TextField(forms.CharField):
    """Typed text; its lines end in one way, whatever the browser sends."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class CategoryField(forms.TypedChoiceField):
    """One of some categories already at hand: many forms on a page ask the database once."""

    def __init__(self, categories: list[Category]) -> None:
        by_id = {str(category.pk): category for category in categories}
        super().__init__(
            choices=[("", "—"), *((key, str(category)) for key, category in by_id.items())],
            coerce=by_id.__getitem__,
            empty_value=None,
            required=bool(by_id),
            label=pgettext_lazy("of a letter", "Category"),
        )


class RegistrationForm(forms.Form):
    """What the journal says about a letter."""

    summary = TextField(
        label=_("Summary"),
        help_text=_("A sentence or two, as it will stand in the journal."),
        widget=long_text(4),
        max_length=SUMMARY_LENGTH,
    )
    class_group = forms.CharField(
        label=_("Class or group"),
        max_length=50,
        required=False,
        help_text=_("If it is known."),
        # The school's own ones, where the page has them (``schools/classes_offered.html``).
        widget=forms.TextInput(attrs={"list": "classes"}),
    )
    danger = forms.BooleanField(label=_("Somebody is in danger"), required=False)

    def __init__(self, *args: Any, categories: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = CategoryField(categories)
        self.order_fields(["summary", "category", "class_group", "danger"])

    def registration(self) -> Registration:
        """For the service."""
        return Registration(
            summary=self.cleaned_data["summary"],
            category=self.cleaned_data["category"],
            class_group=self.cleaned_data["class_group"],
            danger=self.cleaned_data["danger"],
        )


class PaperForm(RegistrationForm):
    """A paper letter typed in or scanned, and what the journal says about it."""

    text = TextField(
        label=_("Text of the letter"),
        widget=long_text(8),
        required=False,
        max_length=TEXT_LENGTH,
        help_text=_("Typed in, or left empty when a scan says it."),
    )
    attachments = FilesField(
        label=_("Scan of the letter"),
        help_text=_(
            "Up to 5 files of 10 MB each: JPEG, PNG, WebP, HEIC or PDF. They are locked like the letter itself."
        ),
        widget=FilesInput(attrs={"accept": SHEETS, "multiple": True}),
    )
    audience = forms.ChoiceField(label=_("Who writes"))
    signed = forms.ChoiceField(
        label=_("Signature"),
        choices=[
            ("no", pgettext_lazy("letter", "anonymous")),
            ("yes", pgettext_lazy("letter", "signed")),
        ],
        widget=forms.RadioSelect,
        initial="no",
    )
    full_name = forms.CharField(label=_("Full name"), max_length=150, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    age = forms.CharField(label=_("Age"), max_length=10, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    typed_before = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, audiences: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", FIELD, "full_name"):
            self.fields[name].asked = True  # needed or not by what else is given
        offered = [*audiences, *(a for a in [Audience.OTHER.value] if a not in audiences)]
        self.fields["audience"].choices = [(key, Audience(key).label) for key in offered]
        self.order_fields(
            [
                "text",
                FIELD,
                "audience",
                "signed",
                *IDENTITY,
                "summary",
                "category",
                "class_group",
                "danger",
            ]
        )

    def add_prefix(self, field_name: str) -> str:
        """Files come in under one name alone, on whatever page the form stands."""
        return FIELD if field_name == FIELD else super().add_prefix(field_name)

    def clean_attachments(self) -> list[CleanFile]:
        files = self.cleaned_data[FIELD]
        if any(file.type.kind == SOUND for file in files):
            raise ValidationError(_("A scan is a picture or a PDF."), code="kind")
        return files

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (
            not cleaned.get("text")
            and not cleaned.get(FIELD)
            and not {"text", FIELD} & set(self.errors)
        ):
            self.add_error("text", _("Type the letter in, or attach a scan of it."))
        if cleaned.get("signed") == "yes" and not cleaned.get("full_name"):
            self.add_error("full_name", _("A signed letter has a name."))
        return cleaned

    def paper(self) -> PaperLetter:
        """For the service; of an anonymous letter nothing about the author goes on."""
        signed = self.cleaned_data["signed"] == "yes"
        return PaperLetter(
            text=self.cleaned_data["text"],
            audience=self.cleaned_data["audience"],
            signed=signed,
            identity={name: self.cleaned_data[name] for name in IDENTITY} if signed else {},
        )


class AsideForm(forms.Form):
    """Why a letter gets no number."""

    kind = forms.ChoiceField(
        label=_("Set aside as"), choices=[("", "—"), *TakenLetter.SetAside.choices]
    )
    note = forms.CharField(
        label=_("In a few words"),
        help_text=_("Needed for another reason."),
        required=False,
        max_length=300,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == TakenLetter.SetAside.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in a few words why the letter is set aside."))
        return cleaned


class PaperAsideForm(AsideForm):
    """The same for a paper letter, which has no row before."""

    typed_before = forms.IntegerField(widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step of an entry, made for the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: Entry, content: dict[str, str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": entry.version})
        super().__init__(*args, **kwargs)
        self.entry = entry


class PasswordForm(forms.Form):
    """The person's own password once more, before a key changes hands."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_password(self) -> str:
        if not self.by.check_password(self.cleaned_data["password"]):
            # A try to take a key with a session left open: the trail knows of it.
            note_failed_sign_in(username=self.by.username)
            raise forms.ValidationError(_("This is not your password."), code="password")
        return ""


class ShareForm(PasswordForm):
    """To which colleague an entry is opened, confirmed by one's own password."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("To whom"), empty_label=None)

    def __init__(
        self, *args: Any, by: User, colleagues: list[User], open_to: list[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, by=by, **kwargs)
        field = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in colleagues])
        field.choices = [
            (person.pk, _open_already(person) if person in open_to else str(person))
            for person in sorted(colleagues, key=lambda person: (person in open_to, str(person)))
        ]
        self.order_fields(["to", "password"])


def _open_already(person: User) -> str:
    return gettext("%(person)s (once more, after a new password)") % {"person": person}
