"""What is asked before a document of some pages is printed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from box.files.field import FilesField, FilesInput
from box.files.kinds import SOUND
from box.files.worker import CleanFile
from journal.models import Entry
from reports.documents.author_notice import (
    KIND_NAMES,
    AuthorNotice,
    Kind,
    Meeting,
    Size,
    read_notice,
)
from schools.languages import own_name
from schools.models import Membership, School
from schools.roles import ROLE_NAMES
from schools.selectors import regulation_of

BOTH = "both"
SHEETS = "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf,.heic"
WHERE_LENGTH, WHEN_LENGTH = 120, 120


class SheetLanguageForm(forms.Form):
    """In which language a document is printed."""

    language = forms.ChoiceField(label=_("Language of the document"))

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = school.languages_to_offer()
        self.fields["language"].initial = school.main_language


class PaperForm(SheetLanguageForm):
    """In which language, and as which file; what is not among the choices is the first of them."""

    FORMS = (("pdf", "PDF"), ("docx", "Word"))

    file = forms.ChoiceField(label=pgettext_lazy("kind of file", "File"), choices=FORMS)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, school=school, **kwargs)
        self.school = school
        self.is_valid()

    @property
    def language(self) -> str:
        """As chosen, else the school's main one."""
        return getattr(self, "cleaned_data", {}).get("language") or self.school.main_language

    @property
    def form(self) -> str:
        """``pdf`` or ``docx``."""
        return getattr(self, "cleaned_data", {}).get("file") or "pdf"


class ScanForm(forms.Form):
    """Pictures or PDFs of a signed sheet."""

    attachments = FilesField(
        label=_("Signed sheet"),
        help_text=_(
            "Up to 5 files of 10 MB each: JPEG, PNG, WebP, HEIC or PDF, a page in each or all pages in one."
        ),
        required=True,
        widget=FilesInput(attrs={"accept": SHEETS, "multiple": True}),
    )

    def clean_attachments(self) -> list[CleanFile]:
        files = self.cleaned_data["attachments"]
        if not files:
            raise ValidationError(
                _("Choose a photo or a PDF of the signed sheet."), code="required"
            )
        if any(file.type.kind == SOUND for file in files):
            raise ValidationError(_("A signed sheet is a picture or a PDF."), code="kind")
        return files


class NoticeForm(forms.Form):
    """What the author of an entry is told, and where, when and whom to ask."""

    kind = forms.ChoiceField(
        label=_("What the notice says"),
        choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        widget=forms.RadioSelect,
        initial=Kind.ANSWER.value,
    )
    languages = forms.ChoiceField(label=_("Language of the notice"))
    whom = forms.ChoiceField(label=_("Whom to ask"))
    size = forms.ChoiceField(
        label=pgettext_lazy("of paper", "Size"),
        choices=[(size.value, size.value) for size in Size],
        initial=Size.A4.value,
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.entry = entry
        own = entry.school.spoken_languages
        self.spoken = own[:2]
        choices = [(code, own_name(code)) for code in own]
        if len(own) > 1:
            pair = " + ".join(own_name(code) for code in self.spoken)
            choices.insert(0, (BOTH, pair))
        self.fields["languages"].choices = choices
        self.fields["whom"].choices = [
            (role, ROLE_NAMES.get(role, role)) for role in roles_to_ask(entry)
        ]
        for code in own:
            for name, label, length in (
                ("where", pgettext("of a meeting", "Where"), WHERE_LENGTH),
                ("when", pgettext("of a meeting", "When"), WHEN_LENGTH),
            ):
                field = forms.CharField(
                    label=f"{label} ({own_name(code)})",
                    max_length=length,
                    required=False,
                    widget=forms.TextInput(attrs={"lang": code}),
                )
                field.asked = True  # needed or not by the chosen language
                self.fields[f"{name}_{code}"] = field
        self.order_fields(["kind", "languages", *self._meeting_names(own), "whom", "size"])

    @staticmethod
    def _meeting_names(codes: list[str]) -> list[str]:
        return [f"{name}_{code}" for code in codes for name in ("where", "when")]

    def chosen(self) -> list[str]:
        """Codes of the languages, the school's main one first. Of a valid choice."""
        wanted = self.cleaned_data["languages"]
        return self.spoken if wanted == BOTH else [wanted]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("languages"):
            for name in self._meeting_names(self.chosen()):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, _("Fill this in: it stands on the notice."))
        return cleaned

    @property
    def kind_chosen(self) -> Kind:
        """Of a valid form."""
        return Kind(self.cleaned_data["kind"])

    def notice(self) -> AuthorNotice:
        """Of a valid form."""
        typed = self.cleaned_data
        return read_notice(
            self.entry,
            kind=self.kind_chosen,
            size=Size(typed["size"]),
            meetings=[
                Meeting(language=code, where=typed[f"where_{code}"], when=typed[f"when_{code}"])
                for code in self.chosen()
            ],
            whom=typed["whom"],
        )


def roles_to_ask(entry: Entry) -> list[str]:
    """Roles that keep the key; of an entry sealed in person the roles of those who can read it."""
    keepers = list(regulation_of(entry.school).keepers)
    if entry.school_key_id is not None:
        return keepers
    readers = Membership.objects.filter(
        school=entry.school, user__in=[int(person) for person in entry.personal_keys]
    )
    theirs = set(readers.values_list("role_id", flat=True))
    # Somebody else in the same role may be the one the letter is about.
    closed = set(
        Membership.objects.filter(school=entry.school, role__in=theirs, user__is_active=True)
        .exclude(user__in=[int(person) for person in entry.personal_keys])
        .values_list("role_id", flat=True)
    )
    return sorted(theirs - closed) or sorted(theirs)
