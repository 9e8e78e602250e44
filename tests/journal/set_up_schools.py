"""Schools made by the set-up itself, for its tests."""

from django.utils import timezone

from schools.models import School, SchoolKey
from schools.services.setting_up import set_up_school
from tests import factories
from tests.factories import Person


def make(slug: str = "school-12", **facts: object) -> School:
    return set_up_school(
        **{
            "slug": slug,
            "names": {"kk": "Мектеп", "ru": "Школа"},
            "country": "KZ",
            "template": "weekly-psychologist",
            "by": None,
            **facts,
        }
    )


def keepers(school: School) -> list[Person]:
    """Both who keep the key by the regulation; the first makes it."""
    people = [factories.make_person(school, role) for role in ("psychologist", "social_pedagogue")]
    factories.give_key(school, to=people[0])
    return people


def print_sheet(school: School) -> None:
    SchoolKey.objects.filter(school=school).update(sheet_printed_at=timezone.now())
