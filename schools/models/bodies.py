"""Bodies outside the school to which a letter can be sent on."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.models.lasting import Lasting
from schools.models.school import School
from schools.texts import TextsField


class Body(Lasting):
    """A body as the school's own list names it."""

    class Kind(models.TextChoices):
        EDUCATION = "education", pgettext_lazy("kind of body", "education department")
        CHILD_PROTECTION = "child_protection", pgettext_lazy("kind of body", "child protection")
        POLICE = "police", pgettext_lazy("kind of body", "juvenile police")
        MEDICAL = "medical", pgettext_lazy("kind of body", "medical care")
        SOCIAL = "social", pgettext_lazy("kind of body", "social service")
        OTHER = "other", pgettext_lazy("kind of body", "other")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="bodies"
    )
    kind = models.CharField(pgettext_lazy("of a body", "kind"), max_length=20, choices=Kind.choices)
    names = TextsField(_("name"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("outside the school", "body")
        verbose_name_plural = pgettext_lazy("outside the school", "bodies")
        ordering = ["school", "order", "pk"]

    def __str__(self) -> str:
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        """The body's name in a language, else in any there is."""
        return in_language(self.names, language)
