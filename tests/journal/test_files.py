"""The staff and a letter's files: who gets them, how they are handed out, and the rows that tell of it."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from box.models import Attachment, Letter
from box.services import attaching
from box.services.messaging import lock_as_of, write_back
from journal.models import Entry, Opening, TakenLetter, Trail
from journal.services import registering, sharing
from journal.services.verifying import Broken, verify_files, verify_school
from schools.models import School
from tests import factories
from tests.box.files.making import clean_file
from tests.factories import Person, make_person, make_school, signed_in_client
from vault.receipts import lookup_hash

pytestmark = pytest.mark.django_db

PICTURE = b"\xff\xd8\xff" + b"a picture that is clean " * 9_000
DOCUMENT = b"%PDF-1.7 a document that is clean"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    local = settings.STORAGES["default"]
    options = {**local["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "default": {**local, "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def keeper(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def entry(school: School, keeper: Person) -> Entry:
    return factories.registered_entry(school, by=keeper, files=[PICTURE, DOCUMENT])


def opened(school: School, keeper: Person, **letter: Any) -> TakenLetter:
    """A letter taken out and not registered."""
    sent = factories.send_letter(school, files=[PICTURE, DOCUMENT], **letter)
    factories.open_box(school, by=keeper)
    return TakenLetter.objects.get(letter=sent)


def at(name: str, *args: int) -> str:
    return reverse(f"admin:journal_{name}", args=args)


def body(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content)


def rows() -> list[tuple[str, dict[str, Any]]]:
    return list(
        Trail.objects.filter(step__in=["file_read", "refused"])
        .order_by("position")
        .values_list("step", "facts")
    )


def assert_handed_out(response: HttpResponse, name: str, mime: str, how: str) -> None:
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'{how}; filename="{name}"'
    assert response.headers["Content-Type"] == mime
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy
    assert response.headers["Content-Length"] == str(len(body(response)))


class TestEntry:
    def test_downloads_and_preview(self, keeper: Person, entry: Entry) -> None:
        client = signed_in_client(keeper)
        for position, name, mime in ((1, "picture-1.jpg", "image/jpeg"),) + (
            (2, "document-2.pdf", "application/pdf"),
        ):
            response = client.get(at("entry_file", entry.pk, position))
            assert_handed_out(response, name, mime, "attachment")
        response = client.get(at("entry_preview", entry.pk, 1))
        assert_handed_out(response, "picture-1.jpg", "image/jpeg", "inline")
        assert body(client.get(at("entry_file", entry.pk, 1))) == PICTURE
        assert rows() == [
            ("file_read", {"file": 1}),
            ("file_read", {"file": 2}),
            ("file_read", {"file": 1, "preview": True}),
            ("file_read", {"file": 1}),
        ]
        assert {row.about for row in Trail.objects.filter(step="file_read")} == {"entry 1/1"}
        verify_school(entry.school)

    def test_the_page_lists_them(self, keeper: Person, entry: Entry) -> None:
        page = signed_in_client(keeper).get(at("entry_change", entry.pk)).content.decode()
        assert at("entry_file", entry.pk, 1) in page and at("entry_file", entry.pk, 2) in page
        assert "Picture 1" in page and "Document 2" in page
        assert at("entry_preview", entry.pk, 1) in page
        assert at("entry_preview", entry.pk, 2) not in page

    def test_what_is_not_there(self, keeper: Person, entry: Entry) -> None:
        client = signed_in_client(keeper)
        for address in (
            at("entry_file", entry.pk, 3),
            at("entry_file", entry.pk, 0),
            at("entry_preview", entry.pk, 2),
            at("entry_file", 999_999, 1),
        ):
            assert client.get(address).status_code == 404
        assert client.post(at("entry_file", entry.pk, 1)).status_code == 405
        assert rows() == []

    def test_nobody_else(self, school: School, keeper: Person, entry: Entry) -> None:
        address = at("entry_file", entry.pk, 1)
        assert "/login/" in Client().get(address).headers["Location"]
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        assert signed_in_client(stranger).get(address).status_code == 404
        for role in ("administrator", "region_analyst", "commission_member"):
            person = make_person(school, role)
            assert signed_in_client(person).get(address).status_code == 404
        keyless = make_person(school, "director")
        assert signed_in_client(keyless).get(address).status_code == 403
        assert rows() == [("refused", {"step": "file_read"})]

    def test_whom_it_is_about_gets_nothing(self, school: School, keeper: Person) -> None:
        other = make_person(school, "social_pedagogue", with_key=True)
        concerned = make_person(school, "deputy_director", with_key=True)
        entry = factories.registered_entry(
            school, by=keeper, about=["deputy_director"], files=[PICTURE]
        )
        for name in ("entry_file", "entry_preview"):
            address = at(name, entry.pk, 1)
            assert body(signed_in_client(other).get(address)) == PICTURE
            assert signed_in_client(concerned).get(address).status_code == 403
        page = signed_in_client(concerned).get(at("entry_change", entry.pk)).content.decode()
        assert "/file/" not in page

    def test_a_colleague_to_whom_it_is_opened_gets_the_files_too(
        self, school: School, keeper: Person
    ) -> None:
        entry = factories.registered_entry(school, by=keeper, about=["director"], files=[PICTURE])
        late = make_person(school, "social_pedagogue", with_key=True)
        assert signed_in_client(late).get(at("entry_file", entry.pk, 1)).status_code == 403
        sharing.share(entry=entry, to=late.fresh(), by=keeper.fresh(), keyring=keeper.keyring())
        assert body(signed_in_client(late).get(at("entry_file", entry.pk, 1))) == PICTURE

    def test_lost_or_changed_in_the_storage(self, keeper: Person, entry: Entry) -> None:
        client = signed_in_client(keeper)
        one, two = Attachment.objects.order_by("position")
        default_storage.delete(one.stored_as)
        Path(default_storage.path(two.stored_as)).write_bytes(b"something else")
        for position in (1, 2):
            response = client.get(at("entry_file", entry.pk, position))
            assert response.status_code == 410
            assert "The storage does not have this file" in response.content.decode()
        assert client.get(at("entry_change", entry.pk)).status_code == 200

    def test_a_message_has_its_files(self, keeper: Person, entry: Entry, settings: Any) -> None:
        file = clean_file(PICTURE + b"of a message")
        message = write_back(
            letter=entry.letter,
            text="One more photo.",
            danger=False,
            form_hash=lookup_hash("K7QX-9M2T-4HWD-PZ3A"),
            files=[file],
        )
        file.upload.close()
        assert message.attachments.get().position == 3
        client = signed_in_client(keeper)
        assert body(client.get(at("entry_file", entry.pk, 3))) == PICTURE + b"of a message"
        page = client.get(at("entry_change", entry.pk)).content.decode()
        assert page.index("One more photo.") < page.index(at("entry_file", entry.pk, 3))
        verify_school(entry.school)

    def test_queries_do_not_grow_with_the_files(self, school: School, keeper: Person) -> None:
        client = signed_in_client(keeper)

        def queries(count: int) -> int:
            entry = factories.registered_entry(school, by=keeper, files=[DOCUMENT] * count)
            with CaptureQueriesContext(connection) as heard:
                assert client.get(at("entry_change", entry.pk)).status_code == 200
            return len(heard)

        queries(1)
        assert queries(1) == queries(50)

    def test_a_large_file_in_little_memory(
        self, school: School, keeper: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def peak_of(size: int) -> int:
            entry = factories.registered_entry(school, by=keeper, files=[b"%PDF-" + b"x" * size])
            client = signed_in_client(keeper)
            response = client.get(at("entry_file", entry.pk, 1))
            tracemalloc.start()
            length = sum(map(len, response.streaming_content))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert length == size + 5
            return peak

        assert peak_of(10_000_000) < peak_of(500_000) + 200_000


class TestOpening:
    def test_before_it_has_a_number(self, school: School, keeper: Person) -> None:
        taken = opened(school, keeper)
        client = signed_in_client(keeper)
        page = client.get(at("opening_change", taken.opening_id)).content.decode()
        address = at("opening_file", taken.opening_id, taken.pk, 1)
        assert address in page
        response = client.get(address)
        assert_handed_out(response, "picture-1.jpg", "image/jpeg", "attachment")
        response = client.get(at("opening_preview", taken.opening_id, taken.pk, 1))
        assert_handed_out(response, "picture-1.jpg", "image/jpeg", "inline")
        assert client.get(at("opening_preview", taken.opening_id, taken.pk, 2)).status_code == 404
        place = {"position": taken.position, "file": 1}
        assert rows() == [("file_read", place), ("file_read", {**place, "preview": True})]
        verify_school(school)

    def test_afterwards_the_entry_has_it(self, school: School, keeper: Person) -> None:
        taken = opened(school, keeper)
        entry = factories.register(taken, by=keeper)
        response = signed_in_client(keeper).get(at("opening_file", taken.opening_id, taken.pk, 1))
        assert response.headers["Location"] == at("entry_file", entry.pk, 1)

    def test_set_aside_it_is_shown_no_more(self, school: School, keeper: Person) -> None:
        taken = opened(school, keeper)
        registering.set_aside(
            taken=taken, kind="test", note="", by=keeper.fresh(), keyring=keeper.keyring()
        )
        client = signed_in_client(keeper)
        assert client.get(at("opening_file", taken.opening_id, taken.pk, 1)).status_code == 404

    def test_nobody_else(self, school: School, keeper: Person) -> None:
        make_person(school, "social_pedagogue", with_key=True)
        concerned = make_person(school, "deputy_director", with_key=True)
        taken = opened(school, keeper, about=["deputy_director"])
        address = at("opening_file", taken.opening_id, taken.pk, 1)
        assert body(signed_in_client(keeper).get(address)) == PICTURE
        assert signed_in_client(concerned).get(address).status_code == 403
        page = signed_in_client(concerned).get(at("opening_change", taken.opening_id))
        assert "/file/" not in page.content.decode()
        assert rows()[-1] == ("refused", {"position": taken.position})
        other = factories.open_box(school, by=keeper, kind=Opening.Kind.SCHEDULED)
        elsewhere = at("opening_file", other.pk, taken.pk, 1)
        assert signed_in_client(keeper).get(elsewhere).status_code == 404

    def test_queries_do_not_grow_with_the_letters(self, school: School, keeper: Person) -> None:
        client = signed_in_client(keeper)

        def queries(count: int) -> int:
            for _letter in range(count):
                factories.send_letter(school, files=[DOCUMENT])
            opening = factories.open_box(school, by=keeper)
            with CaptureQueriesContext(connection) as heard:
                assert client.get(at("opening_change", opening.pk)).status_code == 200
            return len(heard)

        queries(1)
        assert queries(1) == queries(9)


@pytest.mark.django_db(transaction=True)
class TestVerifying:
    def test_whole(self, entry: Entry, capsys: pytest.CaptureFixture[str]) -> None:
        assert verify_files(entry.school) == 2
        call_command("verify_journal", "--files")
        assert "school-1: 2 files, whole" in capsys.readouterr().out
        call_command("verify_journal")
        assert "files" not in capsys.readouterr().out

    @pytest.mark.parametrize("harm", ["changed", "cut", "gone", "swapped"])
    def test_harm_in_the_storage_is_found(
        self, entry: Entry, harm: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        one, two = (
            Path(default_storage.path(row.stored_as))
            for row in Attachment.objects.order_by("position")
        )
        data = two.read_bytes()
        if harm == "changed":
            two.write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])
        elif harm == "cut":
            two.write_bytes(data[:-1])
        elif harm == "gone":
            two.unlink()
        else:
            two.write_bytes(one.read_bytes())
        verify_school(entry.school)
        with pytest.raises(Broken, match=r"school-1: file 2 of letter № 1.* is gone"):
            verify_files(entry.school)
        with pytest.raises(SystemExit):
            call_command("verify_journal", "school-1", "--files")
        assert "file 2 of letter" in capsys.readouterr().err

    def test_a_letter_without_a_number_is_named_without_telling(
        self, school: School, keeper: Person
    ) -> None:
        letter = factories.send_letter(school, files=[PICTURE])
        default_storage.delete(Attachment.objects.get().stored_as)
        with pytest.raises(Broken) as caught:
            verify_files(school)
        assert bytes(letter.form_hash).hex()[:32] in str(caught.value)

    def test_a_digest_changed_with_the_file_is_found_by_the_chain(self, entry: Entry) -> None:
        from journal.bound import bind, unbind

        row = Attachment.objects.order_by("position")[0]
        path = Path(default_storage.path(row.stored_as))
        path.write_bytes(b"forged")
        import hashlib

        unbind(connection)
        Attachment.objects.filter(pk=row.pk).update(digest=hashlib.sha256(b"forged").digest())
        bind(connection)
        assert verify_files(entry.school) == 2
        with pytest.raises(Broken, match="a letter was changed after it arrived"):
            verify_school(entry.school)


def test_a_change_of_the_key_keeps_the_files(
    school: School, keeper: Person, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime

    from schools.services import rotation

    monkeypatch.setattr(rotation, "LETTERS_ON_THEIR_WAY", datetime.timedelta(0))
    by = {"keyring": keeper.keyring()}
    rotation.begin_rotation(school=school, keep=[], by=keeper.fresh(), **by)
    rotation.reseal_some(school=school, keyring=keeper.keyring(), at_most=1000)
    assert body(signed_in_client(keeper).get(at("entry_file", entry.pk, 1))) == PICTURE
    assert Letter.objects.get(pk=entry.letter_id).attachments.count() == 2
    assert lock_as_of(entry.letter) and attaching.sweep() == 0
