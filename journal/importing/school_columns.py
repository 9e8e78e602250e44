"""What the columns of a list of schools can be."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.importing.columns import Target
from journal.importing.synonyms import ROLES
from schools.languages import OWN_NAMES
from schools.roles import SCHOOL_ROLE_NAMES

# Beside the language's own name, how a head speaks of it.
_NAMED = {
    "kk": pgettext_lazy("head of a school’s name in Kazakh, parted by |", "name in kazakh|school name in kazakh"),
    "ru": pgettext_lazy("head of a school’s name in Russian, parted by |", "name in russian|school name in russian"),
    "ky": pgettext_lazy("head of a school’s name in Kyrgyz, parted by |", "name in kyrgyz|school name in kyrgyz"),
    "en": pgettext_lazy("head of a school’s name in English, parted by |", "name in english|school name in english"),
}  # fmt: skip
_STANDS = {
    "kk": pgettext_lazy("head of a school’s address in Kazakh, parted by |", "address in kazakh"),
    "ru": pgettext_lazy("head of a school’s address in Russian, parted by |", "address in russian"),
    "ky": pgettext_lazy("head of a school’s address in Kyrgyz, parted by |", "address in kyrgyz"),
    "en": pgettext_lazy("head of a school’s address in English, parted by |", "address in english"),
}
# How a language is called where a list says which ones a school speaks.
LANGUAGE_WORDS = {
    "kk": pgettext_lazy("words for the Kazakh language, parted by |", "kazakh|kz|kaz"),
    "ru": pgettext_lazy("words for the Russian language, parted by |", "russian|rus"),
    "ky": pgettext_lazy("words for the Kyrgyz language, parted by |", "kyrgyz|kg|kir"),
    "en": pgettext_lazy("words for the English language, parted by |", "english|eng"),
}


def name_column(code: str) -> str:
    """The column with the school's name in a language."""
    return f"name_{code}"


def address_column(code: str) -> str:
    """The column with the school's address in a language."""
    return f"address_{code}"


def email_column(role: str) -> str:
    """The column with the e-mail addresses of those who have a role."""
    return f"{role}_email"


def _in_language(label: Any, code: str) -> Any:
    return format_lazy("{} ({})", label, OWN_NAMES[code])


SCHOOLS = (
    Target(
        "slug",
        _("Short name in the address"),
        pgettext_lazy("head of a school’s short name, parted by |", "short name|slug|code|name in the address"),
        needed=True,
    ),
    *(
        Target(name_column(code), _in_language(_("Name of the school"), code), _NAMED.get(code, ""))
        for code in OWN_NAMES
    ),
    Target(
        "country",
        _("Country"),
        pgettext_lazy("head of a country, parted by |", "country|state"),
        needed=True,
    ),
    Target(
        "template",
        pgettext_lazy("column of a list of schools", "Rules to begin with"),
        pgettext_lazy("head of the rules a school begins with, parted by |", "rules|regulation|starting rules"),
        needed=True,
    ),
    Target(
        "region",
        _("Region"),
        pgettext_lazy("head of a region, parted by |", "region|district|city|oblast"),
    ),
    Target(
        "languages",
        _("Languages"),
        pgettext_lazy("head of languages, parted by |", "languages|language|languages of the school"),
    ),
    Target(
        "time_zone",
        _("Time zone"),
        pgettext_lazy("head of a time zone, parted by |", "time zone|timezone|zone"),
    ),
    Target(
        "working_week",
        pgettext_lazy("column of a list of schools", "Working days of a week"),
        pgettext_lazy("head of the working week, parted by |", "working days|working week|days of a week"),
    ),
    *(
        Target(address_column(code), _in_language(pgettext_lazy("of a school", "Address"), code), _STANDS.get(code, ""))
        for code in OWN_NAMES
    ),
    Target(
        "phone",
        pgettext_lazy("of a school", "Phone"),
        pgettext_lazy("head of a school’s phone, parted by |", "phone|phone of the school|telephone"),
    ),
    Target("site", _("Site"), pgettext_lazy("head of a site, parted by |", "site|website|web page")),
    Target(
        "host",
        pgettext_lazy("column of a list of schools", "Own name on the web"),
        pgettext_lazy("head of a school’s own web name, parted by |", "own web name|host|domain"),
    ),
    *(
        target
        for role, name in SCHOOL_ROLE_NAMES.items()
        for target in (
            Target(role, name, ROLES.get(role, "")),
            Target(email_column(role), format_lazy("{}: {}", name, _("E-mail"))),
        )
    ),
)  # fmt: skip
