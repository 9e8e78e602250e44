"""Spare keys for the named person of a region: kept when a cry for help is sealed, given when nobody at the school
answers, thrown away when somebody does.

A content key is known only while its row is being sealed. Whoever is to be able to open it an hour later, without
anybody's help, must have it sealed to them in that moment. Until it is given, no page of theirs asks for it.
"""

import logging
from collections.abc import Iterable

from django.db import transaction

from box.models import Letter, Message
from journal.escalations import PLACES, place_of, waiting_keys
from journal.models import Alert, Escalation, SpareKey
from schools.models import Sealed, User
from schools.models.sealed import is_sealed_to_pair, sealed_for_one
from schools.region_officers import officers_of
from vault.errors import NotForThisKey
from vault.keyring import Keyring

log = logging.getLogger(__name__)

# A row, and the content key it was sealed with a moment ago.
Fresh = tuple[Sealed, bytes]


def _of(row: Sealed, person: User, key: bytes, escalation: Escalation | None) -> SpareKey:
    return SpareKey(
        officer=person,
        escalation=escalation,
        sealed=sealed_for_one(key, bytes(person.public_key)),
        **{PLACES[type(row)]: row},
    )


def keep(*, fresh: Iterable[Fresh], letter: Letter | None = None, danger: bool = True) -> None:
    """Keep the keys of rows that were just sealed and saved, in the caller's transaction.

    Those that say danger: for everybody who may be called for the school. Those of the conversation of a ``letter``
    that has been given to somebody already: for that person, who reads it until they have finished with it.
    """
    rows = list(fresh)
    # What lies with the region is sealed to its person already.
    if not rows or (letter is not None and letter.state == Letter.State.AT_REGION):
        return
    made: list[SpareKey] = []
    reader = None
    if letter is not None:
        case = (
            Escalation.objects.filter(letter=letter, closed_at=None)
            .select_related("officer")
            .first()
        )
        person = case.officer if case is not None else None
        if person is not None and person.is_active and person.has_pair:
            reader = person
            made += [_of(row, reader, key, case) for row, key in rows]
    if danger:
        school = rows[0][0].school if letter is None else letter.school
        waiting = [
            officer.person
            for officer in officers_of(school)
            if officer.has_pair and officer.person != reader
        ]
        made += [_of(row, person, key, None) for person in waiting for row, key in rows]
    SpareKey.objects.bulk_create(made)


def keep_or_log(*, fresh: Iterable[Fresh]) -> None:
    """As ``keep``; what was sealed is stored also where this fails."""
    try:
        with transaction.atomic():
            keep(fresh=fresh)
    except Exception:
        log.exception("No spare key was kept for the region.")


def keep_of_letter(
    *, letter: Letter, fresh: Iterable[Fresh], message: Message | None = None
) -> None:
    """What the box calls when it has sealed a letter that says danger, or a message of any letter."""
    keep(fresh=fresh, letter=letter, danger=letter.danger if message is None else message.danger)


def give(*, alert: Alert, escalation: Escalation) -> None:
    """Nobody at the school has answered: the words that raised the alert open to whoever is the escalation's officer.

    The keys of others who could have been called join it: they read nothing by them, but can hand them over.
    """
    waiting_keys(alert).update(escalation=escalation)


def throw_away(*, alert: Alert) -> None:
    """Somebody at the school has answered: what was kept for this alert and not given opens to nobody any more."""
    waiting_keys(alert).delete()


def hand_over(*, escalation: Escalation, to: User, keyring: Keyring) -> int:
    """Seal what the holder of the keyring has of the escalation to somebody else, and leave them nothing; how many.

    What their pair does not open stays closed to both.
    """
    mine = SpareKey.objects.select_for_update().filter(
        escalation=escalation, officer=keyring.person_id
    )
    opened = [(key, _opened(key.sealed, keyring)) for key in mine]
    theirs = SpareKey.objects.filter(escalation=escalation, officer=to)
    # One that is sealed to a pair they have no more opens nothing to them.
    there = {place_of(key) for key in theirs if is_sealed_to_pair(key.sealed, bytes(to.public_key))}
    new = [
        SpareKey(
            officer=to,
            escalation=escalation,
            sealed=sealed_for_one(content_key, bytes(to.public_key)),
            **{f"{place}_id": pk for place, pk in [place_of(key)]},
        )
        for key, content_key in opened
        if content_key is not None and place_of(key) not in there
    ]
    # Kept for the other as well, in case they were called themselves, or of a former pair: this one takes its place.
    for key in new:
        place, pk = place_of(key)
        SpareKey.objects.filter(officer=to, **{place: pk}).delete()
    SpareKey.objects.bulk_create(new)
    SpareKey.objects.filter(
        pk__in=[key.pk for key, content_key in opened if content_key is not None]
    ).delete()
    return len(new)


def _opened(sealed: str, keyring: Keyring) -> bytes | None:
    row = Escalation(personal_keys={str(keyring.person_id): sealed})
    try:
        return row.content_key(keyring)
    except NotForThisKey:
        return None
