"""The most important page: who reads, when, whom to call now, what anonymous means; with nothing but words needed."""

import datetime
import gzip
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from box import kept_page
from box.selectors import forget_boxes
from box.views import school as school_view
from schools.models import Regulation, School, TrustPhone
from tests.box.author import Author, words
from tests.factories import Person, make_person, make_school

pytestmark = pytest.mark.django_db

LANGUAGES = ["kk", "ru", "ky", "en"]
# Monday 23 November 2026, 10:00 in Almaty.
MONDAY_AT_TEN = datetime.datetime(2026, 11, 23, 5, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
MACHINE = {"kk": "Сәлеметсіз бе!\n\nСигналдан кейін айтыңыз.", "en": "Hello!"}


def page(language: str = "en", slug: str = "school-1") -> str:
    forget_boxes()
    school_view.kept_pages.forget()
    return words(Client().get(f"/{language}/{slug}/"))


def add_phone(school: School, **fields: Any) -> TrustPhone:
    return TrustPhone.objects.create(
        **{
            "school": school,
            "names": {"en": "Trust phone", "ru": "Телефон доверия"},
            "number": "+7 715 200 00 33",
            "weekdays": [0, 1, 2, 3, 4],
            "answered_from": datetime.time(9),
            "answered_to": datetime.time(18, 30),
            **fields,
        }
    )


class TestPhones:
    def test_open_and_closed_by_the_school_s_clock(self, school: School, keeper: Person) -> None:
        add_phone(school)
        with time_machine.travel(MONDAY_AT_TEN, tick=False):
            shown = page()
            assert "<b>Open now</b> until 18:30</span>" in shown
            assert "working days, 9:00–18:30" in shown
            assert 'href="tel:+77152000033">+7 715 200 00 33</a>' in shown
        with time_machine.travel(MONDAY_AT_TEN - 2 * HOUR, tick=False):
            assert "<b>Closed now</b> opens today at 9:00</span>" in page()
        with time_machine.travel(MONDAY_AT_TEN - 24 * HOUR, tick=False):
            assert "<b>Closed now</b> opens tomorrow at 9:00</span>" in page()
            assert "Сейчас не отвечают</b> снова ответят завтра в 9:00" in page("ru")

    def test_a_day_off_of_the_school_counts(self, school: School, keeper: Person) -> None:
        add_phone(school)
        with time_machine.travel(MONDAY_AT_TEN, tick=False):
            school.calendar_days.create(day=school.today(), works=False)
            assert "<b>Closed now</b> opens tomorrow at 9:00" in page()

    def test_a_page_is_kept_for_seconds_alone(
        self, school: School, keeper: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add_phone(school)
        closing = MONDAY_AT_TEN + 8.5 * HOUR
        with time_machine.travel(closing - datetime.timedelta(seconds=1), tick=False) as clock:
            assert "Open now" in page()
            clock.shift(10)
            later = time.monotonic() + 10
            monkeypatch.setattr(kept_page, "time", SimpleNamespace(monotonic=lambda: later))
            assert "Closed now" in words(Client().get("/en/school-1/"))

    def test_hours_that_are_not_known(self, school: School, keeper: Person) -> None:
        add_phone(
            school, weekdays=[], answered_from=None, answered_to=None, hours={"en": "evenings"}
        )
        shown = page()
        assert "evenings" in shown
        assert not re.search("Open now|Closed now", shown)

    def test_the_form_says_it_to_whoever_is_in_danger(self, school: School, keeper: Person) -> None:
        add_phone(school)
        with time_machine.travel(MONDAY_AT_TEN - 24 * HOUR):
            form = words(Author(language="en").look())
        assert "<b>Closed now</b> opens tomorrow at 9:00" in form

    def test_before_there_are_rules(self) -> None:
        school = School.objects.create(
            slug="bare",
            names={"en": "Bare"},
            country="KG",
            time_zone="Asia/Bishkek",
            languages=["ky"],
        )
        add_phone(school)
        with time_machine.travel(MONDAY_AT_TEN, tick=False):
            shown = page(slug="bare")
        assert "Open now" in shown
        assert "regulation" not in shown


class TestAnsweringMachine:
    @pytest.fixture(autouse=True)
    def _words(self, school: School, keeper: Person) -> None:
        Regulation.objects.filter(school=school).update(answering_texts=MACHINE)
        add_phone(school)

    def test_stands_there_when_nobody_answers(self) -> None:
        with time_machine.travel(MONDAY_AT_TEN - 24 * HOUR, tick=False):
            assert '<blockquote dir="auto"><p>Hello!</p></blockquote>' in page()
            # Not in Russian: the main language stands in, and says which it is.
            assert '<blockquote dir="auto" lang="kk"><p>Сәлеметсіз бе!</p>' in page("ru")

    def test_and_not_when_somebody_does(self) -> None:
        with time_machine.travel(MONDAY_AT_TEN, tick=False):
            assert "blockquote" not in page()


class TestWhoReadsAndWhen:
    def test_names_where_the_school_publishes_them(self, school: School, keeper: Person) -> None:
        assert keeper.user.full_name not in page()
        Regulation.objects.filter(school=school).update(names_published=True)
        assert f"psychologist ({keeper.user.full_name})" in page()

    def test_rules_and_ways_are_linked(self, school: School, keeper: Person) -> None:
        shown = page()
        for address in ("/en/school-1/regulation/", "/en/school-1/write/", "/en/reply/"):
            assert f'href="{address}"' in shown

    def test_what_anonymous_means(self, school: School, keeper: Person) -> None:
        shown = page()
        assert "nobody knows who you are" in shown
        assert "neither your internet address, nor your device" in shown


class _Needed(HTMLParser):
    """What of a page is seen where pictures, fonts and scripts are off, as in Tor Browser's safest level."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unnamed: list[str] = []
        self.shown_drawings: list[dict[str, str | None]] = []
        self._open: list[tuple[str, int]] = []
        self._drawing = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            self._drawing += 1
            if dict(attrs).get("aria-hidden") != "true":
                self.shown_drawings.append(dict(attrs))
        # The button that a form's Enter key presses is hidden from everybody.
        if tag in ("a", "button", "summary", "h1", "h2") and "hidden" not in dict(attrs):
            self._open.append((tag, len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg":
            self._drawing -= 1
        if self._open and self._open[-1][0] == tag:
            _tag, before = self._open.pop()
            if len(self.words) == before:
                self.unnamed.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._drawing:
            self.words.append(data.strip())


class TestWithoutAnythingButWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_drawing_is_needed(self, school: School, keeper: Person, language: str) -> None:
        add_phone(school)
        for address in ("", "write/", "changes/"):
            forget_boxes()
            seen = _Needed()
            seen.feed(words(Client().get(f"/{language}/school-1/{address}")))
            assert len(seen.words) > 12
            assert seen.unnamed == [], "a link, button or heading without words"
            assert seen.shown_drawings == [], "a drawing that says something"

    def test_scripts_only_add(self, school: School, keeper: Person) -> None:
        shown = page()
        assert "<noscript" not in shown
        assert not re.search(r"\shidden[\s>]", shown), "nothing waits for a script to show it"
        assert re.findall(r"<script [^>]*>", shown) == ['<script src="/static/box/box.js" defer>']

    def test_open_and_closed_are_words_and_not_only_colours(
        self, school: School, keeper: Person
    ) -> None:
        add_phone(school)
        for moment, said in ((MONDAY_AT_TEN, "Open now"), (MONDAY_AT_TEN - 3 * HOUR, "Closed now")):
            with time_machine.travel(moment, tick=False):
                seen = _Needed()
                seen.feed(page())
            assert said in seen.words

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_light(self, language: str) -> None:
        school = make_school(names_published=True, answering_texts=MACHINE, reply_days=5)
        make_person(school, "psychologist", with_key=True)
        for number in range(3):
            add_phone(school, number=f"+7 715 200 00 3{number}")
        shown = page(language)
        weight = len(shown.encode())
        for name in set(re.findall(r'(?:src|href)="/static/(box/box[^"]+|box/icon[^"]+)"', shown)):
            content = (Path(settings.STATICFILES_DIRS[0]) / name).read_bytes()
            weight += len(gzip.compress(content, 9))
        assert weight < 30_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_costs_the_same_for_many_phones(school: School, keeper: Person, language: str) -> None:
    counts = []
    for number in (1, 20):
        for _each in range(number):
            add_phone(school)
        page(language)  # the calendar's years are made once
        forget_boxes()
        school_view.kept_pages.forget()
        with CaptureQueriesContext(connection) as asked:
            Client().get(f"/{language}/school-1/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
