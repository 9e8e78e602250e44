"""A list of schools: every fault named at once, all schools or none, twice without harm, links given out once."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from journal.importing.checking import Layout
from journal.importing.columns import Heads
from journal.importing.school_columns import SCHOOLS
from journal.importing.school_list import SchoolList, check_schools
from journal.models import Incoming
from schools.errors import Conflict
from schools.languages import LANGUAGES, speaking
from schools.models import (
    Body,
    Category,
    Cause,
    FirstAnswer,
    Invitation,
    Mail,
    Membership,
    Region,
    Regulation,
    School,
    User,
)
from schools.services import sending
from schools.services.adding_schools import Added, add_schools
from schools.services.hiring import PersonFault
from schools.services.inviting import accept
from tests import factories
from tests.factories import Person
from tests.journal.importing.files import upload, xlsx
from tests.reports.test_ways_in import squares

pytestmark = pytest.mark.django_db

START = "/admin/schools/import/"
COLUMNS = (
    "slug",
    "name_kk",
    "name_ru",
    "country",
    "template",
    "region",
    "languages",
    "host",
    "director",
    "director_email",
    "psychologist",
    "administrator",
)
RIGHT = {
    "slug": "school-1",
    "name_kk": "№ 1 мектеп",
    "name_ru": "Школа № 1",
    "country": "KZ",
    "template": "weekly-psychologist",
    "director": "Әбенова Сәуле",
    "director_email": "saule@example.kz",
    "psychologist": "Петров Пётр <p@example.kz>; Асанов Асан",
    "administrator": "Әбенова Сәуле",
}


def line(**facts: str) -> dict[str, str]:
    return {**RIGHT, **facts}


def rows_of(*lines: dict[str, str], language: str = "en") -> list[list[str]]:
    with speaking(language):
        labels = {target.name: str(target.label) for target in SCHOOLS}
    heads = [labels[name] for name in COLUMNS]
    return [heads, *([one.get(name, "") for name in COLUMNS] for one in lines)]


def checked(*lines: dict[str, str]) -> SchoolList:
    rows = list(enumerate(rows_of(*lines), start=1))
    return check_schools(rows=rows, layout=Layout(0, Heads(SCHOOLS).told(rows[0][1])))


def added(*lines: dict[str, str], **options: Any) -> list[Added]:
    found = checked(*lines)
    assert found.checked.findings == []
    teams = [(one.new_school(), one.people()) for one in found.new]
    return add_schools(teams=teams, by=None, **options)


@pytest.fixture
def operator() -> Person:
    return factories.make_operator()


@pytest.fixture
def client(operator: Person) -> Client:
    return factories.signed_in_client(operator)


def begun(client: Client, *lines: dict[str, str]) -> str:
    """A list whose columns were told: the address of its look."""
    response = client.post(START, {"attachments": upload(xlsx(rows_of(*lines)))})
    assert response.status_code == 302, response.content.decode()
    form = client.get(response["Location"]).context["form"]
    told = {name: field.initial or "" for name, field in form.fields.items()}
    told["head"] = 0
    assert client.post(response["Location"], told).status_code == 302
    return response["Location"].removesuffix("columns/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_columns_are_told_in_every_language(language: str) -> None:
    with speaking(language):
        heads = [str(target.label) for target in SCHOOLS]
    told = Heads(SCHOOLS).told(heads)
    assert {name: place for place, name in enumerate(target.name for target in SCHOOLS)} == told


def test_a_row_becomes_a_whole_school_with_its_people() -> None:
    whole = Region.objects.create(slug="north", names={"ru": "Северная область"})
    part = Region.objects.create(slug="centre", names={"ru": "Центр"}, parent=whole)
    [one] = added(line(region="Северная область, Центр", languages="ru; kk", host="Box.School1.kz"))
    school = School.objects.get()
    assert one.school == school
    assert (school.slug, school.names) == ("school-1", {"kk": "№ 1 мектеп", "ru": "Школа № 1"})
    assert (school.country, school.time_zone) == ("KZ", "Asia/Almaty")
    assert (school.languages, school.region, school.host) == (["ru", "kk"], part, "box.school1.kz")
    for model in (Regulation, Category, Body, FirstAnswer, Cause):
        assert model.objects.filter(school=school).exists(), model
    people = {user.full_name: user for user in User.objects.all()}
    assert set(people) == {"Әбенова Сәуле", "Петров Пётр", "Асанов Асан"}
    roles = Membership.objects.filter(user=people["Әбенова Сәуле"]).values_list("role", flat=True)
    assert set(roles) == {"director", "administrator"}, "one person, one account"
    assert people["Әбенова Сәуле"].email == "saule@example.kz"
    assert people["Петров Пётр"].email == "p@example.kz"
    assert people["Асанов Асан"].username == "psychologist2.school-1"
    assert {user.language for user in people.values()} == {"ru"}
    for hired in one.hired:
        assert accept(token=hired.token, password=factories.PASSWORD)[0] == hired.user


FAULTS = {
    "slug": [line(slug=""), line(slug="School 1"), line(slug="admin")],
    "country": [line(country=""), line(country="Atlantis")],
    "template": [line(template=""), line(template="as we like")],
    "region": [line(region="Nowhere"), line(region="Twice")],
    "languages": [line(languages="kk, klingon")],
    "host": [line(host="school"), line(host="10.0.0.1"), line(host="localhost")],
    "director_email": [line(director_email="no mail"), line(director_email="a@b.kz, c@d.kz")],
    "psychologist": [line(psychologist="p@example.kz"), line(psychologist="A; A")],
    "name_kk": [line(name_kk="", name_ru="")],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_is_named_by_its_row_and_column(language: str) -> None:
    for slug in ("one", "two"):
        Region.objects.create(slug=slug, names={"en": "Twice"})
    factories.make_school("taken", names={"en": "Another one"})
    wrong = [(name, one) for name, lines in FAULTS.items() for one in lines]
    wrong = [
        (name, {**one, "slug": f"s-{place}"} if name != "slug" else one)
        for place, (name, one) in enumerate(wrong)
    ]
    wrong += [("slug", line(slug="s-9")), ("slug", line(slug="taken"))]
    with speaking(language):
        found = checked(*(one for _name, one in wrong))
        labels = {target.name: str(target.label) for target in SCHOOLS}
    told = [(finding.row, finding.column) for finding in found.checked.findings]
    assert told == [(row, labels[name]) for row, (name, _one) in enumerate(wrong, start=2)]
    assert all(finding.text and finding.cell for finding in found.checked.findings)
    # What stood in a cell is not repeated.
    assert not any("klingon" in finding.text for finding in found.checked.findings)


def test_the_second_time_nothing_is_new_and_what_came_since_is_added() -> None:
    added(line())
    School.objects.update(phone="111")
    again = checked(line(), line(slug="school-2", name_kk="№ 2 мектеп", name_ru=""))
    assert again.checked.findings == []
    assert [one.slug for one in again.there] == ["school-1"]
    assert [one.slug for one in again.new] == ["school-2"]
    # Another school under the same short name is no repetition.
    other = checked(line(name_kk="Басқа мектеп", name_ru="Другая"))
    assert [finding.row for finding in other.checked.findings] == [2]


@pytest.mark.parametrize("fails", ["schools", "people"])
def test_all_of_it_or_nothing(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = checked(*(line(slug=f"school-{number}") for number in range(5)))
    teams = [(one.new_school(), one.people()) for one in found.new]
    if fails == "schools":
        factories.make_school("school-4")
    else:
        User.objects.create_user("x")
        monkeypatch.setattr("schools.services.hiring._free", lambda role, slug, known: "x")
    before = School.objects.count(), User.objects.count()
    with pytest.raises((Conflict, PersonFault)):
        add_schools(teams=teams, by=None)
    assert (School.objects.count(), User.objects.count()) == before
    assert not Invitation.objects.exists()


def test_hundreds_cost_a_few_questions() -> None:
    counts = {}
    for number in (1, 20):
        lines = [line(slug=f"s-{number}-{place}", host="") for place in range(number)]
        with CaptureQueriesContext(connection) as queries:
            found = checked(*lines)
            add_schools(teams=[(one.new_school(), one.people()) for one in found.new], by=None)
        counts[number] = len(queries)
    # SQLite takes some rows at a time; PostgreSQL all of them.
    assert counts[20] <= counts[1] + 12, counts


def test_the_operators_way(client: Client, operator: Person) -> None:
    address = begun(
        client, line(), line(slug="school-2", director="", director_email="", administrator="")
    )
    looked = client.get(address).context["looked"]
    assert looked.findings == []
    assert looked.facts == ["2 schools are added.", "5 people get an account."]
    answer = client.post(address)
    assert School.objects.count() == 2
    assert client.post(address).status_code == 302, "sent twice: it is gone"
    assert School.objects.count() == 2
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "/admin/welcome/" not in page.content.decode()
    kept = Incoming.objects.get()
    assert kept.links
    assert list(kept.personal_keys) == [str(operator.user.pk)]
    # Another list does not throw them away, and they can be found again.
    begun(client, line(slug="school-3"))
    assert answer["Location"] in client.get(START).content.decode()

    file = client.post(f"{answer['Location']}xlsx/")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows].count("Петров Пётр") == 2
    tokens = [row[6].rstrip("/").rpartition("/")[2] for row in rows]
    assert len(set(tokens)) == 5
    accept(token=tokens[0], password=factories.PASSWORD)
    assert client.post(f"{answer['Location']}xlsx/").status_code == 302, "given out once"
    assert not Incoming.objects.filter(links=True).exists()


def test_the_sheets_to_cut_apart(client: Client) -> None:
    answer = client.post(begun(client, line(), line(slug="school-2")))
    file = client.post(f"{answer['Location']}pdf/")
    assert file["Content-Type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages]
    assert len(pages) == 2, "a sheet for each school"
    for page in pages:
        assert "№ 1 мектеп" in page
        assert page.replace("\n", "").count("/admin/welcome/") == 3
    assert not Incoming.objects.filter(links=True).exists()


def test_a_phone_finds_each_link_in_its_square(client: Client) -> None:
    answer = client.post(begun(client, line()))
    codes = squares(client.post(f"{answer['Location']}pdf/").content)
    tokens = {code.text.partition("/admin/welcome/")[2].rstrip("/") for code in codes}
    assert len(tokens) == 3
    for token in tokens:
        accept(token=token, password=factories.PASSWORD)


def test_more_sheets_than_a_browser_waits_for_are_printed_by_the_command(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.links_views.MOST_ON_PAPER", 1)
    address = client.post(begun(client, line(), line(slug="school-2")))["Location"]
    assert client.get(address).context["forms"] == ["xlsx"]
    assert client.post(f"{address}pdf/").status_code == 302
    assert client.get(address).status_code == 200, "nothing is lost"


def test_another_operator_finds_neither_list_nor_links(client: Client) -> None:
    address = begun(client, line())
    links = client.post(begun(client, line(slug="school-2")))["Location"]
    stranger = factories.signed_in_client(factories.make_operator("operator.two"))
    assert stranger.get(address).status_code == 302
    assert stranger.get(links).status_code == 302
    assert stranger.post(f"{links}xlsx/").status_code == 302
    assert Incoming.objects.filter(links=True).exists()
    administrator = factories.make_person(School.objects.first(), "administrator", username="adm")
    closed = factories.signed_in_client(administrator)
    for place in (START, address, links):
        assert closed.get(place).status_code == 403


def test_with_faults_nothing_is_added(client: Client) -> None:
    address = begun(client, line(), line(slug="school-2", country="Atlantis"))
    assert [one.row for one in client.get(address).context["looked"].findings] == [3]
    assert client.post(address).status_code == 409
    assert not School.objects.exists()


class TestByMail:
    @pytest.fixture(autouse=True)
    def _mail(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        settings.BASE_URL = "https://box.example.kz"

    def test_a_link_is_made_when_its_mail_leaves(self, mailoutbox: list) -> None:
        [one] = added(line(), by_mail=True)
        by_name = {hired.user.full_name: hired for hired in one.hired}
        assert by_name["Асанов Асан"].token
        assert not by_name["Петров Пётр"].token
        assert Mail.objects.filter(kind=Mail.Kind.INVITATION).count() == 2
        assert Invitation.objects.count() == 1, "what goes by mail stands nowhere yet"
        assert sending.send_due(seconds=60) == 2
        assert {mail.to[0] for mail in mailoutbox} == {"saule@example.kz", "p@example.kz"}
        body = next(mail.body for mail in mailoutbox if mail.to == ["p@example.kz"])
        assert "https://box.example.kz/admin/welcome/" in body
        assert "мектеп" not in body
        token = body.partition("/admin/welcome/")[2].partition("/")[0]
        assert accept(token=token, password=factories.PASSWORD)[0].full_name == "Петров Пётр"

    def test_a_try_that_failed_leaves_no_second_link(
        self, mailoutbox: list, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        added(line(director="", administrator="", director_email=""), by_mail=True)
        number = Mail.objects.get(kind=Mail.Kind.INVITATION).pk
        real = sending._hand_over

        def taken_and_silent(mail: Mail) -> None:
            real(mail)
            raise TimeoutError

        monkeypatch.setattr(sending, "_hand_over", taken_and_silent)
        sending.send(number)
        monkeypatch.setattr(sending, "_hand_over", real)
        Mail.objects.update(next_try_at="2020-01-01T00:00Z")
        sending.send(number)
        first, second = mailoutbox
        assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
        assert Invitation.objects.filter(user__email="p@example.kz").count() == 1

    def test_who_came_in_otherwise_gets_none(self, mailoutbox: list) -> None:
        added(line(), by_mail=True)
        User.objects.filter(email="p@example.kz").update(public_key=b"k" * 32)
        assert sending.send_due(seconds=60) == 1
        assert [mail.to for mail in mailoutbox] == [["saule@example.kz"]]

    def test_the_school_s_own_name_stands_in_the_link(self, mailoutbox: list) -> None:
        added(line(host="box.school1.kz"), by_mail=True)
        sending.send_due(seconds=60)
        assert all("https://box.school1.kz/admin/welcome/" in mail.body for mail in mailoutbox)
