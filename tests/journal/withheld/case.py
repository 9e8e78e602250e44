"""An entry sealed to some people in person: what everybody else sees of it on the staff site, and what gives it away.

Two letters lie side by side in every test: an ordinary one, and one about the psychologist, which is signed, urgent, of
another category, overdue and in review. ``concerned`` is the psychologist; ``reader`` the deputy director who reads
both; ``late`` a social pedagogue who got the key afterwards; ``director`` sees the journal and holds no key.
"""

import datetime
import re
from dataclasses import dataclass
from html import unescape

from django.test import Client
from django.urls import reverse

from journal.models import Entry, Opening
from schools.models import School
from tests.factories import IDENTITY, Person, signed_in_client

LIST = "admin:journal_entry_changelist"
SECRET = "The psychologist shouts at us in the corridor."
SUMMARY = "Shouting in the corridor."
STRANGERS = ["concerned", "late", "director"]
PAST = datetime.date(2020, 1, 1)


@dataclass(frozen=True)
class Case:
    """One school, five people, two entries of one opening."""

    school: School
    people: dict[str, Person]
    opening: Opening
    ordinary: Entry
    sealed: Entry

    def client(self, who: str) -> Client:
        return signed_in_client(self.people[who])


def page_of(entry: Entry) -> str:
    return reverse("admin:journal_entry_change", args=[entry.pk])


def screen(opening: Opening) -> str:
    return reverse("admin:journal_opening_change", args=[opening.pk])


def text_of(html: str) -> str:
    """What a page's main part says, without its markup."""
    main = html.partition('id="content"')[2] or html
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def row_of(html: str, entry: Entry) -> str:
    """What the list says of an entry."""
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    (row,) = [row for row in rows if f"/entry/{entry.pk}/change/" in row]
    return text_of(row)


def numbers(client: Client, **query: str) -> list[int]:
    return [row.number for row in client.get(reverse(LIST), query).context["cl"].result_list]


def found(client: Client, words: str, **filters: str) -> list[int]:
    page = client.post(reverse(LIST), {"words": words, **filters})
    return [row.number for row in page.context["cl"].result_list]


def no_word_of_it(page: str) -> None:
    """Nothing that was written, and nothing that the two entries do not have in common."""
    for word in (SECRET, SUMMARY, IDENTITY["full_name"], IDENTITY["phone"], "corridor"):
        assert word not in page
