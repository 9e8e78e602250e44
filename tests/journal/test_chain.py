"""The canonical form: one byte form for the same facts, different ones for different facts, as docs/trail.md says."""

import datetime
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from box.models import Letter, Message
from journal import chain
from journal.models import Entry, Forwarding, Opening, Trail, Volume
from schools.models import Category, Cause

pytestmark = pytest.mark.once("sqlite")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ZONES = st.timezones()
MOMENTS = st.datetimes(
    min_value=datetime.datetime(2000, 1, 2),
    max_value=datetime.datetime(2100, 1, 1),
    timezones=ZONES,
)
SIMPLE = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), TEXTS)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.dictionaries(TEXTS, VALUES, max_size=6)

AT = datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC)


@given(fields=FIELDS)
def test_the_form_is_json_that_says_what_was_put_in(fields: dict[str, Any]) -> None:
    assert json.loads(chain.canonical(fields)) == fields


@given(first=FIELDS, second=FIELDS)
def test_different_facts_never_look_alike(first: dict[str, Any], second: dict[str, Any]) -> None:
    # True and 1 are equal in Python, and different facts.
    same = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert (chain.canonical(first) == chain.canonical(second)) is same


@given(fields=FIELDS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_facts_were_named_does_not_matter(
    fields: dict[str, Any], order: Any
) -> None:
    items = list(fields.items())
    order.shuffle(items)
    assert chain.canonical(dict(items)) == chain.canonical(fields)


@given(moment=MOMENTS, other=ZONES)
def test_a_moment_is_the_same_by_any_clock(moment: datetime.datetime, other: Any) -> None:
    moment = moment.astimezone(datetime.UTC)
    form = chain.canonical({"at": moment})
    assert form == chain.canonical({"at": moment.astimezone(other)})
    assert form == f'{{"at":"{moment:%Y-%m-%dT%H:%M:%S.%f}+00:00"}}'.encode()


@given(data=st.binary(max_size=64))
def test_bytes_are_small_hex_however_the_database_gives_them(data: bytes) -> None:
    expected = f'{{"x":"{data.hex()}"}}'.encode()
    assert chain.canonical({"x": data}) == chain.canonical({"x": memoryview(data)}) == expected


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        chain.canonical({"x": value})


# Known answers. The texts on the right were written by hand after docs/trail.md, not by the program.


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def test_known_form() -> None:
    fields = {
        "б": "ұрлық",
        "a": [1, True, None, 'say "no"\n'],
        "day": datetime.date(2026, 11, 21),
        "at": datetime.datetime(
            2026, 11, 21, 14, tzinfo=datetime.timezone(datetime.timedelta(hours=5))
        ),
        "raw": b"\x00\xff",
    }
    assert chain.canonical(fields).decode() == (
        '{"a":[1,true,null,"say \\"no\\"\\n"],"at":"2026-11-21T09:00:00.000000+00:00",'
        '"day":"2026-11-21","raw":"00ff","б":"ұрлық"}'
    )


def trail_row(**changed: Any) -> Trail:
    facts = {
        "position": 2,
        "at": AT,
        "by_name": "psychologist.school-1",
        "step": "registered",
        "about": "entry 1/7",
        "facts": {"to": "registered", "number": 7},
        "former": b"",
        "digest": bytes(32),
        "previous_hash": b"\x11" * 32,
    }
    return Trail(**{**facts, **changed})


def test_known_hash_of_a_row() -> None:
    text = (
        '{"about":"entry 1/7","at":"2026-11-21T09:00:00.000000+00:00","by":"psychologist.school-1",'
        f'"digest":"{"00" * 32}","facts":{{"number":7,"to":"registered"}},"former":"","position":2,'
        f'"previous":"{"11" * 32}","step":"registered"}}'
    )
    assert chain.row_hash(trail_row()) == digest(text)
    assert chain.row_hash(trail_row()).hex() == (
        "67d365215f0a71f79992b8f4b218ad9c048075ea44bcaf539affcce42064ba8d"
    )
    sealed = text.replace('"former":""', f'"former":"{hashlib.sha256(b"sealed").hexdigest()}"')
    assert chain.row_hash(trail_row(former=b"sealed")) == digest(sealed)


@pytest.mark.parametrize(
    "changed",
    [
        {"position": 3},
        {"at": AT + datetime.timedelta(microseconds=1)},
        {"by_name": "somebody"},
        {"step": "read"},
        {"about": "entry 1/8"},
        {"facts": {"to": "registered", "number": "7"}},
        {"former": b"x"},
        {"digest": b"\x01" * 32},
        {"previous_hash": bytes(32)},
    ],
)
def test_nothing_of_a_row_changes_without_its_hash(changed: dict[str, Any]) -> None:
    assert chain.row_hash(trail_row(**changed)) != chain.row_hash(trail_row())


def entry(**changed: Any) -> Entry:
    facts = {
        "volume": Volume(number=1),
        "number": 7,
        "source": "web",
        "taken_on": datetime.date(2026, 11, 21),
        "received_at": AT,
        "category": Category(pk=5, slug="bullying"),
        "class_level": 7,
        "finding": "justified",
        "cause": Cause(pk=2, slug="supervision"),
        "audience": "student",
        "signed": False,
        "danger": True,
        "state": "in_review",
        "due_on": datetime.date(2026, 12, 8),
        "answered_on": None,
        "reply_way": "",
        "version": 2,
        "content": b"sealed entry",
        "letter": Letter(pk=9, content=b"sealed letter"),
    }
    return Entry(**{**facts, **changed})


def test_known_digest_of_an_entry() -> None:
    letter = hashlib.sha256(b"sealed letter").hexdigest()
    content = hashlib.sha256(b"sealed entry").hexdigest()
    text = (
        '{"answered_on":null,"audience":"student","category":"bullying","cause":"supervision","class_level":7,'
        f'"closed_on":null,"content":"{content}","danger":true,"destroyed_on":null,"due_on":"2026-12-08",'
        '"finding":"justified","forward_by":null,"held":false,'
        f'"imported":false,"letter":"{letter}","no_reply":false,'
        '"number":7,"received_at":"2026-11-21T09:00:00.000000+00:00","repeat_of":null,"reply_way":"","signed":false,'
        '"source":"web","state":"in_review","taken_on":"2026-11-21","version":2,"volume":1}'
    )
    assert chain.entry_digest(entry()) == digest(text)


@pytest.mark.parametrize(
    "changed",
    [
        {"volume": Volume(number=2)},
        {"number": 8},
        {"source": "paper"},
        {"taken_on": datetime.date(2026, 11, 22)},
        {"received_at": AT + datetime.timedelta(hours=1)},
        {"category": Category(pk=6, slug="requests")},
        {"category": None},
        {"audience": "parent"},
        {"signed": True},
        {"danger": False},
        {"state": "closed"},
        {"due_on": None},
        {"answered_on": datetime.date(2026, 11, 30)},
        {"reply_way": "in_person"},
        {"no_reply": True},
        {"imported": True},
        {"forward_by": datetime.date(2026, 11, 30)},
        {"class_level": None},
        {"class_level": 8},
        {"closed_on": datetime.date(2026, 11, 30)},
        {"finding": "partly"},
        {"cause": Cause(pk=3, slug="rules")},
        {"cause": None},
        {"held": True},
        {"destroyed_on": datetime.date(2031, 11, 30)},
        {"repeat_of": Entry(pk=3, number=2, volume=Volume(number=1))},
        {"version": 3},
        {"content": b"another"},
        {"letter": Letter(pk=9, content=b"another")},
        {"letter": None},
    ],
)
def test_nothing_of_an_entry_changes_without_its_digest(changed: dict[str, Any]) -> None:
    assert chain.entry_digest(entry(**changed)) != chain.entry_digest(entry())


def opening(**changed: Any) -> Opening:
    facts = {
        "year": 2026,
        "number": 3,
        "opened_at": AT,
        "kind": "scheduled",
        "present": [{"name": "Айгүл", "role": "psychologist", "post": ""}],
        "web_count": 4,
        "paper_count": 1,
        "content": b"sealed",
    }
    return Opening(**{**facts, **changed})


def test_known_digest_of_an_opening() -> None:
    text = (
        f'{{"act_number":null,"content":"{hashlib.sha256(b"sealed").hexdigest()}","kind":"scheduled",'
        '"missed":[],"number":3,'
        '"opened_at":"2026-11-21T09:00:00.000000+00:00","paper_count":1,'
        '"present":[{"name":"Айгүл","post":"","role":"psychologist"}],"web_count":4,"year":2026}'
    )
    assert chain.opening_digest(opening()) == digest(text)
    for changed in (
        {"year": 2027},
        {"number": 4},
        {"kind": "out_of_turn"},
        {"present": []},
        {"web_count": 3},
        {"paper_count": 0},
        {"content": b"another"},
        {"opened_at": AT + datetime.timedelta(seconds=1)},
    ):
        assert chain.opening_digest(opening(**changed)) != digest(text)


def letter(**changed: Any) -> Letter:
    facts = {
        "arrived_hour": AT,
        "language": "kk",
        "audience": "student",
        "signed": True,
        "danger": False,
        "receipt_hash": b"\x22" * 32,
        "author_key": b"\x33" * 32,
        "content": b"sealed",
        "form_hash": bytes(range(32)),
    }
    return Letter(**{**facts, **changed})


def test_known_digest_and_name_of_a_letter() -> None:
    text = (
        '{"arrived_hour":"2026-11-21T09:00:00.000000+00:00","audience":"student",'
        f'"author":"{"33" * 32}","content":"{hashlib.sha256(b"sealed").hexdigest()}","danger":false,'
        f'"files":[],"language":"kk","receipt":"{"22" * 32}","signed":true}}'
    )
    assert chain.letter_digest(letter()) == digest(text)
    assert chain.letter_name(letter()) == "letter 000102030405060708090a0b0c0d0e0f"
    for changed in (
        {"arrived_hour": AT + datetime.timedelta(hours=1)},
        {"language": "ru"},
        {"audience": "parent"},
        {"signed": False},
        {"danger": True},
        {"receipt_hash": bytes(32)},
        {"author_key": bytes(32)},
        {"content": b"another"},
    ):
        assert chain.letter_digest(letter(**changed)) != digest(text)


def message(**changed: Any) -> Message:
    facts = {
        "letter": letter(),
        "position": 2,
        "kind": Message.Kind.ANSWER,
        "sent_hour": AT,
        "danger": False,
        "content": b"sealed",
    }
    return Message(**{**facts, **changed})


def test_known_digest_and_name_of_a_message() -> None:
    text = (
        f'{{"content":"{hashlib.sha256(b"sealed").hexdigest()}","danger":false,"files":[],'
        '"kind":"answer","sent_hour":"2026-11-21T09:00:00.000000+00:00"}'
    )
    assert chain.message_digest(message()) == digest(text)
    assert chain.message_name(message()) == "message 000102030405060708090a0b0c0d0e0f 2"
    for changed in (
        {"kind": Message.Kind.MESSAGE},
        {"sent_hour": AT + datetime.timedelta(hours=1)},
        {"danger": True},
        {"content": b"another"},
    ):
        assert chain.message_digest(message(**changed)) != digest(text)


def forwarding(**changed: Any) -> Forwarding:
    facts = {
        "entry": Entry(number=7, volume=Volume(number=1)),
        "year": 2026,
        "number": 3,
        "body_names": {"en": "Juvenile police"},
        "way": "fax",
        "sent_on": datetime.date(2026, 11, 21),
        "due_on": datetime.date(2026, 12, 1),
        "content": b"sealed",
    }
    return Forwarding(**{**facts, **changed})


def test_known_digest_and_name_of_a_forwarding() -> None:
    text = (
        f'{{"answered_on":null,"body_names":{{"en":"Juvenile police"}},'
        f'"content":"{hashlib.sha256(b"sealed").hexdigest()}","due_on":"2026-12-01","entry":"entry 1/7",'
        '"out_of_competence":false,"sent_on":"2026-11-21","way":"fax"}'
    )
    assert chain.forwarding_digest(forwarding()) == digest(text)
    assert chain.forwarding_name(forwarding()) == "forwarding 2026/3"
    for changed in (
        {"entry": Entry(number=8, volume=Volume(number=1))},
        {"body_names": {"en": "Another"}},
        {"way": "letter"},
        {"sent_on": datetime.date(2026, 11, 20)},
        {"due_on": datetime.date(2026, 12, 2)},
        {"out_of_competence": True},
        {"answered_on": datetime.date(2026, 11, 30)},
        {"content": b"another"},
    ):
        assert chain.forwarding_digest(forwarding(**changed)) != digest(text)
