"""A school's key, and who holds it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models.school import School


class SchoolKey(models.Model):
    """The public half of a school's pair. The private half exists only sealed, in the grants."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="keys"
    )
    public_key = models.BinaryField(editable=False, max_length=32)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    # When the recovery sheet was printed: only then may the last holder give the key away.
    sheet_printed_at = models.DateTimeField(_("recovery sheet printed"), null=True, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    class Meta:
        verbose_name = _("school’s key")
        verbose_name_plural = _("schools’ keys")
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(retired_at__isnull=True),
                name="school_one_key_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"{self.school.slug}, {self.made_at:%d.%m.%Y}"


class KeyGrant(models.Model):
    """The private half of a school's key, sealed to one person who holds it."""

    key = models.ForeignKey(
        SchoolKey, verbose_name=_("key"), on_delete=models.PROTECT, related_name="grants"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("holder"),
        on_delete=models.CASCADE,
        related_name="key_grants",
    )
    sealed_private_key = models.BinaryField(editable=False)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)

    class Meta:
        verbose_name = _("grant of a key")
        verbose_name_plural = _("grants of keys")
        constraints = [
            models.UniqueConstraint(fields=["key", "holder"], name="grant_once_a_holder")
        ]

    def __str__(self) -> str:
        return f"{self.key.school.slug}: {self.holder}"
