"""Filters of the journal list. Each is one select of the one form above the list."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import ListFilter, ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal import days
from journal.conversation import wrote_back
from journal.models import Entry, Forwarding
from journal.selectors import volumes_for
from schools.admin.narrowing import id_in
from schools.models import Category, School
from schools.models.regulation import Source
from schools.models.sealed import not_withheld_from
from schools.selectors import narrowed, schools_for

Lookups = list[tuple[str, Any]]


def _told(
    entries: QuerySet[Entry], request: HttpRequest, *wanted: Q, **facts: Any
) -> QuerySet[Entry]:
    """The entries of which that is so, without those withheld from this person: being found would tell it."""
    return entries.filter(not_withheld_from(request.user.pk), *wanted, **facts)


def unoffered(value: str | None, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """All rows where nothing was chosen, and none where what was typed is no choice: a database may not take it."""
    return queryset.none() if value else queryset


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return [("open", _("all that are open")), *Entry.State.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.value() == "open":
            open_states = [Entry.State.REGISTERED, Entry.State.IN_REVIEW]
            return _told(queryset, request, state__in=open_states)
        if self.value() not in Entry.State.values:
            return unoffered(self.value(), queryset)
        return _told(queryset, request, state=self.value())


DUE_CONDITIONS: dict[str, Callable[[days.Horizon], Q]] = {
    "overdue": days.overdue,
    "soon": days.due_soon,
    "due": days.in_time,
    "send_on": days.to_send_on,
}


class DueFilter(SimpleListFilter):
    """Overdue, soon or later, each by its own school's date and working days."""

    title = _("deadline")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return [
            ("overdue", _("overdue")),
            ("soon", _("due within two working days")),
            ("due", _("still in time")),
            ("send_on", _("not looked at: to be sent on, if for another body")),
            ("body", _("another body is late with its answer")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        chosen = DUE_CONDITIONS.get(self.value() or "")
        if chosen is None and self.value() != "body":
            return queryset
        horizons = days.horizons_of(schools_for(request.user, "journal.view_entry"))
        if chosen is None:
            late = Forwarding.objects.filter(
                days.where(horizons, days.overdue), entry=OuterRef("pk"), answered_on__isnull=True
            )
            return _told(queryset, request, Q(Exists(late)))
        return _told(queryset, request, days.where(horizons, chosen), state__in=days.OPEN_STATES)


class SentOnFilter(SimpleListFilter):
    """Sent on to another body, and whether it has answered."""

    title = pgettext_lazy("filter", "sent on")
    parameter_name = "sent"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return [
            ("waiting", pgettext_lazy("filter: sent on", "no answer yet")),
            ("answered", pgettext_lazy("filter: sent on", "answered")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.value() not in ("waiting", "answered"):
            return queryset
        sent = Forwarding.objects.filter(
            entry=OuterRef("pk"), answered_on__isnull=self.value() == "waiting"
        )
        return _told(queryset, request, Exists(sent))


class DangerFilter(SimpleListFilter):
    title = _("danger")
    parameter_name = "danger"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return [("yes", _("somebody is in danger"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        return _told(queryset, request, danger=True) if self.value() == "yes" else queryset


class WroteBackFilter(SimpleListFilter):
    title = _("messages")
    parameter_name = "wrote"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return [("new", _("the author wrote, and nobody has read it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.value() != "new":
            return queryset
        return _told(queryset, request, Q(wrote_back(request.user.pk)))


class SourceFilter(SimpleListFilter):
    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return list(Source.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.value() not in Source.values:
            return unoffered(self.value(), queryset)
        return _told(queryset, request, source=self.value())


class _OfTheirSchools(SimpleListFilter):
    """Choices are rows of the person's own schools only."""

    path: str
    # Whether the choice tells something of an entry besides its number, date, volume and school.
    tells = False

    def rows(self, request: HttpRequest) -> QuerySet:
        """The rows to choose from."""
        raise TypeError(f"{type(self).__name__} does not say what there is to choose from.")

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Lookups:
        return [(str(row.pk), str(row)) for row in self.rows(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        value = self.value()
        if not value:
            return queryset
        chosen = id_in(value)
        if chosen is None:
            return queryset.none()
        if self.tells:
            return _told(queryset, request, **{self.path: chosen})
        return queryset.filter(**{self.path: chosen})


class CategoryFilter(_OfTheirSchools):
    title = pgettext_lazy("of a letter", "category")
    parameter_name = "category"
    path = "category"
    tells = True

    def rows(self, request: HttpRequest) -> QuerySet[Category]:
        return narrowed(Category.objects.all(), user=request.user, permission="journal.view_entry")


class VolumeFilter(_OfTheirSchools):
    title = pgettext_lazy("of the journal", "volume")
    parameter_name = "volume"
    path = "volume"

    def rows(self, request: HttpRequest) -> QuerySet:
        return volumes_for(request.user)


class SchoolFilter(_OfTheirSchools):
    """Only for people of several schools."""

    title = _("school")
    parameter_name = "school"
    path = "school"

    def rows(self, request: HttpRequest) -> QuerySet[School]:
        return schools_for(request.user, "journal.view_entry")

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1


class DatesFilter(ListFilter):
    """Taken out from a day to a day."""

    title = _("taken out")
    is_dates = True
    since: datetime.date | None
    until: datetime.date | None

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, list[str]],
        model: type[Entry],
        model_admin: ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.since, self.until = (self._day(params, name) for name in self.expected_parameters())

    def _day(self, params: dict[str, list[str]], name: str) -> datetime.date | None:
        typed = params.pop(name, [""])[-1]
        try:
            day = parse_date(typed) if typed else None
        except ValueError:
            return None
        if day is not None:
            self.used_parameters[name] = typed
        return day

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str]:
        return ["since", "until"]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        yield from ()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.since:
            queryset = queryset.filter(taken_on__gte=self.since)
        if self.until:
            queryset = queryset.filter(taken_on__lte=self.until)
        return queryset
