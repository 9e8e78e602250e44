"""Making a school: the one way, for the staff pages, for ``manage.py add_school`` and for the demonstration."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from schools.countries import COUNTRIES
from schools.errors import Conflict, Refused
from schools.models import CalendarDay, Category, Regulation, School, TrustPhone, User, Vacation
from schools.schedule import period_of
from schools.services.bodies import give_bodies
from schools.services.causes import give_causes
from schools.services.first_answers import give_first_answers
from schools.starting_regulations import STARTING_REGULATIONS

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Phone:
    """A phone beside the box, as ``schools.models.TrustPhone`` keeps it."""

    names: Texts
    number: str
    hours: Texts = field(default_factory=dict)
    weekdays: Sequence[int] = ()
    answered_from: datetime.time | None = None
    answered_to: datetime.time | None = None
    on_days_off: bool = False


@transaction.atomic
def set_up_school(
    *,
    slug: str,
    names: Texts,
    country: str,
    template: str,
    by: User | None,
    languages: Sequence[str] = (),
    time_zone: str = "",
    working_week: int = 5,
    box_names: Texts | None = None,
    addresses: Texts | None = None,
    phone: str = "",
    site: str = "",
    colour: str = "",
    settings: Mapping[str, Any] | None = None,
    categories: Sequence[tuple[str, Texts]] | None = None,
    phones: Sequence[Phone] = (),
    vacations: Sequence[tuple[datetime.date, datetime.date]] = (),
    special_days: Mapping[datetime.date, bool] | None = None,
    is_demo: bool = False,
) -> School:
    """A school with its regulation, categories, phones, bodies and first answers, whole or not at all.

    ``template``: a key of ``STARTING_REGULATIONS``; ``settings``: fields of its regulation that are otherwise here;
    ``categories``: in place of the template's. Without ``languages`` and ``time_zone`` those usual in the country.
    ``by``: who sets it up; None for a command on the server.

    Raises Refused where ``by`` may add no school, Conflict where a school has this short name, and ValidationError
    with the faults by field (of the school and of its regulation).
    """
    if by is not None and not by.has_perm("schools.add_school"):
        raise Refused(_("You may not add schools."))
    if template not in STARTING_REGULATIONS:
        raise ValidationError({"template": _("Choose with which rules the school begins.")})
    if country not in COUNTRIES:
        raise ValidationError({"country": _("Choose the country.")})
    start, facts = STARTING_REGULATIONS[template], COUNTRIES[country]
    if _is_taken(slug):
        raise _taken()
    school = School(
        slug=slug,
        names=dict(names),
        country=country,
        time_zone=time_zone or facts.time_zones[0],
        languages=list(languages or facts.languages),
        working_week=working_week,
        addresses=dict(addresses or {}),
        phone=phone,
        site=site,
        colour=colour,
        is_demo=is_demo,
    )
    _save(school)
    own = {
        "holds_from": school.today(),
        "counted_from": period_of(Regulation.Year.SCHOOL, school.today())[0],
    }
    own |= {**start.settings, **(settings or {})}
    if box_names:
        own["box_names"] = dict(box_names)
    _save(Regulation(school=school, **_known(Regulation, own)))
    rows = start.categories if categories is None else categories
    if not rows:
        raise ValidationError({"categories": _("Name at least one category.")})
    for order, (category, called) in enumerate(rows):
        _save(Category(school=school, slug=category, names=dict(called), order=order))
    for order, line in enumerate(phones):
        _save(
            TrustPhone(
                **{**vars(line), "names": dict(line.names), "hours": dict(line.hours)},
                school=school,
                order=order,
            )
        )
    for first, last in vacations:
        _save(Vacation(school=school, first_day=first, last_day=last))
    for day, works in (special_days or {}).items():
        _save(CalendarDay(school=school, day=day, works=works))
    give_bodies(school=school)
    give_first_answers(school=school)
    give_causes(school=school)
    return school


def _is_taken(slug: str) -> bool:
    return School.objects.filter(slug=slug).exists()


def _taken() -> Conflict:
    return Conflict(_("There is a school with this short name already."))


def _known(model: type[models.Model], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, when the model has them all. Raises ValidationError."""
    fields = {field.name for field in model._meta.concrete_fields} - {"id", "school"}
    for name in settings:
        if name not in fields:
            fault = ValidationError(_("There is no such setting."), code="unknown")
            raise ValidationError({name: fault})
    return dict(settings)


def _save(row: models.Model) -> None:
    """Checked as its form would check it, then stored. Raises ValidationError, and Conflict where a twin came first."""
    if isinstance(row, TrustPhone):
        row.weekdays = list(row.weekdays)
    # The school is made in this very transaction: nobody else can have filled it, and each question costs.
    row.full_clean(exclude={"school"}, validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if isinstance(row, School):
            raise _taken() from None
        fault = ValidationError(_("Something is given twice here."), code="twice")
        raise ValidationError({row._meta.model_name: fault}) from None
