"""The regulation as a text: every setting is said, nothing else is, and every language says the same."""

import datetime
import re
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import pgettext
from hypothesis import assume, given
from hypothesis import settings as how
from hypothesis import strategies as st

from schools.dates import long_date
from schools.languages import LANGUAGES
from schools.models import Category, Clause, Regulation, School, TrustPhone
from schools.models.regulation import Column
from schools.regulation_text import read_text, text_of
from tests.factories import make_person, make_school
from tests.schools import regulations
from tests.schools.regulations import REGULATION, SCHOOL, in_all, made, written

once = pytest.mark.once("sqlite")
Chosen = tuple[dict[str, Any], dict[str, Any]]

# Of the rows, what the document has no words for: how a row is found, and how a page looks.
NOT_SAID = {
    "regulation": {"id", "school"},
    "school": {
        *("id", "slug", "colour", "is_demo", "host", "region", "uid"),
        *("left_on", "new_address"),
    },
    "category": {"id", "school", "slug"},
    "phone": {"id", "school"},
    "clause": {"id", "regulation"},
}
MODELS = {
    "regulation": Regulation,
    "school": School,
    "category": Category,
    "phone": TrustPhone,
    "clause": Clause,
}
# Said in the head of the document and not in a clause.
IN_THE_HEAD = {"regulation.approver_posts", "regulation.approver", "regulation.approved_on"}
LATIN = re.compile(r"[A-Za-z]{2,}")
# Of the settings that the tests choose from.
OWN_LATIN = {"Asia", "Almaty", "Bishkek", "Aqtau", "https", "school", "example"}
CYRILLIC = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүІі]")


def matters(name: str, rules: Regulation) -> bool:
    """Whether another value of a setting is another rule, as the others are."""
    schedule = rules.schedule
    has_site = "web" in rules.sources
    return {
        "weekday": schedule == "weekly",
        "every_days": schedule == "every_n_days",
        "counted_from": schedule == "every_n_days",
        "month_days": schedule == "monthly",
        "anonymous_marks": Column.NAME in rules.columns,
        "two_languages": len(rules.school.languages) > 1,
        "answering_texts": "phone" in rules.sources,
        "danger_minutes": has_site,
        "danger_minutes_at_night": has_site and rules.day_begins != rules.day_ends,
        "day_begins": has_site,
        "day_ends": has_site,
    }.get(name, True)


def said(chosen: Chosen, language: str) -> tuple[Any, ...]:
    """Everything that stands in the document."""
    text = written(chosen, language)
    return (text.school, text.box, text.approved, [clause.whole for clause in text.clauses()])


@once
@how(max_examples=60, deadline=None)
@given(regulations.settings, st.sampled_from(sorted(REGULATION)), st.data())
def test_each_setting_of_a_regulation_changes_the_text_where_it_is_a_rule(
    chosen: Chosen, name: str, data: st.DataObject
) -> None:
    of_school, before = chosen
    after = {**before, name: data.draw(REGULATION[name])}
    assume(after[name] != before[name])
    other = (of_school, after)
    counts = matters(name, made(*chosen)) or matters(name, made(*other))
    for language in LANGUAGES:
        own = (before[name] or {}, after[name] or {}) if _is_words(name) else None
        shown = _mark if name == "anonymous_marks" else _shown
        if own is not None and shown(own[0], of_school, language) == shown(
            own[1], of_school, language
        ):
            continue
        changed = said(chosen, language) != said(other, language)
        assert changed == counts, (name, language)
        if changed and f"regulation.{name}" not in IN_THE_HEAD:
            assert f"regulation.{name}" in _settings_of_change(chosen, other, language)


def _is_words(name: str) -> bool:
    return name in {"box_names", "place", "anonymous_marks", "answering_texts", "approver_posts"}


def _shown(words: dict[str, str], of_school: dict[str, Any], language: str) -> str:
    """Which of the words a document in the language has."""
    codes = (language, of_school["languages"][0], *LANGUAGES)
    return next((words[code] for code in codes if words.get(code)), "")


def _mark(words: dict[str, str], of_school: dict[str, Any], language: str) -> str:
    """The mark of whoever gave no name: where a language has none, the portal's own word in it."""
    with translation.override(language):
        usual = pgettext("mark of an anonymous author in the journal", "anonymous")
    return words.get(language) or usual if any(words.values()) else ""


def _settings_of_change(one: Chosen, other: Chosen, language: str) -> set[str]:
    """The settings of the clauses that stand in one of two texts alone."""
    first, second = (
        {
            (clause.name, clause.whole): clause.settings
            for clause in written(each, language).clauses()
        }
        for each in (one, other)
    )
    alone = {**first, **second}.keys() - (first.keys() & second.keys())
    return {setting for key in alone for setting in {**first, **second}[key]}


@once
@how(max_examples=40, deadline=None)
@given(regulations.settings, st.sampled_from(sorted(SCHOOL)), st.data())
def test_each_setting_of_a_school_changes_the_text(
    chosen: Chosen, name: str, data: st.DataObject
) -> None:
    before, rules = chosen
    after = {**before, name: data.draw(SCHOOL[name])}
    assume(after[name] != before[name])
    for language in LANGUAGES:
        if name in ("names", "addresses") and _shown(before[name], before, language) == _shown(
            after[name], before, language
        ):
            continue
        assert said(chosen, language) != said((after, rules), language), (name, language)


@once
@how(max_examples=60, deadline=None)
@given(regulations.settings, regulations.categories, regulations.phones, regulations.members)
def test_every_language_says_the_same_clauses_in_the_same_order(
    chosen: Chosen, categories: list[Any], phones: list[Any], members: list[Any]
) -> None:
    beside = {"categories": categories, "phones": phones, "members": members}
    shapes = {
        language: [
            (clause.number, clause.name, clause.settings, len(clause.points))
            for clause in text.clauses()
        ]
        for language, text in in_all(chosen, **beside).items()
    }
    assert len({str(shape) for shape in shapes.values()}) == 1
    for language, text in in_all(chosen, **beside).items():
        names = [clause.name for clause in text.clauses()]
        assert len(names) == len(set(names))
        for clause in text.clauses():
            assert clause.body.rstrip("»”").endswith((".", ":", "!")), clause.whole
            assert "%(" not in clause.whole, clause.whole
            assert ".." not in clause.whole, clause.whole
            assert "  " not in clause.whole, (language, clause.whole)
            assert all(clause.points), clause.name
            if language != "en":
                assert set(LATIN.findall(clause.whole)) <= OWN_LATIN, clause.whole


# What must not be read where a setting is off: by language, a word that belongs to it alone.
WORDS_OF = {
    "site": {"kk": r"сайт", "ru": r"сайт", "ky": r"сайт", "en": r"\bsite\b"},
    "phone line": {
        "kk": r"сенім телефоны",
        "ru": r"телефон\w* доверия",
        "ky": r"ишеним телефону",
        "en": r"trust phone",
    },
    "paper": {"kk": r"қағаз", "ru": r"бумажн", "ky": r"кагаз", "en": r"\bpaper\b"},
    "summer": {"kk": r"31 тамыз", "ru": r"31 августа", "ky": r"31-август", "en": r"31 August"},
    "machine": {"kk": r"естиді", "ru": r"слышит", "ky": r"угат", "en": r"hears"},
    "competence": {
        "kk": r"құзырет",
        "ru": r"компетенц",
        "ky": r"компетенция",
        "en": r"competence",
    },
}


@once
@how(max_examples=60, deadline=None)
@given(regulations.settings)
def test_what_is_off_is_not_mentioned(chosen: Chosen) -> None:
    of_school, rules = chosen
    off = {
        "site": "web" not in rules["sources"] and not of_school["site"],
        "phone line": "phone" not in rules["sources"],
        "paper": "paper" not in rules["sources"],
        "summer": rules["works"] == "all_year",
        "machine": "phone" not in rules["sources"] or not rules["answering_texts"],
        "competence": rules["forward_days"] is None,
    }
    for language, text in in_all(chosen).items():
        # Posts are named whatever the ways in are, and the emergency numbers are the country's.
        clauses = [
            clause.whole
            for clause in text.clauses()
            if not clause.name.startswith(
                ("key_", "keepers", "must_be", "danger_next", "emergency")
            )
        ]
        for what in (name for name, is_off in off.items() if is_off):
            found = re.findall(WORDS_OF[what][language], "\n".join(clauses), re.IGNORECASE)
            assert not found, (what, language)


@once
def test_words_of_what_is_off_are_found_where_it_is_on() -> None:
    """Else the test above could not fail."""
    chosen = _plain(
        sources=["web", "phone", "paper"],
        works="school_year",
        answering_texts=regulations.WORDS,
        forward_days=3,
    )
    for language, text in in_all(chosen).items():
        whole = "\n".join(clause.whole for clause in text.clauses())
        for words in WORDS_OF.values():
            assert re.search(words[language], whole, re.IGNORECASE), words[language]


def _plain(**rules: Any) -> Chosen:
    """A school of one way in, changed as told."""
    of_school = {
        "names": regulations.WORDS,
        "country": "KZ",
        "time_zone": "Asia/Almaty",
        "languages": ["kk", "ru"],
    }
    return of_school, {"box_names": regulations.BOX, "sources": ["web"], **rules}


def test_every_setting_that_there_is_comes_from_a_clause() -> None:
    """A field added to a model must be said, or named here as one without words."""
    found: set[str] = set(IN_THE_HEAD)
    for schedule in Regulation.Schedule.values:
        chosen = _plain(
            schedule=schedule,
            month_days=[1],
            place=regulations.WORDS,
            works="school_year",
            must_be_present=["director"],
            two_languages=True,
            answering_texts=regulations.WORDS,
            sources=["web", "phone"],
            reply_days=5,
            approver="С. Сериков",
        )
        chosen[0]["phone"] = "150"
        text = text_of(
            made(*chosen),
            "en",
            categories=[Category(names=regulations.BOX)],
            phones=[TrustPhone(names=regulations.BOX, number="150")],
            own=[Clause(section="tasks", texts=regulations.BOX)],
        )
        found |= {setting for clause in text.clauses() for setting in clause.settings}
    for kind, model in MODELS.items():
        fields = {field.name for field in model._meta.concrete_fields}
        assert {f"{kind}.{name}" for name in fields - NOT_SAID[kind]} <= found
    known = {
        f"{kind}.{field.name}" for kind, model in MODELS.items() for field in model._meta.fields
    }
    known |= {"roles", "membership.called_in_danger", "school.vacations", "school.calendar_days"}
    assert found <= known


@once
@pytest.mark.parametrize(
    ("count", "days", "people"),
    [
        (1, "1 рабочий день.", "не менее 1 человека."),
        (2, "2 рабочих дня.", "не менее 2 человек."),
        (5, "5 рабочих дней.", "не менее 5 человек."),
        (10, "10 рабочих дней.", "не менее 10 человек."),
    ],
)
def test_counted_words_agree_with_their_number(count: int, days: str, people: str) -> None:
    text = written(_plain(reply_days=count, least_present=count), "ru")
    assert text.named("reply").whole.endswith(days)
    assert text.named("present").whole.endswith(people)


@once
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_english_text_has_no_cyrillic_and_the_others_no_english(language: str) -> None:
    of_school, rules = _plain(sources=["web", "paper", "phone", "email", "person"], reply_days=5)
    text = written(({**of_school, "names": {"en": "A", "kk": "Б"}}, rules), language)
    whole = "\n".join([text.title, *(clause.whole for clause in text.clauses())])
    if language == "en":
        assert not CYRILLIC.search(whole.replace("Б", ""))
    else:
        assert set(LATIN.findall(whole)) <= OWN_LATIN


@once
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_says_who_approves(language: str) -> None:
    blank = written(_plain(), language).approved
    assert blank.name == ""
    assert "____" in blank.day
    day = datetime.date(2026, 9, 1)
    rules = {"approver_posts": regulations.WORDS, "approver": "С. Сериков", "approved_on": day}
    signed = written(_plain(**rules), language).approved
    assert (signed.post, signed.name) == (regulations.WORDS[language], "С. Сериков")
    assert signed.day == long_date(day, language)
    words = {"kk": "Бекітемін", "ru": "Утверждаю", "ky": "Бекитемин", "en": "Approved"}
    assert signed.word == words[language]


@once
def test_a_list_of_one_stands_in_its_sentence_and_a_longer_one_is_numbered() -> None:
    one = written(_plain(audiences=["student"]), "ru").named("audiences")
    assert (one.body, one.lines) == ("В ящик могут обращаться: ученики.", ())
    two = written(_plain(audiences=["student", "teacher"]), "ru").named("audiences")
    assert two.body == "В ящик могут обращаться:"
    assert two.lines == ("1) ученики;", "2) учителя.")


@once
def test_a_text_of_the_schools_own_cannot_break_the_sentence() -> None:
    place = {"ru": "Каб. 5 %(date)s\nвторой  этаж."}
    text = written(_plain(place=place, box_names={"ru": "«Почта»"}), "ru")
    assert text.named("place").whole == "Место вскрытия: Каб. 5 %(date)s второй этаж."
    assert text.named("subject").whole.endswith("Название ящика: «Почта».")


@pytest.mark.django_db
def test_own_clauses_end_their_section_with_the_next_numbers() -> None:
    school = make_school(languages=["kk", "ru"])
    regulation = school.regulations.get()
    before = read_text(regulation, "ru")
    rows = [
        ("tasks", 2, {"ru": "Вторая строка."}),
        ("tasks", 1, {"ru": "Первая строка.\nИ ещё одна.", "kk": "Бірінші жол."}),
        ("commission", 0, {"kk": "Тек қазақша."}),
    ]
    for section, order, texts in rows:
        Clause.objects.create(regulation=regulation, section=section, order=order, texts=texts)
    after = read_text(regulation, "ru")
    tasks, count = after.sections[1], len(before.sections[1].clauses)
    assert [(c.number, c.whole, c.language) for c in tasks.clauses[count:]] == [
        (f"2.{count + 1}", "Первая строка.\nИ ещё одна.", "ru"),
        (f"2.{count + 2}", "Вторая строка.", "ru"),
    ]
    last = after.sections[4].clauses[-1]
    assert (last.whole, last.language, last.own) == ("Тек қазақша.", "kk", True)
    others = [clause.whole for clause in after.clauses() if not clause.own]
    assert others == [clause.whole for clause in before.clauses()]


@pytest.mark.django_db
def test_reading_asks_the_database_as_often_however_much_there_is(
    django_assert_num_queries: Any,
) -> None:
    school = make_school()
    regulation = school.regulations.get()
    with django_assert_num_queries(4):
        read_text(regulation, "kk")
    for number in range(30):
        TrustPhone.objects.create(school=school, names=regulations.BOX, number=str(number))
        Clause.objects.create(regulation=regulation, section="order", texts=regulations.BOX)
        Category.objects.create(school=school, slug=f"c{number}", names=regulations.BOX)
        person = make_person(school, "deputy_director", username=f"deputy-{number}")
        person.user.memberships.update(called_in_danger=True)
    with django_assert_num_queries(4):
        text = read_text(regulation, "kk")
    assert len(text.named("phones").points) == 30
    assert len(text.named("danger_next").points) == 2


@pytest.mark.django_db
def test_who_does_not_come_in_any_more_is_not_called() -> None:
    school = make_school()
    person = make_person(school, "psychologist")
    person.user.memberships.update(called_in_danger=True)
    called = read_text(school.regulations.get(), "en").named("danger_next")
    assert called.points == ("psychologist", "director")
    person.user.is_active = False
    person.user.save()
    called = read_text(school.regulations.get(), "en").named("danger_next")
    assert called.points == ("deputy director for upbringing", "director")
