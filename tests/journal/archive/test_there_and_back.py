"""Everything of a school arrives, opens with the same keys, and its chain is whole at both ends."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from box.models import Letter
from journal.archive.contents import BadArchive
from journal.archive.sealing import Code
from journal.history import sentences
from journal.models import Entry, Standing, Tally, Trail
from journal.services.archiving import Archived, archive
from journal.services.taking_in import TakenIn, take_in
from journal.services.verifying import verify_files, verify_school
from reports.models import Issued
from schools.models import BookName, Invitation, KeyGrant, School, Sealed, User
from schools.selectors import has_key_holder, keyring_of
from schools.services.inviting import accept, came_with_pair, invite
from tests import factories
from tests.journal.archive.moving import (
    CODE,
    a_school,
    another_installation,
    full_school,
    picture_of,
)
from tests.walls.town import Place
from vault.receipts import lookup_hash

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    """A school with an entry of every kind, a letter about a reader, files, papers and meetings."""
    return a_school()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "leaving.archive"


def opened(place: Place) -> dict[str, list[str]]:
    """What the keeper reads of every sealed row; the pair is theirs, the ids are those of now."""
    user = User.objects.get(uid=place.keeper.user.uid)
    keyring = keyring_of(user, place.keeper.pair)
    return {
        model.__name__: sorted(
            json.dumps(row.read_or_none(keyring), sort_keys=True) for row in model.objects.all()
        )
        for model in Sealed.__subclasses__()
        if model.__name__ not in {"Incoming", "KeptSheets"}
    }


def contains(there: dict[str, list[str]], before: dict[str, list[str]]) -> bool:
    return all(set(texts) <= set(there[name]) for name, texts in before.items())


def test_everything_arrives_and_opens(file: Path) -> None:
    place = full_school()
    before, read = picture_of(place.school), opened(place)
    done = archive(school=place.school, to=file, by=None)
    another_installation()
    arrived = take_in(source=file, code=Code(done.code.pair))
    school = arrived.school
    assert school.slug == "leaving"
    assert picture_of(school) == before
    there = opened(place)
    assert contains(there, read)
    assert sum(text != "null" for text in read["Entry"]) > 3
    assert verify_school(school)
    assert verify_files(school) == arrived.files == done.files > 3
    assert (arrived.rows, arrived.last_hash) == (done.rows, done.last_hash)
    assert Trail.objects.get(school=school, step=Trail.Step.TAKEN_IN).facts == {
        "sha256": done.sha256,
        "rows": done.rows,
    }


def test_the_source_keeps_its_book_with_a_row_of_it(place: Place, file: Path) -> None:
    before = picture_of(place.school)
    done = archive(school=place.school, to=file, by=place.keeper.user)
    assert verify_school(place.school)
    after = picture_of(place.school)
    row = Trail.objects.filter(school=place.school).latest("position")
    assert (row.step, row.by, row.facts["sha256"]) == (
        Trail.Step.ARCHIVED,
        place.keeper.user,
        done.sha256,
    )
    assert after.pop("journal.Trail")[:-1] == before.pop("journal.Trail")
    assert after == before
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        archive(school=place.school, to=file, by=None)


def test_counts_are_made_anew(place: Place, file: Path) -> None:
    before = sorted(
        Tally.objects.filter(school=place.school).values_list("month", "kind", "number")
    )
    standing = Standing.objects.get(school=place.school)
    done = archive(school=place.school, to=file, by=None)
    another_installation()
    school = take_in(source=file, code=done.code).school
    there = Tally.objects.filter(school=school, number__gt=0)
    assert sorted(there.values_list("month", "kind", "number")) == before
    assert Standing.objects.get(school=school).last_step_on == standing.last_step_on


def test_the_author_finds_the_letter_by_the_code_there(place: Place, file: Path) -> None:
    done = archive(school=place.school, to=file, by=None)
    another_installation()
    school = take_in(source=file, code=done.code).school
    page = Client().post("/en/reply/", {"code": CODE}, follow=True)
    assert "It is in the box" in page.content.decode()
    assert Letter.objects.filter(school=school, receipt_hash=lookup_hash(CODE)).exists()


def test_work_goes_on_where_it_was(place: Place, file: Path) -> None:
    done = archive(school=place.school, to=file, by=None)
    another_installation()
    school = take_in(source=file, code=done.code).school
    user = User.objects.get(uid=place.keeper.user.uid)
    keeper = factories.Person(user=user, password="", pair=place.keeper.pair)
    entry = factories.registered_entry(school, by=keeper)
    assert entry.number == Entry.objects.filter(volume=entry.volume).count()
    assert verify_school(school)
    assert Issued.objects.filter(school=school).exists()


class TestPeople:
    """Nobody comes in by a password of before, and nobody is taken for somebody else."""

    @pytest.fixture
    def moved(self, place: Place, file: Path) -> Iterator[tuple[Archived, TakenIn]]:
        done = archive(school=place.school, to=file, by=None)
        another_installation()
        # Somebody else has the keeper's user name here.
        other = factories.make_school("other")
        factories.make_person(other, "director", username="keeper.leaving", full_name="A stranger")
        yield done, take_in(source=file, code=done.code)

    def test_a_name_that_is_taken_becomes_another(
        self, moved: tuple[Archived, TakenIn], place: Place
    ) -> None:
        _done, arrived = moved
        keeper = User.objects.get(uid=place.keeper.user.uid)
        assert keeper.username == "keeper.leaving.leaving"
        assert arrived.renamed == {"keeper.leaving": keeper.username}
        assert BookName.objects.get(school=arrived.school).user == keeper

    def test_history_names_the_right_person(
        self, moved: tuple[Archived, TakenIn], place: Place
    ) -> None:
        _done, arrived = moved
        keeper = User.objects.get(uid=place.keeper.user.uid)
        entry = Entry.objects.filter(school=arrived.school, school_key__isnull=False).first()
        keyring = keyring_of(keeper, place.keeper.pair)
        said = sentences(entry, entry.trail.order_by("position"), keyring)
        assert {one.who for one in said if one.who} == {keeper.full_name}
        assert "A stranger" not in " ".join(one.text + one.who for one in said)

    def test_passwords_and_rights_above_schools_do_not_come(
        self, moved: tuple[Archived, TakenIn]
    ) -> None:
        _done, arrived = moved
        people = User.objects.filter(memberships__school=arrived.school)
        assert people.count() > 2
        for user in people:
            assert not user.has_usable_password()
            assert not user.is_operator
        assert not Invitation.objects.exists()

    def test_whoever_has_no_role_any_more_is_a_name_alone(
        self, place: Place, tmp_path: Path
    ) -> None:
        newcomer = place.rows["newcomer"]
        keeper = place.keeper.user
        keeper.memberships.all().delete()
        done = archive(school=place.school, to=tmp_path / "a", by=None)
        another_installation()
        school = take_in(source=tmp_path / "a", code=done.code).school
        there = User.objects.get(uid=keeper.uid)
        assert (there.is_active, bytes(there.public_key), bytes(there.wrapped_private_key)) == (
            False,
            b"",
            b"",
        )
        assert not KeyGrant.objects.filter(key__school=school, holder=there).exists()
        assert User.objects.get(uid=newcomer.uid).is_active

    def test_a_box_that_was_closed_first_opens_when_its_people_are_let_in(
        self, place: Place, tmp_path: Path
    ) -> None:
        User.objects.filter(memberships__school=place.school).update(is_active=False)
        assert not has_key_holder(place.school)
        done = archive(school=place.school, to=tmp_path / "a", by=None)
        another_installation()
        school = take_in(source=tmp_path / "a", code=done.code).school
        assert not has_key_holder(school)
        keeper = User.objects.get(uid=place.keeper.user.uid)
        keeper.is_active = True
        keeper.save()
        token = invite(user=keeper, by=None)
        accept(token=token, password="a quite new one 77", former=place.keeper.password)
        assert has_key_holder(school)

    def test_somebody_of_two_schools_is_one_person(self, place: Place, tmp_path: Path) -> None:
        second = factories.make_school("second")
        factories.Membership.objects.create(
            user=place.keeper.user, school=second, role_id="psychologist"
        )
        factories.give_key(second, to=place.keeper)
        first = archive(school=place.school, to=tmp_path / "a", by=None)
        other = archive(school=second, to=tmp_path / "b", by=None)
        another_installation()
        take_in(source=tmp_path / "a", code=first.code)
        take_in(source=tmp_path / "b", code=other.code)
        user = User.objects.get(uid=place.keeper.user.uid)
        assert user.memberships.count() == 2
        assert len(keyring_of(user, place.keeper.pair).schools) == 2


def test_the_former_password_keeps_the_keys(place: Place, file: Path) -> None:
    done = archive(school=place.school, to=file, by=None)
    another_installation()
    take_in(source=file, code=done.code)
    user = User.objects.get(uid=place.keeper.user.uid)
    assert came_with_pair(user)
    client = Client()
    token = invite(user=user, by=None)
    client.get(reverse("admin:welcome_link", args=[token]))
    form = {"password1": "a new long passphrase 7", "password2": "a new long passphrase 7"}
    wrong = client.post(reverse("admin:welcome"), {**form, "former": "not that one"})
    assert wrong.status_code == 200
    assert "former" in wrong.context["form"].errors
    assert not User.objects.get(pk=user.pk).has_usable_password()
    right = client.post(reverse("admin:welcome"), {**form, "former": place.keeper.password})
    assert right.status_code == 302
    user = User.objects.get(pk=user.pk)
    assert bytes(user.public_key) == place.keeper.pair.public
    assert KeyGrant.objects.filter(holder=user).exists()
    assert not came_with_pair(user)

    holder = User.objects.get(uid=place.rows["holder"].uid)
    accept(token=invite(user=holder, by=None), password="quite another passphrase")
    assert not KeyGrant.objects.filter(holder=holder).exists()


def test_a_school_there_already_is_not_taken_in_again(place: Place, file: Path) -> None:
    done = archive(school=place.school, to=file, by=None)
    with pytest.raises(BadArchive, match="here already"):
        take_in(source=file, code=done.code, slug="again")
    assert School.objects.count() == 1
