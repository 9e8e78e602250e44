"""What has left a school for the named person of its region, for how long it is kept, and the spare keys of a case."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from box.models import Attachment, Letter, Message
from journal.models.entry import Entry
from schools.models import Lasting, School, Sealed


class Escalation(Lasting, Sealed):
    """A danger that nobody at the school answered, or a letter about everybody who could have read it.

    Sealed content, once closed: ``notes`` (what was done, one of each time), to ``officer`` in person. One of a letter
    or of a call: what its author writes later joins it, and opens it again where it says danger.
    """

    class Reason(models.TextChoices):
        """Why the school does not deal with it alone."""

        DANGER = "danger", pgettext_lazy("of an escalation", "nobody at the school answered")
        ABOUT_READERS = (
            "about_readers",
            pgettext_lazy("of an escalation", "about everybody who could read it"),
        )

    class Outcome(models.TextChoices):
        """How it ended."""

        OPEN = "", pgettext_lazy("outcome of an escalation", "open")
        HELPED = "helped", pgettext_lazy("outcome of an escalation", "acted upon")
        FALSE_ALARM = "false_alarm", pgettext_lazy("outcome of an escalation", "nothing to do")
        # Erased before anybody had taken it in hand; the time is an hour, as of everything that authors do.
        WITHDRAWN = (
            "withdrawn",
            pgettext_lazy("outcome of an escalation", "withdrawn by its author"),
        )

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="escalations")
    # Whose it is now. None: the region has nobody, and whoever is named next gets it.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("named person of the region"),
        on_delete=models.PROTECT,
        null=True,
        related_name="escalations",
    )
    # Who was it before and can hand over what is sealed to them.
    former_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="former_escalations",
    )
    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, related_name="escalation"
    )
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="escalation"
    )
    reason = models.CharField(_("why"), max_length=14, choices=Reason.choices)
    # The hour alone: it follows from what an author did.
    reached_hour = models.DateTimeField(_("reached the region"))
    taken_at = models.DateTimeField(_("taken in hand"), null=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    # Kept for a court or an inquiry; who asked for it stands in ``holds``.
    held = models.BooleanField(default=False)
    destroyed_on = models.DateField(_("content destroyed"), null=True)

    # Those that a region's person has to do with, or still keeps.
    LASTS = Q(closed_at=None) | Q(
        reason="about_readers", outcome__in=["helped", "false_alarm"], destroyed_on=None
    )

    class Meta:
        verbose_name = pgettext_lazy("to the region", "escalation")
        verbose_name_plural = pgettext_lazy("to the region", "escalations")
        ordering = ["-reached_hour", "-pk"]
        indexes = [
            models.Index(
                fields=["officer"], condition=Q(closed_at__isnull=True), name="escalation_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__isnull=False, entry__isnull=True)
                | Q(letter__isnull=True, entry__isnull=False),
                name="escalation_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["danger", "about_readers"]), name="escalation_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True)
                | Q(
                    outcome__in=["helped", "false_alarm"],
                    closed_at__isnull=False,
                    taken_at__isnull=False,
                )
                | Q(outcome="withdrawn", reason="about_readers", closed_at__isnull=False),
                name="escalation_closed_with_outcome",
            ),
            # Everything else is kept, and goes, with the school's letter or entry.
            models.CheckConstraint(
                condition=Q(held=False, destroyed_on__isnull=True)
                | Q(reason="about_readers", held=True, destroyed_on__isnull=True)
                | Q(reason="about_readers", held=False, outcome__in=["helped", "false_alarm"]),
                name="escalation_kept_by_the_region",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def waits(self) -> bool:
        """Whether the region's person has not said yet that they deal with it."""
        return self.taken_at is None and not self.outcome

    def sealing_context(self) -> str:
        return f"escalation {self.uid}"


class CaseHold(Lasting, Sealed):
    """Why a case is kept for a court or an inquiry (``begins``), or need not be kept for it any more.

    Sealed content: ``reason``, to whoever said so in person. A row each time: who has the case by then may be unable to
    open what was said before, and must not write over it.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="holds")
    begins = models.BooleanField()

    class Meta:
        verbose_name = _("hold on a case")
        verbose_name_plural = _("holds on cases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)

    def sealing_context(self) -> str:
        return f"hold {self.uid}"


class SpareKey(models.Model):
    """The content key of one row that cries for help, sealed to the named person of the region as well.

    Like a spare key in a sealed envelope: nothing opens it to them before ``escalation`` is set, and it is thrown away
    when somebody at the school answers first.
    """

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="spare_keys"
    )
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, related_name="spare_keys"
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="spare_keys"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, related_name="spare_keys"
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="spare_keys")
    escalation = models.ForeignKey(
        Escalation, on_delete=models.PROTECT, null=True, related_name="keys"
    )
    # As ``schools.models.sealed.sealed_for_one`` gives it.
    sealed = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("spare key")
        verbose_name_plural = _("spare keys")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__isnull=False, message=None, attachment=None, entry=None)
                | Q(message__isnull=False, letter=None, attachment=None, entry=None)
                | Q(attachment__isnull=False, letter=None, message=None, entry=None)
                | Q(entry__isnull=False, letter=None, message=None, attachment=None),
                name="spare_key_of_one_row",
            ),
            *(
                models.UniqueConstraint(
                    fields=["officer", row],
                    condition=Q(**{f"{row}__isnull": False}),
                    name=f"spare_key_once_{row}",
                )
                for row in ("letter", "message", "attachment", "entry")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
