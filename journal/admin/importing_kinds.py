"""What differs between the lists that are taken over: a former journal, the staff, the classes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from journal.admin.link_sheets import link_sheets
from journal.admin.pages import day_of, staff_page
from journal.import_forms import ColumnsForm, JournalColumnsForm
from journal.importing import columns
from journal.importing.checking import Finding
from journal.importing.columns import Target
from journal.importing.journal import check_journal, unknown_categories
from journal.importing.lists import check_classes, check_staff
from journal.models import Entry
from journal.services import taking_over
from journal.services.taking_over import Seen
from schools.errors import Conflict
from schools.models import Category, School
from schools.models.regulation import Column
from schools.roles import ROLE_NAMES
from schools.services.classes import add_classes
from schools.services.hiring import Hired, Newcomer, PersonFault, hire

FIRST_ROWS = 5
_SHOWN = 120


@dataclass
class Looked:
    """What the page says of a list before it is taken over."""

    findings: list[Finding]
    facts: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    first: list[list[str]] = field(default_factory=list, repr=False)
    # Whether anything of it would be new here.
    adds: bool = True


@dataclass(frozen=True)
class Kind:
    """A list that can be taken over. ``needs_key``: only by who holds the school's key, with their password."""

    name: str
    title: Any
    lead: Any
    targets: Sequence[Target]
    look: Callable[[Any, Seen], Looked]
    take: Callable[[HttpRequest, Any, int], HttpResponse]
    back: str
    needs_key: bool = False
    # Whether the list belongs to one school; else it is of schools.
    of_school: bool = True
    # What is asked besides before it is added.
    asks: Callable[[Any], forms.Form] | None = None

    @property
    def permission(self) -> str:
        """What whoever takes it over needs."""
        return taking_over.PERMISSIONS[self.name]

    def columns_form(self, school: School | None, seen: Seen, data: Any = None) -> ColumnsForm:
        """What the columns are, as told until now."""
        facts = {"rows": seen.rows, "layout": seen.layout, "targets": self.targets}
        if not self.needs_key:
            return ColumnsForm(data, **facts)
        return JournalColumnsForm(
            data,
            **facts,
            choices=seen.choices,
            unknown=unknown_categories(seen.rows, seen.layout, school),
            categories=list(Category.objects.filter(school=school, in_use=True)),
        )


# A former journal


def _look_at_journal(school: School, seen: Seen) -> Looked:
    journal = check_journal(school=school, rows=seen.rows, layout=seen.layout, choices=seen.choices)
    looked = Looked(findings=journal.checked.findings)
    if looked.findings or not journal.rows:
        return looked
    rows = journal.rows
    looked.facts = [
        _("%(from)s – %(to)s: numbers from 1 to %(count)s.")
        % {
            "from": day_of(group.period[0]),
            "to": day_of(group.period[1]),
            "count": len(group.rows),
        }
        for group in journal.groups
    ]
    states = Counter(kept.state for kept in rows)
    looked.facts += [
        f"{str(Entry.State(state).label).capitalize()}: {states[state]}."
        for state in Entry.State.values
        if states[state]
    ]
    anonymous = sum(not kept.signed for kept in rows)
    looked.facts.append(_("Without a name: %(count)s.") % {"count": anonymous})
    if journal.without_name:
        looked.facts.append(
            ngettext(
                "Of %(count)s letter without a name address, age and phone are not taken over.",
                "Of %(count)s letters without a name address, age and phone are not taken over.",
                journal.without_name,
            )
            % {"count": journal.without_name}
        )
    names = {one.pk: str(one) for one in Category.objects.filter(school=school)}
    looked.heads = [
        str(Column(name).label)
        for name in (Column.NUMBER, Column.TAKEN_ON, Column.NAME, Column.CATEGORY, Column.SUMMARY)
    ] + [_("State")]
    looked.first = [
        [
            str(kept.number),
            day_of(kept.taken_on),
            kept.full_name if kept.signed else pgettext("author", "anonymous"),
            names.get(kept.category, ""),
            _short(kept.summary),
            str(Entry.State(kept.state).label),
        ]
        for kept in rows[:FIRST_ROWS]
    ]
    return looked


def _take_journal(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    volumes = taking_over.take_over_journal(
        school=school, pk=pk, by=request.user, keyring=request.keyring
    )
    count = sum(volume.last_number for volume in volumes)
    said = ngettext("%(count)s entry is taken over.", "%(count)s entries are taken over.", count)
    messages.success(request, said % {"count": count})
    return HttpResponseRedirect(reverse("admin:journal_entry_changelist"))


# Staff


def _look_at_staff(school: School, seen: Seen) -> Looked:
    checked = check_staff(school=school, rows=seen.rows, layout=seen.layout)
    roles = Counter(person.role for person in checked.rows)
    return Looked(
        findings=checked.findings,
        facts=[f"{str(ROLE_NAMES[role]).capitalize()}: {count}." for role, count in roles.items()],
        heads=[_("Full name"), pgettext("of a person in a school", "Role"), _("E-mail")],
        first=[
            [person.full_name, str(ROLE_NAMES[person.role]), person.email]
            for person in checked.rows[:FIRST_ROWS]
        ],
    )


@transaction.atomic
def _hired(request: HttpRequest, school: School, pk: int) -> list[Hired]:
    seen = taking_over.claim(
        school=school, kind=taking_over.STAFF, pk=pk, by=request.user, keyring=request.keyring
    )
    checked = check_staff(school=school, rows=seen.rows, layout=seen.layout)
    if checked.findings:
        raise Conflict(_("The list is not as it was when you looked at it: look again."))
    newcomers = [
        Newcomer(
            full_name=person.full_name,
            roles=[person.role],
            username=person.username,
            email=person.email,
        )
        for person in checked.rows
    ]
    try:
        return hire(school=school, people=newcomers, by=request.user)
    except PersonFault as fault:
        raise Conflict(" ".join(fault.messages)) from None


def _take_staff(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    context = {
        "title": _("Links for the colleagues"),
        "school": school,
        "sheets": link_sheets(request, _hired(request, school, pk), school),
    }
    return staff_page(request, "journal/import_links.html", context)


# Classes


def _look_at_classes(school: School, seen: Seen) -> Looked:
    checked = check_classes(school=school, rows=seen.rows, layout=seen.layout)
    return Looked(
        findings=checked.findings,
        heads=[_("Class or group"), _("Year of study")],
        first=[
            [group.name, "" if group.level is None else str(group.level)]
            for group in checked.rows[:FIRST_ROWS]
        ],
    )


@transaction.atomic
def _add_classes(request: HttpRequest, school: School, pk: int) -> int:
    seen = taking_over.claim(
        school=school, kind=taking_over.CLASSES, pk=pk, by=request.user, keyring=request.keyring
    )
    checked = check_classes(school=school, rows=seen.rows, layout=seen.layout)
    if checked.findings:
        raise Conflict(_("The list is not as it was when you looked at it: look again."))
    pairs = [(group.name, group.level) for group in checked.rows]
    return len(add_classes(school=school, classes=pairs, by=request.user))


def _take_classes(request: HttpRequest, school: School, pk: int) -> HttpResponse:
    count = _add_classes(request, school, pk)
    said = ngettext("%(count)s class is added.", "%(count)s classes are added.", count)
    messages.success(request, said % {"count": count})
    address = reverse("admin:schools_classgroup_changelist")
    return HttpResponseRedirect(f"{address}?school__id__exact={school.pk}")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


KINDS = (
    Kind(
        name=taking_over.JOURNAL,
        title=gettext_lazy("Take over a journal kept before"),
        lead=gettext_lazy(
            "A journal on paper or in Excel goes on here with its former numbers. Every entry is sealed like the "
            "others and marked as taken over. Best before the first letter of the year is registered here."
        ),
        targets=columns.JOURNAL,
        look=_look_at_journal,
        take=_take_journal,
        back="admin:journal_entry_changelist",
        needs_key=True,
    ),
    Kind(
        name=taking_over.STAFF,
        title=gettext_lazy("Add a list of colleagues"),
        lead=gettext_lazy(
            "Everybody in the list gets an account, their role in the school and a link by which they choose a "
            "password."
        ),
        targets=columns.STAFF,
        look=_look_at_staff,
        take=_take_staff,
        back="admin:schools_user_changelist",
    ),
    Kind(
        name=taking_over.CLASSES,
        title=gettext_lazy("Add a list of classes"),
        lead=gettext_lazy("Classes and groups are offered wherever one is typed in."),
        targets=columns.CLASSES,
        look=_look_at_classes,
        take=_take_classes,
        back="admin:schools_classgroup_changelist",
    ),
)
