"""A printing too long to wait for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.models import Volume
from schools.languages import LANGUAGES, OWN_NAMES


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
    total = models.PositiveIntegerField(_("entries"))
    done = models.PositiveIntegerField(_("entries laid out"), default=0)
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
