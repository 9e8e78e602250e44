"""Rules that were worked by stay as they are; new ones hold from a date, and the past keeps its own."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from journal.models import Entry, Volume
from journal.services.meetings import Point, call_meeting
from journal.services.protocols import Officer, record_protocol
from schools.errors import Refused
from schools.models import Clause, Regulation, School
from schools.rules_in_use import earliest_day, ends_before, is_in_use, may_hold_from
from schools.selectors import regulation_of
from schools.services.new_rules import check_day, take_clauses_over
from schools.working_days import calendar_of
from tests import factories
from tests.factories import Person
from tests.schools.test_admin_settings import regulation_form

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
ADD = "admin:schools_regulation_add"


@pytest.fixture
def school() -> School:
    return factories.make_school(reply_days=5, place={"ru": "Холл"})


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(school: School) -> Client:
    return factories.signed_in_client(factories.make_person(school, "administrator"))


def change(regulation: Regulation) -> str:
    return reverse("admin:schools_regulation_change", args=[regulation.pk])


def delete(regulation: Regulation) -> str:
    return reverse("admin:schools_regulation_delete", args=[regulation.pk])


def after(regulation: Regulation) -> str:
    return f"{reverse(ADD)}?from={regulation.pk}"


def hold_meeting(school: School, by: Person) -> None:
    call = {"place": "Холл", "points": [Point(topic="Итоги")], "invited": [], "by": by.fresh()}
    meeting = call_meeting(
        school=school, planned_for=school.now(), keyring=by.keyring(), **call
    )  # fmt: skip
    officer = Officer(name="Ким", posts={"ru": "директор"})
    record_protocol(
        school=school, meeting=meeting, held_on=school.today(), place="Холл", present=[], chair=officer,
        secretary=officer, elected_chair=True, invited=[], points=call["points"], heard=[], decided=[],
        by=by.fresh(), keyring=by.keyring(), version=meeting.version,
    )  # fmt: skip


class TestInUse:
    def test_not_before_anything_was_done(self, school: School, holder: Person) -> None:
        factories.send_letter(school)
        assert not is_in_use(regulation_of(school))
        assert earliest_day(school) == school.today()

    def test_an_opening_and_an_entry_are_worked_by_them(
        self, school: School, holder: Person
    ) -> None:
        factories.open_box(school, by=holder)
        assert is_in_use(regulation_of(school))
        assert earliest_day(school) == school.today() + DAY

    def test_a_call_registered_without_any_opening(self, school: School, holder: Person) -> None:
        entry = factories.registered_entry(school, by=holder)
        other = factories.make_school("school-2")
        assert not is_in_use(regulation_of(other))
        assert may_hold_from(other, other.today())
        assert entry.registered_at.date()
        assert not may_hold_from(school, school.today() - DAY)
        assert may_hold_from(school, school.today() + DAY)

    def test_each_for_the_time_in_which_it_holds(self, school: School, holder: Person) -> None:
        today = school.today()
        first = regulation_of(school)
        second = Regulation.objects.create(
            school=school, holds_from=today, box_names=first.box_names
        )
        third = Regulation.objects.create(
            school=school, holds_from=today + 9 * DAY, box_names=first.box_names
        )
        factories.open_box(school, by=holder)
        assert [is_in_use(row) for row in (first, second, third)] == [False, True, False]
        assert [ends_before(row) for row in (first, second, third)] == [
            today,
            today + 9 * DAY,
            None,
        ]

    def test_refused_on_a_day_on_which_something_was_done(
        self, school: School, holder: Person
    ) -> None:
        factories.open_box(school, by=holder)
        with pytest.raises(Refused):
            check_day(school=school, day=school.today())
        check_day(school=school, day=school.today() + DAY)


class TestPage:
    def test_what_is_not_in_use_is_changed(self, client: Client, school: School) -> None:
        regulation = regulation_of(school)
        response = client.post(
            change(regulation),
            {
                **regulation_form(school),
                "holds_from": regulation.holds_from.isoformat(),
                **no_clauses(),
            },
        )
        assert response.status_code == 302, response.context["errors"]
        regulation.refresh_from_db()
        assert regulation.acts == "with_letters"

    def test_what_is_in_use_is_shown_and_not_changed(
        self, client: Client, school: School, holder: Person
    ) -> None:
        factories.open_box(school, by=holder)
        regulation = regulation_of(school)
        page = client.get(change(regulation)).content.decode()
        assert page.count('<fieldset class="choices" disabled>') >= 1
        assert after(regulation) in page
        assert 'name="_save"' not in page
        response = client.post(change(regulation), {**regulation_form(school), **no_clauses()})
        assert response.url == change(regulation)
        changed = regulation_of(school)
        assert changed.acts == regulation.acts
        assert changed.holds_from == regulation.holds_from
        said = client.get(change(regulation)).content.decode()
        assert 'class="error"' in said
        assert client.get(delete(regulation)).status_code == 403
        assert client.post(delete(regulation), {"post": "yes"}).status_code == 403

    def test_new_rules_are_filled_with_the_present_ones_and_bring_the_clauses(
        self, client: Client, school: School, holder: Person
    ) -> None:
        factories.open_box(school, by=holder)
        former = regulation_of(school)
        former.approver, former.approved_on = "Ким", school.today()
        former.save()
        for order in (2, 1):
            Clause.objects.create(
                regulation=former, section="tasks", order=order, texts={"ru": f"Пункт {order}"}
            )
        form = client.get(after(former)).context["adminform"].form
        assert form.initial["holds_from"] == school.today() + DAY
        assert form.initial["reply_days"] == 5
        assert form.initial["place"] == {"ru": "Холл"}
        assert form.initial.get("approved_on") is None
        data = {**regulation_form(school), "holds_from": (school.today() + DAY).isoformat()}
        response = client.post(after(former), data)
        new = Regulation.objects.exclude(pk=former.pk).get()
        assert response.url == change(new)
        assert regulation_of(school) == former
        assert regulation_of(school, school.today() + DAY) == new
        assert [(row.order, row.texts) for row in new.clauses.all()] == [
            (row.order, row.texts) for row in former.clauses.all()
        ]
        assert former.clauses.count() == 2

    @pytest.mark.parametrize("ahead", [0, -30])
    def test_not_from_a_day_on_which_something_was_done(
        self, client: Client, school: School, holder: Person, ahead: int
    ) -> None:
        factories.open_box(school, by=holder)
        day = school.today() + ahead * DAY
        data = {**regulation_form(school), "holds_from": day.isoformat()}
        page = client.post(after(regulation_of(school)), data)
        assert list(page.context["adminform"].form.errors) == ["holds_from"]
        assert Regulation.objects.count() == 1

    def test_not_twice_from_the_same_day(self, client: Client, school: School) -> None:
        first = regulation_of(school)
        ahead = Regulation.objects.create(
            school=school, holds_from=school.today() + 9 * DAY, box_names=first.box_names
        )
        data = {**regulation_form(school), **no_clauses()}
        page = client.post(change(ahead), {**data, "holds_from": first.holds_from.isoformat()})
        assert list(page.context["adminform"].form.errors) == ["holds_from"]
        page = client.post(after(first), {**data, "holds_from": ahead.holds_from.isoformat()})
        assert "holds_from" in page.context["adminform"].form.errors or page.context["errors"]
        assert Regulation.objects.count() == 2

    def test_what_is_to_come_is_changed_and_taken_back(
        self, client: Client, school: School, holder: Person
    ) -> None:
        factories.open_box(school, by=holder)
        ahead = Regulation.objects.create(
            school=school,
            holds_from=school.today() + 9 * DAY,
            box_names=regulation_of(school).box_names,
        )
        data = {**regulation_form(school), **no_clauses(), "quorum": "66"}
        moved = (school.today() + 3 * DAY).isoformat()
        assert client.post(change(ahead), {**data, "holds_from": moved}).status_code == 302
        ahead.refresh_from_db()
        assert (ahead.quorum, ahead.holds_from.isoformat()) == (66, moved)
        past = {**data, "holds_from": school.today().isoformat()}
        assert client.post(change(ahead), past).context["errors"]
        assert client.post(delete(ahead), {"post": "yes"}).status_code == 302
        assert list(Regulation.objects.all()) == [regulation_of(school)]

    def test_not_those_of_another_school(self, client: Client, school: School) -> None:
        other = factories.make_school("school-2", reply_days=77)
        theirs = regulation_of(other)
        Clause.objects.create(regulation=theirs, section="tasks", texts={"ru": "Чужое"})
        form = client.get(after(theirs)).context["adminform"].form
        assert form.initial.get("reply_days") != 77
        data = {**regulation_form(school), "holds_from": school.today().isoformat()}
        client.post(after(theirs), data)
        assert not Clause.objects.filter(regulation__school=school).exists()
        client.post(after(theirs), {**data, "school": str(other.pk)})
        assert other.regulations.count() == 1
        with pytest.raises(Refused):
            take_clauses_over(source=theirs, target=regulation_of(school))
        assert client.get(f"{reverse(ADD)}?from=x").status_code == 200


def no_clauses() -> dict[str, str]:
    """The form of the clauses on the page of a regulation, without any."""
    return {
        "clauses-TOTAL_FORMS": "0",
        "clauses-INITIAL_FORMS": "0",
        "clauses-MIN_NUM_FORMS": "0",
        "clauses-MAX_NUM_FORMS": "1000",
    }


class TestThePastKeepsItsRules:
    def test_deadlines_columns_acts_and_quorum(self, school: School, holder: Person) -> None:
        """What was registered, opened and held under the first rules says what those said."""
        old = regulation_of(school)
        entry = factories.registered_entry(school, by=holder)
        hold_meeting(school, holder)
        today = school.today()
        due_on, columns = entry.due_on, list(entry.volume.columns)
        act = entry.opening.act_number
        new = Regulation.objects.create(
            school=school, holds_from=today + DAY, box_names={"ru": "Другой ящик"}, reply_days=2,
            columns=["number", "summary"], acts="none", quorum=100, keepers=["director"], schedule="daily",
        )  # fmt: skip
        assert due_on == calendar_of(school, old).add(today, 5)
        entry.refresh_from_db()
        volume = Volume.objects.get()
        assert (entry.due_on, volume.columns, entry.opening.act_number) == (due_on, columns, act)
        assert regulation_of(school, entry.taken_on) == old
        assert regulation_of(school, volume.begun_on) == old
        assert regulation_of(school, today + DAY) == new

    def test_the_next_letter_goes_by_the_new_ones(
        self, school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = factories.registered_entry(school, by=holder)
        tomorrow = school.today() + DAY
        Regulation.objects.create(
            school=school,
            holds_from=tomorrow,
            box_names={"ru": "Другой ящик"},
            reply_days=2,
            acts="none",
        )
        moved = school.now() + DAY
        monkeypatch.setattr("django.utils.timezone.now", lambda: moved)
        after_it = factories.registered_entry(school, by=holder)
        assert after_it.due_on == calendar_of(school).add(tomorrow, 2)
        assert after_it.opening.act_number is None
        kept = Entry.objects.get(pk=before.pk)
        assert kept.due_on == before.due_on
        assert kept.opening.act_number is not None
        with translation.override("ru"):
            assert regulation_of(school, kept.taken_on).box_name_in("ru") == "Ящик доверия"
            assert regulation_of(school).box_name_in("ru") == "Другой ящик"
