"""Counts kept up to date with every step, so that a region's page need not read a million entries."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models import School


class Tally(models.Model):
    """How many of a kind a school had in a month. Changed in the transaction of the step that it counts."""

    class Kind(models.TextChoices):
        LETTERS = "letters"
        DANGER = "danger"
        ANSWERED_IN_TIME = "answered_in_time"
        ANSWERED_LATE = "answered_late"
        CLOSED = "closed"
        OPENINGS_HELD = "openings_held"
        OPENINGS_MISSED = "openings_missed"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="tallies")
    # Its first day, by the school's clock.
    month = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("count of a month")
        verbose_name_plural = _("counts of months")
        ordering = ["school", "month", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["school", "month", "kind"], name="tally_once"),
            models.CheckConstraint(condition=Q(number__gte=0), name="tally_not_below_nothing"),
        ]
        indexes = [
            models.Index(fields=["month", "school"], include=["kind", "number"], name="tally_month")
        ]

    def __str__(self) -> str:
        return f"{self.school_id}, {self.month:%Y-%m}: {self.kind}"


class Standing(models.Model):
    """How a school stands now, for whoever looks at many schools at once."""

    school = models.OneToOneField(
        School, on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    # The day of the last step that a person took in the school's book.
    last_step_on = models.DateField(null=True)
    # The first opening by the calendar that was not held yet; in the past it is owed.
    opening_due_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("how a school stands")
        verbose_name_plural = _("how schools stand")

    def __str__(self) -> str:
        return str(self.school_id)
