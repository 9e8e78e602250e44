"""A printing too long to wait for, and the sheets that are kept for the next."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.models import Volume
from schools.languages import LANGUAGES, OWN_NAMES
from schools.models import Sealed


class PrintJob(models.Model):
    """A journal being printed for one person. The finished file is sealed to that person, and soon goes away."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("state of a printing", "being prepared")
        READY = "ready", pgettext_lazy("state of a printing", "ready")
        FAILED = "failed", pgettext_lazy("state of a printing", "interrupted")
        UNABLE = "unable", pgettext_lazy("state of a printing", "system libraries are missing")

    volume = models.ForeignKey(
        Volume,
        verbose_name=pgettext_lazy("of the journal", "volume"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[(code, OWN_NAMES[code]) for code in LANGUAGES]
    )
    since = models.DateField(_("from"), null=True)
    until = models.DateField(_("to"), null=True)
    # As far as is known: exact when the last row is set.
    total = models.PositiveIntegerField(_("sheets"), default=0)
    done = models.PositiveIntegerField(_("sheets laid out"), default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    made_at = models.DateTimeField(_("begun"))
    # Moves while the process that prints is alive; when it stands still, that process has ended.
    heartbeat = models.DateTimeField()
    sealed_file = models.BinaryField(editable=False, default=b"")

    class Meta:
        verbose_name = _("printing")
        verbose_name_plural = _("printings")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "ready", "failed", "unable"]),
                name="print_job_state_known",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class KeptSheets(Sealed):
    """Sheets of a volume's table as they were drawn for a printing, so that the next need not draw them again.

    Sealed to the school's key, and only sheets whose entries are sealed to that very key: with an entry that is sealed
    to some people in person nothing is kept. Sealed content: where they begin and end, a digest of all that they were
    made of, and where their objects stand; ``sheets`` has the objects themselves under the same content key.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="+", editable=False)
    language = models.CharField(max_length=2, editable=False)
    place = models.PositiveIntegerField(editable=False)  # among those of its volume and language
    kept_on = models.DateField(editable=False)
    sheets = models.BinaryField(editable=False, default=b"")

    class Meta:
        verbose_name = _("kept sheets")
        verbose_name_plural = _("kept sheets")
        ordering = ["volume", "language", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["volume", "language", "place"], name="kept_sheets_place_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def sealing_context(self) -> str:
        return f"kept sheets {self.volume_id} {self.language} {self.place}"
