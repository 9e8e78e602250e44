"""Between the list and the act an author may write, and somebody may open a file: then it stays."""

import pytest

from box.models import Attachment, Letter, Message
from box.services import messaging
from journal.keeping import due_in
from journal.models import Alert, Destruction, Doomed, Entry, Meeting, TakenLetter
from journal.services import alerting, destroying, files
from journal.services.verifying import Broken, verify_school
from reports import issuing
from reports.documents.paper import Paper
from reports.issuing import print_paper, protocol_of
from reports.models import Issued
from schools.models import School
from tests.box.files.making import clean_file
from tests.box.files.samples import picture
from tests.factories import Person
from tests.journal.answering.case import author_writes
from tests.journal.keeping import case
from tests.journal.keeping.case import (
    LONG_AGO,
    NOW,
    at,
    closed_entry,
    meeting_held,
    put_aside,
    rich_entry,
)

pytestmark = pytest.mark.django_db


def approved(school: School, holder: Person, deputy: Person) -> Destruction:
    listed = destroying.draw_up(school=school, by=holder.fresh())
    return destroying.approve(
        school=school,
        destruction=listed,
        meeting=meeting_held(school, by=holder),
        spared=[],
        by=deputy.fresh(),
    )


def write_back(letter: Letter, *, danger: bool = False, **facts: object) -> Message:
    letter = Letter.objects.select_related("school").get(pk=letter.pk)
    return messaging.write_back(
        letter=letter, text="I have to tell you more.", danger=danger, form_hash=bytes(32), **facts
    )


def carry_out(school: School, listed: Destruction, holder: Person) -> None:
    destroying.carry_out(school=school, destruction=listed, by=holder.fresh())


class TestSetAside:
    @pytest.fixture
    def taken(self, school: School, holder: Person) -> TakenLetter:
        with at(LONG_AGO):
            put_aside(school, by=holder, text="Another letter of a shop.")
            return put_aside(school, by=holder)

    @pytest.mark.parametrize("danger", [True, False])
    def test_what_its_author_writes_after_the_approval_saves_it(
        self, school: School, holder: Person, deputy: Person, taken: TakenLetter, danger: bool
    ) -> None:
        with at(NOW):
            listed = approved(school, holder, deputy)
            message = write_back(taken.letter, danger=danger)
            carry_out(school, listed, holder)
        taken.refresh_from_db()
        message.refresh_from_db()
        assert taken.destroyed_on is None and Doomed.objects.get(taken=taken).spared
        assert message.read(holder.keyring())["text"] == "I have to tell you more."
        assert TakenLetter.objects.filter(destroyed_on__isnull=False).count() == 1

    def test_a_danger_that_was_read_is_waited_for_to_its_end(
        self, school: School, holder: Person, taken: TakenLetter
    ) -> None:
        with at(NOW):
            write_back(taken.letter, danger=True)
            Message.objects.update(seen=True)
            assert taken not in due_in(school).taken
            alert = Alert.objects.get()
            alerting.answer(alert=alert, by=holder.fresh())
            alerting.close(alert=alert, outcome="helped", note="Done.", by=holder.fresh())
            assert taken in due_in(school).taken


class TestEntries:
    @pytest.fixture
    def old(self, school: School, holder: Person) -> Entry:
        with at(LONG_AGO):
            closed_entry(school, by=holder)
            return closed_entry(school, by=holder)

    def test_a_message_that_nobody_has_read_saves_it(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        with at(NOW):
            listed = approved(school, holder, deputy)
            author_writes(old, "I have to tell you more.")
            carry_out(school, listed, holder)
            old.refresh_from_db()
            assert old.destroyed_on is None and Doomed.objects.get(entry=old).spared
            assert Entry.objects.filter(destroyed_on__isnull=False).count() == 1
            Message.objects.update(seen=True)
            assert due_in(school).entries == [old]

    def test_it_does_not_keep_it_for_ever(self, school: School, holder: Person, old: Entry) -> None:
        with at(NOW.replace(year=2025)):
            author_writes(old, "I have to tell you more.")
            assert old not in due_in(school).entries
        with at(NOW):
            assert old in due_in(school).entries

    def test_a_letter_that_got_its_key_back_is_found(
        self, school: School, holder: Person, deputy: Person, old: Entry
    ) -> None:
        key = bytes(Letter.objects.get(pk=old.letter_id).sealed_key)
        with at(NOW):
            carry_out(school, approved(school, holder, deputy), holder)
        verify_school(school)
        Letter.objects.filter(pk=old.letter_id).update(sealed_key=key)
        with pytest.raises(Broken, match="has a key"):
            verify_school(school)


class TestFiles:
    @pytest.fixture
    def entry(self, school: School, holder: Person) -> Entry:
        with at(NOW.replace(year=2025, month=1)):
            closed_entry(school, by=holder, files=[picture("JPEG")])
            return closed_entry(school, by=holder, files=[picture("JPEG")])

    def test_one_that_came_yesterday_is_new_however_old_its_letter_is(
        self, school: School, entry: Entry
    ) -> None:
        with at(NOW):
            assert Attachment.objects.get(letter=entry.letter) in due_in(school).files
            file = clean_file(picture("PNG"))
            message = write_back(entry.letter, files=[file])
            file.upload.close()
            Message.objects.update(seen=True)
            new = Attachment.objects.get(message=message)
            due = due_in(school).files
            assert (
                new not in due and Attachment.objects.get(letter=entry.letter, message=None) in due
            )
        with at(NOW.replace(year=2027, month=12)):
            assert new in due_in(school).files

    def test_one_that_was_opened_after_the_list_stays(
        self, school: School, holder: Person, deputy: Person, entry: Entry
    ) -> None:
        file = Attachment.objects.get(letter=entry.letter)
        with at(NOW):
            listed = approved(school, holder, deputy)
            files.read_file(
                entry=entry, attachment=file, by=holder.fresh(), keyring=holder.keyring()
            )
            carry_out(school, listed, holder)
        file.refresh_from_db()
        assert not file.opens_to_nobody and Doomed.objects.get(file=file).spared


def test_a_protocol_that_is_drawn_meanwhile_is_drawn_again_without_it(
    school: School, holder: Person, deputy: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Paper] = []
    with at(LONG_AGO), monkeypatch.context() as patch:
        patch.setattr(case, "print_paper", lambda **_facts: b"")
        rich_entry(school, by=holder)
    with at(NOW):
        listed = approved(school, holder, deputy)

        def draw(paper: Paper) -> bytes:
            if not drawn:
                carry_out(school, listed, holder)
            drawn.append(paper)
            return b"drawn"

        monkeypatch.setitem(issuing.FORMS, "docx", draw)
        meeting = Meeting.objects.get(points__entry__isnull=False)
        print_paper(
            subject=protocol_of(meeting),
            language="ru",
            form="docx",
            by=holder.fresh(),
            keyring=holder.keyring(),
        )
        assert not Issued.objects.exists()
        assert len(drawn) == 2
        verify_school(school)
