"""Who is told of a danger alert at which stage, and when the next ones are. Nothing is changed here."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from journal.escalations import escalation_of, whom_to_call
from journal.models import Alert
from schools.models import Membership, Regulation, School, User
from schools.selectors import may_hold_key, people_allowed, regulation_of, useful_grants

Stage = Alert.Stage
# Everybody is told again each interval this many times, and after that each morning: e-mails have to end somewhere,
# the bar on the pages does not.
ROUNDS_AT_INTERVALS = 24
MOST_ROUNDS = ROUNDS_AT_INTERVALS + 30


def people_of(alert: Alert, stage: int) -> list[User]:
    """Whom a stage adds, by id; never anybody from whom the letter is withheld.

    The named person of the region stands outside the school: nothing is withheld from them by the school's own keys.
    """
    if stage == Stage.REGION:
        called = called_at_region(alert)
        return [called] if called is not None else []
    return [person for person in _of_stage(alert, stage) if not alert.is_withheld_from(person.pk)]


def _of_stage(alert: Alert, stage: int) -> Iterable[User]:
    if stage == Stage.KEY_HOLDERS:
        return _readers(alert)
    if stage == Stage.DIRECTOR:
        return _in_role(alert.school, "director")
    named = list(
        people_allowed(alert.school, "journal.answer_alert")
        .filter(
            Exists(
                Membership.objects.filter(
                    user=OuterRef("pk"), school=alert.school, called_in_danger=True
                )
            )
        )
        .order_by("pk")
    )
    if any(not alert.is_withheld_from(person.pk) for person in named):
        return named
    return _in_role(alert.school, "deputy_director")


def called_at_region(alert: Alert) -> User | None:
    """Who of the region is called: whoever has the alert's escalation, else whoever would get it now."""
    case = escalation_of(alert)
    if case is not None and case.officer is not None:
        return case.officer
    officer = whom_to_call(alert)
    return officer.person if officer is not None else None


def last_stage_of(alert: Alert) -> int:
    """How far the alert can go now: to the region, where it has somebody to call, but never before those at the school
    had their time. Where nobody at the school may be told, nobody is waited for."""
    if called_at_region(alert) is None:
        return Stage.DIRECTOR
    if alert.rounds == 0 and any(
        people_of(alert, stage) for stage in range(Stage.KEY_HOLDERS, Stage.REGION)
    ):
        return Stage.DIRECTOR
    return Stage.REGION


def _readers(alert: Alert) -> QuerySet[User]:
    """Who holds the school's key; of a letter sealed in person its people, who read it without that key too."""
    if alert.school_key_id is None:
        people = [int(person) for person in alert.personal_keys]
        return may_hold_key(alert.school).filter(pk__in=people).order_by("pk")
    grants = useful_grants().filter(key__school=alert.school, key__retired_at__isnull=True)
    return User.objects.filter(pk__in=grants.values("holder")).order_by("pk")


def _in_role(school: School, role: str) -> QuerySet[User]:
    return User.objects.filter(
        Exists(Membership.objects.filter(user=OuterRef("pk"), school=school, role=role)),
        is_active=True,
    ).order_by("pk")


def told_so_far(alert: Alert) -> list[User]:
    """Everybody whom the alert's stage reaches, each once, in the order of the stages."""
    people: dict[int, User] = {}
    for stage in range(alert.stage + 1):
        for person in people_of(alert, stage):
            people.setdefault(person.pk, person)
    return list(people.values())


def left_alone() -> list[int]:
    """Ids of alerts that somebody answered who has left since, and that nobody has closed."""
    inside = Membership.objects.filter(user=OuterRef("answered_by"), school=OuterRef("school"))
    doubtful = Alert.objects.filter(
        ~Exists(inside) | Q(answered_by__is_active=False),
        answered_at__isnull=False,
        outcome=Alert.Outcome.OPEN,
    )
    rows = doubtful.select_related("school", "letter", "entry", "answered_by").order_by("pk")
    return [alert.pk for alert in rows if has_left(alert)]


def has_left(alert: Alert) -> bool:
    """Whether whoever answered it can deal with it no more: no role in the school, nor its case at the region."""
    person = alert.answered_by
    if not person.is_active:
        return True
    case = escalation_of(alert)
    if case is not None and case.officer_id == person.pk:
        return False
    return not Membership.objects.filter(
        user=person, school=alert.school
    ).exists() and not person.has_perm("journal.answer_alert", alert.school)


def rules_of(school: School) -> Regulation:
    """The regulation in force, or the portal's own times where the school has none yet."""
    try:
        return regulation_of(school)
    except Regulation.DoesNotExist:
        return Regulation(school=school)


def is_day(rules: Regulation, moment: datetime.datetime) -> bool:
    """Whether it is day by the school's clock. A day that begins and ends at one time never ends."""
    at = moment.astimezone(rules.school.zone).time()
    if rules.day_begins <= rules.day_ends:
        return rules.day_begins == rules.day_ends or rules.day_begins <= at < rules.day_ends
    return at >= rules.day_begins or at < rules.day_ends


def next_morning(rules: Regulation, moment: datetime.datetime) -> datetime.datetime:
    """When the school's day begins next, after a moment."""
    zone = rules.school.zone
    day = moment.astimezone(zone).date()
    begins = datetime.datetime.combine(day, rules.day_begins, tzinfo=zone)
    if begins.astimezone(datetime.UTC) <= moment:
        begins = datetime.datetime.combine(
            day + datetime.timedelta(days=1), rules.day_begins, tzinfo=zone
        )
    return begins.astimezone(datetime.UTC)


def next_round_at(
    rules: Regulation, told_at: datetime.datetime, *, rounds: int
) -> datetime.datetime | None:
    """When it is told again if nobody answers; None after the last time.

    Told by day: after the minutes by day, wherever the clock stands then. Told at night: after the minutes at night,
    or, when the day begins before that, no later than the minutes by day after its beginning.
    """
    told_at = told_at.astimezone(
        datetime.UTC
    )  # minutes that pass, whatever a clock is put to meanwhile
    if rounds >= MOST_ROUNDS:
        return None
    if rounds >= ROUNDS_AT_INTERVALS:
        return next_morning(rules, told_at)
    by_day = datetime.timedelta(minutes=rules.danger_minutes)
    if is_day(rules, told_at):
        return told_at + by_day
    at_night = datetime.timedelta(minutes=rules.danger_minutes_at_night)
    return min(told_at + at_night, next_morning(rules, told_at) + by_day)
