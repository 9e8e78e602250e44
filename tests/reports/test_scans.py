"""Signed sheets: attached to the paper that was issued, sealed like it, vouched for by the trail."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from box.services.attaching import sweep
from journal.bound import unbind
from journal.models import Trail
from journal.services.verifying import Broken, verify_files, verify_school
from reports.issuing import act_of, print_paper
from reports.models import Issued, Scan
from reports.scanning import MOST_SCANS, attach_scans
from schools.errors import Refused
from schools.models import School
from tests import factories
from tests.box.files.making import clean_file
from tests.factories import Person, make_person, signed_in_client

pytestmark = pytest.mark.django_db
NEVER = timedelta(days=-1)


@pytest.fixture(autouse=True)
def _empty_storage(db: None) -> None:
    """What tests before this one left there, their rows undone."""
    sweep(older_than=NEVER)


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(file, "JPEG", comment=b"taken by somebody")
    return file.getvalue()


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def issued(school: School, holder: Person) -> Issued:
    opening = factories.open_box(school, by=holder)
    print_paper(
        subject=act_of(opening),
        language="ru",
        form="docx",
        by=holder.fresh(),
        keyring=holder.keyring(),
    )
    return Issued.objects.get()


def attach(issued: Issued, by: Person, count: int = 1) -> list[Scan]:
    files = [clean_file(picture()) for _ in range(count)]
    try:
        return attach_scans(issued=issued, files=files, by=by.fresh(), keyring=by.keyring())
    finally:
        for file in files:
            file.upload.close()


def send(client: Client, issued: Issued, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(
        reverse("admin:journal_scan_attach", args=[issued.pk]), {"attachments": sent}
    )


class TestPages:
    def test_attached_and_taken_again(self, holder: Person, issued: Issued) -> None:
        client = signed_in_client(holder)
        response = send(client, issued, ("Ахметова подписала.jpg", picture()))
        opening = reverse("admin:journal_opening_change", args=[issued.opening_id])
        assert response["Location"] == opening
        scan = Scan.objects.get()
        address = reverse("admin:journal_scan", args=[scan.pk])
        assert address in client.get(opening).content.decode()
        taken = client.get(address)
        data = b"".join(taken.streaming_content)
        assert Image.open(io.BytesIO(data)).size == (40, 60)
        assert b"taken by somebody" not in data
        assert taken["Content-Disposition"] == 'attachment; filename="picture-1.jpg"'
        assert "no-store" in taken["Cache-Control"]
        steps = Trail.objects.order_by("position").values_list("step", "facts")
        name = f"act 1/{issued.opening.year}"
        attached, read = list(steps)[-2:]
        assert attached[0] == Trail.Step.SCAN_ATTACHED
        assert attached[1]["what"] == name
        assert read == (Trail.Step.FILE_READ, {"what": name, "scan": 1})

    def test_what_is_no_sheet_is_not_taken(self, holder: Person, issued: Issued) -> None:
        client = signed_in_client(holder)
        for files in ((), (("a.txt", b"just words"),), (("a.ogg", b"OggS" + bytes(60)),)):
            response = send(client, issued, *files)
            assert response.status_code == 200
            assert "errorlist" in response.content.decode()
        assert not Scan.objects.exists()
        assert sweep(older_than=NEVER) == 0

    def test_who_may(self, school: School, holder: Person, issued: Issued) -> None:
        (scan,) = attach(issued, holder)
        elsewhere = factories.make_school("school-2")
        for person, status in (
            (make_person(school, "social_pedagogue"), 403),
            (make_person(school, "administrator"), 404),
            (make_person(elsewhere, "psychologist", with_key=True), 404),
        ):
            client = signed_in_client(person)
            assert client.get(reverse("admin:journal_scan", args=[scan.pk])).status_code == status
            assert send(client, issued, ("a.jpg", picture())).status_code == status
        assert Scan.objects.count() == 1


class TestKeeping:
    def test_nothing_of_it_is_readable_in_the_storage(self, holder: Person, issued: Issued) -> None:
        (scan,) = attach(issued, holder)
        with default_storage.open(scan.stored_as) as file:
            assert b"\xff\xd8\xff" not in file.read()
        assert scan.stored_as.encode() not in picture()

    def test_the_sweep_leaves_signed_sheets_alone(self, holder: Person, issued: Issued) -> None:
        (scan,) = attach(issued, holder)
        assert sweep(older_than=NEVER) == 0
        assert default_storage.exists(scan.stored_as)

    def test_there_is_an_end_to_them(self, holder: Person, issued: Issued) -> None:
        attach(issued, holder, MOST_SCANS)
        with pytest.raises(Refused):
            attach(issued, holder)
        assert sweep(older_than=NEVER) == 0
        assert [scan.position for scan in Scan.objects.all()] == list(range(1, MOST_SCANS + 1))

    # The command looks at the book in a transaction of its own.
    @pytest.mark.django_db(transaction=True)
    def test_a_changed_or_lost_file_is_found(
        self, school: School, holder: Person, issued: Issued, capsys: pytest.CaptureFixture
    ) -> None:
        (scan,) = attach(issued, holder)
        verify_school(school)
        assert verify_files(school) == 1
        call_command("verify_journal", school.slug, files=True)
        file = Path(default_storage.path(scan.stored_as))
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-1] + b"\0")
        with pytest.raises(Broken, match="signed sheet 1 of act"):
            verify_files(school)
        file.unlink()
        with pytest.raises(SystemExit):
            call_command("verify_journal", school.slug, files=True)
        assert "signed sheet 1 of act" in capsys.readouterr().err

    def test_the_database_itself_refuses_to_change_them(
        self, holder: Person, issued: Issued
    ) -> None:
        attach(issued, holder)
        for statement in (
            "UPDATE reports_issued SET content = %s",
            "UPDATE reports_scan SET digest = %s",
            "DELETE FROM reports_issued WHERE content <> %s",
            "DELETE FROM reports_scan WHERE content <> %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [b"other"])

    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            ("UPDATE reports_issued SET content = %s", "act 1/.* was changed"),
            ("UPDATE reports_scan SET digest = %s", "signed sheet 1 of act 1/.* was changed"),
            ("DELETE FROM reports_scan WHERE content <> %s", "signed sheet 1 of act 1/.* gone"),
        ],
    )
    def test_a_change_behind_its_back_is_found(
        self, school: School, holder: Person, issued: Issued, statement: str, found: str
    ) -> None:
        attach(issued, holder)
        unbind(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, [b"other"])
        with pytest.raises(Broken, match=found):
            verify_school(school)
