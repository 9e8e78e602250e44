"""One book for letters from everywhere, or a book for each way in: numbers, names, and the day the rules change."""

import datetime
import io
import random
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from box.models import Letter
from journal.models import Entry, TakenLetter, Volume
from journal.models.volume import BOOK_MARKS, BOOK_TITLES
from journal.services import calls, registering
from journal.services.answering import link
from journal.services.entering import PaperLetter, Registration
from journal.services.verifying import verify_school
from journal.services.volumes import close_volume, still_open
from reports.documents.author_notice import Kind, Size, read_notice
from reports.documents.entry_card import read_card, read_slip
from reports.documents.forwarding_sheet import read_sheet
from reports.documents.opening_act import act_in, freeze_act
from reports.journal_book import read_book
from schools.errors import Refused
from schools.models import Regulation, School
from schools.models.regulation import Source
from tests import factories
from tests.factories import Person
from tests.races import at_once

WAYS = ["web", "paper", "phone", "email", "person"]
NOTHING = Registration(summary="Summary", category=None)
LANGUAGES = ("kk", "ru", "ky", "en")


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school(sources=WAYS, books=Regulation.Books.BY_SOURCE)


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def came_by(way: str, school: School, by: Person) -> Entry:
    """A letter or a call that came by a way, registered."""
    if way == Source.WEB:
        return factories.registered_entry(school, by=by)
    facts: dict[str, Any] = {
        "school": school,
        "registration": NOTHING,
        "by": by.fresh(),
        "keyring": by.keyring(),
    }
    moment = school.now() - datetime.timedelta(seconds=1)
    if way == Source.PHONE:
        call = PaperLetter("", "parent", signed=False, source=way, received_at=moment)
        return calls.register_call(call=call, **facts).entry
    paper = PaperLetter("Words.", "parent", signed=False, source=way, received_at=moment)
    return registering.register_paper(opening=None, paper=paper, **facts)


def new_rules(school: School, books: str, since: datetime.date) -> None:
    """The same regulation with other books from a day on."""
    rules = Regulation.objects.filter(school=school).latest("holds_from")
    rules.pk, rules.books, rules.holds_from = None, books, since
    rules.save(force_insert=True)


def on(day: str, school: School) -> Any:
    return time_machine.travel(
        datetime.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=school.zone)
    )


def test_each_way_has_its_book_with_its_own_numbers(school: School, holder: Person) -> None:
    entries = [came_by(way, school, holder) for way in [*WAYS, *WAYS]]
    assert {entry.volume.book for entry in entries} == set(WAYS)
    for way in WAYS:
        assert [e.number for e in entries if e.volume.book == way == e.source] == [1, 2]
    assert sorted(volume.number for volume in Volume.objects.all()) == [1, 2, 3, 4, 5]
    verify_school(school)


def test_one_book_takes_letters_from_everywhere(school: School, holder: Person) -> None:
    Regulation.objects.update(books=Regulation.Books.ONE)
    entries = [came_by(way, school, holder) for way in WAYS]
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert [volume.book for volume in Volume.objects.all()] == [""]
    assert str(entries[0]) == "№ 1"
    assert Letter.objects.get().book == ""


def test_from_the_day_of_new_rules_letters_go_into_other_books_and_the_old_one_stays(
    school: School, holder: Person
) -> None:
    Regulation.objects.update(books=Regulation.Books.ONE)
    new_rules(school, Regulation.Books.BY_SOURCE, datetime.date(2026, 11, 20))
    with on("2026-11-19", school):
        before = [came_by(way, school, holder) for way in ("web", "phone")]
    with on("2026-11-20", school):
        after = [came_by(way, school, holder) for way in ("web", "phone", "web")]
    assert [(e.volume.book, e.number) for e in before] == [("", 1), ("", 2)]
    assert [(e.volume.book, e.number) for e in after] == [("web", 1), ("phone", 1), ("web", 2)]
    old = before[0].volume
    assert not Volume.objects.get(pk=old.pk).is_closed
    assert [volume.number for volume in Volume.objects.order_by("number")] == [1, 2, 3]
    verify_school(school)
    # It is finished as any other, when its period is over.
    with on("2026-12-31", school), pytest.raises(Refused):
        close_volume(school=school, volume=old, expected_open=[1, 2], by=holder.fresh())
    with on("2027-01-01", school):
        numbers = [entry.number for entry in still_open(old)]
        close_volume(school=school, volume=old, expected_open=numbers, by=holder.fresh())
    assert Volume.objects.get(pk=old.pk).carried_over == [1, 2]
    verify_school(school)


def test_back_to_one_book_the_former_one_goes_on_where_it_was(
    school: School, holder: Person
) -> None:
    Regulation.objects.update(books=Regulation.Books.ONE)
    new_rules(school, Regulation.Books.BY_SOURCE, datetime.date(2026, 11, 20))
    new_rules(school, Regulation.Books.ONE, datetime.date(2026, 11, 23))
    numbers = []
    for day in ("2026-11-19", "2026-11-20", "2026-11-23"):
        with on(day, school):
            entry = came_by("email", school, holder)
            numbers.append((entry.volume.book, entry.number))
    assert numbers == [("", 1), ("email", 1), ("", 2)]
    verify_school(school)


def test_a_new_period_begins_a_new_volume_in_each_book(school: School, holder: Person) -> None:
    found = []
    for day in ("2026-12-31", "2027-01-01"):
        with on(day, school):
            for way in ("web", "phone"):
                entry = came_by(way, school, holder)
                found.append((entry.volume.book, entry.volume.number, entry.number))
    assert found == [("web", 1, 1), ("phone", 2, 1), ("web", 3, 1), ("phone", 4, 1)]


def test_what_was_carried_over_comes_from_the_volume_before_of_the_same_book(
    school: School, holder: Person
) -> None:
    with on("2026-12-31", school):
        for way in ("web", "phone", "phone"):
            came_by(way, school, holder)
    phone = Volume.objects.get(book="phone")
    with on("2027-01-01", school):
        close_volume(school=school, volume=phone, expected_open=[1, 2], by=holder.fresh())
        came_by("web", school, holder)
        last = came_by("phone", school, holder).volume
        web = Volume.objects.get(book="web", number__gt=1)
    client = factories.signed_in_client(holder)
    address = "admin:journal_volume_change"
    assert "№ 1, № 2" in client.get(reverse(address, args=[last.pk])).content.decode()
    assert "№ 1, № 2" not in client.get(reverse(address, args=[web.pk])).content.decode()


@pytest.mark.parametrize("seed", range(4))
def test_no_book_has_a_gap_after_mixed_work_and_failures(
    school: School, holder: Person, seed: int
) -> None:
    chance = random.Random(seed)
    Regulation.objects.update(books=Regulation.Books.ONE)
    with on("2026-11-18", school):
        for step in range(24):
            if step == 12:
                new_rules(school, Regulation.Books.BY_SOURCE, school.today())
            way = chance.choice(WAYS)
            if chance.random() < 0.4:
                with pytest.raises(RuntimeError), transaction.atomic():
                    came_by(way, school, holder)
                    raise RuntimeError
            else:
                came_by(way, school, holder)
    for volume in Volume.objects.all():
        numbers = list(volume.entries.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, volume.last_number + 1))
    verify_school(school)


@pytest.mark.django_db(transaction=True)
def test_two_books_filled_at_once_have_their_numbers_without_gap_or_double() -> None:
    school = factories.make_school(sources=WAYS, books=Regulation.Books.BY_SOURCE)
    people = [
        factories.make_person(school, "psychologist", with_key=True, username=f"p{at}")
        for at in range(8)
    ]

    def fill(place: int) -> Entry:
        way = ("phone", "person")[place % 2]
        return came_by(way, School.objects.get(pk=school.pk), people[place])

    entries = at_once(8, fill)
    for book in ("phone", "person"):
        assert sorted(e.number for e in entries if e.volume.book == book) == [1, 2, 3, 4]
    assert Volume.objects.count() == 2
    verify_school(school)


# What shows numbers says of which book


def test_names_of_the_books_are_there_in_every_language() -> None:
    for table in (BOOK_TITLES, BOOK_MARKS):
        for language in LANGUAGES:
            with override(language):
                said = {str(text) for text in table.values()}
            assert len(said) == len(table)
            assert language == "en" or not any(str(text).isascii() for text in said)


def test_a_number_says_its_book_and_so_does_the_volume(school: School, holder: Person) -> None:
    entry = came_by("phone", school, holder)
    with override("en"):
        assert str(entry) == "№ 1 (phone)"
        assert str(entry.volume) == f"1 ({school.today().year}), phone"
        assert entry.volume.title == "Journal of calls to the trust phone"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cover_is_named_for_its_book(school: School, holder: Person, language: str) -> None:
    volume = came_by("phone", school, holder).volume
    book = read_book(volume, language=language, by=holder.fresh(), keyring=holder.keyring())
    with override(language):
        assert book.cover.title == str(BOOK_TITLES[Source.PHONE])
        assert book.name.startswith(book.cover.title)


def test_a_book_for_everything_names_calls_where_there_is_a_phone(
    school: School, holder: Person
) -> None:
    Regulation.objects.update(books=Regulation.Books.ONE)
    volume = came_by("web", school, holder).volume
    facts = {"language": "en", "by": holder.fresh(), "keyring": holder.keyring()}
    assert read_book(volume, **facts).cover.title == "Journal of letters and calls"
    Regulation.objects.update(sources=["web", "paper"])
    assert read_book(volume, **facts).cover.title == "Journal of letters"


def test_papers_say_the_book(school: School, holder: Person) -> None:
    entry = came_by("web", school, holder)
    card = read_card(
        entry, rows=[], hash_of_book="", language="en", keyring=holder.keyring(), identity=False
    )
    assert "№ 1 (site)" in card.heading and "Journal of letters from the site" in card.subheading
    slip = read_slip(entry, language="en", whom="psychologist")
    assert "№ 1 (site)" in [text for _label, text in slip.blocks[0].rows]
    act = act_in(freeze_act(entry.opening, keyring=holder.keyring()), "en")
    rows = [row for block in act.blocks for row in getattr(block, "rows", ())]
    assert any(cells[-1] == "№ 1 (site)" for cells in rows)
    sheet = read_sheet(
        factories.forwarded(entry, by=holder),
        language="en",
        keyring=holder.keyring(),
        reprint=False,
    )
    assert "№ 1 (site)" in [text for _label, text in sheet.facts]
    notice = read_notice(
        entry, kind=Kind.ANSWER, size=Size.A4, meetings=_places(school), whom="psychologist"
    )
    assert "1 (" in notice.html()


def _places(school: School) -> list[Any]:
    from reports.documents.author_notice import Meeting

    return [Meeting(language=code, where="A", when="B") for code in school.languages[:1]]


@pytest.mark.django_db(transaction=True)
def test_verify_journal_has_a_line_for_each_book(school: School, holder: Person) -> None:
    for way in ("web", "phone"):
        came_by(way, school, holder)
    out = io.StringIO()
    call_command("verify_journal", school.slug, stdout=out)
    year = school.today().year
    assert out.getvalue().splitlines() == [
        f"{school.slug}: volume 1 ({year}), site, 1 entries, whole",
        f"{school.slug}: volume 2 ({year}), phone, 1 entries, whole",
    ]


def test_the_author_is_told_the_book_where_there_are_several(
    school: School, holder: Person, client: Client
) -> None:
    code = "K7QX9M2T4HWDPZ3A"
    factories.registered_entry(school, by=holder, code=code)
    assert Letter.objects.get().book == "web"
    page = client.post(reverse("box:reply", args=["en"]), {"code": code}).content.decode()
    assert "(the book: web form)" in " ".join(page.split())


def test_a_call_may_repeat_a_letter_of_another_book_and_only_what_came_first(
    school: School, holder: Person
) -> None:
    call = came_by("phone", school, holder)
    letter = came_by("web", school, holder)
    facts = {"by": holder.fresh(), "keyring": holder.keyring(), "version": 1}
    with pytest.raises(Refused):
        link(entry=call, repeat_of=letter, **facts)
    linked = link(entry=letter, repeat_of=call, **facts)
    assert linked.repeat_of == call


def test_the_list_of_several_books_begins_with_what_came_last(
    school: School, holder: Person
) -> None:
    for way in ("phone", "web", "phone", "web"):
        came_by(way, school, holder)
    client = factories.signed_in_client(holder)
    address = reverse("admin:journal_entry_changelist")
    listed = client.get(address).context["cl"].result_list
    assert [(e.volume.book, e.number) for e in listed] == [
        *(("web", 2), ("phone", 2), ("web", 1), ("phone", 1)),
    ]
    phone = Volume.objects.get(book="phone")
    page = client.get(address, {"volume": phone.pk})
    assert [e.number for e in page.context["cl"].result_list] == [2, 1]
    html = page.content.decode()
    assert f"{phone.number} ({phone.period_from.year}), phone" in html and "№ 2 (phone)" in html


@pytest.mark.parametrize("page", ["list", "opening"])
def test_many_entries_in_many_books_cost_no_more_queries(
    school: School, holder: Person, page: str, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = factories.signed_in_client(holder)
    first = came_by("web", school, holder)
    counts = []
    for more in (0, 12):
        sent = [factories.send_letter(school) for _ in range(more)]
        opening = factories.open_box(school, by=holder) if more else first.opening
        for letter in sent:
            factories.register(TakenLetter.objects.get(letter=letter), by=holder)
        for _ in range(more // 4):
            came_by("phone", school, holder)
        address = {
            "list": reverse("admin:journal_entry_changelist"),
            "opening": reverse("admin:journal_opening_change", args=[opening.pk]),
        }[page]
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_of_a_book_that_is_not_filled_any_more_says_so(
    school: School, holder: Person
) -> None:
    Regulation.objects.update(books=Regulation.Books.ONE)
    volume = came_by("web", school, holder).volume
    client = factories.signed_in_client(holder)
    address = reverse("admin:journal_volume_change", args=[volume.pk])
    said = "The regulation keeps other books now"
    assert said not in client.get(address).content.decode()
    Regulation.objects.update(books=Regulation.Books.BY_SOURCE)
    assert said in client.get(address).content.decode()
