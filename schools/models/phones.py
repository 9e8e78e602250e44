"""Phones that a school publishes beside its box."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models.school import School
from schools.texts import TextsField


def check_weekdays(value: Any) -> None:
    """Days of the week, Monday 0, none twice; there may be none."""
    if (
        not isinstance(value, list)
        or len(set(value)) != len(value)
        or any(isinstance(day, bool) or day not in range(7) for day in value)
    ):
        raise ValidationError(_("Choose days from the list."), code="weekdays")


class TrustPhone(models.Model):
    """A phone with what it is and when somebody answers it."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="trust_phones"
    )
    names = TextsField(_("whose phone"))
    number = models.CharField(_("number"), max_length=40)
    hours = TextsField(
        _("a word on when it is answered"),
        blank=True,
        help_text=_("Beside the hours, for what they do not say."),
    )
    # When exactly it is answered, by the school's clock: the public page says whether it is open now. No days: unknown.
    weekdays = models.JSONField(
        _("answered on"), default=list, blank=True, validators=[check_weekdays]
    )
    answered_from = models.TimeField(_("answered from"), null=True, blank=True)
    answered_to = models.TimeField(_("answered until"), null=True, blank=True)
    on_days_off = models.BooleanField(
        _("answered also on days off"),
        default=False,
        help_text=_("On public holidays and on the school’s own days off."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("trust phone")
        verbose_name_plural = _("trust phones")
        ordering = ["school", "order", "pk"]

    def clean(self) -> None:
        super().clean()
        given = [bool(self.weekdays), self.answered_from is not None, self.answered_to is not None]
        if any(given) and not all(given):
            raise ValidationError(
                _("Give the days and both hours, or none of them."), code="half_of_the_hours"
            )

    def __str__(self) -> str:
        return self.number

    def name_in(self, language: str) -> str:
        """Whose phone it is, in a language."""
        return in_language(self.names, language)

    def hours_in(self, language: str) -> str:
        """When it is answered, in a language; empty where the school gives none."""
        return in_language(self.hours, language)
