"""What the public pages read: the school with its box, kept in memory for a few seconds."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from box.models import PublicNote
from box.said import Said, said
from schools.dates import weekday_date_and_time
from schools.hosts import forget_hosts
from schools.languages import LANGUAGES
from schools.mailing import mail_goes, somebody_sends
from schools.models import Category, Logo, Regulation, School, SchoolKey, TrustPhone
from schools.openings import next_opening
from schools.region_officers import Officer, reader_of
from schools.searching import as_searched
from schools.selectors import (
    Reader,
    categories_of,
    has_key_holder,
    key_in_use,
    reached_by_mail,
    readers_of,
    regulation_of,
)
from schools.services.classes import classes_offered
from schools.working_days import Calendar, calendar_of

KEPT_SECONDS = 5.0
MOST_SCHOOLS = 1000


@dataclass(frozen=True)
class SchoolBox:
    """A school and how it keeps its box now. ``regulation`` and ``key`` are None where there is none yet."""

    school: School
    regulation: Regulation | None
    categories: tuple[Category, ...]
    phones: tuple[TrustPhone, ...]
    key: SchoolKey | None
    has_key_holder: bool
    # Who could read a letter sealed some seconds ago: to be shown, never to be sealed to.
    readers: tuple[Reader, ...] = ()
    calendar: Calendar = field(kw_only=True)
    # Without its pixels: where it stands and how large it is.
    logo: Logo | None = None
    # How many of them are told of a danger at once: e-mails leave this installation now, and they have an address.
    mailed: int = 0
    # Whom outside the school a letter reaches that nobody in it may open; None where the region has nobody.
    region: Officer | None = None
    # Whether they are called when nobody at the school answers a cry for help: somebody has to run the clock.
    calls_region: bool = False
    # Classes and groups that a form offers; none where the school has too many for a light page.
    classes: tuple[str, ...] = ()
    # What others made of this box and may use as long as it is kept.
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether a letter can be taken: there are rules, a key to seal it, and somebody to open it."""
        return (
            self.regulation is not None
            and self.key is not None
            and self.has_key_holder
            and not self.has_left
        )

    @property
    def has_left(self) -> bool:
        """Whether the school has gone elsewhere with its box."""
        return self.school.left_on is not None

    def school_name(self, language: str) -> Said:
        """The school's name for a page in a language."""
        return said(self.school.names, language, main=self.school.main_language)

    def address(self, language: str) -> Said:
        """Where the school stands; empty where it does not say."""
        return said(self.school.addresses, language, main=self.school.main_language)

    def box_name(self, language: str) -> Said:
        """What this school calls its box; empty before it has rules."""
        names = self.regulation.box_names if self.regulation else None
        return said(names, language, main=self.school.main_language)


_kept: OrderedDict[str, tuple[float, SchoolBox]] = OrderedDict()
_kept_demonstration: dict[str, tuple[float, bool]] = {}
_lock = threading.Lock()


def box_of(slug: str) -> SchoolBox:
    """The box of a school. Raises School.DoesNotExist."""
    now = time.monotonic()
    kept = _kept.get(slug)
    if kept is not None and kept[0] > now:
        return kept[1]
    box = _read(School.objects.get(slug=slug))
    with _lock:
        _kept[slug] = (now + KEPT_SECONDS, box)
        _kept.move_to_end(slug)
        while len(_kept) > MOST_SCHOOLS:
            _kept.popitem(last=False)
    return box


def _read(school: School) -> SchoolBox:
    try:
        regulation = regulation_of(school)
    except Regulation.DoesNotExist:
        regulation = None
    region = reader_of(school)
    return SchoolBox(
        school=school,
        regulation=regulation,
        categories=tuple(categories_of(school)),
        phones=tuple(TrustPhone.objects.filter(school=school)),
        key=key_in_use(school),
        has_key_holder=has_key_holder(school),
        readers=tuple(readers_of(school)),
        calendar=calendar_of(school, regulation),
        logo=Logo.objects.filter(school=school).defer("png").first(),
        mailed=reached_by_mail(school) if mail_goes() else 0,
        region=region,
        calls_region=region is not None and somebody_sends(),
        classes=tuple(classes_offered(school)),
    )


def only_demonstration() -> bool:
    """Whether every school here is a demonstration: then the pages of no school in particular say so too."""
    now = time.monotonic()
    kept = _kept_demonstration.get("only")
    if kept is None or kept[0] < now:
        kept = (now + KEPT_SECONDS, _only_demonstration())
        _kept_demonstration["only"] = kept
    return kept[1]


def _only_demonstration() -> bool:
    kinds = set(School.objects.values_list("is_demo", flat=True).distinct())
    return kinds == {True}


def forget_boxes() -> None:
    """Read every school anew."""
    with _lock:
        _kept.clear()
        _kept_demonstration.clear()
    forget_hosts()


@dataclass(frozen=True)
class Found:
    """A school of the list: its name, and where it is, which tells it from another of that name (empty: unknown)."""

    slug: str
    name: Said
    region: Said
    is_demo: bool

    @property
    def in_words(self) -> str:
        """The name, with its place where that is known."""
        return f"{self.name}, {self.region}" if self.region else str(self.name)


def schools_named_like(words: str, language: str) -> list[Found]:
    """Schools in whose names (in any language), or in whose region's, every word is found; in order.

    Looked through here: not every database (SQLite) knows that «ШКОЛА» and «школа» are one word.
    """
    wanted = as_searched(words).split()
    found = []
    rows = School.objects.order_by("pk").values_list(
        "slug", "names", "languages", "is_demo", "region__names", "region__parent__names"
    )
    for slug, names, languages, is_demo, region, whole in rows:
        if wanted:
            known = (*names.values(), slug, *(region or {}).values(), *(whole or {}).values())
            text = as_searched(" ".join(known))
            if not all(word in text for word in wanted):
                continue
        main = next((code for code in languages if code in LANGUAGES), "")
        place = said(region, language, main=main)
        found.append(Found(slug, said(names, language, main=main), place, is_demo))
    return sorted(found, key=lambda one: one.name.text.casefold())


def opening_next(box: SchoolBox) -> str:
    """When the box is opened next, in words of the language now active; empty when unknown."""
    if box.regulation is None:
        return ""
    moment = next_opening(box.regulation, box.school.now(), box.calendar)
    if not moment:
        return ""
    language = get_language() or box.school.main_language
    return weekday_date_and_time(moment, language, box.school.zone)


def public_notes_of(school: School) -> QuerySet[PublicNote]:
    """What the school tells everybody of what changed, the newest first: approved, and not taken off the page."""
    return PublicNote.objects.filter(
        school=school, approved_on__isnull=False, withdrawn_on__isnull=True
    ).order_by("-approved_on", "-pk")
