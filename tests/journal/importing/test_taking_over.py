"""What a former journal becomes: numbers, states, seals, the trail; and who may do it."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.bound import bind, unbind
from journal.importing.entries import NO_REPLY
from journal.models import Alert, Entry, Incoming, Trail, Volume
from journal.services import taking_over
from journal.services.reminding import remind
from journal.services.verifying import Broken, verify_school
from schools.errors import Conflict
from schools.languages import speaking
from schools.models import Category, Regulation, School
from tests import factories
from tests.factories import PASSWORD, Person
from tests.journal.importing import files
from tests.journal.importing.way import begin, taken_over

HEADS = [
    "№",
    "Дата",
    "Ф.И.О.",
    "Адрес",
    "Телефон",
    "Категория",
    "Содержание",
    "Дата ответа",
    "Меры",
]
DAY = datetime.date(2025, 3, 3)


def row(number: int = 1, day: Any = DAY, **cells: Any) -> list[Any]:
    told = {
        "name": "Иванов Иван",
        "address": "Абая 5",
        "phone": "8 701 123 45 67",
        "category": "Травля",
        "summary": f"Обращение № {number}",
        "reply": "",
        "measures": "",
        **cells,
    }
    return [number, day, *told.values()]


def one(**fields: Any) -> Entry:
    return Entry.objects.get(**fields)


def test_an_entry_keeps_its_number_and_is_sealed_as_the_others_are(
    school: School, holder: Person, client: Client
) -> None:
    taken_over(
        client, school.slug, files.xlsx([HEADS, row(1, reply=DAY, measures="Беседа"), row(2)])
    )
    entry = one(number=1)
    assert entry.imported
    assert (entry.volume.period_from.year, entry.volume.last_number) == (2025, 2)
    assert (entry.taken_on, entry.source, entry.audience) == (DAY, "paper", "other")
    assert (entry.state, entry.answered_on, entry.no_reply) == ("closed", DAY, False)
    assert entry.category == Category.objects.get(school=school, slug="bullying")
    assert entry.registered_by == holder.user
    content = entry.read(holder.keyring())
    assert content["full_name"] == "Иванов Иван"
    assert content["measures"] == "Беседа"
    assert "Обращение".encode() not in bytes(entry.content)
    steps = Trail.objects.filter(step=Trail.Step.TAKEN_OVER).order_by("position")
    assert [step.about for step in steps] == ["entry 1/1", "entry 1/2"]
    assert steps[0].facts == {"number": 1, "source": "paper", "to": "closed"}
    assert not Incoming.objects.exists()
    verify_school(school)
    page = client.get(f"/admin/journal/entry/{entry.pk}/change/").content.decode()
    assert "Taken over from a former journal by" in page
    assert "Taken over with its number from a journal kept before." in page
    assert "from a former journal" in client.get("/admin/journal/entry/").content.decode()


def test_an_imported_entry_that_is_changed_behind_the_program_is_found(
    school: School, holder: Person, client: Client
) -> None:
    taken_over(client, school.slug, files.xlsx([HEADS, row(1), row(2), row(3)]))
    unbind(connection)
    Entry.objects.filter(number=2).update(taken_on=DAY - datetime.timedelta(days=1))
    bind(connection)
    with pytest.raises(Broken, match="№ 2 was changed"):
        verify_school(school)


@pytest.mark.parametrize(
    ("cells", "state", "no_reply"),
    [
        ({"reply": DAY, "measures": "Беседа"}, "closed", False),
        ({"reply": DAY}, "answered", False),
        ({"measures": "Беседа"}, "registered", False),
        ({}, "registered", False),
        ({"reply": "Нет ответа: аноним"}, "closed", True),
    ],
)
def test_how_far_the_work_had_come(
    school: School, client: Client, cells: dict[str, Any], state: str, no_reply: bool
) -> None:
    with_reason = {"reply": _no_reply()} if no_reply else cells
    taken_over(client, school.slug, files.xlsx([HEADS, row(1, **{**cells, **with_reason})]))
    entry = one()
    assert (entry.state, entry.no_reply) == (state, no_reply)
    assert entry.due_on is None, "a deadline of long ago is not given"


def _no_reply() -> str:
    with speaking("ru"):
        return str(NO_REPLY) % {"reason": "аноним"}


def test_without_a_column_for_replies_measures_close_a_letter(
    school: School, holder: Person, client: Client
) -> None:
    heads = ["№", "Дата", "Содержание", "Принятые меры"]
    rows = [[1, DAY, "Первое", "Беседа"], [2, DAY, "Второе", ""]]
    taken_over(client, school.slug, files.xlsx([heads, *rows]))
    closed, still_open = Entry.objects.order_by("number")
    assert (closed.state, closed.no_reply, still_open.state) == ("closed", True, "registered")
    assert closed.read(holder.keyring())["no_reply_reason"]


def test_what_is_not_finished_can_be_told_to_be(school: School, client: Client) -> None:
    taken_over(client, school.slug, files.xlsx([HEADS, row(1)]), unfinished="closed")
    assert one().state == "closed"


def test_an_open_letter_of_these_days_is_due_when_the_rules_say(
    school: School, client: Client
) -> None:
    today = school.today()
    taken_over(client, school.slug, files.xlsx([HEADS, row(1, day=today)]))
    assert one().due_on > today


@pytest.mark.parametrize(
    "mark",
    ["Аноним", "анонимно", "АНОНИМДІ", "Без подписи", "—", "", "Anonymous", "АТЫ-ЖӨНҮ ЖОК"],
)
def test_of_a_letter_without_a_name_who_wrote_it_is_dropped(
    school: School, holder: Person, client: Client, mark: str
) -> None:
    way = begin(client, school.slug, files.xlsx([HEADS, row(1, name=mark)]))
    way.tell()
    assert any("1" in fact for fact in way.look().facts[-1:])
    way.take()
    entry = one()
    assert not entry.signed
    content = entry.read(holder.keyring())
    assert not content["full_name"] + content["address"] + content["phone"] + content["age"]


def test_the_school_s_own_mark_is_known_too(school: School, client: Client) -> None:
    Regulation.objects.filter(school=school).update(anonymous_marks={"ru": "Б/П"})
    taken_over(client, school.slug, files.xlsx([HEADS, row(1, name="б/п")]))
    assert not one().signed


def test_danger_of_long_ago_calls_nobody(school: School, client: Client) -> None:
    heads = ["№", "Дата", "Содержание", "Опасность"]
    taken_over(client, school.slug, files.xlsx([heads, [1, DAY, "Письмо", "да"]]))
    assert one().danger
    assert not Alert.objects.exists()


def test_categories_that_the_school_has_not_are_asked_about(school: School, client: Client) -> None:
    rows = [row(1, category="Буллинг"), row(2, category="Разное"), row(3, category="буллинг!")]
    way = begin(client, school.slug, files.xlsx([HEADS, *rows]))
    told = way.told()
    assert {"category-0", "category-1"} <= set(told)
    assert way.tell().status_code == 200, "each has to be chosen"
    chosen = Category.objects.get(school=school, slug="bullying")
    assert way.tell(**{"category-0": chosen.pk, "category-1": "none"}).status_code == 302
    assert way.look().findings == []
    way.take()
    assert [entry.category for entry in Entry.objects.order_by("number")] == [chosen, None, chosen]


def test_former_numbers_need_a_volume_without_entries_and_go_on_after_them(
    school: School, holder: Person, client: Client
) -> None:
    today = school.today()
    taken_over(client, school.slug, files.xlsx([HEADS, row(1, day=today), row(2, day=today)]))
    entry = factories.registered_entry(school, by=holder)
    assert (entry.number, entry.volume.number) == (3, 1)
    way = begin(client, school.slug, files.xlsx([HEADS, row(1, day=today)]))
    way.tell()
    found = way.look().findings
    assert [(one.row, one.cell) for one in found] == [(2, "A2")]
    assert "has entries already" in found[0].text
    assert way.take().status_code == 409
    assert Entry.objects.count() == 3
    verify_school(school)


def test_years_and_ways_in_have_numbers_of_their_own(school: School, client: Client) -> None:
    Regulation.objects.filter(school=school).update(books="by_source", numbering="school")
    heads = ["№", "Дата", "Источник", "Содержание"]
    first, later = datetime.date(2024, 8, 30), datetime.date(2024, 9, 2)
    rows = [
        [1, first, "ящик", "а"],
        [1, first, "телефон", "б"],
        [1, later, "ящик", "в"],
        [2, later, "ящик", "г"],
    ]
    taken_over(client, school.slug, files.xlsx([heads, *rows]))
    found = {
        (volume.book, volume.period_from.isoformat(), volume.last_number)
        for volume in Volume.objects.all()
    }
    assert found == {
        ("paper", "2023-09-01", 1),
        ("phone", "2023-09-01", 1),
        ("paper", "2024-09-01", 2),
    }
    verify_school(school)


def test_only_its_maker_sees_the_list_and_nobody_without_the_key(
    school: School, holder: Person, client: Client
) -> None:
    way = begin(client, school.slug, files.xlsx([HEADS, row(1)]))
    colleague = factories.make_person(school, "social_pedagogue", with_key=True)
    other = factories.signed_in_client(colleague)
    for address in (way.address, f"{way.address}columns/"):
        assert other.get(address)["Location"] == f"/admin/journal/import/{school.slug}/"
    assert other.post(way.address, {"password": PASSWORD}).status_code == 302
    other.post(f"{way.address}throw-away/")
    assert Incoming.objects.count() == 1
    assert not Entry.objects.exists()
    keyless = factories.make_person(school, "psychologist", username="keyless")
    director = factories.make_person(school, "director", with_key=True)
    start = f"/admin/journal/import/{school.slug}/"
    assert factories.signed_in_client(keyless).get(start).status_code == 403
    assert factories.signed_in_client(director).get(start).status_code == 404
    stranger = factories.make_person(factories.make_school("other"), "psychologist", with_key=True)
    assert factories.signed_in_client(stranger).get(start).status_code == 404
    assert Trail.objects.filter(step=Trail.Step.REFUSED, by=keyless.user).exists()


def test_between_the_steps_the_rows_lie_sealed(school: School, client: Client) -> None:
    begin(client, school.slug, files.xlsx([HEADS, row(1, name="unmistakable-name")]))
    incoming = Incoming.objects.get()
    assert incoming.school_key_id
    assert b"unmistakable" not in bytes(incoming.content) + bytes(incoming.sealed_key)
    assert "unmistakable" not in str(incoming)


def test_the_list_goes_when_it_is_thrown_away_replaced_or_forgotten(
    school: School, client: Client
) -> None:
    data = files.xlsx([HEADS, row(1)])
    first = begin(client, school.slug, data)
    second = begin(client, school.slug, data)
    assert client.get(first.address).status_code == 302
    assert Incoming.objects.count() == 1
    client.post(f"{second.address}throw-away/")
    assert not Incoming.objects.exists()
    third = begin(client, school.slug, data)
    later = timezone.now() + datetime.timedelta(hours=25)
    with time_machine.travel(later, tick=True):
        remind()
    assert not Incoming.objects.exists()
    assert client.get(third.address).status_code == 302


def test_a_wrong_password_takes_nothing_over(school: School, client: Client) -> None:
    way = begin(client, school.slug, files.xlsx([HEADS, row(1)]))
    way.tell()
    assert way.take("not the password").status_code == 200
    assert not Entry.objects.exists()
    assert Trail.objects.filter(step=Trail.Step.SIGN_IN_FAILED).exists()
    assert way.take().status_code == 302
    assert way.take().status_code == 302, "sent twice: it is gone, and said so"
    assert Entry.objects.count() == 1


def test_somebody_who_is_second_finds_nothing(
    school: School, holder: Person, client: Client
) -> None:
    way = begin(client, school.slug, files.xlsx([HEADS, row(1)]))
    way.tell()
    pk = Incoming.objects.get().pk
    facts = {"school": school, "pk": pk, "by": holder.fresh(), "keyring": holder.keyring()}
    taking_over.take_over_journal(**facts)
    with pytest.raises(Conflict):
        taking_over.take_over_journal(**facts)
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stop_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    client = factories.signed_in_client(holder)
    rows = [row(number, day=DAY) for number in range(1, 4)] + [
        row(1, day=datetime.date(2026, 1, 5))
    ]
    way = begin(client, school.slug, files.xlsx([HEADS, *rows]))
    way.tell()
    before = Trail.objects.count()
    honest = taking_over.append_rows
    calls: list[int] = []

    def stops(**facts: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        honest(**facts)

    monkeypatch.setattr(taking_over, "append_rows", stops)
    with pytest.raises(KeyboardInterrupt):
        taking_over.take_over_journal(
            school=school, pk=Incoming.objects.get().pk, by=holder.fresh(), keyring=holder.keyring()
        )
    assert len(calls) == 2
    assert (Entry.objects.count(), Volume.objects.count(), Trail.objects.count()) == (0, 0, before)
    assert Incoming.objects.count() == 1
    verify_school(school)
    monkeypatch.setattr(taking_over, "append_rows", honest)
    assert way.take().status_code == 302
    assert Entry.objects.count() == 4
    verify_school(school)


def test_the_preview_asks_the_database_the_same_for_one_row_and_for_fifty(
    school: School, client: Client
) -> None:
    counts = []
    for many in (1, 50):
        way = begin(client, school.slug, files.xlsx([HEADS, *(row(n) for n in range(1, many + 1))]))
        way.tell()
        client.get(way.address)
        with CaptureQueriesContext(connection) as queries:
            client.get(way.address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_heads_may_stand_lower_and_columns_be_changed(school: School, client: Client) -> None:
    rows = [["Журнал"], ["за 2025 год"], HEADS, [str(n) for n in range(1, 10)], row(1)]
    way = begin(client, school.slug, files.xlsx(rows))
    assert way.told()["head"] == 2
    assert way.tell(head=1).status_code == 302
    assert way.told()["head"] == 1
    way.tell(head=2)
    twice = way.tell(**{"column-2": "summary"})
    assert twice.status_code == 200
    assert "Another column is this already." in twice.content.decode()
    without = way.tell(**{"column-1": ""})
    assert "Say in which column the day stands." in without.content.decode()
    way.tell()
    assert way.look().findings == []
    way.take()
    assert one().number == 1


def test_a_school_without_rules_takes_nothing_over(school: School, client: Client) -> None:
    Regulation.objects.filter(school=school).delete()
    response = client.post(
        f"/admin/journal/import/{school.slug}/", {"attachments": files.upload(files.xlsx([HEADS]))}
    )
    assert response.status_code == 200
    assert "no regulation yet" in response.content.decode()


def test_what_is_no_table_is_said_on_the_page(school: School, client: Client) -> None:
    address = f"/admin/journal/import/{school.slug}/"
    response = client.post(address, {"attachments": files.upload(b"%PDF-1.7\x00")})
    assert "no table that can be read here" in response.content.decode()
    assert "Choose a file." in client.post(address, {}).content.decode()
    assert not Incoming.objects.exists()
