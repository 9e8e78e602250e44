"""The list of the journal, its filters, its search and its order."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Entry
from journal.selectors import matching
from tests import factories
from tests.factories import IDENTITY
from tests.journal.withheld.case import (
    LIST,
    PAST,
    STRANGERS,
    Case,
    found,
    no_word_of_it,
    numbers,
    row_of,
)

pytestmark = pytest.mark.django_db


class TestList:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_a_row_with_number_and_date_and_nothing_else(self, case: Case, who: str) -> None:
        page = case.client(who).get(reverse(LIST)).content.decode()
        no_word_of_it(page)
        day = case.sealed.taken_on.strftime("%d.%m.%Y")
        assert row_of(page, case.sealed) == f"№ 2 {day} closed to you — — — —"

    def test_its_reader_sees_all_of_it(self, case: Case) -> None:
        row = row_of(case.client("reader").get(reverse(LIST)).content.decode(), case.sealed)
        for told in (IDENTITY["full_name"], "danger", "Requests", "in review", "overdue"):
            assert told in row

    def test_a_keyless_director_sees_the_state_of_an_ordinary_entry(self, case: Case) -> None:
        page = case.client("director").get(reverse(LIST)).content.decode()
        assert "registered" in row_of(page, case.ordinary)
        assert "Bullying" in row_of(page, case.ordinary)

    @pytest.mark.parametrize(
        "query",
        [
            {"state__exact": "in_review"},
            {"danger__exact": "1"},
            {"letter__danger": "1"},
            {"reviewer__isnull": "1"},
            {"reviewer": "99999999999999999999999999"},
            {"taken_on__year": "99999999999999999999999999"},
        ],
    )
    def test_a_condition_typed_into_the_address_tells_nothing(
        self, case: Case, query: dict[str, str]
    ) -> None:
        assert case.client("concerned").get(reverse(LIST), query).status_code == 400

    def test_another_school_sees_neither(self, case: Case) -> None:
        assert numbers(case.client("stranger")) == []

    @pytest.mark.parametrize(
        ("query", "all_of_it"),
        [
            ({"state": "in_review"}, [2]),
            ({"state": "registered"}, [1]),
            ({"state": "open"}, [2, 1]),
            ({"due": "overdue"}, [2]),
            ({"due": "due"}, [1]),
            ({"danger": "yes"}, [2]),
            ({"source": "web"}, [2, 1]),
            ({"source": "paper"}, []),
            ({"category": "requests"}, [2]),
            ({"category": "bullying"}, [1]),
        ],
    )
    @pytest.mark.parametrize("who", [*STRANGERS, "reader"])
    def test_no_filter_gives_it_away(
        self, case: Case, who: str, query: dict[str, str], all_of_it: list[int]
    ) -> None:
        if "category" in query:
            entry = case.sealed if query["category"] == "requests" else case.ordinary
            query = {"category": str(entry.category_id)}
        expected = all_of_it if who == "reader" else [n for n in all_of_it if n != 2]
        assert numbers(case.client(who), **query) == expected

    @pytest.mark.parametrize("who", STRANGERS)
    def test_date_volume_and_school_may_show_it(self, case: Case, who: str) -> None:
        client, day = case.client(who), case.sealed.taken_on.isoformat()
        assert numbers(client, since=day) == [2, 1]
        assert numbers(client, until=day) == [2, 1]
        assert numbers(client, volume=str(case.sealed.volume_id)) == [2, 1]
        assert numbers(client, school=str(case.school.pk)) == [2, 1]
        assert numbers(client, since=day, danger="yes") == []

    @pytest.mark.parametrize("who", STRANGERS)
    @pytest.mark.parametrize(
        "words", ["corridor", "shouts", "Айгүл", "Shouting", "psychologist", "requests", "review"]
    )
    def test_no_word_finds_it(self, case: Case, who: str, words: str) -> None:
        assert 2 not in found(case.client(who), words)

    @pytest.mark.parametrize("who", STRANGERS)
    def test_its_number_finds_it_but_not_together_with_a_filter(self, case: Case, who: str) -> None:
        client = case.client(who)
        assert found(client, "2") == [2]
        assert found(client, "2", state="in_review") == []
        assert found(client, "2", danger="yes") == []

    def test_its_reader_finds_it_but_not_by_whom_it_is_about(self, case: Case) -> None:
        client = case.client("reader")
        assert found(client, "corridor shouts") == [2]
        assert found(client, "Айгүл") == [2]
        keyring = case.people["reader"].keyring()
        assert matching([case.sealed], str(case.people["concerned"].user.pk) * 9, keyring) == []

    @pytest.mark.parametrize("column", [5, 6, 7])
    def test_no_order_gives_it_away(self, case: Case, column: int) -> None:
        """Sorted by category, state or deadline it stands where it would stand whatever it were."""
        client = case.client("concerned")
        page = client.get(reverse(LIST))
        head = page.context["cl"].list_display[column - 1 : column]
        assert head[0] in ("category_shown", "state_shown", "due")
        orders = []
        for state, due, category in (
            ("in_review", PAST, case.sealed.category_id),
            ("registered", datetime.date(2099, 1, 1), case.ordinary.category_id),
        ):
            Entry.objects.filter(pk=case.sealed.pk).update(
                state=state, due_on=due, category=category
            )
            orders.append([numbers(client, o=str(column)), numbers(client, o=f"-{column}")])
        assert orders[0] == orders[1]

    def test_the_list_costs_the_same_for_one_and_for_twenty(self, case: Case) -> None:
        client = case.client("concerned")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(LIST))
            return len(queries)

        cost()
        before = cost()
        for _ in range(20):
            factories.registered_entry(
                case.school, by=case.people["reader"], about=["psychologist"]
            )
        assert cost() == before
