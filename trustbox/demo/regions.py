"""Two invented regions with their districts, one in each country, with an analyst and a named person of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from journal.models import Alert
from journal.services.alerting import escalate_due
from schools.models import Region, RegionMembership, School, User
from schools.services.signing_in import open_pair
from trustbox.demo.letters import Story
from trustbox.demo.loading import send
from trustbox.demo.texts import Texts, texts


@dataclass(frozen=True)
class Invented:
    """A region: its short name, what it is called, and its named person."""

    slug: str
    names: Texts
    officer: str


# By the country of the schools.
REGIONS = {
    "KZ": Invented(
        "akzhol",
        texts("Ақжол облысы", "Акжолская область", "Акжол облусу", "Akzhol Region"),
        "Омарова Айша Серікқызы",
    ),
    "KG": Invented(
        "akbulak",
        texts("Ақбұлақ облысы", "Акбулакская область", "Акбулак облусу", "Akbulak Region"),
        "Бекташов Нурлан Эркинович",
    ),
}
DISTRICTS = 10
# The school where nobody answers a cry for help, and what was written.
UNANSWERED = "sport-college"
CRY = Story(
    text="Жатақханада жоғары курстағылар түнде бөлмемізге кіріп, бізді ұрады. Айтсаңдар, жаман болады дейді. "
    "Бүгін түнде тағы келе ме деп қорқамын.",
    summary="",
    measures="",
    outcome="",
    class_group="1 курс",
    danger=True,
)


def analysts() -> list[str]:
    """Names of the accounts that see the figures of a region."""
    return [f"analyst.{region.slug}" for region in REGIONS.values()]


def named_people() -> list[str]:
    """Names of the accounts that what nobody at a school answers reaches."""
    return [f"named.{region.slug}" for region in REGIONS.values()]


@transaction.atomic
def add_regions(password: str) -> None:
    """The regions, as far as they are not there yet; with each new one its analyst and its named person."""
    for region in REGIONS.values():
        whole, is_new = Region.objects.get_or_create(
            slug=region.slug, defaults={"names": region.names}
        )
        for number in range(1, DISTRICTS + 1):
            Region.objects.get_or_create(
                slug=_district(region.slug, number),
                defaults={
                    "parent": whole,
                    "names": texts(
                        f"№ {number} аудан",
                        f"Район № {number}",
                        f"№ {number} район",
                        f"District No. {number}",
                    ),
                },
            )
        if is_new:
            _add_people(whole, region, password)


def _add_people(whole: Region, region: Invented, password: str) -> None:
    analyst = User.objects.create_user(
        f"analyst.{region.slug}",
        password,
        full_name=f"Аналитик: {region.names['ru']}",
        language="ru",
    )
    RegionMembership.objects.create(user=analyst, region=whole)
    officer = User.objects.create_user(
        f"named.{region.slug}", password, full_name=region.officer, language="ru"
    )
    open_pair(user=officer, password=password)
    whole.officer = officer
    whole.save(update_fields=["officer"])


def _district(slug: str, number: int) -> str:
    return f"{slug}-{number:02d}"


def district_of(country: str, number: int) -> Region:
    """One of the districts of the region of a country, whatever the number."""
    return Region.objects.get(slug=_district(REGIONS[country].slug, 1 + number % DISTRICTS))


def place_schools(schools: Iterable[School]) -> None:
    """Each school into a district of its country's region; from one of them a cry for help comes to the region."""
    for number, school in enumerate(schools):
        school.region = district_of(school.country, number)
        school.save(update_fields=["region"])
        if school.slug == UNANSWERED:
            _cry(school)


@transaction.atomic
def _cry(school: School) -> None:
    """A letter that tells of danger, which nobody at the school answers until it is the named person's."""
    send(school, CRY, school.main_language)
    alerts = Alert.objects.filter(school=school, answered_at=None)
    # The time that the school has is over at once: whoever looks at a demonstration does not wait for it.
    alerts.update(next_stage_at=timezone.now())
    escalate_due()
    # Nobody is called again and again for invented ones.
    alerts.update(next_stage_at=None)
