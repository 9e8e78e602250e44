"""Holidays in words of the person's language. The library knows Kazakh and Kyrgyz ones, each for its country alone."""

from django.utils.translation import pgettext_lazy

from schools.public_holidays import EXCHANGE, DayOff

NAMES = {
    "New Year's Day": pgettext_lazy("holiday", "New Year"),
    "New Year Holidays": pgettext_lazy("holiday", "New Year holidays"),
    "Orthodox Christmas": pgettext_lazy("holiday", "Orthodox Christmas"),
    "Christmas Day": pgettext_lazy("holiday", "Orthodox Christmas"),
    "International Women's Day": pgettext_lazy("holiday", "International Women’s Day"),
    "Nowruz Holiday": pgettext_lazy("holiday", "Nauryz"),
    "Nooruz Holiday": pgettext_lazy("holiday", "Nooruz"),
    "Kazakhstan's People Solidarity Holiday": pgettext_lazy(
        "holiday", "Day of Unity of the People of Kazakhstan"
    ),
    "Labor Day": pgettext_lazy("holiday", "Labour Day"),
    "May Holidays": pgettext_lazy("holiday", "May holidays"),
    "Constitution Day": pgettext_lazy("holiday", "Constitution Day"),
    "Defender of the Fatherland Day": pgettext_lazy("holiday", "Defender of the Fatherland Day"),
    "Victory Day": pgettext_lazy("holiday", "Victory Day"),
    "Capital Day": pgettext_lazy("holiday", "Capital Day"),
    "Eid al-Fitr": pgettext_lazy("holiday", "Orozo Ait"),
    "Eid al-Adha": pgettext_lazy("holiday", "Kurban Ait"),
    "Republic Day": pgettext_lazy("holiday", "Republic Day"),
    "Independence Day": pgettext_lazy("holiday", "Independence Day"),
    "Additional public holiday": pgettext_lazy("holiday", "day off by decision of the government"),
    EXCHANGE: pgettext_lazy("holiday", "day off by decision of the government"),
}


def name_of(holiday: DayOff) -> str:
    """The holiday's name in the language now in force; a new one that nobody has translated, in English."""
    return str(NAMES.get(holiday.name, holiday.name))
