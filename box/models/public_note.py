"""«You told us, we did»: what the school tells everybody of what changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models import School
from schools.texts import LongTextsField


class PublicNote(models.Model):
    """A short note on the school's page, about no case in particular. Public once another person has approved it."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="public_notes"
    )
    texts = LongTextsField(pgettext_lazy("of a public note", "what changed"))
    written_on = models.DateField(_("written"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_on = models.DateField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    # Taken off the page again; it stays in the list of notes.
    withdrawn_on = models.DateField(_("taken off the page"), null=True)

    class Meta:
        verbose_name = _("public note")
        verbose_name_plural = _("public notes")
        ordering = ["school", "-written_on", "-pk"]
        permissions = [
            ("write_publicnote", "Can write public notes"),
            ("approve_publicnote", "Can approve public notes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True, approved_by__isnull=True)
                | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="public_note_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="public_note_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.texts, get_language() or "")

    @property
    def is_public(self) -> bool:
        """Whether it stands on the school's page."""
        return self.approved_on is not None and self.withdrawn_on is None
