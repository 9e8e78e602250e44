"""Typing in a letter that came another way than into the box, on the staff site."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from journal.models import Entry, EntryFile, TakenLetter, Trail
from schools.models import Category, Regulation, School
from tests import factories
from tests.factories import Person, make_person, signed_in_client
from tests.journal.typed_in.case import LETTER, text_of

pytestmark = pytest.mark.django_db


def letter_of(school: School, **typed: Any) -> dict[str, Any]:
    now = school.now()
    return {
        "source": "email",
        "received_on": now.date().isoformat(),
        "received_time": f"{now:%H:%M}",
        "text": "Dear director, we are cold.",
        "audience": "parent",
        "signed": "no",
        "summary": "It is cold in the classes.",
        "category": Category.objects.get(school=school, slug="requests").pk,
        "newest_before": 0,
        **typed,
    }


def picture() -> bytes:
    """A photo of a page."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "JPEG")
    return made.getvalue()


def file_of(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("Айша хаты.jpg", data or picture(), content_type="image/jpeg")


class TestTypingInALetter:
    @pytest.fixture
    def client(self, holder: Person) -> Client:
        return signed_in_client(holder)

    def test_a_letter_from_the_directors_mail_with_its_source(
        self, client: Client, school: School, holder: Person
    ) -> None:
        answer = client.post(LETTER, letter_of(school), follow=True)
        entry = Entry.objects.get()
        assert (entry.source, entry.opening, entry.number) == ("email", None, 1)
        assert entry.read(holder.keyring())["text"] == "Dear director, we are cold."
        assert "Registered as № 1." in answer.content.decode()

    def test_only_ways_of_the_regulation_are_offered(self, client: Client, school: School) -> None:
        Regulation.objects.update(sources=["web", "person", "phone"])
        shown = client.get(LETTER).context["form"].fields["source"].choices
        assert [key for key, _label in shown] == ["person"]
        page = client.post(LETTER, letter_of(school))
        assert "source" in page.context["form"].errors
        Regulation.objects.update(sources=["web", "phone"])
        assert "in no way that is typed in" in text_of(client.get(LETTER))

    def test_a_scan_instead_of_the_text(self, client: Client, school: School) -> None:
        typed = letter_of(school, source="person", text="", attachments=[file_of(), file_of()])
        answer = client.post(LETTER, typed, follow=True)
        entry = Entry.objects.get()
        assert EntryFile.objects.filter(entry=entry).count() == 2
        assert "read its scan" in text_of(answer)
        assert f"/admin/journal/entry/{entry.pk}/file/2/" in answer.content.decode()
        given = client.get(f"/admin/journal/entry/{entry.pk}/file/1/")
        assert given["Content-Disposition"] == 'attachment; filename="picture-1.jpg"'
        assert b"".join(given.streaming_content)[:2] == b"\xff\xd8"
        preview = client.get(f"/admin/journal/entry/{entry.pk}/file/1/preview/")
        assert preview["Content-Disposition"].startswith("inline")
        rows = Trail.objects.filter(entry=entry, step=Trail.Step.FILE_READ)
        assert [row.facts for row in rows.order_by("position")] == [
            {"file": 1},
            {"file": 1, "preview": True},
        ]
        assert client.get(f"/admin/journal/entry/{entry.pk}/file/3/").status_code == 404

    def test_whoever_holds_no_key_gets_no_scan(
        self, client: Client, school: School, officer: Person
    ) -> None:
        client.post(LETTER, letter_of(school, text="", attachments=[file_of()]))
        entry = Entry.objects.get()
        stranger = signed_in_client(officer)
        assert stranger.get(f"/admin/journal/entry/{entry.pk}/file/1/").status_code == 403
        assert "/file/1/" not in (
            stranger.get(reverse("admin:journal_entry_change", args=[entry.pk])).content.decode()
        )
        assert Trail.objects.filter(step="refused", facts__step="file_read").count() == 1

    def test_neither_text_nor_scan_is_no_letter(self, client: Client, school: School) -> None:
        page = client.post(LETTER, letter_of(school, text=""))
        assert list(page.context["form"].errors) == ["text"] and not Entry.objects.exists()

    def test_a_spoiled_scan_is_told_and_the_words_are_kept(
        self, client: Client, school: School
    ) -> None:
        typed = letter_of(school, attachments=[file_of(b"no picture at all")])
        page = client.post(LETTER, typed)
        assert "attachments" in page.context["form"].errors and not Entry.objects.exists()
        assert "Dear director, we are cold." in page.content.decode()

    def test_with_another_mistake_the_files_are_asked_for_again(
        self, client: Client, school: School
    ) -> None:
        page = client.post(LETTER, letter_of(school, summary="", attachments=[file_of()]))
        assert set(page.context["form"].errors) == {"summary", "attachments"}

    def test_a_signed_letter_has_a_name_and_an_anonymous_one_keeps_none(
        self, client: Client, school: School, holder: Person
    ) -> None:
        assert (
            "full_name"
            in client.post(LETTER, letter_of(school, signed="yes")).context["form"].errors
        )
        client.post(LETTER, letter_of(school, full_name="Somebody"))
        assert Entry.objects.get().read(holder.keyring())["full_name"] == ""

    def test_the_same_form_twice_is_a_conflict(self, client: Client, school: School) -> None:
        client.post(LETTER, letter_of(school))
        again = client.post(LETTER, letter_of(school))
        assert again.status_code == 409 and Entry.objects.count() == 1
        newest = again.context["form"]["newest_before"].value()
        client.post(LETTER, letter_of(school, newest_before=newest))
        assert Entry.objects.count() == 2

    def test_a_storage_that_takes_nothing_keeps_the_words(
        self, client: Client, school: School, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from box.services import attaching

        def full(_file: object) -> None:
            raise attaching.NotPutAway

        monkeypatch.setattr(attaching, "_put_away", full)
        page = client.post(LETTER, letter_of(school, attachments=[file_of()]))
        assert page.status_code == 503 and not Entry.objects.exists()
        assert "Dear director, we are cold." in page.content.decode()

    def test_whoever_holds_no_key_is_told_who_does(self, school: School, officer: Person) -> None:
        client = signed_in_client(officer)
        assert "those who hold the key" in text_of(client.get(LETTER))
        assert client.post(LETTER, letter_of(school)).status_code == 403

    def test_roles_that_register_nothing_do_not_find_the_page(
        self, school: School, holder: Person
    ) -> None:
        client = signed_in_client(make_person(school, "director"))
        assert client.get(LETTER).status_code == client.post(LETTER).status_code == 404


class TestAtAnOpening:
    def test_a_scan_of_a_letter_of_the_opening(self, school: School, holder: Person) -> None:
        opening = factories.open_box(school, by=holder, paper_count=1)
        client = signed_in_client(holder)
        page = client.get(reverse("admin:journal_opening_change", args=[opening.pk]))
        assert 'name="attachments"' in page.content.decode()
        typed = {
            f"paper-{name}": value
            for name, value in letter_of(school, text="", typed_before=0).items()
        }
        answer = client.post(
            reverse("admin:journal_opening_paper", args=[opening.pk]),
            {**typed, "attachments": [file_of()]},
        )
        assert answer.status_code == 302
        assert TakenLetter.objects.get(opening=opening).entry.files.count() == 1
