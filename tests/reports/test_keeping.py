"""Sheets kept for the next printing: what is drawn again, and that nobody is ever shown what is withheld from them."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from journal.models import Entry, Volume
from journal.services import key_keeping, reviewing
from reports import journal_pdf, keeping, printing
from reports.journal_book import read_book
from reports.journal_pdf import render_journal
from reports.journal_rows import BookMoved, RegisteredRows
from reports.keeping import shelf_for
from reports.models import KeptSheets
from reports.press.table import Table
from schools.models import School
from schools.selectors import key_in_use
from schools.services import rotation
from tests import factories
from tests.factories import Person
from tests.reports.reading import page_texts
from trustbox.demo.synthetic import Filler
from vault.errors import NotForThisKey

pytestmark = pytest.mark.django_db

SECRET = "Qupiasoz"


@pytest.fixture(autouse=True)
def short_sections(monkeypatch) -> None:
    monkeypatch.setattr(journal_pdf, "SECTION_SHEETS", 2)


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def volume(school: School, holder: Person) -> Volume:
    return grown(school, 70)


def grown(school: School, count: int) -> Volume:
    return Filler(school, school.today().year).fill(count)[0]


@pytest.fixture
def drawn(monkeypatch) -> list[int]:
    """Places of the rows that are set from now on."""
    places: list[int] = []
    add = Table.add

    def noted(self, place, cells):
        places.append(place)
        return add(self, place, cells)

    monkeypatch.setattr(Table, "add", noted)
    return places


def printed(volume: Volume, person: Person, language: str = "kk") -> bytes:
    """As the site prints it, with what is kept."""
    return printing.print_journal(
        printing.Wish(volume, language, None, None, person.fresh(), person.keyring())
    )


def both_ways(volume: Volume, person: Person, language: str = "kk") -> tuple[bytes, bytes]:
    """The same book with what is kept, and drawn wholly anew."""
    book = read_book(volume, language=language, by=person.fresh(), keyring=person.keyring())
    shelf = shelf_for(volume, book, person.keyring())
    with_kept = render_journal(book, shelf=shelf, processes=1)
    shelf.store()
    return with_kept, render_journal(book, processes=1)


def record_measures(entry: Entry, text: str, person: Person) -> None:
    reviewing.record_measures(
        entry=entry,
        measures=text,
        by=person.fresh(),
        keyring=person.keyring(),
        version=entry.version,
    )


def changeable(volume: Volume, nth: int = 0) -> Entry:
    return volume.entries.filter(state=Entry.State.IN_REVIEW).order_by("number")[nth]


def test_after_one_more_entry_only_the_end_is_drawn(
    school: School, holder: Person, volume: Volume, drawn: list[int]
) -> None:
    printed(volume, holder)
    assert len(drawn) == 70
    grown(school, 1)
    drawn.clear()
    assert len(page_texts(printed(volume, holder))) > 6
    assert 1 <= len(drawn) <= 20
    assert drawn[-1] == 70
    kept, anew = both_ways(volume, holder)
    assert kept == anew


def test_what_is_kept_is_not_even_opened(
    school: School, holder: Person, volume: Volume, monkeypatch
) -> None:
    printed(volume, holder)
    grown(school, 1)
    opened: list[int] = []
    read = RegisteredRows._rows

    def noted(self, start, stop):
        opened.extend(range(start, stop))
        return read(self, start, stop)

    monkeypatch.setattr(RegisteredRows, "_rows", noted)
    printed(volume, holder)
    assert 1 <= len(opened) <= 20


def test_printed_with_each_entry_sections_do_not_crumble(
    school: School, holder: Person, volume: Volume
) -> None:
    for _one in range(12):
        printed(volume, holder)
        grown(school, 1)
    sheets = len(page_texts(printed(volume, holder))) - 2
    assert KeptSheets.objects.count() <= sheets / 2 + 1
    kept, anew = both_ways(volume, holder)
    assert kept == anew


@pytest.mark.parametrize("text", ["Қысқа.", "Әңгіме жүргізілді. " * 30], ids=["short", "long"])
def test_a_changed_entry_is_drawn_anew_wherever_it_stands(
    holder: Person, volume: Volume, drawn: list[int], text: str
) -> None:
    printed(volume, holder)
    entry = changeable(volume)
    record_measures(entry, f"{SECRET} {text}", holder)
    drawn.clear()
    kept, anew = both_ways(volume, holder)
    assert kept == anew
    place = list(volume.entries.order_by("number").values_list("pk", flat=True)).index(entry.pk)
    assert place in drawn
    assert SECRET in "".join(page_texts(kept))
    # And now that is kept.
    drawn.clear()
    kept, anew = both_ways(volume, holder)
    assert kept == anew
    assert drawn.count(place) == 1  # by the second of them, which keeps nothing


def test_a_change_in_the_middle_leaves_what_is_before_and_what_still_fits_after(
    school: School, holder: Person, volume: Volume, drawn: list[int]
) -> None:
    printed(volume, holder)
    entry = changeable(volume)
    # A step that the print does not show: the row keeps its height, so the sheets after it stay.
    Entry.objects.filter(pk=entry.pk).update(version=entry.version + 1)
    drawn.clear()
    printed(volume, holder)
    assert len(drawn) < 45
    assert drawn[0] > 10


@pytest.mark.parametrize(
    "change",
    [
        lambda school: school.categories.update(names={"kk": SECRET}),
        lambda school: School.objects.filter(pk=school.pk).update(time_zone="Europe/Lisbon"),
    ],
    ids=["category", "zone"],
)
def test_what_all_rows_are_made_of_counts_too(
    school: School, holder: Person, volume: Volume, drawn: list[int], change: Callable
) -> None:
    printed(volume, holder)
    change(school)
    drawn.clear()
    fresh = Volume.objects.select_related("school").get(pk=volume.pk)
    printed(fresh, holder)
    assert len(drawn) == 70
    kept, anew = both_ways(fresh, holder)
    assert kept == anew


def test_another_version_of_the_program_draws_anew(
    holder: Person, volume: Volume, drawn: list[int], monkeypatch
) -> None:
    printed(volume, holder)
    monkeypatch.setattr(keeping, "_program", lambda _language: "another")
    drawn.clear()
    printed(volume, holder)
    assert len(drawn) == 70


def test_each_language_has_its_own(holder: Person, volume: Volume) -> None:
    printed(volume, holder, "kk")
    kept, anew = both_ways(volume, holder, "ru")
    assert kept == anew
    assert set(KeptSheets.objects.values_list("language", flat=True)) == {"kk", "ru"}


def test_some_days_of_a_volume_are_not_kept(holder: Person, volume: Volume) -> None:
    day = volume.entries.order_by("-number")[0].taken_on
    wish = printing.Wish(volume, "kk", None, day, holder.fresh(), holder.keyring())
    printing.print_journal(wish)
    assert not KeptSheets.objects.exists()


# Who may have what is kept


def no_sheet_of(volume: Volume, entry: Entry, person: Person) -> None:
    """Nothing that is kept was drawn from this entry."""
    place = list(volume.entries.order_by("number").values_list("pk", flat=True)).index(entry.pk)
    for kept in KeptSheets.objects.filter(volume=volume):
        told = kept.read(person.keyring())
        assert not told["start"][1] <= place < told["stop"][1]


@pytest.fixture
def reader(school: School, holder: Person) -> Person:
    return factories.make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def about(school: School, holder: Person, reader: Person) -> Entry:
    """In the middle of the volume: an entry about the psychologist, sealed to the deputy director in person."""
    grown(school, 30)
    entry = factories.registered_entry(
        school, by=reader, summary=f"{SECRET} " * 25, about=["psychologist"]
    )
    grown(school, 60)
    assert entry.school_key_id is None
    return entry


@pytest.mark.parametrize("first", ["reader", "holder"])
def test_what_is_sealed_in_person_is_never_kept(
    holder: Person, reader: Person, about: Entry, first: str
) -> None:
    volume = Volume.objects.select_related("school").get(pk=about.volume_id)
    order = [reader, holder] if first == "reader" else [holder, reader]
    for person in [*order, *order]:
        file, anew = both_ways(volume, person)
        assert file == anew
        text = "".join(page_texts(file))
        assert (SECRET in text) == (person is reader)
        assert KeptSheets.objects.exists()
        no_sheet_of(volume, about, reader)


def test_around_such_an_entry_what_is_the_same_is_taken(
    holder: Person, reader: Person, about: Entry, drawn: list[int]
) -> None:
    volume = Volume.objects.select_related("school").get(pk=about.volume_id)
    total = volume.entries.count()
    printed(volume, reader)
    drawn.clear()
    printed(volume, reader)
    # Its own sheets and the end; neither the beginning nor what comes between.
    assert 30 in drawn
    assert len(drawn) < total / 2
    drawn.clear()
    printed(volume, holder)
    assert drawn[0] > 10


def test_an_entry_that_was_sealed_to_some_people_later_is_not_shown_from_what_is_kept(
    holder: Person, reader: Person, volume: Volume
) -> None:
    entry = changeable(volume)
    record_measures(entry, SECRET, holder)
    assert SECRET in "".join(page_texts(printed(volume, holder)))
    entry.refresh_from_db()
    content = entry.read(holder.keyring())
    entry.write(
        content,
        key=entry.lock_for_people([(reader.user.pk, bytes(reader.fresh().public_key))]),
    )
    entry.save()
    for person in (holder, reader, holder):
        file = printed(volume, person)
        assert (SECRET in "".join(page_texts(file))) == (person is reader)
        no_sheet_of(volume, entry, reader)


def test_kept_sheets_open_with_the_schools_key_alone(
    school: School, holder: Person, volume: Volume
) -> None:
    record_measures(changeable(volume), SECRET, holder)
    printed(volume, holder)
    other = factories.make_person(factories.make_school("school-2"), "psychologist", with_key=True)
    without = factories.make_person(school, "director")
    for kept in KeptSheets.objects.all():
        assert kept.school_key == key_in_use(school)
        raw = bytes(kept.sheets) + bytes(kept.content)
        assert b"endobj" not in raw
        assert b"StructElem" not in raw
        for stranger in (other, without):
            with pytest.raises(NotForThisKey):
                kept.read(stranger.keyring())


def test_without_the_schools_key_nothing_is_taken_or_kept(
    school: School, holder: Person, volume: Volume
) -> None:
    printed(volume, holder)
    before = set(KeptSheets.objects.values_list("pk", flat=True))
    without = factories.make_person(school, "director")
    book = read_book(volume, language="kk", by=without.fresh(), keyring=without.keyring())
    assert shelf_for(volume, book, without.keyring()) is None
    assert set(KeptSheets.objects.values_list("pk", flat=True)) == before


def test_a_change_of_the_key_carries_them_over(
    school: School, holder: Person, volume: Volume, drawn: list[int]
) -> None:
    printed(volume, holder)
    before = KeptSheets.objects.count()
    key_keeping.begin_change(school=school, keep=[], by=holder.fresh(), keyring=holder.keyring())
    while rotation.count_sealed(rotation.former_keys(school)):
        rotation.reseal_some(school=school, keyring=holder.keyring(), at_most=50)
    new = key_in_use(school)
    assert KeptSheets.objects.filter(school_key=new).count() == before
    drawn.clear()
    kept, anew = both_ways(volume, holder)
    assert kept == anew
    assert len(drawn) <= 70 + 20


# While it is printed


def test_an_entry_changed_meanwhile_begins_the_printing_anew(
    holder: Person, volume: Volume, monkeypatch
) -> None:
    read = RegisteredRows._rows
    changed: list[Entry] = []

    def interfered(self, start, stop):
        if not changed:
            changed.append(changeable(volume))
            record_measures(changed[0], SECRET, holder)
        return read(self, start, stop)

    monkeypatch.setattr(RegisteredRows, "_rows", interfered)
    assert SECRET in "".join(page_texts(printed(volume, holder)))


def test_rows_are_those_of_the_moment_the_book_was_locked(holder: Person, volume: Volume) -> None:
    book = read_book(volume, language="kk", by=holder.fresh(), keyring=holder.keyring())
    grown(volume.school, 3)
    assert len(book.rows) == len(list(book.rows)) == 70
    assert book.rows[-1].number == 70
    assert [row.number for row in book.rows[10:13]] == [11, 12, 13]
    record_measures(changeable(volume), SECRET, holder)
    with pytest.raises(BookMoved):
        list(book.rows)


def test_what_no_printing_took_for_long_goes_away(holder: Person, volume: Volume) -> None:
    printed(volume, holder)
    today = timezone.now().date()
    old = KeptSheets.objects.order_by("pk")[0]
    KeptSheets.objects.filter(pk=old.pk).update(
        kept_on=today - keeping.KEPT_FOR - datetime.timedelta(days=2)
    )
    before = KeptSheets.objects.count()
    printing.forget_old()
    assert KeptSheets.objects.count() == before - 1
    assert not KeptSheets.objects.filter(pk=old.pk).exists()
