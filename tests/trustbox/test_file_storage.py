"""Where files lie: a folder by default, an S3-compatible store by one variable, tried against a real server."""

import io
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from box.models import Attachment, Letter
from box.services import attaching
from box.services.attaching import is_as_stored, open_file, sweep
from journal.services.verifying import Broken, verify_files
from tests import factories
from tests.box.files.making import clean_file
from trustbox import environment

DATA = b"\xff\xd8\xff" + b"a clean picture " * 10_000
BUCKET, KEY, SECRET = "trust-box-files", "key-of-the-box", "secret@with:signs/+"


def read() -> dict[str, Any]:
    return environment.file_storage(Path("/data"))


def test_a_folder_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTBOX_FILES_URL", raising=False)
    assert read() == {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": Path("/data/files"),
            "directory_permissions_mode": stat.S_IRWXU,
            "file_permissions_mode": stat.S_IRUSR | stat.S_IWUSR,
        },
    }


@pytest.mark.parametrize(
    ("url", "endpoint", "bucket", "region"),
    [
        ("s3://key:secret@files.example.kz/box", "https://files.example.kz", "box", "us-east-1"),
        (
            "s3://key:secret@files.example.kz:9000/a-b.c?region=kz-1",
            "https://files.example.kz:9000",
            "a-b.c",
            "kz-1",
        ),
        ("s3+http://key:secret@127.0.0.1:9000/box", "http://127.0.0.1:9000", "box", "us-east-1"),
        ("s3+http://key:secret@[::1]:9000/box", "http://[::1]:9000", "box", "us-east-1"),
    ],
)
def test_addresses(
    monkeypatch: pytest.MonkeyPatch, url: str, endpoint: str, bucket: str, region: str
) -> None:
    monkeypatch.setenv("TRUSTBOX_FILES_URL", url)
    found = read()
    assert found["BACKEND"] == "storages.backends.s3.S3Storage"
    options = found["OPTIONS"]
    assert (options["endpoint_url"], options["bucket_name"]) == (endpoint, bucket)
    assert (options["region_name"], options["access_key"]) == (region, "key")
    assert options["secret_key"] == "secret"
    assert options["default_acl"] is None


def test_signs_in_the_secret_are_written_as_in_any_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRUSTBOX_FILES_URL", "s3://k%2Fy:se%40c%3Aret@example.kz/box")
    options = read()["OPTIONS"]
    assert (options["access_key"], options["secret_key"]) == ("k/y", "se@c:ret")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "files",
        "/var/files",
        "https://key:secret@example.kz/box",
        "s3://example.kz/box",
        "s3://key@example.kz/box",
        "s3://key:secret@/box",
        "s3://key:secret@example.kz",
        "s3://key:secret@example.kz/",
        "s3://key:secret@example.kz/box/folder",
        "s3://key:secret@example.kz/UPPER",
        "s3://key:secret@example.kz:port/box",
        "s3://key:secret@example.kz/box?acl=public-read",
        "s3://key:secret@example.kz/box?region=a&region=b",
        "s3://key:secret@example.kz/box?region",
        "s3://key:secret@example.kz/box#part",
        "s3://key:secret@[::1/box",
        "s3+http://key:secret@example.kz/box",
    ],
)
def test_a_wrong_address_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TRUSTBOX_FILES_URL", url)
    with pytest.raises(ImproperlyConfigured) as caught:
        read()
    line = str(caught.value)
    assert line.startswith("TRUSTBOX_FILES_URL: ") and "\n" not in line
    assert "secret" not in line, "what was given is not repeated"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


# A real server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3-compatible server on loopback, with the bucket."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    _host, port = running.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield f"s3+http://key-of-the-box:secret%40with%3Asigns%2F%2B@127.0.0.1:{port}/{BUCKET}"
    running.stop()


@pytest.fixture
def store(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The portal's files in that store, which is emptied afterwards."""
    monkeypatch.setenv("TRUSTBOX_FILES_URL", server)
    settings.STORAGES = {**settings.STORAGES, "default": read()}
    yield default_storage
    for name in _names():
        default_storage.delete(name)
    default_storage.connection.meta.client.close()


def _names() -> list[str]:
    return [
        f"{folder}/{name}"
        for folder in default_storage.listdir("")[0]
        for name in default_storage.listdir(folder)[1]
    ]


@pytest.fixture
def keeper(store: Any, db: None) -> factories.Person:
    school = factories.make_school()
    return factories.make_person(school, "psychologist", with_key=True)


def _school(keeper: factories.Person) -> Any:
    return keeper.user.memberships.get().school


@pytest.mark.once("sqlite")
def test_the_whole_way_through_the_store(keeper: factories.Person, store: Any) -> None:
    school = _school(keeper)
    large = b"%PDF-1.7 " + bytes(range(256)) * 41_000  # in several parts, like any file above 5 MB
    entry = factories.registered_entry(school, by=keeper, files=[DATA, large])
    one, two = Attachment.objects.order_by("position")
    assert sorted(_names()) == sorted([one.stored_as, two.stored_as])
    for row, data in ((one, DATA), (two, large)):
        opened = open_file(attachment=row, keyring=keeper.keyring())
        assert b"".join(opened.chunks) == data
        assert is_as_stored(row)
        with store.open(row.stored_as) as file:
            assert data[:40] not in file.read()
    client = factories.signed_in_client(keeper)
    response = client.get(f"/admin/journal/entry/{entry.pk}/file/2/")
    assert b"".join(response.streaming_content) == large
    assert verify_files(school) == 2


@pytest.mark.once("sqlite")
def test_what_no_row_names_is_deleted_there_too(keeper: factories.Person, store: Any) -> None:
    import datetime

    school = _school(keeper)
    factories.send_letter(school, files=[DATA])
    store.save("ab/ab-left-by-a-crash", io.BytesIO(b"x"))
    assert sweep() == 0, "it could be on its way"
    assert sweep(older_than=datetime.timedelta(seconds=-5)) == 1
    assert _names() == [Attachment.objects.get().stored_as]
    file = clean_file(DATA)
    with attaching.stored([file]):
        assert len(_names()) == 2
    file.upload.close()
    assert len(_names()) == 1


@pytest.mark.once("sqlite")
def test_harm_in_the_store_is_found(keeper: factories.Person, store: Any) -> None:
    school = _school(keeper)
    factories.send_letter(school, files=[DATA])
    name = Attachment.objects.get().stored_as
    store.save(name, io.BytesIO(b"something else"))
    with pytest.raises(Broken):
        verify_files(school)
    store.delete(name)
    with pytest.raises(Broken):
        verify_files(school)


@pytest.mark.once("sqlite")
@pytest.mark.django_db
def test_a_store_that_does_not_answer_keeps_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = factories.make_school()
    factories.make_person(school, "psychologist", with_key=True)
    monkeypatch.setenv("TRUSTBOX_FILES_URL", f"s3+http://key:secret@127.0.0.1:9/{BUCKET}")
    settings.STORAGES = {**settings.STORAGES, "default": read()}
    with pytest.raises(attaching.NotPutAway):
        factories.send_letter(school, files=[DATA])
    assert not Letter.objects.exists()
    assert factories.send_letter(school).pk, "a letter without files goes on"
