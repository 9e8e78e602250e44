"""An oblast with two parts and schools in them, and who looks at it; counts are written down as they are wanted."""

import datetime
from typing import Any

from journal.models import Alert, Entry, Standing, Tally
from schools.models import RegionMembership, School
from tests.factories import (
    Person,
    make_person,
    make_region,
    make_school,
    registered_entry,
    send_letter,
)

# Months over by NOW: September and October of a school year.
NOW = datetime.datetime(2026, 11, 20, 6, tzinfo=datetime.UTC)
SEPTEMBER, OCTOBER = datetime.date(2026, 9, 1), datetime.date(2026, 10, 1)


class Oblast:
    """«north» with parts «east» and «west», and «south» beside it."""

    def __init__(self) -> None:
        self.north, self.south = (_region(slug) for slug in ("north", "south"))
        self.east, self.west = (_region(slug, parent=self.north) for slug in ("east", "west"))
        self.schools: dict[str, School] = {}

    def school(self, slug: str, region: Any, letters: int = 0, **kinds: int) -> School:
        """A school with so many letters in September, and other counts there."""
        made = make_school(
            slug,
            names={"kk": f"{slug} мектебі", "ru": f"Школа {slug}", "en": f"School {slug}"},
            school_fields={"region": region},
        )
        rows = {"letters": letters, **kinds}
        Tally.objects.bulk_create(
            Tally(school=made, month=SEPTEMBER, kind=kind, number=number)
            for kind, number in rows.items()
            if number
        )
        Standing.objects.create(school=made, last_step_on=NOW.date())
        self.schools[slug] = made
        return made

    def analyst(self, region: Any, **fields: Any) -> Person:
        person = make_person(None, None, username=f"analyst.{region.slug}", **fields)
        RegionMembership.objects.create(user=person.user, region=region)
        return person


def _region(slug: str, **fields: Any) -> Any:
    names = {"kk": f"{slug} облысы", "ru": f"{slug} область", "en": f"Region {slug}"}
    return make_region(slug, names=names, **fields)


def overdue_entries(school: School, count: int) -> None:
    """So many letters whose reply is overdue."""
    keeper = make_person(school, "psychologist", with_key=True)
    for _place in range(count):
        entry = registered_entry(school, by=keeper)
        Entry.objects.filter(pk=entry.pk).update(due_on=datetime.date(2026, 11, 1))


def crying(school: School, count: int) -> list[Alert]:
    """So many alerts that nobody has answered."""
    make_person(school, "psychologist", with_key=True, username=f"keeper.{school.slug}")
    return [send_letter(school, danger=True).alerts.get() for _place in range(count)]
