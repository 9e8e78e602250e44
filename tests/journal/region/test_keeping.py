"""For how long a letter that went to the region alone is kept, what holds it, and who destroys it, and when."""

import datetime
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from box.models import Letter, Message
from box.services import messaging
from journal.bound import REFUSAL, bind, unbind
from journal.keeping import due_in
from journal.keeping_at_region import cases_due, is_due, rules_of
from journal.models import Alert, CaseHold, Escalation, Standing, Trail
from journal.services import at_region, escalating
from journal.services.counting import recount
from journal.services.keeping_cases import destroy_case, hold_case, release_case
from journal.services.verifying import Broken, verify_school
from schools.errors import Conflict, Refused
from schools.models import Membership, Region, Regulation
from tests import factories
from tests.journal.keeping.case import LONG_AGO, NOW, at
from tests.journal.region.kept import closed_case, letter_for_region
from tests.journal.region.regional import Regional, cry, nobody_answers, officer_of, regional_school

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Regional:
    with at(LONG_AGO):
        return regional_school(keep_years=5)


@pytest.fixture
def old(place: Regional) -> Escalation:
    """Closed more than five years ago."""
    with at(LONG_AGO):
        return closed_case(place)


def due(case: Escalation) -> bool:
    return is_due(case, rules_of(case))


class TestTheTerm:
    def test_the_years_of_the_school_s_regulation_count_from_the_end(
        self, place: Regional, old: Escalation
    ) -> None:
        over = LONG_AGO.replace(year=2025)
        with at(over - datetime.timedelta(days=1)):
            assert not due(old) and cases_due(place.officer.user) == []
        with at(over):
            assert due(old) and cases_due(place.officer.user) == [old]
            Regulation.objects.filter(school=place.school).update(keep_years=6)
            assert not due(old)

    def test_the_day_is_that_of_the_school(self, place: Regional) -> None:
        # At 22:00 UTC it is the next day at the school already.
        with at(LONG_AGO.replace(hour=22)):
            case = closed_case(place)
        with at(LONG_AGO.replace(year=2025, hour=12)):
            assert not due(case)
        with at(LONG_AGO.replace(year=2025, day=3, hour=1)):
            assert due(case)

    def test_what_is_open_is_never_due(self, place: Regional) -> None:
        with at(LONG_AGO):
            waits = letter_for_region(place)
            in_hand = escalating.take(escalation=letter_for_region(place), by=place.officer.fresh())
        with at(NOW):
            assert not due(waits) and not due(in_hand)

    def test_an_alert_without_an_end_keeps_it(self, place: Regional) -> None:
        with at(LONG_AGO):
            case = closed_case(place, danger=True)
        alert = Alert.objects.get()
        assert alert.outcome == "helped"
        unbind(connection)
        Alert.objects.update(outcome="", closed_at=None)
        with at(NOW):
            assert not due(case) and cases_due(place.officer.user) == []

    def test_what_its_author_wrote_and_nobody_read_keeps_it_for_a_year(
        self, place: Regional, old: Escalation
    ) -> None:
        with at(NOW - datetime.timedelta(days=100)):
            messaging.write_back(
                letter=old.letter, text="Once more.", danger=False, form_hash=bytes(32)
            )
        with at(NOW):
            assert not due(old)
            client = factories.signed_in_client(place.officer)
            assert "Once more." in client.get(f"/admin/reached/{old.pk}/").content.decode()
            assert due(old)
        Message.objects.update(seen=False)
        with at(NOW + datetime.timedelta(days=300)):
            assert due(old)

    def test_without_a_regulation_it_is_kept(self, place: Regional, old: Escalation) -> None:
        Regulation.objects.all().delete()
        with at(NOW):
            assert not due(old)

    def test_a_danger_of_the_school_is_not_the_region_s_to_destroy(self, place: Regional) -> None:
        with at(LONG_AGO):
            alert = nobody_answers(Alert.objects.get(letter=cry(place)))
            case = Escalation.objects.get(letter=alert.letter)
            officer = place.officer
            escalating.take(escalation=case, by=officer.fresh())
            escalating.close(
                escalation=case,
                outcome="helped",
                note="Done.",
                by=officer.fresh(),
                keyring=officer.keyring(),
            )
        with at(NOW):
            assert cases_due(officer.user) == []
            for step in steps(case, place):
                with pytest.raises(Refused):
                    step()


def steps(case: Escalation, place: Regional) -> list[Callable[[], object]]:
    """What can be done to keep it or not."""
    facts = {"escalation": case, "by": place.officer.fresh()}
    return [
        lambda: hold_case(reason="A court.", **facts),
        lambda: release_case(reason="No court.", **facts),
        lambda: destroy_case(**facts),
    ]


class TestDestroying:
    def test_leaves_dates_outcome_and_the_chain(self, place: Regional, old: Escalation) -> None:
        with at(NOW):
            destroy_case(escalation=old, by=place.officer.fresh())
            old.refresh_from_db()
            assert old.destroyed_on == place.school.today()
        assert (old.outcome, old.closed_at, old.reached_hour) == (
            "helped",
            LONG_AGO,
            LONG_AGO,
        )
        letter = Letter.objects.get()
        assert letter.opens_to_nobody and old.opens_to_nobody
        # Who could read it is still told apart from who could not.
        assert not letter.is_withheld_from(place.officer.user.pk)
        row = Trail.objects.get(step=Trail.Step.DESTROYED)
        assert row.facts == {"escalation": str(old.uid), "on": "2026-11-21"}
        assert row.by == place.officer.user and row.entry is None and row.about.startswith("letter")
        verify_school(place.school)

    def test_not_before_its_time_and_not_twice(self, place: Regional, old: Escalation) -> None:
        officer = place.officer.fresh()
        with at(LONG_AGO.replace(year=2024)), pytest.raises(Refused):
            destroy_case(escalation=old, by=officer)
        assert Trail.objects.filter(step="refused", facts__attempt="destroy_case").exists()
        with at(NOW):
            destroy_case(escalation=old, by=officer)
            for step in steps(old, place):
                with pytest.raises(Conflict):
                    step()
        assert Trail.objects.filter(step=Trail.Step.DESTROYED).count() == 1

    @pytest.mark.parametrize("who", ["chief", "holder", "director", "former"])
    def test_by_the_officer_of_the_case_alone(
        self, place: Regional, old: Escalation, who: str
    ) -> None:
        person = {"chief": place.chief, "former": place.officer}.get(who) or getattr(
            place.staffed, who
        )
        if who == "former":
            # The worker has not been there since.
            officer_of(place.part, "new.officer")
        facts = {"escalation": old, "by": person.fresh()}
        with at(NOW):
            for step in (
                lambda: hold_case(reason="A court.", **facts),
                lambda: release_case(reason="No court.", **facts),
                lambda: destroy_case(**facts),
            ):
                with pytest.raises(Refused):
                    step()
        assert not Letter.objects.get().opens_to_nobody and not CaseHold.objects.exists()

    def test_nothing_is_written_to_the_author_afterwards(
        self, place: Regional, old: Escalation
    ) -> None:
        with at(NOW):
            destroy_case(escalation=old, by=place.officer.fresh())
            with pytest.raises(Conflict):
                escalating.write_to_author(
                    escalation=old, text="Are you there?", by=place.officer.fresh()
                )
            with pytest.raises(messaging.LetterGone):
                messaging.write_back(
                    letter=Letter.objects.get(), text="I am.", danger=True, form_hash=bytes(32)
                )

    def test_the_worker_destroys_nothing_by_itself(self, place: Regional, old: Escalation) -> None:
        with at(NOW):
            at_region.look_after()
        assert not Letter.objects.get().opens_to_nobody
        assert not Trail.objects.filter(step=Trail.Step.DESTROYED).exists()


class TestHolds:
    def test_what_is_held_is_not_destroyed(self, place: Regional, old: Escalation) -> None:
        officer = place.officer.fresh()
        with at(NOW):
            hold_case(escalation=old, reason="The court, case 7.", by=officer)
            assert cases_due(officer) == []
            with pytest.raises(Refused):
                destroy_case(escalation=old, by=officer)
            verify_school(place.school)
            release_case(escalation=old, reason="It has judged.", by=officer)
            verify_school(place.school)
            destroy_case(escalation=old, by=officer)
            verify_school(place.school)
        found = Trail.objects.filter(step__in=["held", "released", "destroyed"])
        assert [row.step for row in found.order_by("position")] == ["held", "released", "destroyed"]

    def test_why_is_sealed_to_whoever_said_it(self, place: Regional, old: Escalation) -> None:
        hold_case(escalation=old, reason="The court, case 7.", by=place.officer.fresh())
        row = CaseHold.objects.get()
        assert row.read(place.officer.keyring()) == {"reason": "The court, case 7."}
        for person in (place.chief, place.staffed.holder, place.staffed.director):
            assert row.read_or_none(person.keyring()) is None
        assert "case 7" not in str(list(Trail.objects.values_list("facts", flat=True)))
        # What was noted at the end is still there.
        old.refresh_from_db()
        assert "notes" in old.read(place.officer.keyring())

    def test_twice_is_once(self, place: Regional, old: Escalation) -> None:
        facts = {"escalation": old, "by": place.officer.fresh()}
        with pytest.raises(Conflict):
            release_case(reason="It was not.", **facts)
        hold_case(reason="A court.", **facts)
        with pytest.raises(Conflict):
            hold_case(reason="Another court.", **facts)
        with pytest.raises(Refused):
            release_case(reason=" ", **facts)

    def test_not_before_somebody_deals_with_it(self, place: Regional) -> None:
        case = letter_for_region(place)
        with pytest.raises(Refused):
            hold_case(escalation=case, reason="A court.", by=place.officer.fresh())

    def test_an_author_who_cries_again_opens_a_held_one(
        self, place: Regional, old: Escalation
    ) -> None:
        hold_case(escalation=old, reason="A court.", by=place.officer.fresh())
        messaging.write_back(
            letter=Letter.objects.get(), text="Again.", danger=True, form_hash=bytes(32)
        )
        old.refresh_from_db()
        assert old.held and old.waits and not old.outcome
        verify_school(place.school)


class TestAnotherOfficer:
    def test_closed_ones_become_theirs_without_the_words(
        self, place: Regional, old: Escalation
    ) -> None:
        hold_case(escalation=old, reason="A court.", by=place.officer.fresh())
        new = officer_of(place.part, "new.officer")
        assert at_region.look_after() == 1 and at_region.look_after() == 0
        old.refresh_from_db()
        assert old.officer == new.user and old.taken_at and old.outcome == "helped"
        assert Letter.objects.get().read_or_none(new.keyring()) is None
        with at(NOW):
            release_case(escalation=old, reason="It has judged.", by=new.fresh())
            assert cases_due(new.user) == [old]
            destroy_case(escalation=old, by=new.fresh())
        assert Letter.objects.get().opens_to_nobody
        verify_school(place.school)

    def test_whoever_works_in_the_school_by_now_has_it_no_more(
        self, place: Regional, old: Escalation
    ) -> None:
        Membership.objects.create(
            user=place.officer.user, school=place.school, role_id="commission_member"
        )
        assert at_region.look_after() == 1
        old.refresh_from_db()
        assert old.officer == place.chief.user

    def test_where_nobody_is_named_it_waits_for_the_next(
        self, place: Regional, old: Escalation
    ) -> None:
        Region.objects.update(officer=None)
        with at(NOW):
            at_region.look_after()
            old.refresh_from_db()
            assert old.officer is None and not Letter.objects.get().opens_to_nobody
            with pytest.raises(Refused):
                destroy_case(escalation=old, by=place.officer.fresh())
            new = officer_of(place.whole, "later")
            assert at_region.look_after() == 1
            assert cases_due(new.user) == [old]

    def test_a_danger_of_the_school_stays_with_whoever_closed_it(self, place: Regional) -> None:
        alert = nobody_answers(Alert.objects.get(letter=cry(place)))
        case = Escalation.objects.get(letter=alert.letter)
        officer = place.officer
        escalating.take(escalation=case, by=officer.fresh())
        escalating.close(
            escalation=case,
            outcome="helped",
            note="Done.",
            by=officer.fresh(),
            keyring=officer.keyring(),
        )
        officer_of(place.part, "new.officer")
        assert at_region.look_after() == 0

    def test_alerts_that_the_former_one_answered_end_with_the_case(self, place: Regional) -> None:
        case = letter_for_region(place, danger=True)
        escalating.take(escalation=case, by=place.officer.fresh())
        new = officer_of(place.part, "new.officer")
        at_region.look_after()
        escalating.take(escalation=case, by=new.fresh())
        escalating.close(
            escalation=case, outcome="helped", note="Done.", by=new.fresh(), keyring=new.keyring()
        )
        alert = Alert.objects.get()
        assert alert.answered_by == place.officer.user and alert.outcome == "helped"


def test_the_school_learns_nothing_of_it(place: Regional, old: Escalation) -> None:
    recount(place.school)
    before = Standing.objects.get(school=place.school).last_step_on
    officer = place.officer.fresh()
    with at(NOW):
        assert len(due_in(place.school)) == 0
        hold_case(escalation=old, reason="A court.", by=officer)
        release_case(escalation=old, reason="No court.", by=officer)
        destroy_case(escalation=old, by=officer)
        assert Standing.objects.get(school=place.school).last_step_on == before
        recount(place.school)
        assert Standing.objects.get(school=place.school).last_step_on == before


class TestFound:
    """What was done behind the program's back."""

    def test_a_key_that_is_gone(self, place: Regional, old: Escalation) -> None:
        verify_school(place.school)
        officer = str(place.officer.user.pk)
        Letter.objects.update(personal_keys={officer: ""})
        with pytest.raises(Broken, match="key was taken away"):
            verify_school(place.school)

    def test_a_key_that_came_back(self, place: Regional, old: Escalation) -> None:
        kept = Letter.objects.get().personal_keys
        with at(NOW):
            destroy_case(escalation=old, by=place.officer.fresh())
        Letter.objects.update(personal_keys=kept)
        with pytest.raises(Broken, match="has a key"):
            verify_school(place.school)

    @pytest.mark.parametrize("changed", [{"held": True}, {"destroyed_on": NOW.date()}])
    def test_what_the_trail_does_not_say(
        self, place: Regional, old: Escalation, changed: dict[str, object]
    ) -> None:
        Escalation.objects.update(**changed)
        with pytest.raises(Broken, match="the trail says otherwise"):
            verify_school(place.school)

    def test_a_hold_quietly_ended(self, place: Regional, old: Escalation) -> None:
        hold_case(escalation=old, reason="A court.", by=place.officer.fresh())
        Escalation.objects.update(held=False)
        with pytest.raises(Broken, match="the trail says otherwise"):
            verify_school(place.school)


class TestBound:
    """What the database itself refuses, whoever asks."""

    @pytest.fixture(autouse=True)
    def _bound(self, old: Escalation) -> None:
        bind(connection)

    def test_what_is_held_is_not_destroyed(self) -> None:
        Escalation.objects.update(held=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            Escalation.objects.update(destroyed_on=NOW.date())

    def test_a_destroyed_one_does_not_come_back(self, place: Regional, old: Escalation) -> None:
        with at(NOW):
            destroy_case(escalation=old, by=place.officer.fresh())
        with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
            Escalation.objects.update(destroyed_on=None)

    def test_an_open_one_is_not_destroyed(self, place: Regional) -> None:
        case = letter_for_region(place)
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.filter(pk=case.pk).update(destroyed_on=NOW.date())

    def test_why_it_was_held_stays(self, place: Regional, old: Escalation) -> None:
        hold_case(escalation=old, reason="A court.", by=place.officer.fresh())
        for deed in (
            lambda: CaseHold.objects.all()._raw_delete("default"),
            lambda: CaseHold.objects.update(content=b"x"),
        ):
            with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
                deed()
