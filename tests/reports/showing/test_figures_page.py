"""The page of figures: who sees numbers as they are, who sees them covered, and for which days."""

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.services import key_keeping
from schools.models import Membership, School
from tests import factories
from tests.factories import Person
from tests.reports.showing.school import NOVEMBER, OCTOBER, SEPTEMBER, at, letters

pytestmark = pytest.mark.django_db

OF_OCTOBER = "?period=2026-10-1"


@pytest.fixture
def school() -> School:
    with at(SEPTEMBER):
        return factories.make_school(reply_days=5)


@pytest.fixture
def psychologist(school: School) -> Person:
    """Eight letters of October, of which two tell of danger; six of September."""
    with at(SEPTEMBER):
        person = factories.make_person(school, "psychologist", with_key=True)
        letters(school, person, 6)
    with at(OCTOBER):
        letters(school, person, 6)
        letters(school, person, 2, danger=True, category="requests")
    return person


def page(person: Person, school: School, query: str = "", *, status: int = 200) -> str:
    with at(NOVEMBER):
        client = factories.signed_in_client(person)
        response = client.get(reverse("admin:figures", args=[school.slug]) + query)
    assert response.status_code == status
    return response.content.decode()


def table(html: str, section: str) -> dict[str, list[str]]:
    """The table of a section: its cells by the label of the row."""
    found = re.search(rf'aria-labelledby="{section}".*?</table>', html, re.DOTALL)
    assert found, section
    return {
        unescape(label): [unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", cells)]
        for label, cells in re.findall(
            r'<th scope="row">(.*?)</th>(.*?)</tr>', found.group(), re.DOTALL
        )
    }


def test_who_holds_the_key_sees_numbers_as_they_are(school: School, psychologist: Person) -> None:
    html = page(psychologist, school, OF_OCTOBER)
    assert table(html, "in-short")["Letters registered"] == ["8", "6"]
    assert table(html, "by-danger") == {"told of danger": ["2", "0"], "did not": ["6", "6"]}
    assert ["6", "6"] in table(html, "by-category").values()
    assert ["2", "0"] in table(html, "by-category").values()
    assert table(html, "by-class-level") == {"7": ["8", "6"]}
    assert 'id="by-stage"' not in html


def test_each_chart_has_its_table_with_the_same_numbers(
    school: School, psychologist: Person
) -> None:
    html = page(psychologist, school, OF_OCTOBER)
    charts = re.findall(r'<svg[^>]*aria-labelledby="chart-([a-z-]+)-title', html)
    assert {"by-category", "by-source", "by-danger", "states", "openings"} <= set(charts)
    for name in charts:
        assert table(html, name)
    drawn = re.search(r"chart-by-danger-title.*?</svg>", html, re.DOTALL).group()
    assert {"6", "2"} <= set(re.findall(r"<text[^>]*>(.*?)</text>", drawn))


@pytest.mark.parametrize("role", ["director", "phone_officer"])
def test_a_colleague_without_the_key_sees_small_numbers_covered(
    school: School, psychologist: Person, role: str
) -> None:
    html = page(factories.make_person(school, role), school, OF_OCTOBER)
    assert table(html, "in-short")["Letters registered"] == ["8", "6"]
    assert table(html, "by-danger") == {"told of danger": ["0–8", "0"], "did not": ["0–8", "6"]}
    assert table(html, "by-stage") == {"years 5–9": ["8", "6"]}
    assert 'id="by-class-level"' not in html
    assert "Small numbers are covered." in html
    assert "Why it happened" not in html
    assert 'id="sent-to-outcomes"' not in html


def test_a_month_of_few_letters_tells_outsiders_nothing_more(school: School) -> None:
    with at(OCTOBER):
        psychologist = factories.make_person(school, "psychologist", with_key=True)
        letters(school, psychologist, 3, danger=True)
    html = page(factories.make_person(school, "director"), school, OF_OCTOBER)
    assert table(html, "in-short")["Letters registered"] == ["1–4"]
    assert 'id="by-danger"' not in html
    assert 'id="by-stage"' not in html
    assert table(page(psychologist, school, OF_OCTOBER), "in-short")["Letters registered"] == ["3"]


def test_whose_key_was_taken_away_sees_them_covered(school: School, psychologist: Person) -> None:
    deputy = factories.make_person(school, "deputy_director")
    factories.give_key(school, to=deputy, by=psychologist)
    assert "did not</th><td>6" in page(deputy, school, OF_OCTOBER)
    with at(NOVEMBER):
        key_keeping.take_away(
            school=school,
            holder=deputy.fresh(),
            by=psychologist.fresh(),
            keyring=psychologist.keyring(),
        )
    assert "did not</th><td>0–8" in page(deputy, school, OF_OCTOBER)


def test_an_analyst_and_the_operator_see_it_covered(school: School, psychologist: Person) -> None:
    for person in (factories.make_person(school, "region_analyst"), factories.make_operator()):
        html = page(person, school, OF_OCTOBER)
        assert table(html, "in-short")["Letters registered"] == ["8", "6"]
        assert table(html, "by-danger")["told of danger"] == ["0–8", "0"]


@pytest.mark.parametrize("role", ["administrator", "commission_member"])
def test_who_sees_no_letters_has_no_such_page(
    school: School, psychologist: Person, role: str
) -> None:
    page(factories.make_person(school, role), school, status=404)


def test_another_school_is_not_there(school: School, psychologist: Person) -> None:
    other = factories.make_school("school-2")
    page(psychologist, other, status=404)


def test_what_is_withheld_is_in_no_number(school: School, psychologist: Person) -> None:
    deputy = factories.make_person(school, "deputy_director")
    factories.give_key(school, to=deputy, by=psychologist)
    with at(OCTOBER):
        letters(school, psychologist, 1, danger=True, about=["deputy_director"])
    assert table(page(psychologist, school, OF_OCTOBER), "by-danger")["told of danger"][0] == "3"
    html = page(deputy, school, OF_OCTOBER)
    assert table(html, "by-danger")["told of danger"][0] == "2"
    assert table(html, "in-short")["Letters registered"][0] == "8"
    assert table(page(deputy, school, "?period=2026-09-2"), "by-month")["October 2026"] == ["8"]


def test_the_last_month_that_is_over_is_shown_first(school: School, psychologist: Person) -> None:
    html = page(psychologist, school)
    assert '<h2 class="period-name">October 2026</h2>' in html
    assert re.search(r'<option value="2026-10-1" selected>', html)


@pytest.mark.parametrize(
    ("query", "name", "registered"),
    [
        ("?period=2026-09-1", "September 2026", "6"),
        ("?period=2026-07-3", "07.2026 – 09.2026", "6"),
        ("?period=2026-07-6", "07.2026 – 12.2026", "14"),
        ("?period=2026-09-12", "School year 2026/2027", "14"),
        ("?period=2026-01-12", "Year 2026", "14"),
        ("?since=2026-09-15&until=2026-10-14", "15 Sep 2026 – 14 Oct 2026", "6"),
        ("?since=2026-10-15", "15 Oct 2026 – 20 Nov 2026", "8"),
    ],
)
def test_any_period_can_be_chosen(
    school: School, psychologist: Person, query: str, name: str, registered: str
) -> None:
    html = page(psychologist, school, query)
    assert f'<h2 class="period-name">{name}</h2>' in html
    assert table(html, "in-short")["Letters registered"][0] == registered


def test_the_former_period_and_the_same_a_year_ago_stand_beside(school: School) -> None:
    with at(OCTOBER.replace(year=2025)):
        psychologist = factories.make_person(school, "psychologist", with_key=True)
        letters(school, psychologist, 3)
    with at(SEPTEMBER):
        letters(school, psychologist, 2)
    with at(OCTOBER):
        letters(school, psychologist, 1)
    html = page(psychologist, school, OF_OCTOBER)
    assert re.findall(r'<th scope="col" class="number">(.*?)</th>', html)[:3] == [
        "10.2026",
        "09.2026",
        "10.2025",
    ]
    assert table(html, "in-short")["Letters registered"] == ["1", "2", "3"]
    assert table(page(psychologist, school, "?period=2026-09-2"), "by-month") == {
        "September 2026": ["2", "0"],
        "October 2026": ["1", "3"],
    }


def test_a_period_without_anything_is_not_compared_and_that_is_said(
    school: School, psychologist: Person
) -> None:
    html = page(psychologist, school, "?period=2026-09-1")
    assert table(html, "in-short")["Letters registered"] == ["6"]
    assert "August 2026: nothing to compare with." in html
    assert "September 2025: nothing to compare with." in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?period=next", "Choose a period from the list."),
        ("?period=2026-13-1", "Choose a period from the list."),
        ("?since=2026-10-02&until=2026-10-01", "The last day is before the first one."),
        ("?since=2010-01-01&until=2026-10-01", "A period has five years at most."),
        ("?since=0001-01-01&until=0001-02-01", "Choose later days."),
    ],
)
def test_what_is_no_period_is_said_and_the_usual_one_shown(
    school: School, psychologist: Person, query: str, words: str
) -> None:
    html = page(psychologist, school, query, status=400)
    assert words in html
    assert '<h2 class="period-name">October 2026</h2>' in html


@pytest.mark.parametrize("query", ["?period=2026-11-1", "?period=2026-09-12", "?since=2026-10-05"])
def test_outsiders_see_no_month_that_is_not_over(
    school: School, psychologist: Person, query: str
) -> None:
    html = page(factories.make_person(school, "director"), school, query, status=400)
    assert "only months that are over are shown" in html
    assert '<h2 class="period-name">October 2026</h2>' in html
    assert "2026-11-1" not in html


def test_days_of_outsiders_become_whole_months(school: School, psychologist: Person) -> None:
    director = factories.make_person(school, "director")
    html = page(director, school, "?since=2026-09-20&until=2026-10-02")
    assert '<h2 class="period-name">09.2026 – 10.2026</h2>' in html
    assert table(html, "in-short")["Letters registered"] == ["14"]
    assert table(html, "by-month") == {"September 2026": ["6"], "October 2026": ["8"]}


def test_links_lead_to_the_period_before_and_after(school: School, psychologist: Person) -> None:
    html = page(psychologist, school, OF_OCTOBER)
    assert 'href="?period=2026-09-1" rel="prev"' in html
    assert 'href="?period=2026-11-1" rel="next"' in html
    html = page(factories.make_person(school, "director"), school, OF_OCTOBER)
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html


def test_as_many_questions_for_one_letter_as_for_fifty(school: School) -> None:
    with at(OCTOBER):
        psychologist = factories.make_person(school, "psychologist", with_key=True)
        letters(school, psychologist, 1)

    def asked(client: Client) -> int:
        with CaptureQueriesContext(connection) as seen:
            response = client.get(reverse("admin:figures", args=[school.slug]) + OF_OCTOBER)
        assert response.status_code == 200
        return len(seen)

    with at(NOVEMBER):
        client = factories.signed_in_client(psychologist)
        asked(client)
        once = asked(client)
    with at(OCTOBER):
        letters(school, psychologist, 49)
    with at(NOVEMBER):
        assert asked(client) == once
    assert once <= 50


def test_who_works_in_one_school_comes_to_it_at_once(school: School, psychologist: Person) -> None:
    with at(NOVEMBER):
        client = factories.signed_in_client(psychologist)
        response = client.get(reverse("admin:figures_list"))
        assert response.headers["Location"] == reverse("admin:figures", args=[school.slug])
        today = client.get("/admin/").content.decode()
    assert today.count(reverse("admin:figures", args=[school.slug])) == 1
    assert reverse("admin:figures_list") in today


def test_who_works_in_two_schools_chooses(school: School, psychologist: Person) -> None:
    other = factories.make_school("school-2")
    Membership.objects.create(user=psychologist.user, school=other, role_id="director")
    with at(NOVEMBER):
        html = factories.signed_in_client(psychologist).get(reverse("admin:figures_list"))
    for one in (school, other):
        assert reverse("admin:figures", args=[one.slug]) in html.content.decode()


def test_the_page_is_in_the_language_of_the_person(school: School, psychologist: Person) -> None:
    psychologist.user.language = "ru"
    psychologist.user.save(update_fields=["language"])
    html = page(psychologist, school, OF_OCTOBER)
    assert '<html lang="ru"' in html
    assert "Октябрь 2026" in html
    assert f"{datetime.date(2026, 10, 1):%B}" not in html
