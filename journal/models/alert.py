"""A cry for help, until somebody has answered it by name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from box.models import Letter, Message
from journal.models.entry import Entry
from schools.models import Lasting, School, Sealed


class Alert(Lasting, Sealed):
    """A letter, a message of its author, or an entry typed in by the staff says that somebody is in danger.

    Sealed content, once closed: ``note`` (what was done, or why it was a false alarm). Open to the same people as
    the letter: to those from whom the letter is withheld, so is the alert.
    """

    class Stage(models.IntegerChoices):
        """Who has been told so far; each stage tells those of the stages before it again."""

        KEY_HOLDERS = 0, pgettext_lazy("stage of an alert", "those who hold the key")
        DEPUTIES = 1, pgettext_lazy("stage of an alert", "those named for it")
        DIRECTOR = 2, pgettext_lazy("stage of an alert", "the director")
        REGION = 3, pgettext_lazy("stage of an alert", "the named person of the region")

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("outcome of an alert", "open")
        HELPED = "helped", pgettext_lazy("outcome of an alert", "acted upon")
        FALSE_ALARM = "false_alarm", pgettext_lazy("outcome of an alert", "false alarm")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="alerts")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="alerts")
    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, null=True, related_name="alert"
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="alerts")
    raised_at = models.DateTimeField(_("raised"))
    stage = models.PositiveSmallIntegerField(
        _("told so far"), choices=Stage.choices, default=Stage.KEY_HOLDERS
    )
    # How often everybody was told; the last stage is repeated until somebody answers.
    rounds = models.PositiveSmallIntegerField(default=0)
    next_stage_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("danger alert")
        verbose_name_plural = _("danger alerts")
        ordering = ["-raised_at", "-pk"]
        permissions = [("answer_alert", "Can answer danger alerts")]
        indexes = [
            models.Index(
                fields=["school"], condition=Q(answered_at__isnull=True), name="alert_unanswered"
            ),
            models.Index(fields=["school", "outcome"], name="alert_school_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(message__isnull=True, entry__isnull=True),
                name="alert_once_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(letter__isnull=False) | Q(entry__isnull=False),
                name="alert_of_something",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="alert_answered_by_name",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True)
                | Q(outcome__in=["helped", "false_alarm"], closed_at__isnull=False),
                name="alert_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it by name yet."""
        return self.answered_at is None

    def sealing_context(self) -> str:
        return f"alert {self.uid}"
