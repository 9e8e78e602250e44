"""A danger that nobody at the school answers opens to the named person of the region, and to nobody a minute before."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.apps import apps
from django.utils import timezone

from box.models import Letter
from box.services import messaging
from journal.escalations import lend
from journal.models import Alert, Escalation, SpareKey, Trail
from journal.services import alerting, at_region, escalating, spare_keys
from journal.services.verifying import verify_school
from schools.errors import Refused
from schools.models import Mail, Membership, Region, User
from tests import factories
from tests.box.files.samples import picture
from tests.journal.danger.school import told
from tests.journal.region.regional import (
    WORDS,
    Regional,
    cry,
    nobody_answers,
    officer_of,
    reads,
    regional_school,
)
from vault import receipts
from vault.keyring import Keyring

pytestmark = pytest.mark.django_db

CODE = receipts.new_code()


@pytest.fixture
def place() -> Regional:
    return regional_school()


def alert_of(letter: Letter) -> Alert:
    return Alert.objects.get(letter=letter, message=None)


def sees_anything(keyring: Keyring) -> bool:
    """Whether any row of the journal or the box opens to the keyring as it stands in the database."""
    rows = [*Letter.objects.all(), *Alert.objects.all()]
    return any(row.read_or_none(keyring) for row in rows if row.content)


class TestBefore:
    def test_the_officer_is_told_last_and_after_every_stage_had_its_time(
        self, place: Regional
    ) -> None:
        alert = alert_of(cry(place))
        names = {place.officer.user.username, place.chief.user.username}
        seen = []
        for _round in range(3):
            alert.refresh_from_db()
            seen.append((alert.stage, bool(told(alert) & names)))
            assert not Escalation.objects.exists()
            alerting.escalate_due(alert.next_stage_at)
        alert.refresh_from_db()
        assert seen == [(0, False), (1, False), (2, False)]
        assert alert.stage == Alert.Stage.REGION
        assert place.officer.user.username in told(alert)
        assert place.chief.user.username not in told(alert)

    def test_nothing_opens_before(self, place: Regional) -> None:
        letter = cry(place)
        # What is kept for them is there, and nothing that reads asks for it.
        assert SpareKey.objects.filter(letter=letter, officer=place.officer.user).count() == 1
        assert not sees_anything(place.officer.keyring())
        assert not Escalation.objects.filter(officer=place.officer.user).exists()

    def test_a_case_of_another_letter_lends_no_key_of_this_one(self, place: Regional) -> None:
        other = cry(place, text="The first letter, which was passed on.")
        nobody_answers(alert_of(other))
        letter = cry(place)
        case = Escalation.objects.get(letter=other)
        assert reads(place.officer, case) == "The first letter, which was passed on."
        case.letter_id = letter.pk
        assert reads(place.officer, case) is None

    def test_whoever_answers_at_the_school_ends_it_for_good(self, place: Regional) -> None:
        letter = cry(place)
        alert = alert_of(letter)
        alerting.answer(alert=alert, by=place.staffed.deputy.fresh())
        assert not SpareKey.objects.exists()
        alerting.escalate_due(timezone.now() + timezone.timedelta(days=3))
        assert not Escalation.objects.exists() and not sees_anything(place.officer.keyring())

    def test_a_letter_without_danger_keeps_no_key(self, place: Regional) -> None:
        factories.send_letter(place.school, text=WORDS)
        assert not SpareKey.objects.exists()

    def test_where_nobody_has_an_address_the_school_has_its_time_all_the_same(
        self, place: Regional
    ) -> None:
        User.objects.filter(memberships__school=place.school).update(email="")
        alert = alert_of(cry(place))
        assert alert.stage == Alert.Stage.DIRECTOR and not Escalation.objects.exists()
        alerting.escalate_due(alert.next_stage_at)
        alert.refresh_from_db()
        assert alert.stage == Alert.Stage.REGION


class TestAfter:
    @pytest.fixture
    def letter(self, place: Regional) -> Letter:
        letter = cry(place, code=CODE, files=[picture("JPEG")])
        nobody_answers(alert_of(letter))
        return Letter.objects.get(pk=letter.pk)

    @pytest.fixture
    def case(self, letter: Letter) -> Escalation:
        return Escalation.objects.get(letter=letter)

    def test_it_opens_to_the_part_and_not_to_the_whole(
        self, place: Regional, case: Escalation, letter: Letter
    ) -> None:
        assert case.officer == place.officer.user and case.reason == Escalation.Reason.DANGER
        assert reads(place.officer, case) == WORDS
        assert reads(place.chief, case) is None
        assert letter.with_region and letter.state == Letter.State.IN_BOX

    def test_its_files_open_with_it(
        self, place: Regional, case: Escalation, letter: Letter
    ) -> None:
        file = escalating.read_file(
            escalation=case,
            attachment=letter.attachments.get(),
            by=place.officer.fresh(),
            keyring=place.officer.keyring(),
        )
        assert b"".join(file.chunks).startswith(b"\xff\xd8")

    def test_the_school_reads_it_as_before_and_sees_who_deals_with_it(
        self, place: Regional, case: Escalation, letter: Letter
    ) -> None:
        escalating.take(escalation=case, by=place.officer.fresh())
        assert letter.read(place.staffed.holder.keyring())["text"] == WORDS
        alert = alert_of(letter)
        assert alert.answered_by == place.officer.user and alert.next_stage_at is None
        assert not SpareKey.objects.filter(escalation=None).exists()

    def test_each_step_is_a_row_and_the_book_is_whole(
        self, place: Regional, case: Escalation
    ) -> None:
        officer, keyring = place.officer.fresh(), place.officer.keyring()
        escalating.take(escalation=case, by=officer)
        escalating.note_read(escalation=case, by=officer)
        escalating.write_to_author(escalation=case, text="I am with you.", by=officer)
        escalating.close(
            escalation=case, outcome="helped", note="The police came.", by=officer, keyring=keyring
        )
        steps = Trail.objects.filter(step__startswith="region_").order_by("position")
        assert [(row.step, row.by_name) for row in steps] == [
            ("region_called", ""),
            *(
                (step, officer.username)
                for step in ("region_took", "region_read", "region_wrote", "region_closed")
            ),
        ]
        verify_school(place.school)
        case.refresh_from_db()
        assert case.read(keyring) == {"notes": ["The police came."]}
        alert = alert_of(case.letter)
        assert alert.outcome == "helped"
        assert alert.read(place.staffed.holder.keyring()) == {"note": "The police came."}

    def test_the_author_reads_what_is_written_and_the_answer_comes_back(
        self, place: Regional, case: Escalation, letter: Letter
    ) -> None:
        officer = place.officer.fresh()
        escalating.take(escalation=case, by=officer)
        sent = escalating.write_to_author(escalation=case, text="I am with you.", by=officer)
        turns = messaging.conversation(letter=letter, pair=receipts.author_pair(CODE))
        assert [(turn.text, turn.role) for turn in turns] == [("I am with you.", "region_officer")]
        back = messaging.write_back(
            letter=letter, text="Thank you.", danger=False, form_hash=bytes(32)
        )
        rows = [sent, back]
        lend(rows, escalation=case, person=officer)
        assert [row.read(place.officer.keyring())["text"] for row in rows] == [
            "I am with you.",
            "Thank you.",
        ]
        assert Mail.objects.filter(
            person=officer, kind=Mail.Kind.AUTHOR_WROTE, next_try_at__gt=timezone.now()
        ).exists()

    def test_what_is_written_after_the_end_is_the_schools_alone(
        self, place: Regional, case: Escalation, letter: Letter
    ) -> None:
        officer = place.officer.fresh()
        escalating.take(escalation=case, by=officer)
        escalating.close(
            escalation=case,
            outcome="helped",
            note="Done.",
            by=officer,
            keyring=place.officer.keyring(),
        )
        keys = SpareKey.objects.count()
        message = messaging.write_back(
            letter=letter, text="Thank you all.", danger=False, form_hash=bytes(32)
        )
        assert SpareKey.objects.count() == keys
        lend([message], escalation=case, person=officer)
        assert message.is_closed_to(place.officer.keyring())

    def test_another_cry_of_the_author_opens_it_again(
        self, place: Regional, case: Escalation, letter: Letter
    ) -> None:
        officer = place.officer.fresh()
        escalating.take(escalation=case, by=officer)
        escalating.close(
            escalation=case,
            outcome="helped",
            note="Done.",
            by=officer,
            keyring=place.officer.keyring(),
        )
        message = messaging.write_back(
            letter=letter, text="He is back.", danger=True, form_hash=bytes(32)
        )
        nobody_answers(Alert.objects.get(message=message))
        case.refresh_from_db()
        assert case.waits and case.outcome == "" and case.closed_at is None

    def test_nobody_else_takes_a_step(self, place: Regional, case: Escalation) -> None:
        for person in (place.chief, place.staffed.holder, place.staffed.director):
            with pytest.raises(Refused):
                escalating.take(escalation=case, by=person.fresh())
            with pytest.raises(Refused):
                escalating.note_read(escalation=case, by=person.fresh())
            with pytest.raises(Refused):
                escalating.write_to_author(escalation=case, text="It is me.", by=person.fresh())
        with pytest.raises(Refused):
            escalating.hand_over(
                escalation=case,
                by=place.staffed.holder.fresh(),
                keyring=place.staffed.holder.keyring(),
            )
        case.refresh_from_db()
        assert case.waits


def test_of_all_that_is_written_nothing_lies_readable_in_a_table(place: Regional) -> None:
    letter = cry(place)
    nobody_answers(alert_of(letter))
    case, officer = Escalation.objects.get(), place.officer.fresh()
    escalating.take(escalation=case, by=officer)
    said, note = "I have called the police for you.", "The police took him with them."
    escalating.write_to_author(escalation=case, text=said, by=officer)
    escalating.close(
        escalation=case, outcome="helped", note=note, by=officer, keyring=place.officer.keyring()
    )
    for model in apps.get_models():
        for row in model.objects.values() if model._meta.managed else ():
            kept = b"".join(
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for value in row.values()
            )
            assert not any(words.encode() in kept for words in (WORDS, said, note)), model


class TestOfficers:
    def test_nothing_of_another_region(self, place: Regional) -> None:
        other = regional_school("school-2")
        nobody_answers(alert_of(cry(place)))
        case = Escalation.objects.get()
        assert reads(other.officer, case) is None and reads(other.chief, case) is None
        assert not SpareKey.objects.filter(officer=other.officer.user).exists()

    def test_the_whole_is_called_where_the_part_has_nobody_with_a_pair(
        self, place: Regional
    ) -> None:
        User.objects.filter(pk=place.officer.user.pk).update(public_key=b"")
        nobody_answers(alert_of(cry(place)))
        case = Escalation.objects.get()
        assert case.officer == place.chief.user and reads(place.chief, case) == WORDS

    def test_a_pair_made_since_is_passed_over_for_one_that_opens(self, place: Regional) -> None:
        letter = cry(place)
        User.objects.filter(pk=place.officer.user.pk).update(public_key=bytes(range(32)))
        nobody_answers(alert_of(letter))
        case = Escalation.objects.get()
        assert case.officer == place.chief.user and reads(place.chief, case) == WORDS

    def test_who_is_named_after_the_letter_is_called_and_reads_nothing(
        self, place: Regional
    ) -> None:
        Region.objects.filter(pk=place.whole.pk).update(officer=None)
        letter = cry(place)
        new = officer_of(place.part, "new.officer")
        alert = nobody_answers(alert_of(letter))
        case = Escalation.objects.get()
        assert case.officer == new.user and new.user.username in told(alert)
        assert reads(new, case) is None and reads(place.officer, case) is None
        escalating.hand_over(
            escalation=case, by=place.officer.fresh(), keyring=place.officer.keyring()
        )
        case.refresh_from_db()
        assert reads(new, case) == WORDS and reads(place.officer, case) is None

    def test_who_works_in_the_school_is_never_called(self, place: Regional) -> None:
        for person in (place.officer, place.chief):
            Membership.objects.create(
                user=person.user, school=place.school, role_id="commission_member"
            )
        alert = nobody_answers(alert_of(cry(place)))
        assert alert.stage == Alert.Stage.DIRECTOR
        assert not SpareKey.objects.exists() and not Escalation.objects.exists()

    def test_an_operator_is_never_called(self, place: Regional) -> None:
        User.objects.filter(pk=place.officer.user.pk).update(is_operator=True)
        nobody_answers(alert_of(cry(place)))
        assert Escalation.objects.get().officer == place.chief.user
        assert not SpareKey.objects.filter(officer=place.officer.user).exists()

    @pytest.mark.parametrize("why", ["no region", "no officer", "not active"])
    def test_without_anybody_the_school_is_told_again_and_again(
        self, place: Regional, why: str
    ) -> None:
        if why == "no region":
            place.school.region = None
            place.school.save()
        elif why == "no officer":
            Region.objects.update(officer=None)
        else:
            User.objects.filter(pk__in=[place.officer.user.pk, place.chief.user.pk]).update(
                is_active=False
            )
        alert = nobody_answers(alert_of(cry(place)))
        assert alert.stage == Alert.Stage.DIRECTOR and alert.next_stage_at is not None
        assert not Escalation.objects.exists()
        # Named at last, they are called at the next round.
        place.school.region = place.part
        place.school.save()
        new = officer_of(place.part, "at.last")
        alerting.escalate_due(alert.next_stage_at)
        assert Escalation.objects.get().officer == new.user


class TestFaults:
    @pytest.fixture
    def broken(self) -> Iterator[None]:
        with mock.patch.object(spare_keys, "keep", side_effect=RuntimeError):
            yield

    def test_no_spare_key_costs_no_letter(self, place: Regional, broken: None) -> None:
        letter = cry(place)
        assert not SpareKey.objects.exists()
        nobody_answers(alert_of(letter))
        case = Escalation.objects.get()
        assert case.officer == place.officer.user and reads(place.officer, case) is None

    def test_a_fault_at_the_region_silences_nobody(self, place: Regional) -> None:
        letter = cry(place)
        with mock.patch.object(at_region, "_reach", side_effect=RuntimeError):
            alert = nobody_answers(alert_of(letter))
        assert alert.rounds == 4 and place.officer.user.username in told(alert)
        assert not Escalation.objects.exists()
        alerting.escalate_due(alert.next_stage_at)
        assert reads(place.officer, Escalation.objects.get()) == WORDS

    def test_danger_that_nobody_at_the_school_could_open_goes_to_the_region_at_once(
        self, place: Regional
    ) -> None:
        letter = factories.send_letter(place.school, text=WORDS, code=CODE)
        User.objects.filter(memberships__school=place.school).update(is_active=False)
        message = messaging.write_back(
            letter=letter, text="Help me.", danger=True, form_hash=bytes(32)
        )
        case = Escalation.objects.get(letter=letter)
        assert case.officer == place.officer.user
        assert message.read(place.officer.keyring())["text"] == "Help me."
        assert reads(place.officer, case) is None  # the letter before it was sealed to the school
