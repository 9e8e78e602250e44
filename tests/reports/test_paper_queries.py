"""What can be printed of a row, and its signed sheets, cost a page as many queries for fifty as for one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.issuing import Subject, act_of, print_paper, protocol_of
from reports.models import Issued, Scan
from schools.models import Role, School
from tests import factories
from tests.factories import Person
from tests.journal.commission.meetings import call, hold, make_commission
from tests.reports.test_scans import attach

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    made = factories.make_school()
    make_commission(made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return factories.signed_in_client(holder)


def queries(client: Client, address: str, shown: str, times: int) -> int:
    """How many a page needs, on which something stands so many times."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    assert page.count(shown) == times
    return len(asked)


def fill_up(scan: Scan, count: int) -> None:
    """More sheets like this one."""
    for position in range(2, count + 1):
        scan.pk, scan.position, scan.stored_as = None, position, f"{scan.stored_as[:40]}{position}"
        scan.save(force_insert=True)


def issue(subject: Subject, by: Person) -> Issued:
    print_paper(subject=subject, language="ru", form="docx", by=by.fresh(), keyring=by.keyring())
    return Issued.objects.get()


@pytest.mark.parametrize("what", ["act", "protocol"])
def test_signed_sheets(school: School, holder: Person, client: Client, what: str) -> None:
    if what == "act":
        row = factories.open_box(school, by=holder)
        subject, page = act_of(row), "admin:journal_opening_change"
    else:
        row = hold(call(school, by=holder), by=holder)
        subject, page = protocol_of(row), "admin:journal_meeting_change"
    issued = issue(subject, holder)
    (scan,) = attach(issued, holder)
    address = reverse(page, args=[row.pk])
    sheet = reverse("admin:journal_scan", args=[scan.pk]).replace(f"/{scan.pk}/", "/")
    one = queries(client, address, f'href="{sheet}', 1)
    fill_up(scan, 50)
    assert queries(client, address, f'href="{sheet}', 50) == one


def test_journals_of_openings_of_many_schools(
    school: School, holder: Person, client: Client
) -> None:
    factories.open_box(school, by=holder)
    address = reverse("admin:journal_opening_changelist")
    one = queries(client, address, 'class="card papers"', 1)
    role = Role.objects.get(slug="deputy_director")
    for number in range(2, 51):
        other = factories.make_school(f"school-{number}")
        holder.user.memberships.create(school=other, role=role)
    assert queries(client, address, 'class="card papers"', 50) == one
