"""An answer half written."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from journal.models.entry import Entry
from schools.models import Lasting, Sealed


class Draft(Lasting, Sealed):
    """What somebody has typed to an author and not sent yet; sealed to that person alone.

    Sealed content: ``text``, ``kind`` (whether it is to be a message or the answer; may be empty).
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="drafts")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = pgettext_lazy("of an answer", "draft")
        verbose_name_plural = pgettext_lazy("of an answer", "drafts")
        ordering = ["entry", "by"]
        constraints = [models.UniqueConstraint(fields=["entry", "by"], name="draft_one_each")]

    def __str__(self) -> str:
        return f"{self.entry}"

    def sealing_context(self) -> str:
        return f"draft {self.uid}"
