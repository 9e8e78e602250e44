"""The staff's pages of public notes: write, approve, take back; by POST, by role, in one's own school."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import PublicNote
from box.services.public_notes import Stage, approve_note, stage_of, withdraw_note, write_note
from schools.models import School
from tests.factories import Person, make_operator, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db

NOTES = "admin:public_notes"


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def writer(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def deputy(school: School) -> Person:
    return make_person(school, "deputy_director")


def note_of(school: School, by: Person, text: str = "The light works again.") -> PublicNote:
    return write_note(school=school, texts={"en": text}, about_nobody=True, by=by.fresh())


def page(client: Client, name: str = NOTES, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def fields_of(html: str) -> list[str]:
    return re.findall(r'<textarea[^>]* name="([^"]+)"', html)


class TestWriting:
    def test_asks_for_the_words_and_the_tick(self, school: School, writer: Person) -> None:
        client = signed_in_client(writer)
        address = reverse("admin:public_note_write", args=[school.slug])
        shown = page(client, "admin:public_note_write", school.slug)
        assert "Leave out names, classes and groups" in shown
        english = re.search(r'<textarea[^>]* name="([^"]+)"[^>]* lang="en"', shown).group(1)
        without_tick = client.post(address, {english: "The light works again."})
        assert without_tick.status_code == 200
        assert "Confirm that nobody can be recognised" in without_tick.content.decode()
        assert "The light works again.</textarea>" in without_tick.content.decode()
        assert not PublicNote.objects.exists()
        done = client.post(address, {english: "The light works again.", "about_nobody": "on"})
        assert done.headers["Location"] == reverse(NOTES)
        note = PublicNote.objects.get()
        assert (note.texts, note.written_by) == ({"en": "The light works again."}, writer.user)
        assert stage_of(note) is Stage.WAITING

    def test_a_class_in_it_is_refused_with_the_words_kept(
        self, school: School, writer: Person
    ) -> None:
        client = signed_in_client(writer)
        shown = page(client, "admin:public_note_write", school.slug)
        names = fields_of(shown)
        typed = {names[0]: "В 7Б теперь тихо.", "about_nobody": "on"}
        again = client.post(reverse("admin:public_note_write", args=[school.slug]), typed)
        assert "seems to name a class" in again.content.decode()
        assert "В 7Б теперь тихо.</textarea>" in again.content.decode()
        assert not PublicNote.objects.exists()

    def test_who_only_approves_does_not_write(self, school: School, writer: Person) -> None:
        client = signed_in_client(make_person(school, "director"))
        address = reverse("admin:public_note_write", args=[school.slug])
        assert address not in page(client)
        assert client.get(address).status_code == 403
        assert client.post(address, {"about_nobody": "on"}).status_code == 403


class TestApproving:
    def test_a_colleague_approves(self, school: School, writer: Person, deputy: Person) -> None:
        note = note_of(school, writer)
        client = signed_in_client(deputy)
        address = reverse("admin:public_note_approve", args=[note.pk])
        assert address in page(client)
        assert client.get(address).status_code == 405
        assert client.post(address).headers["Location"] == reverse(NOTES)
        note.refresh_from_db()
        assert (note.approved_by, note.is_public) == (deputy.user, True)
        assert "on the school’s page now" in page(client)

    def test_the_writer_cannot(self, school: School, writer: Person, deputy: Person) -> None:
        own = note_of(school, deputy)
        address = reverse("admin:public_note_approve", args=[own.pk])
        client = signed_in_client(deputy)
        assert address not in page(client)
        client.post(address)
        assert "ask a colleague" in page(client)
        assert signed_in_client(writer).post(address).status_code == 403
        own.refresh_from_db()
        assert not own.is_public

    def test_twice_is_a_conflict(self, school: School, writer: Person, deputy: Person) -> None:
        note = note_of(school, writer)
        client = signed_in_client(deputy)
        address = reverse("admin:public_note_approve", args=[note.pk])
        client.post(address)
        again = client.post(address)
        assert again.status_code == 409
        assert "does not wait for approval any more" in again.content.decode()
        assert reverse(NOTES) in again.content.decode()


class TestTakingBack:
    def test_from_the_page(self, school: School, writer: Person, deputy: Person) -> None:
        note = approve_note(note=note_of(school, writer), by=deputy.fresh())
        client = signed_in_client(writer)
        address = reverse("admin:public_note_withdraw", args=[note.pk])
        shown = page(client)
        assert address in shown
        assert 'name="seen" value="public"' in shown
        assert client.get(address).status_code == 405
        assert client.post(address, {"seen": "public"}).headers["Location"] == reverse(NOTES)
        note.refresh_from_db()
        assert stage_of(note) is Stage.WITHDRAWN
        assert address not in page(client)
        assert "The light works again." in page(client), "it stays in the list"

    @pytest.mark.parametrize("seen", ["waiting", "withdrawn", "", "x"])
    def test_of_what_has_moved_on_is_a_conflict(
        self, school: School, writer: Person, deputy: Person, seen: str
    ) -> None:
        note = approve_note(note=note_of(school, writer), by=deputy.fresh())
        address = reverse("admin:public_note_withdraw", args=[note.pk])
        assert signed_in_client(writer).post(address, {"seen": seen}).status_code == 409
        note.refresh_from_db()
        assert note.is_public


class TestWhoSeesWhat:
    def test_another_school(self, school: School, writer: Person) -> None:
        note = note_of(school, writer)
        stranger = make_person(make_school("school-2"), "deputy_director")
        client = signed_in_client(stranger)
        assert "The light works" not in page(client)
        for name in ("approve", "withdraw"):
            address = reverse(f"admin:public_note_{name}", args=[note.pk])
            assert client.post(address, {"seen": "waiting"}).status_code == 404
        write = reverse("admin:public_note_write", args=[school.slug])
        assert client.get(write).status_code == 404
        assert stage_of(PublicNote.objects.get()) is Stage.WAITING

    def test_without_such_a_role(self, school: School, writer: Person) -> None:
        for person in (make_person(school, "phone_officer"), make_operator()):
            client = signed_in_client(person)
            assert client.get(reverse(NOTES)).status_code == 403
            assert reverse(NOTES) not in client.get(reverse("admin:index")).content.decode()

    def test_the_menu_leads_there(self, school: School, writer: Person) -> None:
        shown = signed_in_client(writer).get(reverse("admin:index")).content.decode()
        assert f'href="{reverse(NOTES)}"' in shown

    def test_what_waits_stands_first_and_words_are_words(
        self, school: School, writer: Person, deputy: Person
    ) -> None:
        waits = note_of(school, writer, "<i>Waits</i>")
        for text in ("Newer", "Newest"):
            approve_note(note=note_of(school, writer, text), by=deputy.fresh())
        shown = page(signed_in_client(writer))
        places = [shown.index(word) for word in ("&lt;i&gt;Waits", "Newest", "Newer<")]
        assert places == sorted(places)
        assert f'aria-label="№ {waits.pk}"' in shown

    def test_queries_are_the_same_for_many(
        self, school: School, writer: Person, deputy: Person
    ) -> None:
        client = signed_in_client(writer)
        counts = []
        for count in (1, 50):
            for _number in range(count):
                approve_note(note=note_of(school, writer), by=deputy.fresh())
            client.get(reverse(NOTES))
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse(NOTES))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestToday:
    def test_tells_whoever_may_approve(
        self, school: School, writer: Person, deputy: Person
    ) -> None:
        note = note_of(school, writer)
        note_of(school, deputy)
        index = reverse("admin:index")

        def waiting(person: Person) -> int:
            return signed_in_client(person).get(index).context["cards"][0].notes_waiting

        # The deputy's own note is for somebody else.
        director = make_person(school, "director")
        assert [waiting(person) for person in (writer, deputy, director)] == [0, 1, 2]
        shown = signed_in_client(deputy).get(index).content.decode()
        assert "<strong>1 public note</strong> waits for you to approve it." in shown
        approve_note(note=note, by=director.fresh())
        assert waiting(deputy) == 0
        withdraw_note(
            note=PublicNote.objects.get(written_by=deputy.user),
            seen=Stage.WAITING,
            by=director.fresh(),
        )
        assert waiting(director) == 0
