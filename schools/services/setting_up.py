"""Making schools: the one way, for the staff pages, for ``manage.py add_school`` and for the demonstration."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from schools.countries import COUNTRIES
from schools.errors import Conflict, Refused
from schools.models import (
    CalendarDay,
    Category,
    Region,
    Regulation,
    School,
    TrustPhone,
    User,
    Vacation,
)
from schools.schedule import period_of
from schools.services.bodies import bodies_of, usual_bodies
from schools.services.causes import causes_of, usual_causes
from schools.services.first_answers import answers_of, usual_answers
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


@dataclass(frozen=True, kw_only=True)
class NewSchool:
    """A school to be made.

    ``template``: a key of ``STARTING_REGULATIONS``; ``settings``: fields of its regulation that are otherwise here;
    ``categories``: in place of the template's. Without ``languages`` and ``time_zone`` those usual in the country.
    ``host``: its own name on the web.
    """

    slug: str
    names: Texts
    country: str
    template: str
    languages: Sequence[str] = ()
    time_zone: str = ""
    working_week: int = 5
    box_names: Texts | None = None
    addresses: Texts | None = None
    phone: str = ""
    site: str = ""
    colour: str = ""
    region: Region | None = None
    host: str = ""
    settings: Mapping[str, Any] | None = None
    categories: Sequence[tuple[str, Texts]] | None = None
    phones: Sequence[Phone] = ()
    vacations: Sequence[tuple[datetime.date, datetime.date]] = ()
    special_days: Mapping[datetime.date, bool] | None = None
    is_demo: bool = False


class SchoolFault(ValidationError):
    """What is wrong with one of several schools: by field, and the school's ``place`` in the list, from 0."""

    def __init__(self, fault: ValidationError, place: int) -> None:
        super().__init__(fault.error_dict)
        self.place = place


def set_up_school(*, by: User | None, **facts: Any) -> School:
    """A school with its regulation, categories, phones, bodies and first answers, whole or not at all.

    ``facts``: those of ``NewSchool``. ``by``: who sets it up; None for a command on the server.

    Raises Refused where ``by`` may add no school, Conflict where a school has this short name, and ValidationError
    with the faults by field (of the school and of its regulation).
    """
    return set_up_schools(schools=[NewSchool(**facts)], by=by)[0]


@transaction.atomic
def set_up_schools(*, schools: Sequence[NewSchool], by: User | None) -> list[School]:
    """Schools as ``set_up_school`` makes one, all of them or none; a few questions to the database for hundreds.

    Raises what that raises; a fault of one of them is a SchoolFault.
    """
    if by is not None and not by.has_perm("schools.add_school"):
        raise Refused(_("You may not add schools."))
    if _taken_of([new.slug for new in schools]):
        raise _taken()
    start = Start()
    whole = []
    for place, new in enumerate(schools):
        try:
            whole.append(start.whole(new))
        except ValidationError as fault:
            raise SchoolFault(fault, place) from None
    _store([one.school for one in whole])
    for rows in zip(*(one.parts for one in whole), strict=True):
        _store([row for several in rows for row in several])
    return [one.school for one in whole]


@dataclass(frozen=True)
class Whole:
    """A school and its rows, by model and checked, before anything is stored."""

    school: School
    parts: tuple[list[models.Model], ...]


class Start:
    """What schools begin with, in every language: put together once, however many begin with it."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[dict[str, Any], list[tuple[str, Texts]]]] = {}
        self._bodies: dict[str, list[tuple[str, Texts]]] = {}
        self._answers = usual_answers()
        self._causes = usual_causes()

    def whole(self, new: NewSchool) -> Whole:
        """The rows of a school. Raises ValidationError with the faults by field."""
        if new.template not in STARTING_REGULATIONS:
            raise ValidationError({"template": _("Choose with which rules the school begins.")})
        if new.country not in COUNTRIES:
            raise ValidationError({"country": _("Choose the country.")})
        facts = COUNTRIES[new.country]
        if new.template not in self._rules:
            template = STARTING_REGULATIONS[new.template]
            self._rules[new.template] = (template.settings, template.categories)
        if new.country not in self._bodies:
            self._bodies[new.country] = usual_bodies(new.country)
        rules, subjects = self._rules[new.template]
        school = School(
            slug=new.slug,
            names=dict(new.names),
            country=new.country,
            time_zone=new.time_zone or facts.time_zones[0],
            languages=list(new.languages or facts.languages),
            working_week=new.working_week,
            addresses=dict(new.addresses or {}),
            phone=new.phone,
            site=new.site,
            colour=new.colour,
            region=new.region,
            host=new.host or None,
            is_demo=new.is_demo,
        )
        _check(school)
        own = {
            "holds_from": school.today(),
            "counted_from": period_of(Regulation.Year.SCHOOL, school.today())[0],
        }
        own |= {**rules, **(new.settings or {})}
        if new.box_names:
            own["box_names"] = dict(new.box_names)
        subjects = subjects if new.categories is None else new.categories
        if not subjects:
            raise ValidationError({"categories": _("Name at least one category.")})
        return Whole(
            school,
            (
                _checked([Regulation(school=school, **_known(Regulation, own))]),
                _checked(
                    Category(school=school, slug=slug, names=dict(called), order=order)
                    for order, (slug, called) in enumerate(subjects)
                ),
                _checked(
                    TrustPhone(
                        **{
                            **vars(line),
                            "names": dict(line.names),
                            "hours": dict(line.hours),
                            "weekdays": list(line.weekdays),
                        },
                        school=school,
                        order=order,
                    )
                    for order, line in enumerate(new.phones)
                ),
                _checked(
                    Vacation(school=school, first_day=first, last_day=last)
                    for first, last in new.vacations
                ),
                _checked(
                    CalendarDay(school=school, day=day, works=works)
                    for day, works in (new.special_days or {}).items()
                ),
                bodies_of(school=school, usual=self._bodies[new.country]),
                answers_of(school=school, usual=self._answers),
                causes_of(school=school, usual=self._causes),
            ),
        )


def _taken_of(slugs: Sequence[str]) -> bool:
    """Whether a school has one of these short names, or two of them would."""
    return len(set(slugs)) < len(slugs) or School.objects.filter(slug__in=slugs).exists()


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


def _checked(rows: Iterable[models.Model]) -> list[models.Model]:
    found = list(rows)
    for row in found:
        _check(row)
    return found


def _check(row: models.Model) -> None:
    """Checked as its form would check it. Raises ValidationError."""
    # The school is made in this very transaction: nobody else can have filled it, and each question costs.
    row.full_clean(exclude={"school", "region"}, validate_unique=False, validate_constraints=False)


def _store(rows: Sequence[models.Model]) -> None:
    """Rows of one model. Raises ValidationError where two are twins, Conflict where a school's twin came first."""
    if not rows:
        return
    model = type(rows[0])
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(rows)
    except IntegrityError:
        if model is School:
            raise _taken() from None
        fault = ValidationError(_("Something is given twice here."), code="twice")
        raise ValidationError({model._meta.model_name: fault}) from None
