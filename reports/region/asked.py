"""What somebody wants to see of their region: which part, which months, which schools, in which order."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from reports.figures.of_schools import Column, Only
from reports.region.spans import Span, Spans, spans_until
from schools.finding import named_like, typed_words
from schools.models import Region, School, User
from schools.regions import WATCH, Watched, regions_watched
from schools.selectors import schools_for

Choice = TypeVar("Choice", Column, Only)

LONGEST_PAGE = 6  # digits
DOWN = frozenset({Column.LETTERS, Column.OVERDUE, Column.ALERTS})
# In no region; the operator's alone.
NOWHERE = "none"


@dataclass(frozen=True)
class Asked:
    """A checked question; what was not among the choices is the usual. ``part``: a region, None for all of them."""

    watched: tuple[Watched, ...]
    spans: Spans
    span: Span
    part: Region | None = None
    nowhere: bool = False
    only: Only = Only.ALL
    words: str = ""
    by: Column = Column.SCHOOL
    turned: bool = False
    page: int = 1
    sees_nowhere: bool = field(default=False, repr=False)

    def address(self, **other: object) -> str:
        """The query of an address that asks the same, but for what is given here; from the first page on."""
        asked = replace(self, **{"page": 1, **other})
        part = NOWHERE if asked.nowhere else asked.part.slug if asked.part else ""
        facts = {
            "part": part,
            "period": asked.span.key if asked.span != asked.spans.usual else "",
            "only": asked.only if asked.only != Only.ALL else "",
            "q": asked.words,
            "by": asked.by if asked.by != Column.SCHOOL else "",
            "turned": "1" if asked.turned else "",
            "page": asked.page if asked.page > 1 else "",
        }
        return "?" + urlencode({name: str(value) for name, value in facts.items() if value})

    @property
    def descending(self) -> bool:
        """Whether the largest stand first: what is more worth looking at does, unless the order is turned round."""
        return (self.by in DOWN) != self.turned

    @property
    def regions(self) -> list[Region]:
        """Every region and part that can be chosen, wholes before their parts."""
        return [region for one in self.watched for region in (one.region, *one.parts)]

    def grouped_by(self, region_id: int | None) -> Region | None:
        """To which line of a comparison a school of this region belongs: a part of what is looked at, or a whole."""
        for one in self.watched:
            if region_id in one.ids:
                if self.part is None and len(self.watched) > 1:
                    return one.region
                return next(row for row in (one.region, *one.parts) if row.pk == region_id)
        return None


def asked_of(query: Mapping[str, str], *, user: User, today: datetime.date) -> Asked:
    """What a query asks, as far as this person may ask it."""
    watched = tuple(regions_watched(user))
    spans = spans_until(today)
    part = next(
        (
            region
            for one in watched
            for region in (one.region, *one.parts)
            if region.slug == query.get("part")
        ),
        None,
    )
    by = _among(Column, query.get("by"), Column.SCHOOL)
    page = query.get("page", "")
    return Asked(
        watched=watched,
        spans=spans,
        span=spans.named(query.get("period", "")),
        part=part,
        nowhere=user.is_operator and query.get("part") == NOWHERE,
        only=_among(Only, query.get("only"), Only.ALL),
        words=typed_words(query.get("q", "")),
        by=by,
        turned=query.get("turned") == "1",
        page=int(page) if page.isascii() and page.isdecimal() and len(page) <= LONGEST_PAGE else 1,
        sees_nowhere=user.is_operator,
    )


def _among(choices: type[Choice], key: str | None, usual: Choice) -> Choice:
    return choices(key) if key in set(choices) else usual


def schools_asked(asked: Asked, user: User) -> QuerySet[School]:
    """The schools in question: of those that the person watches and that are here, among them by name. One query with
    words.
    """
    schools = schools_for(user, WATCH).filter(left_on=None)
    if asked.nowhere:
        schools = schools.filter(region__isnull=True)
    elif asked.part is not None:
        schools = schools.filter(Q(region=asked.part) | Q(region__parent=asked.part))
    return named_like(schools, asked.words)
