"""A school."""

import datetime
import re
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from schools.languages import LANGUAGES, in_language, own_name
from schools.models.lasting import Lasting
from schools.texts import TextsField

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
LEAST_CONTRAST = 4.5
# Words that stand in the same place of an address as a school's name.
RESERVED_SLUGS = frozenset({"admin", "static", "healthz", "reply", "check", "media", *LANGUAGES})


def check_languages(value: list[str]) -> None:
    """At least one language of the portal, none twice."""
    if (
        not isinstance(value, list)
        or not value
        or len(set(value)) != len(value)
        or any(code not in LANGUAGES for code in value)
    ):
        raise ValidationError(
            _("Name the languages by their codes, the main one first: %(codes)s."),
            code="languages",
            params={"codes": ", ".join(LANGUAGES)},
        )


@cache
def known_zones() -> frozenset[str]:
    """The names of the time zone database: its hundreds of files are looked through once."""
    return frozenset(available_timezones())


def check_time_zone(value: str) -> None:
    """A name of the time zone database."""
    if value not in known_zones():
        raise ValidationError(_("This time zone is not known."), code="time_zone")


def check_slug(value: str) -> None:
    """Not a word the portal itself uses in its addresses."""
    if value in RESERVED_SLUGS:
        raise ValidationError(_("This word is used by the portal itself."), code="reserved")


def as_host(text: str) -> str:
    """A name on the web as browsers send it, however it was typed: small letters, no scheme, no closing dot.

    Letters beyond Latin ones become what they are asked for by («xn--…»); what has no such form stays as it is.
    """
    host = text.strip().partition("://")[2] or text.strip()
    host = host.rstrip("/").rstrip(".").lower()
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def check_host(value: str) -> None:
    """Not the portal's own name, and no number: neither can lead to one school alone."""
    if value in settings.PORTAL_HOSTS:
        raise ValidationError(_("This is the portal’s own name."), code="portal")
    if value.rpartition(".")[2].isdecimal():
        raise ValidationError(
            _("Give a name, such as box.school9.kg, and no number."), code="number"
        )


def check_colour(value: str) -> None:
    """A colour on which white letters are read with ease: contrast 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""
    if not COLOUR.fullmatch(value):
        raise ValidationError(
            _("Give the colour as # and six digits, such as #1f5fa8."), code="colour"
        )
    if contrast_with_white(value) < LEAST_CONTRAST:
        raise ValidationError(
            _("White letters can hardly be read on this colour: choose a darker one."),
            code="contrast",
        )


def contrast_with_white(colour: str) -> float:
    """Contrast of a colour ``#rrggbb`` with white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


class SiteField(models.URLField):
    """An address on the web; typed without a scheme it is https."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class School(Lasting):
    """One school with its box. What differs between schools stands here or in its regulation."""

    class Country(models.TextChoices):
        KAZAKHSTAN = "KZ", _("Kazakhstan")
        KYRGYZSTAN = "KG", _("Kyrgyzstan")

    slug = models.SlugField(
        _("short name in the address"),
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9-]*$", _("Use small Latin letters, digits and hyphens.")
            ),
            check_slug,
        ],
    )
    names = TextsField(_("name"))
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[check_time_zone])
    languages = models.JSONField(
        _("languages"),
        validators=[check_languages],
        help_text=_("The main language first."),
    )
    region = models.ForeignKey(
        "schools.Region",
        verbose_name=_("region"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schools",
    )
    # A name on the web that leads to this school alone, such as box.school9.kg.
    host = models.CharField(
        _("own name on the web"),
        max_length=100,
        unique=True,
        null=True,
        blank=True,
        validators=[
            RegexValidator(
                r"^(?=.{4,100}$)[a-z0-9-]+(\.[a-z0-9-]+)+$",
                _("Give a host name, such as box.school9.kg."),
            ),
            check_host,
        ],
    )
    working_week = models.PositiveSmallIntegerField(
        _("working days of a week"),
        choices=[(5, _("five: Monday to Friday")), (6, _("six: Monday to Saturday"))],
        default=5,
    )
    digest_at = models.TimeField(_("morning e-mail at"), default=datetime.time(8, 0))
    addresses = TextsField(_("address"), blank=True)
    site = SiteField(_("site"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[check_colour],
        help_text=_("Of the buttons on the public pages; left empty: the portal’s own."),
    )
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)
    # Since when the box and its book are in another place; None of a school that is here.
    left_on = models.DateField(
        _("left this portal on"),
        null=True,
        blank=True,
        help_text=_(
            "Given by the command that carries the book out: from then on the box takes nothing here. Emptied, it is "
            "open again."
        ),
    )
    new_address = SiteField(
        _("new address of the box"),
        blank=True,
        help_text=_(
            "The public pages lead there. Left empty: they say that the school is to be asked."
        ),
    )

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name_in(get_language() or self.main_language)

    @property
    def main_language(self) -> str:
        """The first of the school's languages."""
        return self.spoken_languages[0]

    @property
    def spoken_languages(self) -> list[str]:
        """The school's languages, the main one first, without any whose catalogue the portal has lost."""
        spoken = [code for code in self.languages if code in LANGUAGES]
        return spoken or [settings.LANGUAGE_CODE]

    @property
    def zone(self) -> ZoneInfo:
        """Where the school's clock stands."""
        return ZoneInfo(self.time_zone)

    def name_in(self, language: str) -> str:
        """The school's name in a language, else in its main one."""
        return in_language(self.names, language, main=self.main_language)

    def address_in(self, language: str) -> str:
        """The school's address in a language, else in its main one."""
        return in_language(self.addresses, language, main=self.main_language)

    def now(self) -> datetime.datetime:
        """The moment by the school's own clock."""
        return timezone.now().astimezone(self.zone)

    def today(self) -> datetime.date:
        """The date by the school's own clock."""
        return self.now().date()

    def languages_to_offer(self) -> list[tuple[str, str]]:
        """Every language of the portal with its own name, the school's own ones first."""
        own = self.spoken_languages
        codes = [*own, *(code for code in LANGUAGES if code not in own)]
        return [(code, own_name(code)) for code in codes]


class Logo(models.Model):
    """A school's sign on its public pages, made anew as a small PNG: nothing of the file that was sent stays."""

    school = models.OneToOneField(
        School, on_delete=models.CASCADE, primary_key=True, related_name="logo"
    )
    png = models.BinaryField(editable=False)
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    # SHA-256 (hex) of the picture: its address changes with it.
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return self.school.slug


class ClassGroup(models.Model):
    """A class or group of a school, offered wherever one is typed in."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="class_groups"
    )
    name = models.CharField(_("class or group"), max_length=50)
    # Year of study, by which figures are put together; None where the school has none.
    level = models.PositiveSmallIntegerField(
        _("year of study"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(12)],
    )

    class Meta:
        verbose_name = _("class or group")
        verbose_name_plural = _("classes and groups")
        ordering = ["school", "level", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="class_group_once_a_school")
        ]

    def __str__(self) -> str:
        return self.name
