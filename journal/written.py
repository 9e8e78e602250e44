"""What stands sealed in a letter and its entry, in words: one name for each field on every page and paper."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHO_WROTE = {
    "full_name": _("Full name"),
    "age": _("Age"),
    "class_group": _("Class or group"),
    "address": _("Address"),
    "phone": _("Phone"),
}
FIELD_NAMES = {"summary": _("Summary"), "text": _("Text of the letter"), **WHO_WROTE}


def who_wrote(written: Mapping[str, Any]) -> list[tuple[Promise, str]]:
    """What an author said of themselves, each under its name; what is empty is left out."""
    return [(label, written[name]) for name, label in WHO_WROTE.items() if written.get(name)]
