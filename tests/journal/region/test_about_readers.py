"""A letter about everybody who could read it is sealed to the named person of the region, and lies in no box."""

from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone

from box.models import Letter
from box.services import messaging, submitting
from journal.models import Alert, Escalation, Opening, SpareKey, Trail
from journal.services import at_region, escalating
from journal.services.verifying import verify_school
from schools.errors import Refused
from schools.models import KeyGrant, Mail, Membership, Region, User
from tests import factories
from tests.box.files.samples import picture
from tests.journal.danger.school import told
from tests.journal.region.regional import (
    EVERYBODY,
    WORDS,
    Regional,
    cry,
    officer_of,
    reads,
    regional_school,
)
from vault import receipts

CODE = receipts.new_code()


@pytest.fixture
def place(transactional_db: None) -> Regional:
    return regional_school()


def about_all(place: Regional, **facts: object) -> Letter:
    """A letter about both who hold the key."""
    return factories.send_letter(
        place.school, **{"text": WORDS, "about": EVERYBODY, "code": CODE, **facts}
    )


def test_it_reaches_the_officer_alone(place: Regional) -> None:
    letter = about_all(place, files=[picture("JPEG")])
    case = Escalation.objects.get(letter=letter)
    assert (case.officer, case.reason) == (place.officer.user, "about_readers")
    assert letter.state == Letter.State.AT_REGION and letter.school_key is None
    assert set(letter.personal_keys) == {str(place.officer.user.pk)}
    assert set(letter.attachments.get().personal_keys) == {str(place.officer.user.pk)}
    assert reads(place.officer, case) == WORDS
    for person in (place.chief, place.staffed.holder, place.staffed.second, place.staffed.director):
        assert letter.is_withheld_from(person.user.pk) and letter.is_closed_to(person.keyring())


def test_the_mail_says_no_minute(place: Regional) -> None:
    about_all(place)
    mail = Mail.objects.get(kind=Mail.Kind.ESCALATED)
    assert mail.person == place.officer.user
    assert mail.next_try_at.minute == 0 and mail.next_try_at > timezone.now()


def test_the_school_finds_nothing_of_it_in_its_box(place: Regional) -> None:
    about_all(place)
    opened = factories.open_box(place.school, by=place.staffed.holder)
    assert opened.web_count == 0 and not opened.taken_letters.exists()
    assert Opening.objects.count() == 1
    verify_school(place.school)


def test_the_author_and_the_officer_write_to_each_other(place: Regional) -> None:
    letter = about_all(place)
    case, officer = Escalation.objects.get(), place.officer.fresh()
    escalating.take(escalation=case, by=officer)
    letter.refresh_from_db()
    assert letter.taken_on == place.school.today() and letter.state == Letter.State.AT_REGION
    sent = escalating.write_to_author(escalation=case, text="Where are you?", by=officer)
    back = messaging.write_back(letter=letter, text="At home.", danger=False, form_hash=bytes(32))
    for message in (sent, back):
        assert set(message.personal_keys) == {str(officer.pk)}
    turns = messaging.conversation(letter=letter, pair=receipts.author_pair(CODE))
    assert [turn.text for turn in turns] == ["Where are you?", "At home."]
    assert not SpareKey.objects.exists()
    verify_school(place.school)


def test_danger_reaches_the_officer_at_once_and_nobody_at_the_school(place: Regional) -> None:
    letter = cry(place, about=EVERYBODY)
    alert = Alert.objects.get(letter=letter)
    assert alert.stage == Alert.Stage.REGION
    assert told(alert) == {place.officer.user.username}
    case = Escalation.objects.get(letter=letter)
    assert case.reason == "about_readers" and reads(place.officer, case) == WORDS
    assert not SpareKey.objects.exists()
    escalating.take(escalation=case, by=place.officer.fresh())
    alert.refresh_from_db()
    assert alert.answered_by == place.officer.user
    assert Escalation.objects.count() == 1


def test_danger_about_some_of_them_goes_the_usual_way(place: Regional) -> None:
    letter = cry(place, about=("psychologist",))
    assert letter.state == Letter.State.IN_BOX
    assert told(Alert.objects.get(letter=letter)) == {place.staffed.second.user.username}
    assert SpareKey.objects.filter(letter=letter).count() == 2


def test_all_of_its_conversation_says_danger_again(place: Regional) -> None:
    letter = about_all(place)
    case, officer = Escalation.objects.get(), place.officer.fresh()
    escalating.take(escalation=case, by=officer)
    message = messaging.write_back(
        letter=letter, text="He is here.", danger=True, form_hash=bytes(32)
    )
    assert told(Alert.objects.get(message=message)) == {officer.username}
    case.refresh_from_db()
    assert case.waits and message.read(place.officer.keyring())["text"] == "He is here."


def test_the_whole_reads_it_where_the_part_has_nobody(place: Regional) -> None:
    Region.objects.filter(pk=place.part.pk).update(officer=None)
    letter = about_all(place)
    assert reads(place.chief, Escalation.objects.get(letter=letter)) == WORDS


@pytest.mark.parametrize("why", ["no region", "no officer", "no pair", "not active", "inside"])
def test_nothing_is_stored_where_nobody_could_read_it(place: Regional, why: str) -> None:
    people = User.objects.filter(pk__in=[place.officer.user.pk, place.chief.user.pk])
    if why == "no region":
        place.school.region = None
        place.school.save()
    elif why == "no officer":
        Region.objects.update(officer=None)
    elif why == "no pair":
        people.update(public_key=b"")
    elif why == "not active":
        people.update(is_active=False)
    else:
        for person in people:
            Membership.objects.create(user=person, school=place.school, role_id="administrator")
    with pytest.raises(submitting.NobodyElse):
        about_all(place)
    assert not Letter.objects.exists()


def test_who_the_readers_are_is_read_under_the_lock(place: Regional) -> None:
    # The other holder loses the key while somebody writes about the first: nobody but the region is left.
    KeyGrant.objects.filter(holder=place.staffed.second.user).delete()
    letter = about_all(place, about=("psychologist",))
    assert letter.state == Letter.State.AT_REGION


class TestFaults:
    def test_what_was_not_passed_on_is_passed_on_by_the_worker(self, place: Regional) -> None:
        with mock.patch.object(at_region, "reach_with_letter", side_effect=RuntimeError):
            letter = about_all(place)
        assert letter.state == Letter.State.AT_REGION and not Escalation.objects.exists()
        assert at_region.look_after() == 1
        assert reads(place.officer, Escalation.objects.get()) == WORDS
        assert at_region.look_after() == 0

    def test_two_workers_make_one_case(self, place: Regional) -> None:
        letter = about_all(place)
        with transaction.atomic():
            first = at_region.reach_with_letter(letter.pk)
        assert at_region.reach_with_letter(letter.pk) == first
        assert Trail.objects.filter(step="region_called").count() == 1

    def test_told_again_each_day_until_it_is_in_hand(self, place: Regional) -> None:
        about_all(place)
        Mail.objects.all().delete()
        at_region.look_after()
        at_region.look_after()
        assert Mail.objects.filter(kind=Mail.Kind.ESCALATED).count() == 1
        escalating.take(escalation=Escalation.objects.get(), by=place.officer.fresh())
        Mail.objects.all().delete()
        at_region.look_after()
        assert not Mail.objects.exists()


class TestAnotherOfficer:
    @pytest.fixture
    def letter(self, place: Regional) -> Letter:
        letter = about_all(place, files=[picture("JPEG")])
        escalating.take(escalation=Escalation.objects.get(), by=place.officer.fresh())
        return letter

    def test_it_becomes_theirs_and_is_told_and_handed_over(
        self, place: Regional, letter: Letter
    ) -> None:
        new = officer_of(place.part, "new.officer")
        assert at_region.look_after() == 1
        case = Escalation.objects.get()
        assert case.officer == new.user and case.waits
        assert Mail.objects.filter(person=new.user, kind=Mail.Kind.ESCALATED).exists()
        assert reads(new, case) is None
        former = place.officer
        assert former.fresh().is_staff  # for this alone
        escalating.hand_over(escalation=case, by=former.fresh(), keyring=former.keyring())
        case.refresh_from_db()
        assert reads(new, case) == WORDS and reads(former, case) is None
        letter.refresh_from_db()
        assert set(letter.personal_keys) == {str(new.user.pk)}
        assert set(letter.attachments.get().personal_keys) == {str(new.user.pk)}
        assert not former.fresh().is_staff
        verify_school(place.school)

    def test_the_former_one_takes_no_step_any_more(self, place: Regional, letter: Letter) -> None:
        officer_of(place.part, "new.officer")
        at_region.look_after()
        case, former = Escalation.objects.get(), place.officer.fresh()
        for attempt in (
            lambda: escalating.take(escalation=case, by=former),
            lambda: escalating.note_read(escalation=case, by=former),
            lambda: escalating.write_to_author(escalation=case, text="Hello.", by=former),
            lambda: escalating.read_file(
                escalation=case,
                attachment=letter.attachments.get(),
                by=former,
                keyring=place.officer.keyring(),
            ),
        ):
            with pytest.raises(Refused):
                attempt()

    def test_what_the_author_writes_meanwhile_reaches_the_new_one(
        self, place: Regional, letter: Letter
    ) -> None:
        new = officer_of(place.part, "new.officer")
        message = messaging.write_back(
            letter=letter, text="Are you there?", danger=False, form_hash=bytes(32)
        )
        assert message.read(new.keyring())["text"] == "Are you there?"

    def test_nobody_is_named_any_more_and_then_somebody(
        self, place: Regional, letter: Letter
    ) -> None:
        Region.objects.update(officer=None)
        at_region.look_after()
        assert Escalation.objects.get().officer is None
        new = officer_of(place.whole, "later")
        at_region.look_after()
        case = Escalation.objects.get()
        assert case.officer == new.user
        escalating.hand_over(
            escalation=case, by=place.officer.fresh(), keyring=place.officer.keyring()
        )
        case.refresh_from_db()
        assert reads(new, case) == WORDS
