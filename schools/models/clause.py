"""Clauses of a school's own in its regulation."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.models.regulation import Regulation
from schools.texts import LongTextsField


class Clause(models.Model):
    """A clause of the school's own, at the end of a section of its regulation."""

    class Section(models.TextChoices):
        GENERAL = "general", pgettext_lazy("section of the regulation", "general part")
        TASKS = "tasks", pgettext_lazy("section of the regulation", "tasks")
        ORDER = "order", pgettext_lazy("section of the regulation", "order of work")
        REGISTRATION = (
            "registration",
            pgettext_lazy("section of the regulation", "registration and account"),
        )
        COMMISSION = "commission", pgettext_lazy("section of the regulation", "commission")
        CONFIDENTIALITY = (
            "confidentiality",
            pgettext_lazy("section of the regulation", "confidentiality"),
        )

    regulation = models.ForeignKey(
        Regulation,
        verbose_name=pgettext_lazy("rules of the box", "regulation"),
        on_delete=models.CASCADE,
        related_name="clauses",
    )
    section = models.CharField(
        pgettext_lazy("of the regulation", "section"), max_length=20, choices=Section.choices
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    texts = LongTextsField(_("text"))

    class Meta:
        verbose_name = pgettext_lazy("of the regulation", "clause")
        verbose_name_plural = pgettext_lazy("of the regulation", "clauses")
        ordering = ["regulation", "section", "order", "pk"]

    def __str__(self) -> str:
        return f"{self.get_section_display()}, {self.order}"
