"""A letter about a reader: closed to that person, open to the others, and shared on purpose only."""

import pytest

from box.models import Letter, Message
from box.services import messaging
from journal.models import Entry, TakenLetter, Trail
from journal.services import sharing
from schools.errors import Refused
from schools.models import Mail, School, User
from tests import factories
from tests.factories import Person
from vault.errors import NotForThisKey


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school()


@pytest.fixture
def concerned(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def reader(school: School, concerned: Person) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def entry(school: School, reader: Person) -> Entry:
    """An entry whose letter was sealed to ``reader`` in person."""
    letter = factories.send_letter(
        school, text="The psychologist shouts at us.", about=["psychologist"]
    )
    factories.open_box(school, by=reader)
    return factories.register(TakenLetter.objects.get(letter=letter), by=reader)


def test_the_one_concerned_cannot_read_and_the_other_can(
    entry: Entry, concerned: Person, reader: Person
) -> None:
    assert entry.read(reader.keyring())["summary"]
    assert entry.letter.read(reader.keyring())["text"] == "The psychologist shouts at us."
    for row in (entry, entry.letter):
        assert row.is_closed_to(concerned.keyring())
        with pytest.raises(NotForThisKey):
            row.read(concerned.keyring())


def test_the_one_concerned_cannot_register_it(
    school: School, concerned: Person, reader: Person
) -> None:
    letter = factories.send_letter(school, about=["psychologist"])
    factories.open_box(school, by=concerned)
    with pytest.raises(Refused):
        factories.register(TakenLetter.objects.get(letter=letter), by=concerned)
    assert not Entry.objects.exists()


def test_a_later_key_holder_reads_it_only_when_somebody_shares_it(
    school: School, entry: Entry, reader: Person
) -> None:
    late = factories.make_person(school, "social_pedagogue")
    factories.give_key(school, to=late, by=reader)
    assert entry.is_closed_to(late.keyring())
    sharing.share(entry=entry, to=late.fresh(), by=reader.fresh(), keyring=reader.keyring())
    entry.refresh_from_db()
    assert entry.read(late.keyring())["summary"]
    assert Letter.objects.get(pk=entry.letter_id).read(late.keyring())["text"]
    row = Trail.objects.order_by("position").last()
    assert (row.step, row.facts) == (Trail.Step.SHARED, {"to": late.user.username})


def test_who_cannot_read_cannot_share(school: School, entry: Entry, concerned: Person) -> None:
    with pytest.raises(Refused):
        sharing.share(
            entry=entry, to=concerned.fresh(), by=concerned.fresh(), keyring=concerned.keyring()
        )


def test_it_is_not_shared_with_a_role_that_reads_no_letters(
    school: School, entry: Entry, reader: Person
) -> None:
    administrator = factories.make_person(school, "administrator")
    with pytest.raises(Refused):
        sharing.share(
            entry=entry, to=administrator.fresh(), by=reader.fresh(), keyring=reader.keyring()
        )


def test_an_ordinary_entry_needs_no_sharing(school: School, reader: Person) -> None:
    ordinary = factories.registered_entry(school, by=reader)
    with pytest.raises(Refused):
        sharing.share(
            entry=ordinary, to=reader.fresh(), by=reader.fresh(), keyring=reader.keyring()
        )


def test_who_gets_an_entry_gets_its_conversation(
    school: School, entry: Entry, concerned: Person, reader: Person
) -> None:
    before = messaging.write_back(
        letter=entry.letter, text="It goes on.", danger=False, form_hash=bytes(32)
    )
    late = factories.make_person(school, "social_pedagogue")
    factories.give_key(school, to=late, by=reader)
    assert before.is_withheld_from(late.user.pk)
    sharing.share(entry=entry, to=late.fresh(), by=reader.fresh(), keyring=reader.keyring())
    after = messaging.write_back(
        letter=entry.letter, text="And on.", danger=False, form_hash=bytes(31) + b"1"
    )
    for message in Message.objects.filter(pk__in=[before.pk, after.pk]):
        assert message.read(late.keyring())["text"]
        assert message.is_closed_to(concerned.keyring())


def test_who_was_given_an_entry_reads_on_without_the_schools_key(
    school: School, entry: Entry, concerned: Person, reader: Person
) -> None:
    late = factories.make_person(school, "social_pedagogue", email="late@example.org")
    sharing.share(entry=entry, to=late.fresh(), by=reader.fresh(), keyring=reader.keyring())
    said = messaging.write_back(
        letter=entry.letter, text="It goes on.", danger=False, form_hash=bytes(32)
    )
    cried = messaging.write_back(
        letter=entry.letter, text="Help.", danger=True, form_hash=bytes(31) + b"1"
    )
    for message in (said, cried):
        assert message.read(late.keyring())["text"]
        assert message.is_closed_to(concerned.keyring())
    mails = Mail.objects.filter(person=late.user).order_by("kind")
    assert [mail.kind for mail in mails] == [Mail.Kind.AUTHOR_WROTE, Mail.Kind.DANGER]
    assert not Mail.objects.filter(person=concerned.user).exists()


def test_who_is_gone_reads_no_new_message(school: School, entry: Entry, reader: Person) -> None:
    late = factories.make_person(school, "social_pedagogue", email="late@example.org")
    sharing.share(entry=entry, to=late.fresh(), by=reader.fresh(), keyring=reader.keyring())
    User.objects.filter(pk=late.user.pk).update(is_active=False)
    message = messaging.write_back(
        letter=entry.letter, text="It goes on.", danger=True, form_hash=bytes(32)
    )
    assert set(message.personal_keys) == {str(reader.user.pk)}
    assert not Mail.objects.filter(person=late.user).exists()
