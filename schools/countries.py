"""What a country brings to a school set up in it, beside its emergency numbers and its days off."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CountryFacts:
    """``time_zones``: the one most schools live by first. ``languages``: the main one first."""

    time_zones: tuple[str, ...]
    languages: tuple[str, ...]


COUNTRIES: dict[str, CountryFacts] = {
    "KZ": CountryFacts(
        time_zones=(
            "Asia/Almaty",
            "Asia/Aqtau",
            "Asia/Aqtobe",
            "Asia/Atyrau",
            "Asia/Oral",
            "Asia/Qostanay",
            "Asia/Qyzylorda",
        ),
        languages=("kk", "ru"),
    ),
    "KG": CountryFacts(time_zones=("Asia/Bishkek",), languages=("ky", "ru")),
}
TIME_ZONES = [zone for facts in COUNTRIES.values() for zone in facts.time_zones]
