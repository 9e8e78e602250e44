"""On a page of the journal: what can be printed of the row it shows, and the signed sheets attached to it."""

from collections import defaultdict
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.admin.pages import day_of
from journal.destroyed import protocol_opens
from journal.models import Destruction, Entry, Meeting, Opening, Volume
from reports.issuing import act_of, is_draft, protocol_of
from reports.models import Issued, Scan
from schools.models import School
from schools.selectors import schools_for

register = template.Library()
PRINTS = "journal.print_journal"


def _print_context(context: dict[str, Any], school: School, **more: Any) -> dict[str, Any]:
    return {
        "csrf_token": context.get("csrf_token"),
        "languages": school.languages_to_offer(),
        "main_language": school.main_language,
        **more,
    }


def _may(context: dict[str, Any], school: School) -> bool:
    request: HttpRequest = context["request"]
    return request.user.has_perm(PRINTS, school)


def _kept(issued: Issued | None) -> dict[str, Any]:
    """What is known of a paper that was issued, and where its signed sheet is attached."""
    if issued is None:
        return {}
    if issued.opens_to_nobody:
        return {"destroyed_in_part": True}
    return {
        "issued_on": day_of(issued.issued_on),
        "scans": [
            {
                "label": _("Signed sheet %(number)s") % {"number": scan.position},
                "day": day_of(scan.attached_on),
                "address": reverse("admin:journal_scan", args=[scan.pk]),
            }
            for scan in Scan.objects.filter(issued=issued).order_by("position")
        ],
        "attach": reverse("admin:journal_scan_attach", args=[issued.pk]),
    }


@register.inclusion_tag("reports/_papers.html", takes_context=True)
def act_papers(context: dict[str, Any], opening: Opening) -> dict[str, Any]:
    """The act of an opening; nothing where the regulation asks for none, or somebody else prints."""
    closed = opening.is_closed_to(context["request"].keyring)
    if opening.act_number is None or closed or not _may(context, opening.school):
        return {}
    subject = act_of(opening)
    title = _("Act № %(number)s") % {"number": opening.act_number}
    address = reverse("admin:journal_opening_act", args=[opening.pk])
    return _print_context(
        context,
        opening.school,
        place="act",
        title=title,
        address=address,
        draft=is_draft(subject),
        **_kept(subject.issued()),
    )


@register.inclusion_tag("reports/_papers.html", takes_context=True)
def protocol_papers(context: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """The protocol of a meeting that was held, its names whole or as initials."""
    closed = not protocol_opens(meeting, context["request"].keyring)
    if meeting.state != Meeting.State.HELD or closed or not _may(context, meeting.school):
        return {}
    title = _("Protocol № %(number)s") % {"number": meeting.number}
    return _print_context(
        context,
        meeting.school,
        place="protocol",
        title=title,
        address=reverse("admin:journal_meeting_print", args=[meeting.pk]),
        choice_name="short_names",
        choice_label=_("names of who spoke and who was invited as initials"),
        **_kept(protocol_of(meeting).issued()),
    )


@register.inclusion_tag("reports/_papers.html", takes_context=True)
def volume_papers(context: dict[str, Any], volume: Volume) -> dict[str, Any]:
    """The signed closing page of a volume, once it was printed; the book itself is printed by its own page."""
    if not volume.is_closed or not _may(context, volume.school):
        return {}
    issued = Issued.objects.filter(volume=volume).first()
    if issued is None:
        return {}
    title = _("Closing page of the volume")
    return {"place": "volume", "title": title, **_kept(issued)}


@register.inclusion_tag("reports/_destruction_papers.html", takes_context=True)
def destruction_papers(context: dict[str, Any], destruction: Destruction) -> dict[str, Any]:
    """The list as it goes to the commission, and once it was carried out the act."""
    if not _may(context, destruction.school):
        return {}
    number = {"number": destruction.number}
    papers = [("list", _("List for destruction № %(number)s") % number)]
    if destruction.done_on is not None:
        papers.insert(0, ("act", _("Act of destruction № %(number)s") % number))
    return _print_context(
        context,
        destruction.school,
        papers=[
            {
                "place": f"destruction-{kind}",
                "title": title,
                "address": reverse(f"admin:journal_destruction_{kind}", args=[destruction.pk]),
            }
            for kind, title in papers
        ],
    )


@register.inclusion_tag("reports/_entry_papers.html", takes_context=True)
def entry_papers(context: dict[str, Any], entry: Entry) -> dict[str, Any]:
    """The register card and the registration slip; for those who read the entry and print."""
    request: HttpRequest = context["request"]
    if entry.is_closed_to(request.keyring) or not _may(context, entry.school):
        return {}
    return _print_context(context, entry.school, entry=entry)


@register.inclusion_tag("reports/_openings_papers.html", takes_context=True)
def openings_papers(context: dict[str, Any]) -> dict[str, Any]:
    """The journal of openings of a year, and the way to the blank forms, of each school where this person prints."""
    own = list(schools_for(context["request"].user, PRINTS))
    years: defaultdict[int, list[int]] = defaultdict(list)
    opened = Opening.objects.filter(school__in=own).order_by("-year")
    for school_id, year in opened.values_list("school_id", "year").distinct():
        years[school_id].append(year)
    schools = [
        {**_print_context(context, school), "school": school, "years": years[school.pk]}
        for school in own
    ]
    return {"schools": schools, "several": len(schools) > 1}
