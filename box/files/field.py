"""The field by which files are added to a letter or a message."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from box.files.refusals import NotCleaned, Why
from box.files.uploads import FIELD, MOST_FILES, SealedUpload
from box.files.worker import CleanFile, clean_upload

ACCEPTED = (
    *("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "application/pdf"),
    *("audio/mp4", "audio/x-m4a", "audio/mpeg", "audio/ogg", "audio/webm"),
    *(".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf", ".m4a", ".mp3", ".ogg", ".oga", ".opus"),
)
PLACES = (
    gettext_lazy("The first file"),
    gettext_lazy("The second file"),
    gettext_lazy("The third file"),
    gettext_lazy("The fourth file"),
    gettext_lazy("The fifth file"),
)
REASONS = {
    Why.TOO_BIG: gettext_lazy("it is larger than 10 MB. Please choose a smaller one."),
    Why.EMPTY: gettext_lazy("there is nothing in it."),
    Why.UNKNOWN: gettext_lazy(
        "we cannot take this kind. You can send photos (JPEG, PNG, WebP, HEIC), PDF documents, and sound recordings "
        "(M4A, MP3, OGG, WebM)."
    ),
    Why.BROKEN: gettext_lazy("it is damaged and cannot be opened. Please take the photo once more, "
                             "or choose another file."),
    Why.TOO_MANY_PIXELS: gettext_lazy("the picture is too large to be opened. Please send a smaller one."),
    Why.UNPACKS_TOO_BIG: gettext_lazy("it grows too large when it is opened. Please send a smaller one."),
    Why.LOCKED: gettext_lazy("it is locked by a password. Please send it without one."),
    Why.VIDEO: gettext_lazy("it is a video, and videos cannot be cleaned of what they tell about you. "
                            "Please send a photo or a sound recording."),
    Why.NO_SOUND: gettext_lazy("there is no sound in it."),
    Why.UNKNOWN_SOUND: gettext_lazy("this kind of sound recording cannot be cleaned of what it tells about you, "
                                    "so it is not sent."),
    Why.NOT_HERE: gettext_lazy("files of this kind cannot be cleaned here. Please send it as JPEG or PDF."),
    Why.TOO_LONG: gettext_lazy("it took too long to open. Please choose another one."),
    Why.BUSY: gettext_lazy("many files are coming in just now. Please wait a minute and choose it again."),
    Why.NO_ROOM: gettext_lazy("there is no room for files just now. You can send the letter without it."),
}  # fmt: skip


class FilesInput(forms.FileInput):
    """Several files at once; never filled in again, which no browser allows."""

    allow_multiple_selected = True
    template_name = "box/form/files.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[SealedUpload]:
        sent = files.getlist(name) if hasattr(files, "getlist") else []
        return [one for one in sent if isinstance(one, SealedUpload)]


class FilesField(forms.Field):
    """Up to five files, cleaned. The value is a list of ``CleanFile``; empty when nothing was chosen.

    Every error names a file by its place, never by its name, and says what becomes of the text.
    """

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": gettext_lazy("Photos, documents or sound recordings"),
                "help_text": gettext_lazy(
                    "If you want: up to 5 files of 10 MB each. From each we take out the place, the time, the "
                    "device and the names that are hidden in it. What can be seen and heard stays: a face or a "
                    "voice can still be recognised."
                ),
                "required": False,
                "widget": FilesInput(attrs={"accept": ",".join(ACCEPTED), "multiple": True}),
                **kwargs,
            }
        )

    def clean(self, value: list[SealedUpload] | None) -> list[CleanFile]:
        uploads = value or []
        if not uploads:
            return []
        if len(uploads) > MOST_FILES:
            raise ValidationError(
                [_too_many(len(uploads)), ValidationError(words_again(), code="again")]
            )
        cleaned, faults = [], []
        for place, upload in enumerate(uploads):
            try:
                cleaned.append(clean_upload(upload))
            except NotCleaned as refusal:
                faults.append(_fault(place if len(uploads) > 1 else None, refusal.why))
        if faults:
            raise ValidationError([*faults, ValidationError(words_again(), code="again")])
        return cleaned


def _too_many(count: int) -> ValidationError:
    return ValidationError(
        ngettext(
            "You have chosen %(count)s file: up to five can be sent at once.",
            "You have chosen %(count)s files: up to five can be sent at once.",
            count,
        ),
        code="too_many",
        params={"count": count},
    )


def _fault(place: int | None, why: Why) -> ValidationError:
    which = _("The file") if place is None else PLACES[place]
    return ValidationError(f"{which}: {REASONS[why]}", code=why.name.lower())


def words_again() -> str:
    """What becomes of the words and of the files when a form is shown again."""
    return _("Your words are kept. Please choose the files again: a page cannot keep them.")


def chose_files(request: HttpRequest) -> bool:
    """Whether files were sent, or would have been: a form sent without them (in another language) has their names."""
    return bool(request.FILES.getlist(FIELD) or any(request.POST.getlist(FIELD)))


def files_again(request: HttpRequest, form: forms.Form) -> str:
    """What to say on a form shown again about files that have no error of their own; empty when there were none."""
    return words_again() if chose_files(request) and FIELD not in form.errors else ""
