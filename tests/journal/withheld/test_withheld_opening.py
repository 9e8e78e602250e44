"""The screen after an opening, the day's page and the printed journal."""

import pytest
from django.urls import reverse

from box.models import Letter
from journal.days import days_of
from journal.models import Entry, TakenLetter, Trail, Volume
from journal.prints import end_of_book
from journal.services import registering
from reports.journal_book import read_book
from schools.models import School
from tests import factories
from tests.factories import Person, signed_in_client
from tests.journal.withheld.case import (
    PAST,
    SECRET,
    STRANGERS,
    SUMMARY,
    Case,
    no_word_of_it,
    screen,
    text_of,
)
from tests.reports.reading import page_texts

pytestmark = pytest.mark.django_db


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

    @pytest.mark.parametrize("who", ["concerned", "late", "reader"])
    def test_so_has_the_file_that_the_site_gives(self, case: Case, who: str) -> None:
        volume = Volume.objects.get(school=case.school)
        file = case.client(who).post(
            reverse("admin:journal_volume_print", args=[volume.pk]),
            {"language": "en", "extent": "whole"},
        )
        assert file["Content-Type"] == "application/pdf"
        texts = " ".join(" ".join(page_texts(file.content)).split())
        assert ("Shouting" in texts) == (who == "reader")
        assert ("closed to the person who prints" in texts) == (who != "reader")
        if who != "reader":
            no_word_of_it(texts)
        row = Trail.objects.get(step=Trail.Step.PRINTED)
        before = Trail.objects.get(school=case.school, position=row.position - 1)
        digits = bytes(before.row_hash).hex()
        assert " ".join(digits[at : at + 4] for at in range(0, 64, 4)) in texts
