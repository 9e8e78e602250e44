"""Printing on the staff site: who may, what it leaves behind, and what is shown meanwhile."""

import io
import os
import signal
import threading
import time

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from journal.models import Trail, Volume
from reports import journal_pdf, printing, rendering
from reports.models import PrintJob
from schools.models import School
from tests import factories
from tests.factories import Person
from tests.reports.reading import page_texts

SECRET = "Qupiasoz"
WHOLE = {"language": "en", "extent": "whole"}


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(anonymous_marks={"ru": "аноним", "kk": "жасырын"})


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def volume(school: School, holder: Person) -> Volume:
    factories.registered_entry(school, by=holder, summary=SECRET)
    return Volume.objects.get(school=school)


def address(volume: Volume) -> str:
    return reverse("admin:journal_volume_print", args=[volume.pk])


def printed() -> list[Trail]:
    return list(Trail.objects.filter(step=Trail.Step.PRINTED))


def test_a_short_journal_is_given_at_once(school: School, holder: Person, volume: Volume) -> None:
    response = factories.signed_in_client(holder).post(address(volume), WHOLE)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="journal-school-1-1.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert SECRET in page_texts(response.content)[1]
    assert PdfReader(io.BytesIO(response.content)).trailer["/Root"]["/Lang"] == "en"


def test_printing_leaves_a_row_in_the_trail(holder: Person, volume: Volume) -> None:
    factories.signed_in_client(holder).post(
        address(volume),
        {"language": "kk", "extent": "days", "since": "2026-01-01", "until": "2099-12-31"},
    )
    (row,) = printed()
    assert row.by == holder.user
    assert row.facts == {
        "volume": 1,
        "since": "2026-01-01",
        "until": "2099-12-31",
        "language": "kk",
        "count": 1,
    }


def test_what_could_not_be_drawn_leaves_no_row(holder: Person, volume: Volume, monkeypatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise rendering.RenderingFailed

    monkeypatch.setattr(printing, "render_journal", broken)
    response = factories.signed_in_client(holder).post(address(volume), WHOLE)
    assert response.status_code == 503
    assert printed() == []


def test_a_row_that_cannot_be_written_leaves_no_file(
    holder: Person, volume: Volume, monkeypatch
) -> None:
    def broken(**_facts: object) -> None:
        raise ValueError

    monkeypatch.setattr(printing, "note_journal_printed", broken)
    client = factories.signed_in_client(holder)
    client.raise_request_exception = False
    response = client.post(address(volume), WHOLE)
    assert response.status_code == 500
    assert b"%PDF" not in response.content


def test_missing_libraries_are_named(holder: Person, volume: Volume, monkeypatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise rendering.LibrariesMissing

    monkeypatch.setattr(printing, "render_journal", broken)
    client = factories.signed_in_client(holder)
    response = client.post(address(volume), WHOLE)
    assert response.status_code == 503
    assert "apt-get install libpango-1.0-0" in response.content.decode()
    assert client.get(address(volume)).status_code == 200


def test_the_form_offers_the_schools_languages_first(holder: Person, volume: Volume) -> None:
    page = factories.signed_in_client(holder).get(address(volume))
    assert [code for code, _name in page.context["form"].fields["language"].choices] == [
        "kk",
        "ru",
        "ky",
        "en",
    ]
    assert printed() == []


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"language": "de", "extent": "whole"}, "language"),
        ({"language": "kk", "extent": "days"}, "since"),
        ({"language": "kk", "extent": "days", "since": "32.13.2026"}, "since"),
        (
            {"language": "kk", "extent": "days", "since": "2026-02-02", "until": "2026-02-01"},
            "until",
        ),
    ],
)
def test_a_wrong_wish_is_shown_beside_its_field(
    holder: Person, volume: Volume, wish: dict[str, str], field: str
) -> None:
    page = factories.signed_in_client(holder).post(address(volume), wish)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert printed() == []


@pytest.mark.parametrize("role", ["phone_officer", "commission_member", "administrator"])
def test_another_role_finds_nothing(school: School, volume: Volume, role: str) -> None:
    client = factories.signed_in_client(factories.make_person(school, role))
    assert client.get(address(volume)).status_code == 404
    assert client.post(address(volume), WHOLE).status_code == 404
    assert printed() == []


def test_another_school_finds_nothing(volume: Volume) -> None:
    other = factories.make_school("school-2")
    stranger = factories.make_person(other, "deputy_director", with_key=True)
    client = factories.signed_in_client(stranger)
    assert client.get(address(volume)).status_code == 404
    assert client.post(address(volume), WHOLE).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client, volume: Volume) -> None:
    response = client.post(address(volume), WHOLE)
    assert response.status_code == 302
    assert reverse("admin:login") in response["Location"]


def test_without_the_key_there_is_a_page_that_says_so(school: School, volume: Volume) -> None:
    client = factories.signed_in_client(factories.make_person(school, "director"))
    for response in (client.get(address(volume)), client.post(address(volume), WHOLE)):
        assert response.status_code == 403
        assert "You do not hold the key" in response.content.decode()
    assert printed() == []


# Long printings


@pytest.fixture
def long(monkeypatch) -> None:
    """Every journal is a long one."""
    monkeypatch.setattr(printing, "AT_ONCE", 0)
    monkeypatch.setattr(printing, "PULSE_SECONDS", 0.05)
    monkeypatch.setattr(printing, "_forget_later", lambda: None)


@pytest.fixture
def lasting_school(transactional_db: None) -> School:
    return factories.make_school()


@pytest.fixture
def lasting(lasting_school: School) -> tuple[Person, Volume]:
    holder = factories.make_person(lasting_school, "deputy_director", with_key=True)
    factories.registered_entry(lasting_school, by=holder, summary=SECRET)
    return holder, Volume.objects.get(school=lasting_school)


def until(state: str, job: PrintJob) -> PrintJob:
    for _moment in range(600):
        job.refresh_from_db()
        if job.state == state and threading.active_count() == 1:
            return job
        time.sleep(0.05)
    raise AssertionError(f"The printing is still {job.state}.")


def begin(client, volume: Volume) -> tuple[str, PrintJob]:
    response = client.post(address(volume), WHOLE)
    job = PrintJob.objects.get()
    page = reverse("admin:journal_print_job", args=[volume.pk, job.pk])
    assert (response.status_code, response["Location"]) == (302, page)
    return page, job


def take(client, volume: Volume, job: PrintJob):
    return client.post(reverse("admin:journal_print_take", args=[volume.pk, job.pk]))


def test_a_long_journal_shows_progress_and_is_taken_once(long: None, lasting) -> None:
    holder, volume = lasting
    client = factories.signed_in_client(holder)
    page, job = begin(client, volume)
    waiting = client.get(page)
    assert waiting.status_code == 200
    until("ready", job)
    ready = client.get(page)
    assert "Refresh" not in ready
    assert ready.context["ready"]
    assert len(printed()) == 1
    # The tab may have been closed: another sign-in finds the same file.
    response = take(factories.signed_in_client(holder), volume, job)
    assert SECRET in page_texts(response.content)[1]
    assert response["Content-Disposition"] == 'attachment; filename="journal-school-1-1.pdf"'
    assert not PrintJob.objects.exists()
    assert take(client, volume, job).status_code == 404
    assert len(printed()) == 1


def test_the_page_counts_sheets_and_comes_again_by_itself(long: None, lasting, monkeypatch) -> None:
    holder, volume = lasting
    go_on, shown = threading.Event(), threading.Event()
    monkeypatch.setattr(printing, "PULSE_SECONDS", 0)

    def slowly(_book, *, progress, shelf):
        progress(3, 9)
        shown.set()
        go_on.wait(30)
        return b"%PDF"

    monkeypatch.setattr(printing, "render_journal", slowly)
    client = factories.signed_in_client(holder)
    page, job = begin(client, volume)
    try:
        assert shown.wait(30)
        waiting = client.get(page)
        assert waiting["Refresh"] == "2"
        assert "Sheets done: 3 of 9." in waiting.content.decode()
        assert printed() == []
        assert take(client, volume, job).status_code == 404
        # Pressed again while it runs: the same work.
        assert begin(client, volume)[1] == job
    finally:
        go_on.set()
    until("ready", job)


def test_before_the_first_sheet_no_figure_is_made_up(holder: Person, volume: Volume) -> None:
    now = timezone.now()
    job = PrintJob.objects.create(
        volume=volume, by=holder.user, language="kk", made_at=now, heartbeat=now
    )
    page = reverse("admin:journal_print_job", args=[volume.pk, job.pk])
    shown = factories.signed_in_client(holder).get(page).content.decode()
    assert "The first sheets are being prepared." in shown
    assert "<progress aria-label" in shown
    assert "Sheets done" not in shown


def test_a_finished_file_is_sealed_to_its_person(long: None, lasting) -> None:
    holder, volume = lasting
    client = factories.signed_in_client(holder)
    _page, job = begin(client, volume)
    job = until("ready", job)
    assert not bytes(job.sealed_file).startswith(b"%PDF")
    assert holder.keyring().open_for_person(job.sealed_file).startswith(b"%PDF")
    colleague = factories.make_person(volume.school, "psychologist")
    factories.give_key(volume.school, to=colleague, by=holder)
    other = factories.signed_in_client(colleague)
    assert take(other, volume, job).status_code == 404
    assert other.get(_page).status_code == 404
    assert PrintJob.objects.filter(pk=job.pk).exists()


def test_taking_is_a_post(long: None, lasting) -> None:
    holder, volume = lasting
    client = factories.signed_in_client(holder)
    _page, job = begin(client, volume)
    until("ready", job)
    taken = reverse("admin:journal_print_take", args=[volume.pk, job.pk])
    assert client.get(taken).status_code == 405
    assert PrintJob.objects.filter(pk=job.pk).exists()


def test_a_killed_process_is_said_and_leaves_no_row(long: None, lasting, monkeypatch) -> None:
    holder, volume = lasting
    monkeypatch.setattr(journal_pdf, "SHARED_FROM", 1)
    answer = rendering.TableProcess.answer

    def killed(self):
        os.kill(self.process_id, signal.SIGKILL)
        return answer(self)

    monkeypatch.setattr(journal_pdf.TableProcess, "answer", killed)
    client = factories.signed_in_client(holder)
    page, job = begin(client, volume)
    until("failed", job)
    response = client.get(page)
    assert "interrupted" in response.content.decode()
    assert "Refresh" not in response
    assert printed() == []


def test_a_server_that_ended_meanwhile_is_noticed(holder: Person, volume: Volume) -> None:
    silent = timezone.now() - printing.SILENT_FOR * 2
    job = PrintJob.objects.create(
        volume=volume, by=holder.user, language="kk", total=9, made_at=silent, heartbeat=silent
    )
    page = reverse("admin:journal_print_job", args=[volume.pk, job.pk])
    response = factories.signed_in_client(holder).get(page)
    assert "interrupted" in response.content.decode()
    assert "Refresh" not in response


def test_a_file_nobody_took_is_gone_after_an_hour(holder: Person, volume: Volume) -> None:
    now = timezone.now()
    old, fresh = (
        PrintJob.objects.create(
            volume=volume,
            by=holder.user,
            language="kk",
            total=9,
            state=PrintJob.State.READY,
            made_at=moment,
            heartbeat=moment,
            sealed_file=b"sealed",
        )
        for moment in (now - printing.KEPT_FOR * 1.1, now)
    )
    factories.signed_in_client(holder).get(address(volume))
    assert list(PrintJob.objects.all()) == [fresh]
    assert take(factories.signed_in_client(holder), volume, old).status_code == 404


def test_nothing_readable_is_left_in_the_data_folder(long: None, lasting) -> None:
    holder, volume = lasting
    client = factories.signed_in_client(holder)
    _page, job = begin(client, volume)
    until("ready", job)
    wanted = [SECRET.encode(), b"%PDF-", SECRET.encode("utf-16-be")]
    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [word for word in wanted if word in data], path
