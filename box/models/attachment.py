"""Files that came with a letter or a message."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from box.models.letter import Letter
from box.models.message import Message
from schools.models import School, Sealed


class Attachment(Sealed):
    """A file, cleaned of what it told about its maker, encrypted in the storage under ``stored_as``.

    Sealed content: ``type`` (MIME type by content), ``size`` (bytes), ``sha256`` (hex, of the cleaned file), ``name``
    (neutral: what it is and its number), ``key`` (hex, of the stream that the file itself is: ``vault.streams``).
    """

    class Kind(models.TextChoices):
        """What a file is, by its content."""

        PICTURE = "picture", pgettext_lazy("kind of file", "picture")
        DOCUMENT = "document", pgettext_lazy("kind of file", "document")
        SOUND = "sound", pgettext_lazy("kind of file", "sound recording")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="attachments")
    # None: it came with the letter itself.
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    # Counted over the whole letter, its messages' files with it.
    position = models.PositiveIntegerField()
    kind = models.CharField(pgettext_lazy("of a file", "kind"), max_length=10, choices=Kind.choices)
    # Random; tells nothing.
    stored_as = models.CharField(max_length=100, unique=True, editable=False)
    # SHA-256 of the file as it lies in the storage, encrypted.
    digest = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["letter", "position"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "position"], name="attachment_position_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["picture", "document", "sound"]),
                name="attachment_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.position}"

    @classmethod
    def of_school(cls, school: School) -> models.QuerySet["Attachment"]:
        """Those that came to a school."""
        return cls.objects.filter(letter__school=school).select_related("letter")

    @property
    def place(self) -> str:
        """What it is called where no content may stand."""
        letter = self.letter
        name = f"№ {letter.number}" if letter.number else bytes(letter.form_hash).hex()[:32]
        return f"file {self.position} of letter {name}"

    def sealing_context(self) -> str:
        return f"attachment {self.stored_as}"
