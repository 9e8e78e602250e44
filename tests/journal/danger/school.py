"""A school in which somebody of every stage can be told, and what became of an alert."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from journal.models import Alert, Trail
from journal.services import alerting
from schools.models import Mail, Membership, School
from tests import factories
from tests.factories import Person

ALERT_STEPS = ("alert_raised", "alert_sent", "alert_answered", "alert_closed")


@dataclass(frozen=True)
class Staffed:
    """The school and its people: two hold the key, a deputy and the director hold none."""

    school: School
    holder: Person
    second: Person
    deputy: Person
    director: Person

    def names(self, people: list[str]) -> set[str]:
        """``["holder", "director"]`` as user names."""
        return {getattr(self, name).user.username for name in people}


def staffed_school(slug: str = "school-1", **facts: object) -> Staffed:
    """Everybody has an address."""
    school = factories.make_school(slug, **facts)

    def person(role: str, *, with_key: bool = False) -> Person:
        return factories.make_person(
            school, role, with_key=with_key, email=f"{role}.{slug}@example.org"
        )

    return Staffed(
        school=school,
        holder=person("psychologist", with_key=True),
        second=person("social_pedagogue", with_key=True),
        deputy=person("deputy_director"),
        director=person("director"),
    )


def told(alert: Alert, *, round: int | None = None) -> set[str]:
    """User names of those to whom an e-mail about the alert was put down, in a round or at all."""
    start = f"danger:{alert.pk}:" + (f"{round}:" if round is not None else "")
    mails = Mail.objects.filter(kind=Mail.Kind.DANGER, occasion__startswith=start)
    return set(mails.values_list("person__username", flat=True))


def rows(alert: Alert) -> list[tuple[str, dict[str, object]]]:
    """Step and facts of the alert's rows of the trail, without its number."""
    found = Trail.objects.filter(step__in=ALERT_STEPS, facts__alert=str(alert.uid)).order_by(
        "position"
    )
    return [
        (row.step, {name: fact for name, fact in row.facts.items() if name != "alert"})
        for row in found
    ]


def wait_over(alert: Alert) -> None:
    """Nobody has answered in time: what is due is done at exactly that moment."""
    alert.refresh_from_db()
    alerting.escalate_due(alert.next_stage_at)
    alert.refresh_from_db()


def call_in_danger(person: Person) -> None:
    """The school names the person for alerts that nobody answers."""
    Membership.objects.filter(user=person.user).update(called_in_danger=True)


def hour(moment: datetime.datetime | None = None) -> datetime.datetime:
    """The hour of a moment, of now without one."""
    return (moment or timezone.now()).replace(minute=0, second=0, microsecond=0)
