"""Texts with which an answer can be begun."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models.school import School
from schools.texts import LongTextsField, TextsField


class FirstAnswer(models.Model):
    """A common first answer, in the languages in which authors write; the school changes it as it likes."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="first_answers"
    )
    names = TextsField(pgettext_lazy("of a text", "title"))
    texts = LongTextsField(pgettext_lazy("of an answer", "text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("first answer")
        verbose_name_plural = _("first answers")
        ordering = ["school", "order", "pk"]

    def __str__(self) -> str:
        return in_language(self.names, get_language() or "")

    def text_in(self, language: str) -> str:
        """The text in a language, else in any there is."""
        return in_language(self.texts, language)
