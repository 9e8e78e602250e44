"""After the act nothing that the database or the storage holds gives back a word of what was destroyed.

Everything is looked through: each value of each table, as it is, as hex and as base64, tried with every private key
there is (the school's, every person's, the author's own), and each key found tried on every sealed content. Whoever
made a backup before can still read it there; that is said in ``docs/retention.md``.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from box.models import Attachment, Letter, Message
from journal.models import Entry, TakenLetter
from journal.services.forgetting import GOES, GOES_OTHERWISE, STAYS
from journal.services.verifying import verify_files, verify_school
from reports import forgetting as prints
from reports.models import Issued, KeptSheets, PrintJob
from schools.models import School, Sealed
from schools.selectors import key_in_use
from schools.services import rotation
from tests import factories
from tests.factories import Person
from tests.journal.keeping.case import (
    LONG_AGO,
    NOW,
    SECRETS,
    at,
    closed_entry,
    destroyed,
    put_aside,
    rich_entry,
)
from vault import content as sealing
from vault.errors import LockError
from vault.keyring import Keyring
from vault.pairs import KeyPair, open_sealed, seal
from vault.receipts import author_pair, new_code

pytestmark = pytest.mark.django_db(transaction=True)

LEAST, MOST = 48, 4096  # a sealed key is 80 bytes; what is shorter than a seal holds none


def values() -> Iterator[bytes]:
    """Every value of every table, as bytes."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield bytes(value)
                    elif isinstance(value, str):
                        yield value.encode()
                    elif isinstance(value, dict | list):
                        yield json.dumps(value, ensure_ascii=False).encode()


def forms_of(value: bytes) -> Iterator[bytes]:
    """The value itself, and what stands in it as hex or base64."""
    yield value
    if not value.isascii():
        return
    for found in re.findall(rb"[0-9a-fA-F]{64,}", value):
        yield bytes.fromhex(found.decode()[: len(found) // 2 * 2])
    for found in re.findall(rb"[A-Za-z0-9+/]{64,}={0,2}", value):
        padded = found + b"=" * (-len(found) % 4)
        yield b64decode(padded)


def opened(pairs: list[KeyPair]) -> set[bytes]:
    """Everything in the database that one of the pairs opens, and what lies bare as a key would."""
    found: set[bytes] = set()
    for value in values():
        for form in forms_of(value):
            if len(form) == 32:
                found.add(form)
            if not LEAST <= len(form) <= MOST:
                continue
            for pair in pairs:
                try:
                    found.add(open_sealed(form, pair=pair))
                except LockError:
                    continue
    return found


def readable(keyring: Keyring) -> str:
    """All contents of all sealed rows that the keyring opens, and the sheets kept under the same keys."""
    texts: list[str] = []
    for model in Sealed.__subclasses__():
        for row in model.objects.all():
            content = row.read_or_none(keyring) if row.content else None
            texts.append(json.dumps(content, ensure_ascii=False))
    return "\n".join(texts)


def all_pairs(school: School, people: list[Person], codes: list[str]) -> list[KeyPair]:
    key = key_in_use(school)
    schools = [people[0].keyring().schools[key.pk]]
    return [*schools, *(person.pair for person in people), *map(author_pair, codes)]


def content_keys(rows: list[Sealed], keyring: Keyring) -> set[bytes]:
    return {row.content_key(keyring) for row in rows if row.content}


def kept_for_printing(entry: Entry, holder: Person) -> None:
    """A sheet kept from the last printing of the book, and a file that waits for whoever printed it."""
    sheets = KeptSheets(volume=entry.volume, language="ru", place=0, kept_on=NOW.date())
    key = sheets.lock_for_school(key_in_use(entry.school))
    sheets.write({"start": SECRETS["summary"]}, key=key)
    sheets.sheets = sealing.encrypt_bytes(b"drawn", key=key, context=sheets.sealing_context())
    sheets.save()
    PrintJob.objects.create(
        volume=entry.volume,
        by=holder.user,
        language="ru",
        made_at=NOW,
        heartbeat=NOW,
        state=PrintJob.State.READY,
        sealed_file=seal(SECRETS["summary"].encode(), to=holder.pair.public),
    )


def rows_about(entry: Entry) -> list[Sealed]:
    """Everything sealed that hangs on the entry."""
    meetings = [point.meeting for point in entry.points.all()]
    return [
        entry,
        entry.letter,
        *Message.objects.filter(letter=entry.letter),
        *Attachment.objects.filter(letter=entry.letter),
        *entry.forwardings.all(),
        *entry.letter.alerts.all(),
        *entry.points.all(),
        *entry.decisions.all(),
        *entry.drafts.all(),
        *meetings,
        *Issued.objects.filter(meeting__in=meetings),
    ]


def test_nothing_gives_back_what_was_destroyed(school: School, client: Client) -> None:
    holder = factories.make_person(school, "psychologist", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    with at(LONG_AGO):
        entry, code = rich_entry(school, by=holder)
    kept_for_printing(entry, holder)
    pairs = all_pairs(school, [holder, deputy], [code])
    rows = rows_about(entry)
    former = content_keys(rows, holder.keyring())
    file = Attachment.objects.get(letter=entry.letter)
    former.add(bytes.fromhex(file.read(holder.keyring())["key"]))
    sealed = [bytes(row.content) for row in rows if row.content]

    # The search finds all of it before: otherwise it would prove nothing.
    assert former - {bytes.fromhex(file.read(holder.keyring())["key"])} <= opened(pairs)
    before = readable(holder.keyring())
    assert [word for word in SECRETS.values() if word not in before] == []
    assert SECRETS["summary"].encode() in opened(pairs)
    assert default_storage.exists(file.stored_as)

    with at(NOW):
        destroyed(school, by=holder, approver=deputy)

    keys = opened(pairs)
    assert not keys & former
    assert SECRETS["summary"].encode() not in keys
    assert all(_decrypted(content, keys) is None for content in sealed)
    after = readable(holder.keyring()) + readable(deputy.keyring())
    assert [word for word in SECRETS.values() if word in after] == []
    bare = b"\n".join(values()).decode(errors="replace")
    assert [word for word in SECRETS.values() if word in bare] == []
    assert not default_storage.exists(file.stored_as)
    assert not KeptSheets.objects.exists()
    assert not PrintJob.objects.exists()
    verify_school(school)
    assert verify_files(school) == 0
    page = client.post("/en/reply/", {"code": code})
    assert "It is not kept any more" in page.content.decode()
    assert str(entry.number) in page.content.decode()


def _decrypted(content: bytes, keys: set[bytes]) -> dict[str, object] | None:
    contexts = [
        row.sealing_context() for model in Sealed.__subclasses__() for row in model.objects.all()
    ]
    for key in keys:
        if len(key) != 32:
            continue
        for context in contexts:
            try:
                return sealing.decrypt(content, key=key, context=context)
            except LockError:
                continue
    return None


def test_a_letter_set_aside_is_forgotten_too(school: School) -> None:
    holder = factories.make_person(school, "psychologist", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    code = new_code()
    with at(LONG_AGO):
        taken = put_aside(school, by=holder, text=SECRETS["text"], code=code)
    pairs = all_pairs(school, [holder, deputy], [code])
    former = content_keys([taken, taken.letter], holder.keyring())
    assert former <= opened(pairs)
    with at(NOW):
        destroyed(school, by=holder, approver=deputy)
    assert not former & opened(pairs)
    assert SECRETS["text"] not in readable(holder.keyring())
    assert TakenLetter.objects.get().set_aside_as == "advertising"
    verify_school(school)


def test_a_letter_about_a_reader_is_forgotten_and_stays_withheld(school: School) -> None:
    factories.make_person(school, "psychologist", with_key=True)
    reader = factories.make_person(school, "social_pedagogue", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    with at(LONG_AGO):
        entry = closed_entry(school, by=reader, about=["psychologist"], text=SECRETS["text"])
    former = content_keys([entry, entry.letter], reader.keyring())
    people = [deputy, reader]
    assert former <= opened(all_pairs(school, people, []))
    with at(NOW):
        destroyed(school, by=deputy)
    entry = Entry.objects.get(pk=entry.pk)
    assert not former & opened(all_pairs(school, people, []))
    about = school.memberships.get(role_id="psychologist").user
    assert entry.is_withheld_from(about.pk) and not entry.is_withheld_from(reader.user.pk)
    verify_school(school)


def test_every_kind_of_sealed_row_has_its_place() -> None:
    """Whoever adds one says what becomes of it, or this fails."""
    known = {*GOES, *GOES_OTHERWISE, *STAYS, *prints.GOES}
    assert set(Sealed.__subclasses__()) <= known


def test_a_new_key_of_the_school_is_not_held_back(school: School) -> None:
    """What was destroyed is not sealed anew, and the old key opens nothing any more."""
    holder = factories.make_person(school, "psychologist", with_key=True)
    deputy = factories.make_person(school, "deputy_director", with_key=True)
    with at(LONG_AGO):
        entry, _code = rich_entry(school, by=holder)
    with at(NOW):
        destroyed(school, by=holder, approver=deputy)
        rotation.begin_rotation(
            school=school, keep=[deputy.user], by=holder.fresh(), keyring=holder.keyring()
        )
        while rotation.reseal_some(school=school, keyring=holder.keyring(), at_most=50).left:
            pass
    assert Entry.objects.get(pk=entry.pk).opens_to_nobody
    assert Letter.objects.get(pk=entry.letter_id).opens_to_nobody
    verify_school(school)
