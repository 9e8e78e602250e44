"""Why things happen that are written about."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models.school import School
from schools.texts import TextsField


class Cause(models.Model):
    """Why things that are written about happen, as the school divides causes; set when an entry is closed."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="causes"
    )
    slug = models.SlugField(_("short name"), max_length=50)
    names = TextsField(_("name"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("of what is written about", "cause")
        verbose_name_plural = pgettext_lazy("of what is written about", "causes")
        ordering = ["school", "order", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["school", "slug"], name="cause_once_a_school")
        ]

    def __str__(self) -> str:
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        """The cause's name in a language, else in any there is."""
        return in_language(self.names, language)
