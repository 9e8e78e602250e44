"""The guided set-up of a school: a page for each step, with what is done and what is still missing at its side."""

from itertools import islice
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journal.admin.pages import day_of, staff_page
from journal.admin.set_up_frame import (
    absolute,
    fetch,
    public_address,
    schools_to_set_up,
    steps_frame,
)
from journal.admin.set_up_people import add, people
from journal.models import Opening
from journal.set_up import Need, SetUp, Step, set_up_of, set_ups_of
from journal.set_up_forms import ApprovalForm, NewSchoolForm
from journal.set_up_words import lines_on_today
from schools.countries import COUNTRIES
from schools.emergency import emergency_numbers
from schools.errors import Conflict, Refused
from schools.holiday_names import name_of
from schools.models import Membership, School
from schools.public_holidays import country_year
from schools.roles import ROLE_NAMES
from schools.selectors import holders_of, roles_allowing
from schools.services.new_rules import approve_rules
from schools.services.setting_up import set_up_school

MOST_ON_TODAY = 10  # schools whose set-up the first page lists
# Of how many it looks how far they are: the newest, of which there may be thousands.
MOST_LOOKED_AT = 50


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The country first; then the school, with what the country brings filled in."""
    if not request.user.has_perm("schools.add_school"):
        raise PermissionDenied
    country = request.GET.get("country", "")
    context: dict[str, Any] = {"title": _("Set up a school"), "school": None}
    if country not in COUNTRIES:
        return staff_page(
            request,
            "journal/set_up_country.html",
            {**context, "countries": School.Country.choices},
        )
    form = NewSchoolForm(request.POST if request.method == "POST" else None, country=country)
    status = 200
    if form.is_valid():
        try:
            school = set_up_school(country=country, by=request.user, **form.cleaned_data)
        except Conflict as conflict:
            slug = form.cleaned_data["slug"]
            context["twin"] = schools_to_set_up(request.user).filter(slug=slug).first()
            form.add_error("slug", str(conflict))
            status = 409
        except ValidationError as fault:
            for name, texts in fault.message_dict.items():
                form.add_error(name if name in form.fields else None, texts)
        else:
            admin.site.get_model_admin(School).log_addition(request, school, [{"added": {}}])
            messages.success(request, _("The school is made. Now the people."))
            return HttpResponseRedirect(reverse("admin:set_up_people", args=[school.slug]))
    context |= {
        "form": form,
        "country": School.Country(country).label,
        "emergency": emergency_numbers(country),
        "days_off": _days_off(country),
    }
    return staff_page(request, "journal/set_up_new.html", context, status=status)


def _days_off(country: str) -> list[str]:
    """The next days off of the country, so that one sees that they are known."""
    today = School(time_zone=COUNTRIES[country].time_zones[0]).today()
    ahead = (
        f"{day_of(day)} – {', '.join(dict.fromkeys(name_of(off) for off in offs))}"
        for year in (today.year, today.year + 1)
        for day, offs in country_year(country, 5, year).off.items()
        if day >= today
    )
    return list(islice(ahead, 3))


@require_GET
def school(request: HttpRequest, slug: str) -> HttpResponse:
    """The first step of a school that is there: its settings, and how far everything is."""
    set_up = set_up_of(fetch(request, slug))
    context = {
        **steps_frame(request, set_up, Step.SCHOOL),
        "emergency": emergency_numbers(set_up.school.country),
        "languages": set_up.school.languages_to_offer()[: len(set_up.school.languages)],
        "keepers": [ROLE_NAMES[role] for role in set_up.regulation.keepers]
        if set_up.regulation
        else [],
    }
    return staff_page(request, "journal/set_up_school.html", context)


@require_GET
def key(request: HttpRequest, slug: str) -> HttpResponse:
    """The key: only who may hold it makes it; anybody else is told who has to do what."""
    set_up = set_up_of(fetch(request, slug))
    school = set_up.school
    holding = (
        {grant.holder_id for grant in holders_of(set_up.key)} if set_up.key is not None else set()
    )
    keepers = set_up.regulation.keepers if set_up.regulation else []
    rows = Membership.objects.filter(
        school=school, role__in=roles_allowing("schools.hold_key"), user__is_active=True
    ).select_related("user")
    future: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("user__full_name", "user_id"):
        line = future.setdefault(
            row.user_id, {"person": row.user, "roles": [], "holds": row.user_id in holding}
        )
        line["roles"].append(str(ROLE_NAMES.get(row.role_id, row.role_id)))
        line["named"] = line.get("named", False) or row.role_id in keepers
    named = [line for line in future.values() if line["named"]]
    context = {
        **steps_frame(request, set_up, Step.KEY),
        "future": named or list(future.values()),
        "has_key": Need.KEY not in set_up.missing,
        "sheet_printed": day_of(set_up.key.sheet_printed_at.astimezone(school.zone).date())
        if set_up.key and set_up.key.sheet_printed_at
        else "",
        "sign_in": absolute(request, reverse("admin:index"), school),
        "holds": request.user.pk in holding,
    }
    return staff_page(request, "journal/set_up_key.html", context)


@require_GET
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """A test letter: what to do, and how far it has come."""
    set_up = set_up_of(fetch(request, slug))
    school, user = set_up.school, request.user
    sees_openings = user.has_perm("journal.view_opening", school)
    context = {
        **steps_frame(request, set_up, Step.LETTER),
        "write": absolute(request, public_address("write", school, school.main_language), school),
        "sent": set_up.letter_sent or set_up.letter_tried,
        "taken": set_up.letter_taken,
        "aside": set_up.letter_tried,
        "opens": user.has_perm("journal.open_box", school),
        "opening": Opening.objects.filter(school=school).order_by("-pk").first()
        if sees_openings
        else None,
    }
    return staff_page(request, "journal/set_up_letter.html", context)


@require_GET
def rest(request: HttpRequest, slug: str) -> HttpResponse:
    """What tells the school of the box: the regulation read and approved, the poster, the link on the site."""
    return _rest_page(request, set_up_of(fetch(request, slug)))


def _rest_page(
    request: HttpRequest, set_up: SetUp, *, form: ApprovalForm | None = None
) -> HttpResponse:
    school, regulation = set_up.school, set_up.regulation
    approves = regulation is not None and request.user.has_perm("schools.change_regulation", school)
    if form is None and approves:
        form = ApprovalForm(
            initial={
                "approver": regulation.approver or _director_of(school),
                "approved_on": regulation.approved_on or school.today(),
            }
        )
    context = {
        **steps_frame(request, set_up, Step.REST),
        "form": form if approves else None,
        "approved": day_of(regulation.approved_on) if regulation else "",
        "approver": regulation.approver if regulation else "",
        "pages": [
            {
                "language": code,
                "name": name,
                "address": absolute(request, public_address("school", school, code), school),
                "regulation": public_address("regulation", school, code),
            }
            for code, name in school.languages_to_offer()[: len(school.languages)]
        ],
    }
    return staff_page(request, "journal/set_up_rest.html", context)


def _director_of(school: School) -> str:
    row = (
        Membership.objects.filter(school=school, role="director", user__is_active=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return row.user.full_name if row else ""


@require_POST
def approved(request: HttpRequest, slug: str) -> HttpResponse:
    """Who approved the regulation in force, and when."""
    set_up = set_up_of(fetch(request, slug))
    if not request.user.has_perm("schools.change_regulation", set_up.school):
        raise PermissionDenied
    form = ApprovalForm(request.POST)
    if set_up.regulation is not None and form.is_valid():
        try:
            approve_rules(regulation=set_up.regulation, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("approved_on", str(refused))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("admin:set_up_rest", args=[slug]))
    return _rest_page(request, set_up, form=form)


def set_ups_on_today(request: HttpRequest) -> dict[str, Any]:
    """For the first page: schools whose set-up is not finished, with what this person can do about it.

    Where there is no school yet, the one who may add schools is led to the first.
    """
    newest = schools_to_set_up(request.user).filter(is_demo=False).order_by("-pk")
    schools = list(newest[: MOST_LOOKED_AT + 1])
    if not schools:
        adds = request.user.has_perm("schools.add_school")
        return {"set_ups": [], "begins_set_up": adds and not School.objects.exists()}
    cards = [
        {"school": set_up.school, "lines": lines}
        for set_up in set_ups_of(schools[:MOST_LOOKED_AT]).values()
        if (lines := lines_on_today(set_up, request.user))
    ]
    return {
        "set_ups": sorted(cards[:MOST_ON_TODAY], key=lambda card: card["school"].slug),
        "more_set_ups": max(len(cards) - MOST_ON_TODAY, 0),
        "older_set_ups": len(schools) > MOST_LOOKED_AT,
    }


staff_urlpatterns: list[URLPattern] = [
    path("set-up/", new, name="set_up_new"),
    path("set-up/<slug:slug>/", school, name="set_up"),
    path("set-up/<slug:slug>/people/", people, name="set_up_people"),
    path("set-up/<slug:slug>/people/add/", add, name="set_up_add"),
    path("set-up/<slug:slug>/key/", key, name="set_up_key"),
    path("set-up/<slug:slug>/letter/", letter, name="set_up_letter"),
    path("set-up/<slug:slug>/rest/", rest, name="set_up_rest"),
    path("set-up/<slug:slug>/approved/", approved, name="set_up_approved"),
]
