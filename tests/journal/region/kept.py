"""A letter that went to the region's named person alone, with everything that can hang on one, closed long ago."""

from box.services import messaging
from journal.models import Escalation
from journal.services import escalating, keeping_cases
from tests import factories
from tests.box.files.samples import picture
from tests.journal.region.regional import EVERYBODY, Regional

# Each stands in another table; none may be found after it is destroyed.
SECRETS = {
    "text": "Zebrafalter for the region alone",
    "full_name": "Zebrafink Namensson",
    "phone": "+77771234567",
    "to_author": "Zebravogel was told by the region",
    "from_author": "Zebrafisch wrote back to the region",
    "note": "Zebrakuh is how it ended",
    "held": "Zebragericht asked for it",
    "released": "Zebragericht has judged",
}


def letter_for_region(place: Regional, **facts: object) -> Escalation:
    """A plain letter about everybody who holds the key; the case that it began."""
    letter = factories.send_letter(
        place.school, **{"text": SECRETS["text"], "about": EVERYBODY, **facts}
    )
    return Escalation.objects.get(letter=letter)


def closed_case(place: Regional, **facts: object) -> Escalation:
    """The same, taken in hand and closed with a note."""
    case, officer = letter_for_region(place, **facts), place.officer.fresh()
    escalating.take(escalation=case, by=officer)
    return close(case, place)


def close(case: Escalation, place: Regional) -> Escalation:
    """It is over, says the officer."""
    return escalating.close(
        escalation=case,
        outcome="helped",
        note=SECRETS["note"],
        by=place.officer.fresh(),
        keyring=place.officer.keyring(),
    )


def rich_case(place: Regional, *, code: str) -> Escalation:
    """A signed cry for help with files, both sides' messages, a note, and a hold that came and ended."""
    case = letter_for_region(
        place,
        code=code,
        danger=True,
        signed=True,
        identity={"full_name": SECRETS["full_name"], "phone": SECRETS["phone"]},
        files=[picture("JPEG")],
    )
    officer = place.officer.fresh()
    escalating.take(escalation=case, by=officer)
    escalating.write_to_author(escalation=case, text=SECRETS["to_author"], by=officer)
    messaging.write_back(
        letter=case.letter, text=SECRETS["from_author"], danger=False, form_hash=bytes(32)
    )
    case = close(case, place)
    keeping_cases.hold_case(escalation=case, reason=SECRETS["held"], by=officer)
    return keeping_cases.release_case(escalation=case, reason=SECRETS["released"], by=officer)
