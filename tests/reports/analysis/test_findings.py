"""What the figures say: whole sentences, right in number in every language, and nothing that is not in the figures."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.analysis.findings import paragraphs
from reports.analysis.freezing import SPLITS, thaw
from reports.analysis.tables import tables_of
from schools.languages import speaking
from tests.reports.analysis.reports_made import frozen

NAMES = {
    "by_category": {"bullying": {"en": "Bullying", "ru": "Травля", "kk": "Қорлау", "ky": "Кордоо"}},
    "by_cause": {"rules": {"en": "Rules", "ru": "Правила", "kk": "Ереже", "ky": "Эреже"}},
    "sent_to": {"7": {"en": "Police", "ru": "Полиция", "kk": "Полиция", "ky": "Полиция"}},
}


def said(language: str = "en", **facts: Any) -> str:
    """All findings in one text."""
    with speaking(language):
        return " ".join(paragraphs(thaw(frozen(names=NAMES, **facts)), language))


# Russian numbers ask for three forms, with the eleventh to the fourteenth apart.
REGISTERED = {
    "ru": {
        1: "зарегистрировано 1 обращение.",
        2: "зарегистрировано 2 обращения.",
        5: "зарегистрировано 5 обращений.",
        11: "зарегистрировано 11 обращений.",
        12: "зарегистрировано 12 обращений.",
        21: "зарегистрировано 21 обращение.",
        22: "зарегистрировано 22 обращения.",
        111: "зарегистрировано 111 обращений.",
    },
    "kk": {5: "5 өтініш тіркелді.", 21: "21 өтініш тіркелді."},
    "ky": {5: "5 кайрылуу катталды.", 21: "21 кайрылуу катталды."},
    "en": {1: "1 letter was registered", 21: "21 letters were registered"},
}


@pytest.mark.parametrize("language", sorted(REGISTERED))
def test_the_number_of_letters_agrees(language: str) -> None:
    for number, words in REGISTERED[language].items():
        assert words in said(language, registered=number)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (21, "на 1 обращение больше, чем за предыдущий период"),
        (22, "на 2 обращения больше, чем за предыдущий период"),
        (31, "на 11 обращений больше, чем за предыдущий период"),
        (19, "на 1 обращение меньше, чем за предыдущий период"),
        (8, "на 12 обращений меньше, чем за предыдущий период"),
        (20, "За предыдущий период их было столько же."),
    ],
)
def test_the_period_before_is_compared(now: int, words: str) -> None:
    assert words in said("ru", registered=now, former={"registered": 20})


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "в течение 1 рабочего дня"),
        (2, "в течение 2 рабочих дней"),
        (21, "в течение 21 рабочего дня"),
    ],
)
def test_working_days_agree(days: int, words: str) -> None:
    told = said("ru", registered=9, to_reply=[2 * days, days])
    assert f"Половина ответов дана {words}." in told
    assert "Девять" not in told


def test_half_a_day_is_told_by_the_shorter_reply() -> None:
    told = said(registered=9, to_reply=[5, 7])
    assert "Half of the replies were given within 2 working days." in told
    assert "Nine replies in ten were given within 7 working days." in told


def test_covered_numbers_are_said_to_be_covered() -> None:
    told = said(registered=(1, 4), overdue=(1, 4), former={"registered": (1, 4)})
    assert "From one to four letters were registered" in told
    assert "from one to four replies were overdue" in told
    assert "so that nobody is recognised" in told
    assert "the period before" not in told  # the bounds overlap: nothing is known


def test_a_range_is_compared_only_where_nothing_is_in_doubt() -> None:
    facts = {"registered": (11, 14), "by_source": {"web": 11}}
    assert "From 11 to 14 letters were registered" in said(**facts)
    assert "more than in the period before" in said(**facts, former={"registered": 10})
    assert "fewer than in the period before" in said(**facts, former={"registered": (15, 18)})
    assert "the period before" not in said(**facts, former={"registered": (14, 17)})


def test_a_period_in_which_no_book_was_kept_is_not_compared() -> None:
    assert "a year ago" in said(registered=5)
    assert "a year ago" not in said(registered=5, compared=("former",))


def test_the_largest_line_is_named_only_where_it_is_certainly_the_largest() -> None:
    certain = {"registered": 20, "by_category": {"bullying": 12, "other": (0, 8)}}
    assert "“Bullying” (12)" in said(**certain)
    assert "largest" not in said(registered=20, by_category={"bullying": 9, "other": (0, 11)})
    assert "largest" not in said(registered=20, by_category={"bullying": 10, "other": 10})


def test_what_was_checked_and_sent_on_is_told() -> None:
    told = said(
        registered=12,
        findings={"justified": 6, "partly": (0, 4), "not_justified": (0, 4)},
        by_cause={"rules": 6, "": 0},
        sent_to={"7": 5},
        openings_held=4,
        meetings=2,
    )
    assert "6 were found justified." in told
    assert "in part" not in told
    assert "The most frequent cause was “Rules” (6)." in told
    assert "5 letters were sent on to “Police”." in told
    assert "The box was opened 4 times. No opening was missed. The commission met 2 times." in told


NUMBERS = st.one_of(
    st.integers(0, 40),
    st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda two: (two[0], sum(two))),
)
KEYS = {
    "by_category": ["bullying", ""],
    "by_cause": ["rules", ""],
    "sent_to": ["7"],
    "by_danger": ["danger", "no_danger"],
    "by_signature": ["signed", "anonymous"],
    "by_repeat": ["first", "repeat"],
    "findings": ["justified", "partly", "not_justified", ""],
}
ONES = st.fixed_dictionaries(
    {
        "registered": NUMBERS,
        "overdue": NUMBERS,
        "on_time": st.one_of(st.none(), st.integers(0, 10).map(lambda tens: 10 * tens)),
        "to_reply": st.one_of(
            st.just([None, None]),
            st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
                lambda two: [two[0], two[0] // 2 + two[1]]
            ),
        ),
        "openings_held": st.integers(0, 30),
        "openings_missed": st.integers(0, 30),
        "meetings": st.integers(0, 5),
        **{
            name: st.fixed_dictionaries(dict.fromkeys(keys, NUMBERS)) for name, keys in KEYS.items()
        },
    }
)


@given(now=ONES, former=ONES, language=st.sampled_from(["kk", "ru", "ky", "en"]))
def test_no_sentence_says_a_number_that_the_figures_do_not_say(
    now: dict[str, Any], former: dict[str, Any], language: str
) -> None:
    facts = frozen(names=NAMES, former=former, **now)
    told = thaw(facts)
    with speaking(language):
        words = " ".join(paragraphs(told, language))
        tables = list(tables_of(told, language))
    allowed: set[int] = set()
    for one in (facts["now"], facts["former"]):
        for name in ("registered", "overdue"):
            allowed |= set(one[name])
        allowed |= {number for name in SPLITS for _key, *bounds in one[name] for number in bounds}
        halves, ninetieth = one["to_reply"]
        if ninetieth is not None:
            allowed |= {halves // 2, ninetieth}
        allowed |= {one["openings_held"], one["openings_missed"], one["meetings"]}
        allowed |= {one["on_time"]} - {None}
    for other in ("former", "year_ago"):
        here, there = facts["now"]["registered"], facts[other]["registered"]
        if here[0] == here[1] and there[0] == there[1]:
            allowed.add(abs(here[0] - there[0]))
    assert {int(number) for number in re.findall(r"\d+", words)} <= allowed
    assert all(len(row) == len(table.head) for _name, table in tables for row in table.rows)
