"""A school's own days: what the calendar of the country does not know."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.models.school import School


class CalendarDay(models.Model):
    """A day that is worked, or not, whatever the calendar of the country says."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="calendar_days"
    )
    day = models.DateField(_("day"))
    works = models.BooleanField(
        pgettext_lazy("of a day", "the school works"),
        default=False,
        help_text=_("Ticked: a working Saturday or another day made up for. Empty: a day off."),
    )
    note = models.CharField(_("why"), max_length=100, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of the calendar", "special day")
        verbose_name_plural = pgettext_lazy("of the calendar", "special days")
        ordering = ["school", "-day"]
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return formats.date_format(self.day, "DATE_FORMAT")


class Vacation(models.Model):
    """Days, first to last, on which pupils are on vacation."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="vacations"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("vacation")
        verbose_name_plural = _("vacations")
        ordering = ["school", "-first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="vacation_forward"
            )
        ]

    def __str__(self) -> str:
        first, last = (
            formats.date_format(day, "DATE_FORMAT") for day in (self.first_day, self.last_day)
        )
        return f"{first} – {last}"

    def clean(self) -> None:
        super().clean()
        first, last = self.first_day, self.last_day
        if isinstance(first, datetime.date) and isinstance(last, datetime.date) and last < first:
            raise ValidationError(
                {
                    "last_day": ValidationError(
                        _("The last day lies before the first."), code="order"
                    )
                }
            )
