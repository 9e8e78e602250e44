"""How a school's public pages look: the portal's style, and on top of it the school's own colour.

A page may hold no style of its own (the strict CSP), and one more request is felt on a slow phone: so a school with a
colour has the whole style under an address of its own, with the shades of its colour at the end. The address changes
with what it holds, and is kept by browsers like any file.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from box.selectors import SchoolBox
from schools.colours import shades_of
from schools.models import Logo

STYLE = "box/box.css"
OWN_COLOUR = "#0f6b6b"
MARK_LENGTH = 12


@dataclass(frozen=True)
class Style:
    """A style sheet as it is sent, plain and compressed, and the mark that its address bears."""

    plain: bytes
    compressed: bytes
    mark: str


def style_address(box: SchoolBox | None) -> str:
    """Where the style of a school's pages stands; without a colour, or a school, it is the portal's."""
    if box is None or not box.school.colour:
        return static(STYLE)
    mark = style_in(box.school.colour).mark
    return reverse("box:style", kwargs={"slug": box.school.slug, "mark": mark})


def bar_colour(box: SchoolBox | None) -> str:
    """The colour in which a phone paints its own bar around the page."""
    return (box.school.colour if box else "") or OWN_COLOUR


def style_in(colour: str) -> Style:
    """The portal's style with the shades of a colour ``#rrggbb``."""
    return _made(colour.lower(), Path(finders.find(STYLE)))


@lru_cache(maxsize=200)
def _made(colour: str, portal_style: Path) -> Style:
    shades = shades_of(colour)
    own = (
        f":root{{--brand:{shades.own};--brand-hover:{shades.hover};"
        f"--brand-pressed:{shades.pressed};--brand-pale:{shades.pale}}}"
    )
    plain = portal_style.read_bytes() + own.encode()
    return Style(
        plain=plain,
        compressed=gzip.compress(plain, 9, mtime=0),
        mark=hashlib.sha256(plain).hexdigest()[:MARK_LENGTH],
    )


def logo_address(box: SchoolBox) -> str:
    """Where the school's logo stands; empty without one."""
    if box.logo is None:
        return ""
    return reverse("box:logo", kwargs={"slug": box.school.slug, "mark": logo_mark(box.logo)})


def logo_mark(logo: Logo) -> str:
    """What the address of a logo bears: another picture, another address."""
    return logo.digest[:MARK_LENGTH]
