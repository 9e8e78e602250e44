"""Scans of paper letters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from box.models import Attachment
from journal.models.entry import Entry
from schools.models import School, Sealed


class EntryFile(Sealed):
    """A picture or PDF of a letter that came on paper, encrypted in the storage as every file is.

    Sealed content: ``type``, ``size``, ``sha256``, ``name``, ``key``, as of ``box.models.Attachment``.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Attachment.Kind.choices)
    stored_as = models.CharField(max_length=100, unique=True, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("scan of a letter")
        verbose_name_plural = _("scans of letters")
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="entry_file_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.position}"

    @classmethod
    def of_school(cls, school: School) -> models.QuerySet["EntryFile"]:
        """Those of a school's entries."""
        return cls.objects.filter(entry__school=school).select_related("entry__volume")

    @property
    def place(self) -> str:
        """What it is called where no content may stand."""
        return f"scan {self.position} of entry {self.entry.volume.number}/{self.entry.number}"

    def sealing_context(self) -> str:
        return f"entry file {self.stored_as}"
