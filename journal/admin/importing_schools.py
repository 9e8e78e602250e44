"""What is particular to a list of schools: the look at it, and the links that come of it."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from journal.admin.importing_kinds import FIRST_ROWS, Kind, Looked
from journal.exporting.formats import FORMATS
from journal.importing.school_columns import SCHOOLS
from journal.importing.school_list import Line, SchoolList, check_schools
from journal.services import taking_over
from journal.services.giving_links import keep_links, links_of
from journal.services.taking_over import Seen
from schools.errors import Conflict
from schools.mailing import mail_leaves
from schools.models import Region, School, User
from schools.services.adding_schools import add_schools
from schools.services.hiring import PersonFault
from schools.services.setting_up import SchoolFault
from schools.starting_regulations import STARTING_REGULATIONS


def mails_links() -> bool:
    """Whether links can go by e-mail: mail leaves, and the portal knows its address."""
    return mail_leaves() and bool(settings.BASE_URL)


class LinksForm(forms.Form):
    """How the people get their links."""

    by_mail = forms.BooleanField(
        label=gettext_lazy("Whoever has an e-mail address gets the link there"),
        help_text=gettext_lazy("The others’ links are given to you, once, to be handed out."),
        required=False,
        initial=True,
    )


def _links_form(posted: Any) -> forms.Form:
    return LinksForm(posted) if mails_links() else forms.Form(posted)


def facts_of(found: SchoolList) -> list[str]:
    """What would be added, in whole sentences."""
    people = [person for line in found.new for person in line.people()]
    nobody = sum(not line.people() for line in found.new)
    facts = []
    if found.new:
        facts.append(
            ngettext("%(count)s school is added.", "%(count)s schools are added.", len(found.new))
            % {"count": len(found.new)}
        )
    if people:
        facts.append(
            ngettext(
                "%(count)s person gets an account.", "%(count)s people get an account.", len(people)
            )
            % {"count": len(people)}
        )
    if nobody:
        facts.append(
            ngettext(
                "%(count)s school has nobody in the list: its people are added later.",
                "%(count)s schools have nobody in the list: their people are added later.",
                nobody,
            )
            % {"count": nobody}
        )
    if found.there:
        facts.append(
            ngettext(
                "%(count)s school of the list is here already and stays as it is.",
                "%(count)s schools of the list are here already and stay as they are.",
                len(found.there),
            )
            % {"count": len(found.there)}
        )
    return facts


def _look(school: None, seen: Seen) -> Looked:
    found = check_schools(rows=seen.rows, layout=seen.layout)
    looked = Looked(findings=found.checked.findings)
    if looked.findings or not found.checked.rows:
        return looked
    looked.facts = facts_of(found)
    looked.heads = [
        _("Name of the school"),
        _("Short name in the address"),
        _("Country"),
        _("Region"),
        pgettext("column of a list of schools", "Rules to begin with"),
        _("People"),
    ]
    looked.first = [_shown(line) for line in found.checked.rows[:FIRST_ROWS]]
    looked.adds = bool(found.new)
    return looked


def _shown(line: Line) -> list[str]:
    region: Region | None = line.region
    return [
        line.name,
        line.slug,
        str(School.Country(line.country).label),
        str(region) if region else "",
        str(STARTING_REGULATIONS[line.template].name),
        ", ".join(person.full_name for person in line.people()),
    ]


@transaction.atomic
def _added(request: HttpRequest, pk: int, *, by_mail: bool) -> int:
    """Adds them, seals their links to the person, and returns under which number."""
    seen = taking_over.claim(
        school=None, kind=taking_over.SCHOOLS, pk=pk, by=request.user, keyring=request.keyring
    )
    found = check_schools(rows=seen.rows, layout=seen.layout)
    if found.checked.findings or not found.new:
        raise Conflict(_("The list is not as it was when you looked at it: look again."))
    try:
        added = add_schools(
            teams=[(line.new_school(), line.people()) for line in found.new],
            by=request.user,
            by_mail=by_mail,
        )
    except (SchoolFault, PersonFault):
        raise Conflict(_("The list is not as it was when you looked at it: look again.")) from None
    _log(request.user, [one.school for one in added])
    _log(request.user, [hired.user for one in added for hired in one.hired])
    links = links_of(added=added, here=f"{request.scheme}://{request.get_host()}")
    return keep_links(links=links, by=request.user, keyring=request.keyring).pk


def _log(by: User, rows: Sequence[models.Model]) -> None:
    """The admin's log knows of each, by its number alone."""
    if rows:
        kind = ContentType.objects.get_for_model(rows[0])
        LogEntry.objects.bulk_create(
            LogEntry(
                user_id=by.pk,
                content_type_id=kind.pk,
                object_id=row.pk,
                object_repr=f"№ {row.pk}",
                action_flag=ADDITION,
                change_message='[{"added": {}}]',
            )
            for row in rows
        )


def _take(request: HttpRequest, school: None, pk: int) -> HttpResponse:
    form = _links_form(request.POST)
    form.is_valid()
    links = _added(request, pk, by_mail=form.cleaned_data.get("by_mail", False))
    messages.success(request, _("The schools are added. Now the links of their people."))
    return HttpResponseRedirect(reverse("admin:import_schools_links", args=[links]))


@require_safe
def heads_alone(request: HttpRequest) -> HttpResponse:
    """An empty table with all heads in the person's language, to be filled in."""
    if not request.user.has_perm("schools.add_school"):
        raise PermissionDenied
    write, content_type = FORMATS["xlsx"]
    file = BytesIO()
    write(file, [capfirst(str(target.label)) for target in SCHOOLS], [])
    response = HttpResponse(file.getvalue(), content_type=content_type)
    response.headers["Content-Disposition"] = 'attachment; filename="schools.xlsx"'
    return response


SCHOOLS_KIND = Kind(
    name=taking_over.SCHOOLS,
    title=gettext_lazy("Add a list of schools"),
    lead=gettext_lazy(
        "Each school begins with the rules that its row names; its first people get accounts, their roles and a "
        "link each. All schools of the list are added, or none."
    ),
    targets=SCHOOLS,
    look=_look,
    take=_take,
    back="admin:settings",
    of_school=False,
    asks=_links_form,
)
