"""Regulations that no school has, for whatever is said of any of them: nothing here is in a database."""

import datetime
from typing import Any

from hypothesis import strategies as st

from schools.languages import LANGUAGES
from schools.models import Category, Membership, Regulation, School, TrustPhone
from schools.models.regulation import Audience, Column, Source
from schools.regulation_text import RegulationText, text_of
from schools.selectors import roles_allowing

KEY_ROLES = roles_allowing("schools.hold_key")
CALLED_ROLES = roles_allowing("journal.answer_alert")
WORDS = {
    "kk": "Үшінші қабат",
    "ru": "Третий этаж",
    "ky": "Үчүнчү кабат",
    "en": "The third floor",
}
MARK = {"kk": "жасырын", "ru": "аноним", "ky": "анонимдүү", "en": "anonymous"}
BOX = {"kk": "Сыр", "ru": "Тайна", "ky": "Сыр куту", "en": "Secret"}

clock = st.times().map(lambda at: at.replace(second=0, microsecond=0))
texts = st.sampled_from([{}, WORDS, {"ru": "Каб. 12"}])
SCHOOL: dict[str, st.SearchStrategy[Any]] = {
    "names": st.sampled_from([WORDS, {"kk": "№ 5 мектеп", "ru": "Школа № 5"}]),
    "country": st.sampled_from(School.Country.values),
    "time_zone": st.sampled_from(["Asia/Almaty", "Asia/Bishkek", "Asia/Aqtau"]),
    "languages": st.permutations(["kk", "ru", "ky", "en"]).flatmap(
        lambda order: st.integers(1, 4).map(lambda count: list(order[:count]))
    ),
    "working_week": st.sampled_from([5, 6]),
    "digest_at": clock,
    "addresses": texts,
    "site": st.sampled_from(["", "https://school.example"]),
    "phone": st.sampled_from(["", "+7 701 000 00 00"]),
}


def some_of(choices: list[str], least: int = 1) -> st.SearchStrategy[list[str]]:
    """Some of the choices, none twice, in any order."""
    return st.lists(st.sampled_from(choices), min_size=least, unique=True)


REGULATION: dict[str, st.SearchStrategy[Any]] = {
    "holds_from": st.dates(datetime.date(2000, 1, 1), datetime.date(2040, 12, 31)),
    "box_names": st.sampled_from([BOX, {"ru": "Ящик"}]),
    "audiences": some_of(Audience.values),
    "sources": some_of(Source.values),
    "keepers": some_of(KEY_ROLES),
    "names_published": st.booleans(),
    "schedule": st.sampled_from(Regulation.Schedule.values),
    "weekday": st.integers(0, 6),
    "every_days": st.integers(1, 92),
    "counted_from": st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)),
    "month_days": st.lists(st.integers(1, 31), min_size=1, max_size=4, unique=True).map(sorted),
    "opens_at": clock,
    "place": texts,
    "columns": some_of([one for one in Column.values if one != Column.NUMBER], least=0).map(
        lambda chosen: ["number", *chosen]
    ),
    "anonymous_marks": st.sampled_from([{}, MARK, {"ru": "без имени", "kk": "атсыз"}]),
    "numbering": st.sampled_from(Regulation.Year.values),
    "books": st.sampled_from(Regulation.Books.values),
    "cover_year": st.sampled_from(Regulation.Year.values),
    "reply_days": st.none() | st.integers(1, 90),
    "forward_days": st.none() | st.integers(1, 90),
    "works": st.sampled_from(Regulation.Works.values),
    "on_working_days": st.booleans(),
    "least_present": st.integers(1, 10),
    "must_be_present": some_of(KEY_ROLES, least=0),
    "acts": st.sampled_from(Regulation.Acts.values),
    "meetings_a_half_year": st.integers(0, 30),
    "quorum": st.integers(1, 100),
    "two_languages": st.booleans(),
    "answering_texts": st.sampled_from([{}, {code: f"{text}!" for code, text in WORDS.items()}]),
    "approver_posts": st.sampled_from([{}, {code: text for code, text in BOX.items()}]),
    "approver": st.sampled_from(["", "С. Сериков"]),
    "approved_on": st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)),
    "danger_minutes": st.integers(5, 240),
    "danger_minutes_at_night": st.integers(5, 720),
    "day_begins": clock,
    "day_ends": clock,
    "keep_years": st.integers(1, 75),
    "keep_aside_months": st.integers(1, 240),
    "keep_unread_files_months": st.integers(1, 240),
    "report_day": st.integers(1, 28),
}

settings = st.tuples(st.fixed_dictionaries(SCHOOL), st.fixed_dictionaries(REGULATION))
phones = st.lists(
    st.builds(
        TrustPhone,
        names=st.just(BOX),
        number=st.sampled_from(["+7 701 111 11 11", "150"]),
        hours=st.sampled_from([{}, WORDS]),
        weekdays=st.lists(st.integers(0, 6), unique=True),
        answered_from=clock,
        answered_to=clock,
        on_days_off=st.booleans(),
    ),
    max_size=2,
)
categories = st.lists(
    st.sampled_from([BOX, WORDS, MARK]).map(lambda names: Category(names=names)), max_size=3
)
members = st.lists(
    st.builds(Membership, role_id=st.sampled_from(CALLED_ROLES), called_in_danger=st.booleans()),
    max_size=2,
)


def made(of_school: dict[str, Any], of_regulation: dict[str, Any]) -> Regulation:
    """A regulation with its school, from settings."""
    return Regulation(school=School(slug="any", **of_school), **of_regulation)


def written(
    chosen: tuple[dict[str, Any], dict[str, Any]], language: str, **beside: Any
) -> RegulationText:
    """The text of these settings."""
    return text_of(
        made(*chosen), language, **{"categories": [], "phones": [], "members": [], **beside}
    )


def in_all(
    chosen: tuple[dict[str, Any], dict[str, Any]], **beside: Any
) -> dict[str, RegulationText]:
    """The text in every language."""
    return {language: written(chosen, language, **beside) for language in LANGUAGES}
