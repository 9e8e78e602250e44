"""Pages of the reports: their list, one of them, its files; who comes in, and that a reprint says the same."""

import datetime
import io
from collections.abc import Iterator

import docx
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Trail
from reports.models import PeriodReport
from schools.languages import LANGUAGES
from schools.models import School
from tests.factories import (
    Person,
    make_operator,
    make_person,
    make_school,
    open_box,
    register,
    registered_entry,
    send_letter,
    signed_in_client,
)
from tests.reports.analysis.reports_made import frozen, make_report
from tests.reports.reading import page_texts

pytestmark = pytest.mark.django_db
WORDS = "Nobody may read this in a report."


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """A school keeps its box from September on; it is October."""
    with time_machine.travel(datetime.datetime(2026, 10, 5, 5, tzinfo=datetime.UTC), tick=True):
        yield


@pytest.fixture
def school(october: None) -> School:
    return make_school()


@pytest.fixture
def keeper(school: School) -> Person:
    with time_machine.travel(datetime.datetime(2026, 9, 4, 5, tzinfo=datetime.UTC), tick=False):
        keeper = make_person(school, "psychologist", with_key=True)
        for _letter in range(6):
            send_letter(school, text=WORDS)
        opening = open_box(school, by=keeper)
        for taken in opening.taken_letters.all():
            register(taken, by=keeper, summary=WORDS)
    return keeper


def director_of(school: School) -> Client:
    return signed_in_client(make_person(school, "director", language="en"))


def test_the_list_leads_on_to_the_only_school(school: School, keeper: Person) -> None:
    answer = director_of(school).get(reverse("admin:reports"))
    assert answer.url == reverse("admin:reports_of_school", args=[school.slug])


def test_who_has_several_schools_chooses(school: School, keeper: Person) -> None:
    other = make_school("other")
    person = make_person(school, "director", username="both")
    person.user.memberships.create(school=other, role_id="director")
    page = signed_in_client(person).get(reverse("admin:reports")).content.decode()
    for one in (school, other):
        assert reverse("admin:reports_of_school", args=[one.slug]) in page


def test_a_report_is_asked_for_read_and_printed(school: School, keeper: Person) -> None:
    client = director_of(school)
    page = client.get(reverse("admin:reports_of_school", args=[school.slug])).content.decode()
    assert 'value="month 2026-09-01"' in page
    prepare = reverse("admin:report_prepare", args=[school.slug])
    answer = client.post(prepare, {"which": "month 2026-09-01"})
    report = PeriodReport.objects.get()
    assert answer.url == reverse("admin:report", args=[report.pk])
    page = client.get(answer.url).content.decode()
    assert "6 letters were registered in this period." in page
    assert WORDS not in page
    assert client.post(prepare, {"which": "month 2026-09-01"}).url == reverse(
        "admin:reports_of_school", args=[school.slug]
    )
    assert client.post(prepare, {"which": "month soon"}).status_code == 302
    assert PeriodReport.objects.count() == 1
    assert client.get(prepare).status_code == 405


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_print_says_the_same_whatever_happens_since(
    school: School, keeper: Person, language: str
) -> None:
    report = make_report(school)
    client = director_of(school)
    address = reverse("admin:report_print", args=[report.pk])

    def printed(form: str) -> bytes:
        answer = client.post(address, {"language": language, "file": form})
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == (
            f'attachment; filename="report-month-2026-09.{form}"'
        )
        return answer.content

    def words(file: bytes) -> list[str]:
        return [paragraph.text for paragraph in docx.Document(io.BytesIO(file)).paragraphs]

    first_pdf, first_docx = page_texts(printed("pdf")), words(printed("docx"))
    school.names = {"ru": "Переименованная"}
    school.save()
    school.categories.all().update(names={"ru": "Переименованная"})
    registered_entry(school, by=keeper)
    assert page_texts(printed("pdf")) == first_pdf
    assert words(printed("docx")) == first_docx
    assert WORDS not in "".join(first_pdf)
    row = Trail.objects.filter(school=school, step=Trail.Step.PRINTED).latest("position")
    assert row.facts == {"what": "report month 2026-09", "language": language, "form": "docx"}


@pytest.mark.parametrize("role", ["administrator", "phone_officer", "commission_member"])
def test_other_roles_see_none(school: School, keeper: Person, role: str) -> None:
    report = make_report(school)
    client = signed_in_client(make_person(school, role, username=f"a.{role}"))
    assert client.get(reverse("admin:reports")).status_code == 403
    for name, args in (("reports_of_school", [school.slug]), ("report", [report.pk])):
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 404
    for name, args in (("report_prepare", [school.slug]), ("report_print", [report.pk])):
        assert client.post(reverse(f"admin:{name}", args=args)).status_code == 404


def test_another_school_and_the_operator_see_none(school: School, keeper: Person) -> None:
    report = make_report(school)
    stranger = make_person(make_school("other"), "director", username="stranger")
    for person in (stranger, make_operator()):
        client = signed_in_client(person)
        assert client.get(reverse("admin:report", args=[report.pk])).status_code == 404
        assert client.post(reverse("admin:report_print", args=[report.pk])).status_code == 404


def test_fifty_reports_ask_as_little_as_one(school: School, keeper: Person) -> None:
    client = director_of(school)
    address = reverse("admin:reports_of_school", args=[school.slug])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    make_report(school)
    alone = asked()
    PeriodReport.objects.bulk_create(
        PeriodReport(
            school=school,
            kind="month",
            first=datetime.date(2000 + place // 12, place % 12 + 1, 1),
            last=datetime.date(2000 + place // 12, place % 12 + 1, 28),
            prepared_on=school.today(),
            frozen=frozen(),
        )
        for place in range(49)
    )
    assert asked() == alone
    page = client.get(address).content.decode()
    assert page.count("/admin/reports/paper/") == 25
    assert client.get(f"{address}?page=2").content.decode().count("/admin/reports/paper/") == 25
