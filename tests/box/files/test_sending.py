"""Files on the letter form: what arrives, what is refused in a child's words, and that the words are always kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from box import limits
from box.files import worker
from box.models import Attachment, Letter
from box.services import attaching
from box.services.attaching import open_file
from tests.box.author import LETTER, Author, words
from tests.box.files.samples import HIDDEN, every_kind
from tests.box.files.test_uploads import open_spools
from tests.factories import Person, make_person

pytestmark = pytest.mark.django_db

AGAIN = "Your words are kept. Please choose the files again"


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    yield
    assert open_spools() == []


def chosen(*names: str) -> list[SimpleUploadedFile]:
    """Files as a browser sends them, with names and types that say something else."""
    return [
        SimpleUploadedFile(f"HIDDENWORD {name}.txt", every_kind()[name], "text/plain")
        for name in names
    ]


def stored_files() -> list[str]:
    storage = attaching.default_storage
    folders = storage.listdir("")[0] if storage.exists("") else []
    return [f"{one}/{name}" for one in folders for name in storage.listdir(one)[1]]


def content_of(row: Attachment, reader: Person) -> bytes:
    return b"".join(open_file(attachment=row, keyring=reader.keyring()).chunks)


def refused(response: HttpResponse, *said: str) -> None:
    assert response.status_code == 200
    page = words(response)
    assert LETTER["text"] in page
    assert 'id="id_attachments_error"' in page
    for one in (*said, AGAIN):
        assert one in page
    assert not Letter.objects.exists() and not Attachment.objects.exists()
    assert "HIDDENWORD" not in page and ".txt" not in page


def test_files_go_into_the_box_clean_and_sealed(keeper: Person) -> None:
    author = Author()
    response = author.write(attachments=chosen("jpeg", "pdf", "m4a"))
    assert response.status_code == 303
    letter = Letter.objects.get()
    rows = list(letter.attachments.order_by("position"))
    assert [row.kind for row in rows] == ["picture", "document", "sound"]
    assert [row.position for row in rows] == [1, 2, 3]
    keyring = keeper.keyring()
    for row, name, mime in zip(
        rows,
        ("picture-1.jpg", "document-2.pdf", "sound-3.m4a"),
        ("image/jpeg", "application/pdf", "audio/mp4"),
        strict=True,
    ):
        assert row.school_key_id == letter.school_key_id and row.message_id is None
        opened = open_file(attachment=row, keyring=keyring)
        data = b"".join(opened.chunks)
        assert (opened.name, opened.mime, opened.size) == (name, mime, len(data))
        assert HIDDEN not in data
        with attaching.default_storage.open(row.stored_as) as file:
            lying = file.read()
        assert data[100:140] not in lying and data[:8] not in lying
    assert len({bytes(row.sealed_key) for row in rows}) == 3, "each has a key of its own"


def test_a_letter_about_a_reader_seals_its_files_to_the_others(keeper: Person) -> None:
    school = Letter._meta.get_field("school").related_model.objects.get()
    school.first_holder = keeper
    other = make_person(school, "social_pedagogue", with_key=True)
    from box.selectors import forget_boxes

    forget_boxes()
    author = Author()
    response = author.write({**LETTER, "about": ["psychologist"]}, attachments=chosen("png"))
    assert response.status_code == 303
    row = Attachment.objects.get()
    assert row.school_key_id is None and set(row.personal_keys) == {str(other.user.pk)}
    assert row.is_withheld_from(keeper.user.pk)
    assert content_of(row, other).startswith(b"\x89PNG")


def test_the_same_form_twice_is_one_letter_with_one_code(keeper: Person) -> None:
    author = Author()
    author.look()
    first = author.press(attachments=chosen("jpeg"))
    second = author.press(attachments=chosen("jpeg"))
    assert first.headers["Location"] == second.headers["Location"]
    assert Letter.objects.count() == Attachment.objects.count() == len(stored_files()) == 1
    third = author.press(attachments=chosen("png"))
    assert third.headers["Location"] != first.headers["Location"], "other files, another letter"
    assert author.press().headers["Location"] not in {
        first.headers["Location"],
        third.headers["Location"],
    }
    assert (Letter.objects.count(), Attachment.objects.count()) == (3, 2)


def test_no_files_are_fine(keeper: Person) -> None:
    author = Author()
    author.look()
    # As a browser sends a field in which nothing was chosen.
    parts = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {**author.form, **LETTER}.items()
    )
    nothing = (
        b'--edge\r\nContent-Disposition: form-data; name="attachments"; filename=""\r\n\r\n\r\n'
    )
    response = author.client.post(
        author.address(),
        parts + nothing + b"--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )
    assert response.status_code == 303
    assert Letter.objects.exists() and not Attachment.objects.exists()


def _file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("HIDDENWORD.txt", data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * 11_000_000, "The file: it is larger than 10 MB."),
        (b"<html>", "The file: we cannot take this kind."),
        (b"", "The file: there is nothing in it."),
        (b"\xff\xd8\xff" + b"x" * 100, "The file: it is damaged"),
    ],
)
def test_a_file_that_is_refused_says_why(keeper: Person, data: bytes, said: str) -> None:
    refused(Author().write(attachments=_file(data)), said)
    assert stored_files() == []


def test_each_file_is_named_by_its_place(keeper: Person) -> None:
    files = [*chosen("jpeg"), _file(b"<svg/>"), *chosen("mp3"), _file(b"%PDF-1.7 broken")]
    response = Author().write(attachments=files)
    refused(response, "The second file: we cannot take", "The fourth file: it is damaged")
    assert "The first file" not in words(response) and "The third file" not in words(response)
    assert stored_files() == []


def test_more_than_five(keeper: Person) -> None:
    refused(Author().write(attachments=chosen(*["png"] * 7)), "You have chosen 7 files")


def test_many_more_than_five(keeper: Person) -> None:
    refused(Author().write(attachments=[_file(b"x")] * 300), "You have chosen 300 files")


def test_another_error_asks_for_the_files_again(keeper: Person) -> None:
    response = Author().write({**LETTER, "text": "short"}, attachments=chosen("jpeg"))
    page = words(response)
    assert "at least 10 characters" in page and page.count(AGAIN) == 1
    assert 'id="id_attachments_error"' not in page
    assert AGAIN not in words(Author().write({**LETTER, "text": "short"}))
    assert stored_files() == []


def test_another_language_asks_for_the_files_again(keeper: Person) -> None:
    author = Author()
    author.look()
    response = author.press(
        to="/ru/school-1/write/", switch="ru", attachments="photo HIDDENWORD.jpg"
    )
    page = words(response)
    assert LETTER["text"] in page and "HIDDENWORD" not in page
    assert 'href="#id_attachments"' in page
    assert 'href="#id_attachments"' not in words(
        author.press(to="/ru/school-1/write/", switch="ru", attachments="")
    )


def test_a_forged_form_with_files_keeps_the_words(keeper: Person) -> None:
    author = Author()
    author.look()
    author.form["csrfmiddlewaretoken"] = "x" * 64
    response = author.press(attachments=chosen("jpeg"))
    assert response.status_code == 403
    assert LETTER["text"] in words(response) and AGAIN in words(response)


def test_many_files_from_one_address_wait_a_minute(
    keeper: Person, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LETTERS_AT_ONCE, settings.LETTERS_A_MINUTE = 1, 1
    limits.uploads.forget()
    author = Author()
    author.look()
    assert author.press(attachments=_file(b"<svg/>")).status_code == 200

    def never(*_given: object) -> None:
        raise AssertionError("cleaned")

    monkeypatch.setattr(worker, "started", never)
    response = author.press(attachments=chosen("jpeg"))
    assert response.status_code == 429
    assert LETTER["text"] in words(response) and AGAIN in words(response)
    assert author.press().status_code == 303, "a letter without files goes on"


def test_a_storage_that_takes_nothing_keeps_the_words(
    keeper: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_more: object) -> str:
        raise OSError(28, "No space left on device: HIDDENWORD")

    monkeypatch.setattr(FileSystemStorage, "save", full)
    response = Author().write(attachments=chosen("jpeg"))
    assert response.status_code == 503
    assert LETTER["text"] in words(response) and "There is no room for files" in words(response)
    assert not Letter.objects.exists()


def test_bytes_that_are_no_text_are_refused_beside_files_too(keeper: Person) -> None:
    author = Author()
    author.look()
    fields = {**author.form, **LETTER, "text": "It was very bad"}
    parts = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    body = parts.replace(b"very bad", b"very bad \xd0") + b"--edge--\r\n"
    response = author.client.post(
        author.address(), body, content_type="multipart/form-data; boundary=edge"
    )
    assert response.status_code == 200 and "type them again" in words(response)
    assert not Letter.objects.exists()


def test_a_letter_without_files_is_still_one_insert(
    keeper: Person, django_assert_num_queries: Any
) -> None:
    author = Author()
    author.look()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as heard:
        assert author.press().status_code == 303
    written = [one["sql"] for one in heard if one["sql"].startswith(("INSERT", "UPDATE"))]
    assert [
        one for one in written if "box_" in one and "bound" not in one.partition("WHERE")[0][-20:]
    ]
    assert sum('INSERT INTO "box_letter"' in one for one in written) == 1
    assert not any("box_attachment" in one["sql"] for one in heard if "INSERT" in one["sql"])


def test_the_form_says_honestly_what_is_taken_out(keeper: Person) -> None:
    page = words(Author().look())
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" name="attachments"' in page and "multiple" in page
    assert "a face or a voice can still be recognised" in page
