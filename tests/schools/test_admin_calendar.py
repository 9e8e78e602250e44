"""Special days and vacations on the staff site, and the year as the portal counts it."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import formats
from django.utils.translation import override

from schools.models import CalendarDay, Membership, Regulation, School, Vacation
from schools.working_days import calendar_of
from tests.factories import day, make_operator, make_person, make_school, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school(country="KG", reply_days=5, forward_days=3)


@pytest.fixture
def other() -> School:
    return make_school("school-2")


@pytest.fixture
def client(school: School) -> Client:
    return signed_in_client(make_person(school, "administrator"))


def special(school: School, **facts: str) -> dict[str, object]:
    return {"school": school.pk, "day": "2026-11-23", "note": "Frost", **facts}


def vacation(school: School, **facts: str) -> dict[str, object]:
    return {"school": school.pk, "first_day": "2026-12-28", "last_day": "2027-01-10", **facts}


class TestSpecialDays:
    address = "admin:schools_calendarday_add"

    def test_added_counted_and_deleted(self, client: Client, school: School) -> None:
        client.post(reverse(self.address), special(school))
        row = CalendarDay.objects.get()
        assert (row.school, row.day, row.works, row.note) == (
            school,
            day("2026-11-23"),
            False,
            "Frost",
        )
        assert not calendar_of(school).is_working_day(row.day)
        assert "Frost" not in LogEntry.objects.get().object_repr
        delete = reverse("admin:schools_calendarday_delete", args=[row.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 302
        assert calendar_of(school).is_working_day(day("2026-11-23"))

    def test_a_working_saturday(self, client: Client, school: School) -> None:
        client.post(reverse(self.address), special(school, day="2026-11-28", works="on"))
        assert calendar_of(school).is_working_day(day("2026-11-28"))

    @pytest.mark.parametrize("wrong", ["", "20261123", "0026-11-23", "9999-12-31"])
    def test_refused(self, client: Client, school: School, wrong: str) -> None:
        page = client.post(reverse(self.address), special(school, day=wrong))
        assert "day" in page.context["adminform"].form.errors
        assert not CalendarDay.objects.exists()

    def test_a_day_stands_once(self, client: Client, school: School) -> None:
        for _again in range(2):
            client.post(reverse(self.address), special(school))
        assert CalendarDay.objects.count() == 1

    def test_not_of_another_school(self, client: Client, other: School) -> None:
        client.post(reverse(self.address), special(other))
        assert not CalendarDay.objects.exists()
        row = CalendarDay.objects.create(school=other, day=day("2026-11-23"))
        delete = reverse("admin:schools_calendarday_delete", args=[row.pk])
        client.post(delete, {"post": "yes"})
        assert CalendarDay.objects.filter(pk=row.pk).exists()
        assert (
            not client.get(reverse("admin:schools_calendarday_changelist"))
            .context["cl"]
            .result_list
        )

    def test_who_reads_letters_enters_none(self, school: School) -> None:
        deputy = signed_in_client(make_person(school, "deputy_director"))
        assert deputy.post(reverse(self.address), special(school)).status_code == 403
        assert not CalendarDay.objects.exists()


class TestVacations:
    address = "admin:schools_vacation_add"

    def test_added_and_deleted(self, client: Client, school: School) -> None:
        client.post(reverse(self.address), vacation(school))
        row = Vacation.objects.get()
        assert (row.first_day, row.last_day) == (day("2026-12-28"), day("2027-01-10"))
        client.post(reverse("admin:schools_vacation_delete", args=[row.pk]), {"post": "yes"})
        assert not Vacation.objects.exists()

    @pytest.mark.parametrize(
        "facts",
        [
            {"last_day": "2026-12-27"},  # before the first
            {"last_day": "2027-12-28"},  # a year
            {"last_day": "9999-12-31"},
        ],
    )
    def test_refused(self, client: Client, school: School, facts: dict[str, str]) -> None:
        page = client.post(reverse(self.address), vacation(school, **facts))
        assert "last_day" in page.context["adminform"].form.errors
        assert not Vacation.objects.exists()


class TestYear:
    """The page that lies beside the official list."""

    def page(self, client: Client, school: School, year: str = "2026") -> str:
        response = client.get(reverse("admin:year", args=[school.slug]), {"year": year})
        assert response.status_code == 200
        return response.content.decode()

    def test_every_reason_is_told(self, client: Client, school: School) -> None:
        CalendarDay.objects.create(school=school, day=day("2026-11-23"), note="Frost")
        CalendarDay.objects.create(school=school, day=day("2026-11-28"), works=True)
        Vacation.objects.create(
            school=school, first_day=day("2026-10-26"), last_day=day("2026-10-30")
        )
        page = self.page(client, school)
        with override("en"):
            february = formats.date_format(day("2026-02-07"), "DATE_FORMAT")
        for said in (
            "Frost",
            "New Year holidays",
            "Orozo Ait",
            f"worked on {february} instead",
            "the school works",
            "Vacations",
        ):
            assert said in page, said
        assert "<b>23</b> Monday" in page
        Regulation.objects.update(works=Regulation.Works.SCHOOL_YEAR)
        later = self.page(client, school)
        assert "<b>26–30</b> Monday – Friday" in later
        assert "do not count" in later
        assert "0 working days" in later  # July

    def test_what_a_letter_of_today_would_get(self, client: Client, school: School) -> None:
        # Within the session: the clock may not leap past its end.
        today = school.today()
        calendar = calendar_of(school)
        page = client.get(reverse("admin:year", args=[school.slug]))
        assert [line["days"] for line in page.context["deadlines"]] == [5, 3]
        assert page.context["calendar"] == calendar
        assert page.context["year"] == today.year

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("1999", 2020),
            ("9999", 2045),
            ("x", None),
            ("20266", None),
            ("２０２６", 2026),
            ("", None),
        ],
    )
    def test_a_year_typed_into_the_address(
        self, client: Client, school: School, typed: str, shown: int | None
    ) -> None:
        page = client.get(reverse("admin:year", args=[school.slug]), {"year": typed})
        assert page.context["year"] == (shown or school.today().year)

    def test_who_works_by_it_sees_it_and_changes_nothing(self, school: School) -> None:
        page = self.page(signed_in_client(make_person(school, "deputy_director")), school)
        assert reverse("admin:schools_calendarday_add") not in page

    def test_nobody_elses(self, client: Client, other: School) -> None:
        assert client.get(reverse("admin:year", args=[other.slug])).status_code == 404
        member = signed_in_client(make_person(other, "commission_member"))
        assert member.get(reverse("admin:year", args=[other.slug])).status_code == 404
        operator = signed_in_client(make_operator())
        assert operator.get(reverse("admin:year", args=[other.slug])).status_code == 200
        assert operator.post(reverse("admin:year", args=[other.slug])).status_code == 405

    @pytest.mark.parametrize("language", ["kk", "ru", "ky", "en"])
    def test_in_the_persons_language(self, school: School, language: str) -> None:
        person = make_person(school, "deputy_director", language=language)
        page = self.page(signed_in_client(person), school)
        expected = {
            "kk": "қаңтар",
            "ru": "январь",
            "ky": "январь",
            "en": "january",
        }
        assert expected[language] in page.lower()

    def test_a_lunar_day_not_announced_yet_says_so(self) -> None:
        school = make_school("kz-school")
        with time_machine.travel(datetime.datetime(2026, 5, 1, 12, tzinfo=school.zone)):
            client = signed_in_client(make_person(school, "deputy_director"))
            assert "the day may still change" in self.page(client, school)
        with time_machine.travel(datetime.datetime(2026, 6, 1, 12, tzinfo=school.zone)):
            client = signed_in_client(
                make_person(school, "deputy_director", username="another.deputy")
            )
            assert "the day may still change" not in self.page(client, school)

    def test_queries_are_the_same_for_a_full_calendar(
        self, client: Client, school: School, django_assert_max_num_queries: object
    ) -> None:
        counts = []
        for more in (1, 49):
            for number in range(more):
                date = day("2026-01-01") + datetime.timedelta(days=number * 3 + more)
                CalendarDay.objects.get_or_create(school=school, day=date)
                Vacation.objects.create(school=school, first_day=date, last_day=date)
            with django_assert_max_num_queries(20) as captured:
                self.page(client, school)
            counts.append(len(captured))
        assert counts[0] == counts[1]


def test_the_settings_lead_to_the_calendar(client: Client, school: School) -> None:
    page = client.get(reverse("admin:settings")).content.decode()
    assert reverse("admin:year", args=[school.slug]) in page


def test_two_roles_in_a_school_are_one_person(school: School) -> None:
    person = make_person(school, "administrator")
    Membership.objects.create(user=person.user, school=school, role_id="deputy_director")
    page = signed_in_client(person).get(reverse("admin:year", args=[school.slug]))
    assert reverse("admin:schools_calendarday_add").encode() in page.content
