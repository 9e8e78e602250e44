"""A school in a part of a region, with somebody to call in the part and in the whole, and time that passes."""

from dataclasses import dataclass

from box.models import Letter
from journal.escalations import lend
from journal.models import Alert, Escalation
from journal.services import alerting
from schools.models import Region
from tests import factories
from tests.factories import Person
from tests.journal.danger.school import Staffed, staffed_school

WORDS = "He waits for me behind the gym every day and says he will kill me."
EVERYBODY = ("psychologist", "social_pedagogue")


@dataclass(frozen=True)
class Regional:
    """The school with its people, the part and the whole of its region, and the named person of each."""

    staffed: Staffed
    part: Region
    whole: Region
    officer: Person
    chief: Person

    @property
    def school(self) -> object:
        """The school itself."""
        return self.staffed.school


def officer_of(region: Region, name: str, **fields: object) -> Person:
    """Somebody with an address and a pair becomes the region's named person."""
    person = factories.make_person(
        None, None, username=name, **{"email": f"{name}@example.org", **fields}
    )
    Region.objects.filter(pk=region.pk).update(officer=person.user)
    return person


def regional_school(slug: str = "school-1", **facts: object) -> Regional:
    """Everybody has an address."""
    staffed = staffed_school(slug, **facts)
    whole = factories.make_region(f"oblast-of-{slug}")
    part = factories.make_region(f"district-of-{slug}", parent=whole)
    staffed.school.region = part
    staffed.school.save(update_fields=["region"])
    return Regional(
        staffed=staffed,
        part=part,
        whole=whole,
        officer=officer_of(part, f"officer.{slug}"),
        chief=officer_of(whole, f"chief.{slug}"),
    )


def cry(place: Regional, **facts: object) -> Letter:
    """A letter that says danger."""
    return factories.send_letter(place.school, **{"text": WORDS, "danger": True, **facts})


def nobody_answers(alert: Alert) -> Alert:
    """Every time of waiting passes, until the region is called."""
    for _round in range(4):
        alert.refresh_from_db()
        if alert.stage == Alert.Stage.REGION or alert.next_stage_at is None:
            break
        alerting.escalate_due(alert.next_stage_at)
    alert.refresh_from_db()
    return alert


def reads(person: Person, case: Escalation) -> str | None:
    """The letter's words as the person can read them by all that was given to them; None: closed."""
    letter = Letter.objects.get(pk=case.letter_id)
    lend([letter], escalation=case, person=person.fresh())
    return (letter.read_or_none(person.keyring()) or {}).get("text")
