"""Numbers that help at once, by country. Shown to a child before and after writing.

KZ: 111 (contact centre on family, women and children's rights, day and night), 112 (rescue), 150 (trust phone for
children and young people). KG: 111 (children's helpline of the ministry of labour), 102 (police, which the ministry of
the interior asks to call about violence at home), 112 (rescue). All are free of charge from any phone.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class EmergencyNumber:
    """A short number and, in a child's words, who answers there."""

    number: str
    answers: str | Promise


RESCUE = EmergencyNumber("112", _("rescue, police, ambulance: when somebody is hurt or in danger"))

EMERGENCY_NUMBERS: dict[str, tuple[EmergencyNumber, ...]] = {
    "KZ": (
        EmergencyNumber("111", _("help for children and families")),
        RESCUE,
        EmergencyNumber("150", _("trust phone for children and young people")),
    ),
    "KG": (
        EmergencyNumber("111", _("children’s helpline")),
        RESCUE,
        EmergencyNumber("102", _("police: when somebody beats or threatens you")),
    ),
}


def emergency_numbers(country: str) -> tuple[EmergencyNumber, ...]:
    """The numbers of a country (``KZ``, ``KG``); of an unknown one the number that rescues everywhere."""
    return EMERGENCY_NUMBERS.get(country, (RESCUE,))
