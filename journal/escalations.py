"""What is read of what reached the named people of regions, and of the spare keys kept for them.

Whether somebody may open it is decided here alone: it is the escalation's own officer, and nobody else.
"""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from box.models import Attachment, Letter, Message
from journal.models import Alert, Entry, Escalation, SpareKey
from schools.models import Sealed, User
from schools.models.sealed import is_sealed_to_pair
from schools.region_officers import Officer, officers_of

# How a spare key names the row that it opens.
PLACES: dict[type[Sealed], str] = {
    Letter: "letter",
    Message: "message",
    Attachment: "attachment",
    Entry: "entry",
}
MOST_IN_BAR = 50


def escalations_for(user: User) -> QuerySet[Escalation]:
    """What has reached this person for their region: what is open, then what was closed last; of one kind the newest
    first. Of nobody else, whatever their role."""
    return (
        Escalation.objects.filter(officer=user)
        .select_related("school", "officer", "letter", "entry__volume")
        .order_by(F("closed_at").desc(nulls_first=True), "-reached_hour", "-pk")
    )


def waiting_at_region(user: User) -> list[Escalation]:
    """What the person has not taken in hand yet, oldest first."""
    waiting = escalations_for(user).filter(taken_at=None, closed_at=None)
    return list(waiting.order_by("pk")[:MOST_IN_BAR])


def to_hand_over(user: User) -> list[Escalation]:
    """Where something is sealed to this person that is somebody else's by now, who cannot open it; oldest first.

    Three queries however much it is.
    """
    given = SpareKey.objects.filter(officer=user, escalation__isnull=False)
    rows = (
        Escalation.objects.filter(
            Escalation.LASTS, Q(former_officer=user) | Q(pk__in=given.values("escalation"))
        )
        .exclude(officer=user)
        .exclude(officer=None)
        .select_related("school", "officer", "letter", "entry")
        .prefetch_related("keys")
        .order_by("pk")
    )
    return [case for case in rows if _opened_to(case, user) - _opened_to(case, case.officer)]


def is_open_to(escalation: Escalation, person: User) -> bool:
    """Whether any of the words that brought it to the region are sealed to this person, with the pair they have now."""
    return any(place != "attachment" for place, _pk in _opened_to(escalation, person))


def _opened_to(escalation: Escalation, person: User) -> set[tuple[str, int]]:
    """Which rows are sealed to this person with the pair they have now; of a letter that is with the region it stands
    for all that belongs to it."""
    if not person.has_pair:
        return set()
    public, letter = bytes(person.public_key), escalation.letter
    found = {
        place_of(key)
        for key in escalation.keys.all()
        if key.officer_id == person.pk and is_sealed_to_pair(key.sealed, public)
    }
    if letter is not None and letter.is_sealed_to(person.pk, public):
        found.add(("letter", letter.pk))
    return found


def place_of(key: SpareKey) -> tuple[str, int]:
    """Which row a spare key opens: what it calls it, and its id."""
    return next(
        (place, pk) for place in PLACES.values() if (pk := getattr(key, f"{place}_id")) is not None
    )


def escalation_of(alert: Alert) -> Escalation | None:
    """What has reached the region of the alert's letter, or of the call that it marks."""
    of = {"letter": alert.letter_id} if alert.letter_id is not None else {"entry": alert.entry_id}
    return Escalation.objects.filter(**of).select_related("officer").first()


def alerts_at_region(escalation: Escalation) -> QuerySet[Alert]:
    """The alerts of its letter or call that came as far as the region, oldest first."""
    of = Q(letter=escalation.letter_id) if escalation.letter_id else Q(entry=escalation.entry_id)
    return (
        Alert.objects.filter(of, stage=Alert.Stage.REGION)
        .select_related("school", "letter", "message", "entry", "answered_by")
        .order_by("pk")
    )


def rows_of(alert: Alert) -> Q:
    """The spare keys of the words that raised the alert: with their files, and of nothing else ever written."""
    if alert.message_id is not None:
        return Q(message=alert.message_id) | Q(attachment__message=alert.message_id)
    if alert.letter_id is not None:
        return Q(letter=alert.letter_id) | Q(
            attachment__letter=alert.letter_id, attachment__message=None
        )
    return Q(entry=alert.entry_id)


def waiting_keys(alert: Alert) -> QuerySet[SpareKey]:
    """Those kept for the alert and not given to anybody."""
    return SpareKey.objects.filter(rows_of(alert), escalation=None)


def whom_to_call(alert: Alert) -> Officer | None:
    """Of those who may be called for the school: the first whose spare key opens the words with the pair they have
    now; else the first with a pair; else the first."""
    officers = officers_of(alert.school)
    if not officers:
        return None
    sealed = {key.officer_id: key.sealed for key in waiting_keys(alert).filter(attachment=None)}
    if alert.letter is not None:
        sealed |= {int(person): kept for person, kept in alert.letter.personal_keys.items()}
    for officer in officers:
        kept = sealed.get(officer.person.pk, "")
        if officer.has_pair and is_sealed_to_pair(kept, bytes(officer.person.public_key)):
            return officer
    return next((officer for officer in officers if officer.has_pair), officers[0])


def lend(rows: Iterable[Sealed], *, escalation: Escalation, person: User) -> None:
    """Let the escalation's officer open those of the rows whose keys were given, with their own pair: in memory alone.

    To anybody else nothing is lent. The rows must not be saved.
    """
    if escalation.officer_id != person.pk:
        return
    by_place: dict[str, dict[int, Sealed]] = {}
    for row in rows:
        by_place.setdefault(PLACES[type(row)], {})[row.pk] = row
    for key in SpareKey.objects.filter(escalation=escalation, officer=person):
        for place, found in by_place.items():
            row = found.get(getattr(key, f"{place}_id"))
            if row is not None:
                row.school_key = None
                row.sealed_key = b""
                row.personal_keys = {str(person.pk): key.sealed}
