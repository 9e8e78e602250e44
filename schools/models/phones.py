"""Phones that a school publishes beside its box."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models.school import School
from schools.texts import TextsField


class TrustPhone(models.Model):
    """A phone with what it is and when somebody answers it."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="trust_phones"
    )
    names = TextsField(_("whose phone"))
    number = models.CharField(_("number"), max_length=40)
    hours = TextsField(_("when it is answered"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("trust phone")
        verbose_name_plural = _("trust phones")
        ordering = ["school", "order", "pk"]

    def __str__(self) -> str:
        return self.number

    def name_in(self, language: str) -> str:
        """Whose phone it is, in a language."""
        return in_language(self.names, language)

    def hours_in(self, language: str) -> str:
        """When it is answered, in a language; empty where the school gives none."""
        return in_language(self.hours, language)
