"""Two invented regions with their districts, one in each country, and an analyst of each."""

from collections.abc import Iterable

from django.db import transaction

from schools.models import Region, RegionMembership, School, User
from trustbox.demo.texts import texts

# The country of the schools → short name of the region, and what it is called.
REGIONS = {
    "KZ": (
        "akzhol",
        texts("Ақжол облысы", "Акжолская область", "Акжол облусу", "Akzhol Region"),
    ),
    "KG": (
        "akbulak",
        texts("Ақбұлақ облысы", "Акбулакская область", "Акбулак облусу", "Akbulak Region"),
    ),
}
DISTRICTS = 10


def analysts() -> Iterable[str]:
    """Names of the accounts that see the figures of a region."""
    return [f"analyst.{slug}" for slug, _names in REGIONS.values()]


@transaction.atomic
def add_regions(password: str) -> None:
    """The regions, as far as they are not there yet; with each new one its analyst."""
    for slug, names in REGIONS.values():
        whole, is_new = Region.objects.get_or_create(slug=slug, defaults={"names": names})
        for number in range(1, DISTRICTS + 1):
            Region.objects.get_or_create(
                slug=_district(slug, number),
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
            analyst = User.objects.create_user(
                f"analyst.{slug}", password, full_name=f"Аналитик: {names['ru']}", language="ru"
            )
            RegionMembership.objects.create(user=analyst, region=whole)


def _district(slug: str, number: int) -> str:
    return f"{slug}-{number:02d}"


def district_of(country: str, number: int) -> Region:
    """One of the districts of the region of a country, whatever the number."""
    slug, _names = REGIONS[country]
    return Region.objects.get(slug=_district(slug, 1 + number % DISTRICTS))


def place_schools(schools: Iterable[School]) -> None:
    """Each school into a district of its country's region."""
    for number, school in enumerate(schools):
        school.region = district_of(school.country, number)
        school.save(update_fields=["region"])
