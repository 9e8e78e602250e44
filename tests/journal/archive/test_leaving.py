"""With its archive a school leaves: from that moment nothing comes into its book here, and nothing stays behind."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from box.models import Letter
from box.selectors import forget_boxes
from box.services.submitting import NotStored
from journal.archive.sealing import Code
from journal.bound import bind, unbind
from journal.models import Alert, Entry, Trail
from journal.prints import end_of_book
from journal.selectors import entries_for
from journal.services import alerting, archiving
from journal.services.archiving import InDanger, WentOn, archive
from journal.services.taking_in import take_in
from journal.services.verifying import Broken, verify_school
from schools.models import Membership, Region, RegionMembership, School, User
from schools.selectors import schools_for
from tests import factories
from tests.box.author import words
from tests.journal.archive.moving import CODE, a_school, another_installation, bind_all
from tests.journal.test_prints import ask
from tests.races import at_once
from tests.walls.town import Place

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "https://box.kg/ru/leaving/"


@pytest.fixture
def place() -> Place:
    """A school in which nobody waits for help."""
    forget_boxes()
    place = a_school()
    for alert in Alert.objects.filter(school=place.school, answered_at=None):
        alerting.answer(alert=alert, by=place.keeper.fresh())
    return place


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "leaving.archive"


def left(school: School) -> School:
    return School.objects.get(pk=school.pk)


def test_the_book_is_shut_with_its_last_row(place: Place, file: Path) -> None:
    done = archive(school=place.school, to=file, by=None, leaves=True, new_address=NEW)
    school = left(place.school)
    assert (school.left_on, school.new_address) == (school.today(), NEW)
    last = Trail.objects.filter(school=school).latest("position")
    assert (last.step, last.position) == (Trail.Step.ARCHIVED, done.rows + 1)
    with pytest.raises(NotStored):
        factories.send_letter(school)
    bind_all(school)
    assert Trail.objects.filter(school=school).latest("position") == last
    assert verify_school(school)


def test_a_copy_shuts_nothing(place: Place, file: Path) -> None:
    archive(school=place.school, to=file, by=None)
    assert left(place.school).left_on is None
    assert place.keeper.fresh().is_staff
    assert factories.send_letter(place.school)


def test_nobody_works_in_it_any_more_and_all_else_is_as_it_was(place: Place, file: Path) -> None:
    school, keeper = place.school, place.keeper
    other = factories.make_school("staying")
    of_both = factories.make_person(school, "deputy_director", username="of-both", with_key=True)
    Membership.objects.create(user=of_both.user, school=other, role_id="director")
    region = Region.objects.create(slug="north", names={"ru": "Север"})
    School.objects.filter(pk=school.pk).update(region=region)
    analyst = factories.make_person(None, None, username="analyst")
    RegionMembership.objects.create(user=analyst.user, region=region)
    archive(school=school, to=file, by=None, leaves=True)

    assert not keeper.fresh().is_staff
    assert not keeper.keyring().schools
    with pytest.raises(AssertionError, match="could not sign in"):
        factories.signed_in_client(keeper)
    assert of_both.fresh().is_staff
    assert [*schools_for(of_both.fresh(), "journal.view_entry")] == [other]
    assert not entries_for(of_both.fresh(), "journal.view_entry").exists()
    assert analyst.fresh().is_staff
    operator = factories.signed_in_client(factories.make_operator())
    assert operator.get(f"/admin/schools/school/{school.pk}/change/").status_code == 200

    School.objects.update(left_on=None)
    assert keeper.fresh().is_staff and keeper.keyring().schools


def test_a_cry_for_help_is_answered_first(place: Place, file: Path) -> None:
    factories.send_letter(place.school, danger=True)
    with pytest.raises(InDanger):
        archive(school=place.school, to=file, by=None, leaves=True)
    assert left(place.school).left_on is None
    assert list(file.parent.iterdir()) == []


def test_where_it_arrives_it_is_open(place: Place, file: Path) -> None:
    """Its people are let in without anybody's doing, and neither day nor address came along."""
    done = archive(school=place.school, to=file, by=None, leaves=True, new_address=NEW)
    again = archive(school=place.school, to=file.with_suffix(".again"), by=None)
    another_installation()
    school = take_in(source=file, code=Code(done.code.pair)).school
    assert (school.left_on, school.new_address) == (None, "")
    assert User.objects.get(uid=place.keeper.user.uid).is_active
    forget_boxes()
    assert "It is in the box" in words(Client().post("/en/reply/", {"code": CODE}))
    assert again.rows == done.rows + 1


def test_what_came_meanwhile_does_not_stay_behind(
    place: Place, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = archiving._write

    def slow(school: School, out: Any) -> Any:
        done = write(school, out)
        factories.send_letter(school)
        return done

    monkeypatch.setattr(archiving, "_write", slow)
    with pytest.raises(WentOn):
        archive(school=place.school, to=file, by=None, leaves=True)
    assert left(place.school).left_on is None
    assert list(file.parent.iterdir()) == []
    assert not Trail.objects.filter(step=Trail.Step.ARCHIVED).exists()
    archive(school=place.school, to=file, by=None)
    assert file.exists(), "a copy may be older than what came since"


def test_a_book_that_is_not_whole_stays(place: Place, file: Path) -> None:
    unbind(connection)
    try:
        Entry.objects.filter(school=place.school).update(taken_on="2020-01-01")
    finally:
        bind(connection)
    with pytest.raises(Broken):
        archive(school=place.school, to=file, by=None, leaves=True)
    assert left(place.school).left_on is None


def test_letters_sent_in_that_moment_are_in_the_file_or_refused(place: Place, file: Path) -> None:
    """Whichever is first: none is told that it is in the box and then left behind in it."""
    before = Letter.objects.count()

    def one(number: int) -> str:
        if number == 0:
            try:
                archive(school=place.school, to=file, by=None, leaves=True)
            except WentOn:
                return "went on"
            return "left"
        try:
            factories.send_letter(place.school)
        except NotStored:
            return "refused"
        return "stored"

    became = at_once(5, one)
    assert set(became) <= {"went on", "left", "refused", "stored"}, became
    assert Letter.objects.count() == before + became.count("stored")
    if became[0] == "went on":
        archive(school=place.school, to=file, by=None, leaves=True)
    done = archive(school=place.school, to=file.with_suffix(".after"), by=None)
    arrived = Trail.objects.filter(school=place.school, step=Trail.Step.ARRIVED)
    shut = Trail.objects.get(school=place.school, step=Trail.Step.ARCHIVED, position__lte=done.rows)
    assert not arrived.filter(position__gt=shut.position).exists()
    assert not Letter.objects.filter(bound=False).exists()


class TestCommand:
    def test_says_what_it_did(self, place: Place, file: Path, capsys: Any) -> None:
        call_command("archive", "leaving", str(file), leaves=True, to="box.kg/ru/leaving/")
        assert left(place.school).new_address == NEW
        assert "nobody works in its book any more" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("options", "fault"),
        [({"to": NEW}, "--leaves"), ({"leaves": True, "to": "javascript:alert(1)"}, "--to")],
    )
    def test_refuses_what_cannot_be_meant(
        self, place: Place, file: Path, options: dict[str, Any], fault: str
    ) -> None:
        with pytest.raises(CommandError, match=fault):
            call_command("archive", "leaving", str(file), **options)
        assert not file.exists()
        assert left(place.school).left_on is None

    def test_asks_to_be_run_again(
        self, place: Place, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def went_on(**_options: Any) -> None:
            raise WentOn

        monkeypatch.setattr("journal.management.commands.archive.archive", went_on)
        with pytest.raises(CommandError, match="run it again"):
            call_command("archive", "leaving", str(file), leaves=True)


def test_a_print_made_afterwards_is_not_called_false(place: Place, file: Path) -> None:
    printed = end_of_book(place.school).last_hash.hex()
    archive(school=place.school, to=file, by=None, leaves=True, new_address=NEW)
    assert "This print matches the book" in words(ask("leaving", printed))
    unknown = words(ask("leaving", "0123456789abcdef"))
    assert "checked where the book is now" in unknown
    assert re.search(rf'<a href="{NEW}"', unknown)
