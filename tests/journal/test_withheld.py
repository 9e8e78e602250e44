"""An entry sealed to some people in person: what everybody else sees of it on the staff site, and what gives it away.

Two letters lie side by side in every test: an ordinary one, and one about the psychologist, which is signed, urgent, of
another category, overdue and in review. ``concerned`` is the psychologist; ``reader`` the deputy director who reads
both; ``late`` a social pedagogue who got the key afterwards; ``director`` sees the journal and holds no key.
"""

import datetime
import re
from dataclasses import dataclass
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import Letter
from journal.models import Entry, Opening, TakenLetter, Trail, Volume
from journal.prints import end_of_book
from journal.selectors import days_of, matching
from journal.services import registering, reviewing
from reports.journal_book import read_book
from schools.models import School
from tests import factories
from tests.factories import IDENTITY, Person, make_person, signed_in_client

pytestmark = pytest.mark.django_db

LIST = "admin:journal_entry_changelist"
SECRET = "The psychologist shouts at us in the corridor."
SUMMARY = "Shouting in the corridor."
STRANGERS = ["concerned", "late", "director"]
PAST = datetime.date(2020, 1, 1)


@dataclass(frozen=True)
class Case:
    """One school, five people, two entries of one opening."""

    school: School
    people: dict[str, Person]
    opening: Opening
    ordinary: Entry
    sealed: Entry

    def client(self, who: str) -> Client:
        return signed_in_client(self.people[who])


@pytest.fixture
def school() -> School:
    return factories.make_school(reply_days=5)


@pytest.fixture
def people(school: School) -> dict[str, Person]:
    concerned = make_person(school, "psychologist", with_key=True)
    reader = make_person(school, "deputy_director", with_key=True)
    other = factories.make_school("school-2")
    return {
        "concerned": concerned,
        "reader": reader,
        "director": make_person(school, "director"),
        "stranger": make_person(other, "psychologist", with_key=True),
    }


@pytest.fixture
def letters(school: School, people: dict[str, Person]) -> tuple[Letter, Letter]:
    """In the box: an ordinary letter, and the one about the psychologist."""
    ordinary = factories.send_letter(school)
    about = factories.send_letter(
        school, text=SECRET, signed=True, danger=True, category="requests", about=["psychologist"]
    )
    late = make_person(school, "social_pedagogue")
    factories.give_key(school, to=late, by=people["reader"])
    people["late"] = late
    return ordinary, about


@pytest.fixture
def case(school: School, people: dict[str, Person], letters: tuple[Letter, Letter]) -> Case:
    reader = people["reader"]
    opening = factories.open_box(school, by=reader)
    ordinary, about = (TakenLetter.objects.get(letter=letter) for letter in letters)
    first = factories.register(ordinary, by=reader, category=letters[0].category)
    second = factories.register(about, by=reader, summary=SUMMARY, category=letters[1].category)
    second = reviewing.take_into_review(
        entry=second, reviewer=reader.user, by=reader.fresh(), keyring=reader.keyring(), version=1
    )
    Entry.objects.filter(pk=second.pk).update(due_on=PAST)
    second.refresh_from_db()
    return Case(school, people, opening, first, second)


def page_of(entry: Entry) -> str:
    return reverse("admin:journal_entry_change", args=[entry.pk])


def screen(opening: Opening) -> str:
    return reverse("admin:journal_opening_change", args=[opening.pk])


def text_of(html: str) -> str:
    """What a page's main part says, without its markup."""
    main = html.partition('id="content"')[2] or html
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def row_of(html: str, entry: Entry) -> str:
    """What the list says of an entry."""
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    (row,) = [row for row in rows if f"/entry/{entry.pk}/change/" in row]
    return text_of(row)


def numbers(client: Client, **query: str) -> list[int]:
    return [row.number for row in client.get(reverse(LIST), query).context["cl"].result_list]


def found(client: Client, words: str, **filters: str) -> list[int]:
    page = client.post(reverse(LIST), {"words": words, **filters})
    return [row.number for row in page.context["cl"].result_list]


def no_word_of_it(page: str) -> None:
    """Nothing that was written, and nothing that the two entries do not have in common."""
    for word in (SECRET, SUMMARY, IDENTITY["full_name"], IDENTITY["phone"], "corridor"):
        assert word not in page


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


class TestPage:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_number_and_date_and_nothing_else(self, case: Case, who: str) -> None:
        response = case.client(who).get(page_of(case.sealed))
        assert response.status_code == 200
        page = response.content.decode()
        no_word_of_it(page)
        said = text_of(page)
        assert "Entry № 2" in said
        assert case.sealed.taken_on.strftime("%d.%m.%Y") in said
        assert "Closed to you" in said
        for told in (
            "in review", "registered", "danger", "overdue", "Requests", "web form", "History",
            "pupil", "Reviewer", case.people["reader"].user.full_name, "What next", "Reply due",
        ):  # fmt: skip
            assert told not in said
        assert "/step/" not in page
        assert "/share/" not in page

    @pytest.mark.parametrize("who", STRANGERS)
    def test_looking_at_it_is_no_reading(self, case: Case, who: str) -> None:
        case.client(who).get(page_of(case.sealed))
        assert not Trail.objects.filter(entry=case.sealed, step=Trail.Step.READ).exists()

    @pytest.mark.parametrize("who", STRANGERS)
    def test_the_entries_beside_it_lead_to_it(self, case: Case, who: str) -> None:
        client = case.client(who)
        assert page_of(case.sealed) in client.get(page_of(case.ordinary)).content.decode()
        assert page_of(case.ordinary) in client.get(page_of(case.sealed)).content.decode()

    def test_its_reader_sees_it_with_whom_it_is_about(self, case: Case) -> None:
        page = text_of(case.client("reader").get(page_of(case.sealed)).content.decode())
        assert SECRET in page
        assert "About psychologist" in page
        assert "Who can read this entry" in page

    def test_a_keyless_director_sees_an_ordinary_entry_as_before(self, case: Case) -> None:
        page = text_of(case.client("director").get(page_of(case.ordinary)).content.decode())
        assert "registered" in page
        assert "In the journal" in page

    def test_another_school_finds_nothing_there(self, case: Case) -> None:
        client = case.client("stranger")
        assert client.get(page_of(case.sealed)).status_code == 404
        share = reverse("admin:journal_entry_share", args=[case.sealed.pk])
        assert client.post(share).status_code == 404

    @pytest.mark.parametrize("who", ["concerned", "late"])
    @pytest.mark.parametrize(
        "step", ["taken_into_review", "measures_recorded", "answered", "closed", "corrected"]
    )
    def test_steps_are_refused_and_leave_a_row(self, case: Case, who: str, step: str) -> None:
        client = case.client(who)
        data = {f"{step}-version": case.sealed.version, f"{step}-measures": "Nothing happened."}
        address = reverse("admin:journal_entry_step", args=[case.sealed.pk, step])
        response = client.post(address, data)
        assert response.status_code == 403
        no_word_of_it(response.content.decode())
        case.sealed.refresh_from_db()
        assert (case.sealed.state, case.sealed.version) == ("in_review", 2)
        row = Trail.objects.order_by("position").last()
        assert (row.step, row.entry, row.by) == (
            Trail.Step.REFUSED,
            case.sealed,
            case.people[who].user,
        )
        history = text_of(case.client("reader").get(page_of(case.sealed)).content.decode())
        assert "Somebody to whom the entry is closed tried to work on it" in history


class TestOpening:
    @pytest.mark.parametrize("who", STRANGERS)
    @pytest.mark.parametrize("fate", ["waiting", "registered", "set aside"])
    def test_place_alone_whatever_became_of_it(
        self,
        school: School,
        people: dict[str, Person],
        letters: tuple[Letter, Letter],
        who: str,
        fate: str,
    ) -> None:
        reader = people["reader"]
        opening = factories.open_box(school, by=reader)
        ordinary, about = (TakenLetter.objects.get(letter=letter) for letter in letters)
        factories.register(ordinary, by=reader)
        if fate == "registered":
            factories.register(about, by=reader, summary=SUMMARY)
        elif fate == "set aside":
            registering.set_aside(
                taken=about,
                kind="other",
                note="corridor",
                by=reader.fresh(),
                keyring=reader.keyring(),
            )
        page = signed_in_client(people[who]).get(screen(opening)).content.decode()
        no_word_of_it(page)
        said = text_of(page)
        assert "Letter 2: closed to you" in said
        assert "Done: 1 of 1." in said
        assert "Every letter that is open to you has its number or its reason." in said
        for told in ("№ 2 ", "set aside:", "waits", "Letter 2 web form"):
            assert told not in said
        assert "flag-danger" not in page
        assert f"/letter/{about.pk}/" not in page
        listed = reverse("admin:journal_opening_changelist")
        left = signed_in_client(people[who]).get(listed).context["cl"].result_list[0].waiting
        assert left == 0

    def test_all_three_fates_look_alike(
        self, school: School, people: dict[str, Person], letters: tuple[Letter, Letter]
    ) -> None:
        reader, client = people["reader"], signed_in_client(people["concerned"])
        opening = factories.open_box(school, by=reader)
        about = TakenLetter.objects.get(letter=letters[1])

        def look() -> str:
            # The book's own end moves with each step of anybody.
            end = end_of_book(school)
            page = text_of(client.get(screen(opening)).content.decode())
            end = end_of_book(school)
            return page.replace(end.groups, "").replace(f"book {end.rows} ", "book ")

        waiting = look()
        factories.register(about, by=reader, summary=SUMMARY)
        assert look() == waiting

    def test_an_opening_of_nothing_else_is_not_called_empty(
        self, school: School, people: dict[str, Person]
    ) -> None:
        factories.send_letter(school, about=["psychologist"])
        opening = factories.open_box(school, by=people["concerned"])
        said = text_of(signed_in_client(people["concerned"]).get(screen(opening)).content.decode())
        assert "No letters found" not in said
        assert "Letter 1: closed to you" in said

    @pytest.mark.parametrize("action", ["register", "aside"])
    @pytest.mark.parametrize("done", [False, True])
    def test_registering_and_setting_aside_are_refused_and_leave_a_row(
        self,
        school: School,
        people: dict[str, Person],
        letters: tuple[Letter, Letter],
        action: str,
        done: bool,
    ) -> None:
        opening = factories.open_box(school, by=people["concerned"])
        about = TakenLetter.objects.get(letter=letters[1])
        if done:
            factories.register(about, by=people["reader"], summary=SUMMARY)
        client = signed_in_client(people["concerned"])
        address = reverse(f"admin:journal_opening_{action}", args=[opening.pk, about.pk])
        response = client.post(address, {f"{action}-{about.pk}-kind": "test"})
        assert response.status_code == 403
        assert "№" not in text_of(response.content.decode())
        about.refresh_from_db()
        assert (about.entry_id is not None, about.set_aside_as) == (done, "")
        row = Trail.objects.order_by("position").last()
        assert (row.step, row.facts) == (Trail.Step.REFUSED, {"position": about.position})

    def test_the_others_register_it_and_set_it_aside_as_usual(
        self, school: School, people: dict[str, Person]
    ) -> None:
        for _ in range(2):
            factories.send_letter(school, text=SECRET, about=["psychologist"])
        opening = factories.open_box(school, by=people["concerned"])
        first, second = opening.taken_letters.order_by("position")
        client = signed_in_client(people["reader"])
        page = text_of(client.get(screen(opening)).content.decode())
        assert page.count("It is closed to them.") == 2
        assert SECRET in page
        category = str(school.categories.first().pk)
        fields = {"summary": SUMMARY, "category": category, "class_group": ""}
        client.post(
            reverse("admin:journal_opening_register", args=[opening.pk, first.pk]),
            {f"register-{first.pk}-{name}": value for name, value in fields.items()},
        )
        client.post(
            reverse("admin:journal_opening_aside", args=[opening.pk, second.pk]),
            {f"aside-{second.pk}-kind": "other", f"aside-{second.pk}-note": "Came twice."},
        )
        entry = Entry.objects.get()
        assert entry.read(people["reader"].keyring())["summary"] == SUMMARY
        assert entry.is_withheld_from(people["concerned"].user.pk)
        second.refresh_from_db()
        assert second.read(people["reader"].keyring()) == {"note": "Came twice."}
        assert "Came twice." in client.get(screen(opening)).content.decode()

    def test_after_registering_the_next_letter_is_one_that_opens(
        self, school: School, people: dict[str, Person]
    ) -> None:
        for about in ([], ["psychologist"], []):
            factories.send_letter(school, about=about)
        opening = factories.open_box(school, by=people["concerned"])
        first, _about, last = opening.taken_letters.order_by("position")
        fields = {
            "summary": "x",
            "category": str(school.categories.first().pk),
            "class_group": "",
        }
        response = signed_in_client(people["concerned"]).post(
            reverse("admin:journal_opening_register", args=[opening.pk, first.pk]),
            {f"register-{first.pk}-{name}": value for name, value in fields.items()},
        )
        assert response["Location"].endswith(f"?letter={last.pk}")

    def test_the_act_carries_the_end_of_the_book(self, case: Case) -> None:
        page = text_of(case.client("director").get(screen(case.opening)).content.decode())
        assert end_of_book(case.school).groups in page
        assert f"Rows in the school’s book {end_of_book(case.school).rows} " in page


class TestDay:
    def test_counts_tell_the_concerned_nothing_but_that_it_lies_there(
        self, school: School, people: dict[str, Person], letters: tuple[Letter, Letter]
    ) -> None:
        def day(who: str):
            return days_of([school], people[who].fresh())[0]

        assert (day("concerned").waiting, day("concerned").waiting_danger) == (2, 0)
        assert (day("director").waiting, day("director").waiting_danger) == (2, 0)
        assert (day("reader").waiting, day("reader").waiting_danger) == (2, 1)
        reader = people["reader"]
        opening = factories.open_box(school, by=reader)
        ordinary, about = (TakenLetter.objects.get(letter=letter) for letter in letters)
        factories.register(ordinary, by=reader)
        assert (day("reader").unregistered, day("concerned").unregistered) == (1, 0)
        assert day("reader").newest_unfinished == opening.pk
        assert day("concerned").newest_unfinished is None
        entry = factories.register(about, by=reader)
        Entry.objects.filter(pk=entry.pk).update(due_on=PAST)
        for who, work in (("reader", (2, 1, 1)), ("concerned", (1, 1, 0)), ("late", (1, 1, 0))):
            found = day(who)
            assert (found.in_work, found.due, found.overdue) == work

    def test_the_first_page_waves_no_flag_at_the_concerned(
        self, people: dict[str, Person], letters: tuple[Letter, Letter]
    ) -> None:
        today = reverse("admin:index")
        assert "flag-danger" in signed_in_client(people["reader"]).get(today).content.decode()
        for who in STRANGERS:
            page = signed_in_client(people[who]).get(today).content.decode()
            assert "flag-danger" not in page
            assert "day-danger" not in page


class TestPaper:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_the_printed_journal_has_number_and_date(self, case: Case, who: str) -> None:
        person = case.people[who]
        book = read_book(
            Volume.objects.get(school=case.school),
            language="en",
            by=person.fresh(),
            keyring=person.keyring(),
        )
        row = book.rows[1]
        assert row.closed
        assert row.number == 2
        cells = dict(zip([head.slug for head in book.heads], row.cells, strict=True))
        assert {slug for slug, text in cells.items() if text} == {"number", "taken_on", "summary"}
        assert cells["summary"] == "closed to the person who prints"

    def test_its_reader_prints_it(self, case: Case) -> None:
        person = case.people["reader"]
        book = read_book(
            Volume.objects.get(school=case.school),
            language="en",
            by=person.fresh(),
            keyring=person.keyring(),
        )
        assert SUMMARY in book.rows[1].cells


class TestSharing:
    @pytest.fixture
    def address(self, case: Case) -> str:
        return reverse("admin:journal_entry_share", args=[case.sealed.pk])

    def form(self, person: Person, password: str = factories.PASSWORD) -> dict[str, str]:
        return {"share-to": str(person.user.pk), "share-password": password}

    def test_a_colleague_reads_it_from_then_on(self, case: Case, address: str) -> None:
        late = case.people["late"]
        response = case.client("reader").post(address, self.form(late), follow=True)
        assert f"{late.user.full_name} can read № 2 now." in unescape(response.content.decode())
        page = text_of(case.client("late").get(page_of(case.sealed)).content.decode())
        assert SECRET in page
        assert f"The entry was opened to a colleague: {late.user.full_name}." in page
        row = Trail.objects.get(step=Trail.Step.SHARED)
        assert (row.facts, row.by) == ({"to": late.user.username}, case.people["reader"].user)
        no_word_of_it(case.client("concerned").get(page_of(case.sealed)).content.decode())

    def test_a_director_without_the_schools_key_can_be_let_in_to_this_one(
        self, case: Case, address: str
    ) -> None:
        director = case.people["director"]
        case.client("reader").post(address, self.form(director))
        client = case.client("director")
        assert SECRET in client.get(page_of(case.sealed)).content.decode()
        assert factories.TEXT not in client.get(page_of(case.ordinary)).content.decode()

    def test_the_concerned_is_not_offered_and_not_taken(self, case: Case, address: str) -> None:
        concerned = case.people["concerned"]
        client = case.client("reader")
        page = client.get(page_of(case.sealed))
        offered = [person.pk for person in page.context["share"].fields["to"].queryset]
        assert concerned.user.pk not in offered
        assert case.people["late"].user.pk in offered
        response = client.post(address, self.form(concerned))
        assert response.status_code == 200
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(concerned.user.pk)
        assert not Trail.objects.filter(step=Trail.Step.SHARED).exists()

    def test_a_new_role_does_not_let_the_concerned_in(self, case: Case, address: str) -> None:
        concerned = case.people["concerned"]
        concerned.user.memberships.update(role_id="director")
        case.client("reader").post(address, self.form(concerned))
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(concerned.user.pk)

    def test_nor_is_whoever_has_the_role_now(self, case: Case, address: str) -> None:
        successor = make_person(case.school, "psychologist", username="successor")
        case.client("reader").post(address, self.form(successor))
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(successor.user.pk)

    def test_a_wrong_password_opens_nothing(self, case: Case, address: str) -> None:
        late = case.people["late"]
        response = case.client("reader").post(address, self.form(late, "wrong"))
        assert "This is not your password." in response.content.decode()
        case.sealed.refresh_from_db()
        assert case.sealed.is_withheld_from(late.user.pk)

    @pytest.mark.parametrize("who", STRANGERS)
    def test_who_cannot_read_it_shares_nothing(self, case: Case, address: str, who: str) -> None:
        response = case.client(who).post(address, self.form(case.people["late"]))
        assert response.status_code == 403
        case.sealed.refresh_from_db()
        assert list(case.sealed.personal_keys) == [str(case.people["reader"].user.pk)]
        assert Trail.objects.order_by("position").last().step == Trail.Step.REFUSED

    def test_an_ordinary_entry_is_not_shared(self, case: Case) -> None:
        client = case.client("reader")
        assert "Who can read this entry" not in client.get(page_of(case.ordinary)).content.decode()
        address = reverse("admin:journal_entry_share", args=[case.ordinary.pk])
        assert client.post(address, self.form(case.people["late"])).status_code == 403

    def test_by_post_alone(self, case: Case, address: str) -> None:
        assert case.client("reader").get(address).status_code == 405

    def test_once_more_after_a_password_set_by_others(self, case: Case, address: str) -> None:
        late, client = case.people["late"], case.client("reader")
        client.post(address, self.form(late))
        page = unescape(client.get(page_of(case.sealed)).content.decode())
        assert f"{late.user.full_name} (once more, after a new password)" in page
        client.post(address, self.form(late))
        assert Trail.objects.filter(step=Trail.Step.SHARED).count() == 2
        case.sealed.refresh_from_db()
        assert case.sealed.read(late.keyring())["summary"] == SUMMARY

    def test_the_page_asks_as_often_however_many_can_read_it(self, case: Case) -> None:
        client = case.client("reader")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(page_of(case.sealed))
            return len(queries)

        cost()
        before = cost()
        for number in range(8):
            make_person(case.school, "director", username=f"director-{number}")
        assert cost() == before
