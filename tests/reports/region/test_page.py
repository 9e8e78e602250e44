"""The region's page: who sees which schools, sorted, narrowed, page by page, in a fixed number of queries."""

import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schools.models import Membership, School
from schools.region_officers import officers_of
from tests.factories import (
    IDENTITY,
    TEXT,
    make_operator,
    make_person,
    registered_entry,
    signed_in_client,
)
from tests.reports.region.oblast import NOW, Oblast, crying, overdue_entries

pytestmark = pytest.mark.django_db
PAGE = "/admin/region/"
_ROW = re.compile(r"<tr>\s*<th scope=\"row\"><a href=\"([^\"]*)\">(.*?)</a>(.*?)</tr>", re.DOTALL)
_TOLD = re.compile(r"<span class=\"told[^\"]*\">(.*?)</span>(?:<small>(.*?)</small>)?")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def oblast() -> Oblast:
    oblast = Oblast()
    oblast.school("a", oblast.east, 12, openings_held=3, openings_missed=1, answered_in_time=9,
                  answered_late=1)  # fmt: skip
    oblast.school("b", oblast.west, 3, openings_held=2)
    oblast.school("c", oblast.north, 7, answered_in_time=2, answered_late=1)
    oblast.school("d", oblast.south, 40)
    return oblast


def seen(client: Client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def table(html: str) -> dict[str, list[str]]:
    """Each school's name in the order of the page, with what is told in its row."""
    return {
        unescape(name): [unescape(" ".join(filter(None, cell))) for cell in _TOLD.findall(rest)]
        for _address, name, rest in _ROW.findall(html)
    }


def names(client: Client, query: str = "") -> list[str]:
    return [name.removeprefix("School ") for name in table(seen(client, query))]


class TestWho:
    def test_an_analyst_sees_the_schools_of_the_region_and_its_parts(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        assert names(client) == ["a", "b", "c"]
        html = seen(client)
        assert "School d" not in html
        assert "Region south" not in html

    def test_a_school_that_has_left_is_not_there(self, oblast):
        School.objects.filter(slug="b").update(left_on=NOW.date())
        assert names(signed_in_client(oblast.analyst(oblast.north))) == ["a", "c"]

    def test_of_a_part_that_part_alone(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.west))
        assert names(client) == ["b"]
        # Nor by asking for another one.
        assert names(client, "?part=east") == ["b"]
        assert names(client, "?part=south") == ["b"]
        assert names(client, "?q=d") == []

    def test_the_operator_sees_all_and_those_without_a_region(self, oblast):
        oblast.school("e", None)
        client = signed_in_client(make_operator())
        assert names(client) == ["a", "b", "c", "d", "e"]
        assert names(client, "?part=none") == ["e"]
        assert "Schools without a region" in seen(client, "?part=none")

    def test_those_without_a_region_are_for_nobody_else(self, oblast):
        oblast.school("e", None)
        client = signed_in_client(oblast.analyst(oblast.north))
        assert names(client, "?part=none") == ["a", "b", "c"]

    @pytest.mark.parametrize("role", ["psychologist", "director", "administrator"])
    def test_nobody_of_a_school(self, oblast, role):
        client = signed_in_client(make_person(oblast.schools["a"], role))
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}report/", {"file": "xlsx"}).status_code == 403
        assert PAGE not in client.get("/admin/").content.decode()

    def test_the_named_person_alone_sees_no_figures(self, oblast):
        person = make_person(None, None)
        oblast.north.officer = person.user
        oblast.north.save()
        assert signed_in_client(person).get(PAGE).status_code == 403

    def test_the_menu_and_the_first_page_lead_there(self, oblast):
        html = signed_in_client(oblast.analyst(oblast.north)).get("/admin/").content.decode()
        assert f'href="{PAGE}"' in html
        assert "You see how the schools of your region work." in html
        assert client_sees_no_settings(html)

    def test_a_row_leads_to_the_covered_figures_of_the_school(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        address, name, _rest = _ROW.search(seen(client)).groups()
        assert (unescape(address), name) == ("/admin/figures/a/?period=2026-09-2", "School a")
        page = client.get(unescape(address))
        assert page.status_code == 200
        assert "Small numbers are covered." in page.content.decode()
        assert client.get("/admin/figures/d/").status_code == 404

    def test_changing_is_refused_and_get_prints_nothing(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        assert client.post(PAGE).status_code == 405
        assert client.get(f"{PAGE}report/").status_code == 405


def client_sees_no_settings(html: str) -> bool:
    return not any(f'href="/admin/{place}' in html for place in ("settings", "schools", "journal"))


class TestWhat:
    def test_small_numbers_are_covered(self, oblast):
        told = table(seen(signed_in_client(oblast.analyst(oblast.north))))
        assert told["School a"][:3] == ["12", "75 % held: 3, missed: 1", "90 %"]
        assert told["School b"][:3] == ["1–4", "100 %", "—"]
        assert told["School c"][:3] == ["7", "—", "—"]

    def test_what_waits_now_is_none_one_to_four_or_its_number(self, oblast):
        overdue_entries(oblast.schools["a"], 2)
        overdue_entries(oblast.schools["b"], 5)
        crying(oblast.schools["c"], 1)
        client = signed_in_client(oblast.analyst(oblast.north))
        told = {name: cells[3:5] for name, cells in table(seen(client)).items()}
        assert told == {"School a": ["1–4", "0"], "School b": ["5", "0"], "School c": ["0", "1–4"]}
        assert names(client, "?only=overdue") == ["a", "b"]
        assert names(client, "?only=alerts") == ["c"]
        assert names(client, "?by=overdue") == ["b", "a", "c"]
        assert names(client, "?by=overdue&turned=1") == ["c", "a", "b"]

    def test_no_word_name_or_class_is_on_the_page(self, oblast):
        keeper = make_person(oblast.schools["a"], "psychologist", with_key=True)
        registered_entry(
            oblast.schools["a"], by=keeper, signed=True, summary="Somebody takes money"
        )
        client = signed_in_client(oblast.analyst(oblast.north))
        page = seen(client) + client.get("/admin/figures/a/").content.decode()
        for word in (TEXT, "Somebody takes money", *IDENTITY.values(), str(keeper.user)):
            if len(word) > 3:
                assert word not in page

    def test_only_what_is_wrong(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        assert names(client, "?only=openings_missed") == ["a"]
        assert names(client, "?only=silent") == []
        assert "No school is like that." in seen(client, "?only=silent")

    def test_sorted_by_each_head_and_turned_round(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        assert names(client, "?by=letters") == ["a", "c", "b"]
        assert names(client, "?by=letters&turned=1") == ["b", "c", "a"]
        assert names(client, "?by=openings_on_time") == ["a", "b", "c"]
        html = seen(client, "?by=letters")
        assert html.count("aria-sort=") == 1
        assert 'aria-sort="descending"><a href="?by=letters&amp;turned=1"' in html

    def test_a_part_is_chosen_by_its_name(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        assert names(client, "?part=east") == ["a"]
        assert names(client, "?part=north") == ["a", "b", "c"]

    @pytest.mark.parametrize("typed", ["школа B", "МЕКТЕБІ b", "b", "Школа  B "])
    def test_found_by_name_in_any_language_and_case(self, oblast, typed):
        client = signed_in_client(oblast.analyst(oblast.north))
        assert names(client, f"?q={typed}") == ["b"]

    def test_other_months(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        for query, letters in {
            "?period=2026-09-1": "12",
            "?period=2026-10-1": "0",
            "?period=2026-09-12": "12",  # as far as it is over
            "?period=2025-01-12": "0",
            "?period=2026-11-1": "12",  # still runs: the usual
            "?period=x": "12",
        }.items():
            assert table(seen(client, query))["School a"][0] == letters, query

    def test_what_is_no_choice_is_the_usual(self, oblast):
        client = signed_in_client(oblast.analyst(oblast.north))
        usual = table(seen(client))
        for query in (
            "?by=names&only=%00&part=%00&page=0&period=%00&turned=2",
            f"?page={'9' * 5000}",
            "?page=-1",
            "?page=999999",
            "?q=%00",
        ):
            assert table(seen(client, query)) == usual, query[:60]

    def test_the_parts_stand_beside_each_other(self, oblast):
        html = seen(signed_in_client(oblast.analyst(oblast.north)))
        chart = html.partition('id="about-by-part"')[2].partition("</section>")[0]
        rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', chart)
        assert rows == [
            ("Region east", "1", "12"),
            ("Region north", "1", "7"),
            ("Region west", "1", "1–4"),
        ]
        assert "about-by-part" not in seen(signed_in_client(oblast.analyst(oblast.west)))


class TestNamedPerson:
    WARNING = "A danger alert that nobody at a school answers goes no further here:"

    def test_without_one_the_page_says_so(self, oblast):
        html = seen(signed_in_client(oblast.analyst(oblast.north)))
        assert self.WARNING in html
        assert html.count("there is no named person") == 1
        assert "Name somebody" not in html
        assert "Name somebody" in seen(signed_in_client(make_operator()))

    def test_one_who_has_not_signed_in_yet(self, oblast):
        person = make_person(None, None, username="named")
        type(person.user).objects.filter(pk=person.user.pk).update(public_key=b"")
        oblast.east.officer = person.user
        oblast.east.save()
        html = seen(signed_in_client(oblast.analyst(oblast.east)))
        assert "is the named person and has not signed in yet" in html
        # The whole's person is reached in place of theirs.
        oblast.north.officer = make_person(None, None, username="of-north").user
        oblast.north.save()
        assert self.WARNING not in seen(signed_in_client(oblast.analyst(oblast.north)))

    def test_one_who_has_a_role_in_a_school_is_not_called_for_it(self, oblast):
        own, whole = (make_person(None, None, username=name) for name in ("of-east", "of-north"))
        oblast.north.officer = whole.user
        oblast.north.save()
        Membership.objects.create(user=whole.user, school=oblast.schools["a"], role_id="director")
        assert officers_of(oblast.schools["a"]) == []
        client = signed_in_client(oblast.analyst(oblast.north))
        html = seen(client)
        assert self.WARNING in html
        assert html.count("has a role in this school and is not called for it") == 1
        assert f"School a: {whole.user}" in html
        # The part's own person is called in place of theirs, until they have a role there too.
        oblast.east.officer = own.user
        oblast.east.save()
        assert self.WARNING not in seen(client)
        Membership.objects.create(
            user=own.user, school=oblast.schools["a"], role_id="administrator"
        )
        assert f"School a: {own.user}" in seen(client)

    def test_an_operator_is_called_for_no_region(self, oblast):
        oblast.north.officer = make_operator().user
        oblast.north.save()
        assert "there is no named person" in seen(signed_in_client(oblast.analyst(oblast.north)))


def test_as_many_queries_for_one_school_as_for_sixty(oblast):
    client = signed_in_client(oblast.analyst(oblast.north))
    client.get(PAGE)
    queries = []
    for count in (0, 60):
        for place in range(count):
            oblast.school(f"more-{place:02d}", oblast.west, place)
        with CaptureQueriesContext(connection) as asked:
            html = seen(client)
        queries.append(len(asked))
    assert len(table(html)) == 50
    assert "Page 1 of 2" in html
    assert queries[0] == queries[1]
    of_figures = [row["sql"] for row in asked if "journal_tally" in row["sql"]]
    assert len(of_figures) == 2  # the rows with all schools together, and by month
    assert len(table(seen(client, "?page=2"))) == School.objects.exclude(slug="d").count() - 50
