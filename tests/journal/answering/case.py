"""A letter with its author's code, in work; and what the author then reads."""

from typing import Any

from django.test import Client
from django.urls import reverse

from box.models import Letter, Message
from box.services import messaging
from journal.models import Entry
from journal.services import reviewing
from schools.models import School
from tests import factories
from tests.factories import Person
from vault.receipts import author_pair, lookup_hash, new_code

QUESTION = "When was it, and who saw it?"
REPLY = "We spoke with them, and it will not happen again."


def acting(entry: Entry, by: Person) -> dict[str, Any]:
    """What every step is told: the entry as it is now, and who takes the step."""
    entry.refresh_from_db()
    return {
        "entry": entry,
        "by": by.fresh(),
        "keyring": by.keyring(),
        "version": entry.version,
    }


def coded_entry(school: School, *, by: Person, **letter: Any) -> tuple[Entry, str]:
    """A registered letter in review, with its author's code."""
    code = new_code()
    entry = factories.registered_entry(school, by=by, code=code, **letter)
    reviewer = by.fresh()
    return reviewing.take_into_review(reviewer=reviewer, **acting(entry, by)), code


def read_by_author(code: str) -> list[str]:
    """The texts of the conversation as its author reads them."""
    letter = Letter.objects.get(receipt_hash=lookup_hash(code))
    return [turn.text for turn in messaging.conversation(letter=letter, pair=author_pair(code))]


def author_writes(entry: Entry, text: str = "On Monday.", *, danger: bool = False) -> Message:
    """The author writes back."""
    return messaging.write_back(
        letter=Letter.objects.get(pk=entry.letter_id),
        text=text,
        danger=danger,
        form_hash=lookup_hash(new_code()),
    )


def page_of(entry: Entry) -> str:
    return reverse("admin:journal_entry_change", args=[entry.pk])


def draft_of(entry: Entry) -> str:
    return reverse("admin:journal_entry_draft", args=[entry.pk])


def take(client: Client, entry: Entry, step: str, **fields: Any) -> Any:
    """The step's form sent as the page of the entry's present version would send it."""
    data = {"version": entry.version, **fields}
    return client.post(
        reverse("admin:journal_entry_step", args=[entry.pk, step]),
        {f"{step}-{name}": value for name, value in data.items()},
    )
