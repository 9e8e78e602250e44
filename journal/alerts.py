"""What is read of danger alerts, narrowed to the schools of whoever asks and to what is not withheld from them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from box.models import Letter, Message
from journal.alert_stages import people_of, told_so_far
from journal.models import Alert, Entry, TakenLetter
from schools.models import Mail, School, User
from schools.models.sealed import not_withheld_from
from schools.selectors import narrowed

MOST_IN_BAR = 50


def alerts_for(user: User, permission: str = "journal.view_alert") -> QuerySet[Alert]:
    """Alerts of the person's schools, newest first; none of a letter that is withheld from them."""
    return narrowed(
        Alert.objects.filter(not_withheld_from(user.pk)).select_related("school", "answered_by"),
        user=user,
        permission=permission,
    )


def unanswered_for(user: User) -> list[Alert]:
    """What nobody has answered yet, oldest first: one query, and none for whom it does not concern."""
    if not user.schools_allowing("journal.view_alert"):
        return []
    return list(
        alerts_for(user)
        .select_related(None)
        .select_related("school")
        .filter(answered_at__isnull=True)
        .order_by("pk")[: MOST_IN_BAR + 1]
    )


def in_hand_of(schools: Iterable[School], user: User) -> dict[int, list[Alert]]:
    """By school: alerts that somebody has answered and nobody has closed, in one query."""
    found: dict[int, list[Alert]] = {}
    alerts = alerts_for(user).filter(
        school__in=[school.pk for school in schools],
        answered_at__isnull=False,
        outcome=Alert.Outcome.OPEN,
    )
    for alert in alerts.order_by("pk")[:MOST_IN_BAR]:
        found.setdefault(alert.school_id, []).append(alert)
    return found


def closed_since(
    schools: Iterable[School], user: User, since: datetime.datetime
) -> dict[int, dict[str, int]]:
    """By school: how many alerts raised since were acted upon (``helped``) and how many were ``false_alarm``."""
    rows = (
        alerts_for(user)
        .select_related(None)
        .filter(school__in=[school.pk for school in schools], raised_at__gte=since)
        .exclude(outcome=Alert.Outcome.OPEN)
        .order_by()
        .values("school_id")
        .annotate(
            helped=Count("pk", filter=Q(outcome=Alert.Outcome.HELPED)),
            false_alarm=Count("pk", filter=Q(outcome=Alert.Outcome.FALSE_ALARM)),
        )
    )
    return {row["school_id"]: row for row in rows}


def crying_letters(school: School, user: User) -> QuerySet[Letter]:
    """Letters in the box that say, or to which their author has added, that somebody is in danger."""
    return Letter.objects.filter(
        not_withheld_from(user.pk), school=school, state=Letter.State.IN_BOX
    ).filter(Q(danger=True) | Q(messages__danger=True, messages__kind=Message.Kind.FROM_AUTHOR))


@dataclass(frozen=True)
class WhereItLies:
    """Where the words of an alert are to be read now: in the box, taken out, or in the journal."""

    in_box: bool = False
    taken: TakenLetter | None = None
    entry: Entry | None = None


def where_it_lies(alert: Alert) -> WhereItLies:
    """Of the alert's letter, or the entry that the staff marked."""
    if alert.entry_id is not None:
        return WhereItLies(entry=alert.entry)
    entry = Entry.objects.filter(letter=alert.letter_id).first()
    if entry is not None:
        return WhereItLies(entry=entry)
    taken = TakenLetter.objects.filter(letter=alert.letter_id).select_related("opening").first()
    return WhereItLies(in_box=taken is None, taken=taken)


def who_can_open(alert: Alert) -> list[User]:
    """Who reads it now, by name: holds the key, or is one of the people to whom it is sealed in person."""
    readers = people_of(alert, Alert.Stage.KEY_HOLDERS)
    return sorted(readers, key=lambda person: (person.full_name, person.pk))


def alerts_of(entry: Entry) -> QuerySet[Alert]:
    """Every alert of an entry: marked by the staff, of its letter, and of what the author wrote later."""
    return (
        Alert.objects.filter(Q(entry=entry) | Q(letter=entry.letter_id, letter__isnull=False))
        .select_related("answered_by", "school")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Told:
    """Somebody whom an alert has reached so far, or not: the state of their newest e-mail, None without any."""

    person: User
    mail: Mail | None


def told_of(alert: Alert) -> list[Told]:
    """Everybody of the stages so far, with the newest e-mail to each."""
    people = told_so_far(alert)
    mails = Mail.objects.filter(
        person__in=people, kind=Mail.Kind.DANGER, occasion__startswith=f"danger:{alert.pk}:"
    )
    newest = {mail.person_id: mail for mail in mails.order_by("pk")}
    return [Told(person=person, mail=newest.get(person.pk)) for person in people]
