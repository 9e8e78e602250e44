"""Regions: what several schools belong to, and who watches over them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from schools.languages import in_language
from schools.texts import TextsField


class Region(models.Model):
    """An oblast, or a city or district within one: two levels, no more."""

    slug = models.SlugField(_("short name in the address"), max_length=50, unique=True)
    names = TextsField(_("name"))
    parent = models.ForeignKey(
        "self",
        verbose_name=pgettext_lazy("region", "part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
    )
    # The named person whom a danger alert reaches that nobody at the school has answered, and a letter about
    # everybody who could read it. Where the part's own cannot be reached, it is the whole's.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("named person of the region"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_for",
        help_text=_("Is told of a danger that nobody at a school has answered."),
    )

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["slug"]
        permissions = [
            ("watch_region", "Can see figures of a region’s schools"),
            ("answer_for_region", "Can deal with what has reached the region"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="region_not_its_own_part",
            )
        ]

    def __str__(self) -> str:
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        """The region's name in a language, else in any there is."""
        return in_language(self.names, language)

    def clean(self) -> None:
        super().clean()
        if self.parent_id is None:
            return
        if self.parent.parent_id is not None or (self.pk and self.parts.exists()):
            raise ValidationError(
                {"parent": ValidationError(_("Regions have two levels, no more."), code="levels")}
            )


class RegionMembership(models.Model):
    """Somebody is an analyst of a region: sees figures of its schools, and of its parts' schools. Never content."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="region_memberships",
    )
    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        verbose_name = pgettext_lazy("of a region", "analyst")
        verbose_name_plural = pgettext_lazy("of a region", "analysts")
        ordering = ["region", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "region"], name="region_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.region}"
