"""How long pages take in an installation of many schools: medians, everything on one core.

The process that asks, with the portal in it as in the server's worker, and the backend of the database that answers it
are held on the same core. Each page is asked of several schools in turns, so that none is served from what the one
before has warmed alone; the first round is left out, as a server that has just started is no measure of it.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Entry, Volume
from journal.services.key_keeping import make_key
from reports.figures.of_schools import Column, Only
from schools.models import Membership, School, User
from schools.services.signing_in import open_pair
from tests.factories import Person, signed_in_client
from trustbox.demo.loading import add_school
from trustbox.demo.many_schools import tidy_up
from trustbox.demo.regions import REGIONS
from trustbox.demo.regions import analysts as analysts_of_regions
from trustbox.demo.schools import SCHOOLS
from trustbox.demo.synthetic import Filler

ROUNDS = 7
OK = 200
NEWEST = 500


@dataclass(frozen=True)
class Asked:
    """Pages of one kind: how each is asked for, by whom, of which schools or regions."""

    name: str
    asks: tuple[tuple[Client, str], ...]


@contextmanager
def on_one_core() -> Iterator[None]:
    """This process, and on PostgreSQL its backend of the database, on one core."""
    allowed = os.sched_getaffinity(0)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_backend_pid()")
            os.sched_setaffinity(cursor.fetchone()[0], {min(allowed)})
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def measure(pages: Iterable[Asked], rounds: int = ROUNDS) -> dict[str, dict[str, Any]]:
    """Of each kind of page ``seconds``, the median, and ``queries``, every number of them that one of its pages asks.

    Raises RuntimeError where a page is refused.
    """
    pages = list(pages)
    seconds: dict[str, list[float]] = {page.name: [] for page in pages}
    with on_one_core():
        for turn in range(rounds + 1):
            for page in pages:
                for client, address in page.asks:
                    began = time.perf_counter()
                    _get(client, address)
                    if turn:
                        seconds[page.name].append(time.perf_counter() - began)
    return {
        page.name: {"seconds": median(seconds[page.name]), "queries": _queries(page)}
        for page in pages
    }


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != OK:
        raise RuntimeError(f"{address}: {response.status_code}")


def _queries(page: Asked) -> list[int]:
    counts = set()
    for client, address in page.asks:
        with CaptureQueriesContext(connection) as captured:
            _get(client, address)
        counts.add(len(captured))
    return sorted(counts)


def school_pages(count: int, apart: int, password: str) -> list[Asked]:
    """Of so many invented schools, so far from each other: what their psychologists and their public see."""
    slugs = [f"school-{1 + place * apart:04d}" for place in range(count)]
    schools = list(School.objects.filter(slug__in=slugs).order_by("slug"))
    if len(schools) != count:
        raise RuntimeError("There are too few schools.")
    clients = [signed_in(f"psychologist.{school.slug}", password) for school in schools]
    working = list(zip(clients, schools, strict=True))
    today = schools[0].today()
    year = f"?period={today.year}-01-12"
    journal, today_page = reverse("admin:journal_entry_changelist"), reverse("admin:index")
    return [
        Asked("journal list of a school", tuple((one, journal) for one in clients)),
        Asked("first page of the staff", tuple((one, today_page) for one in clients)),
        Asked("figures of a school, last month", _figures(working)),
        Asked("figures of a school, a whole year", _figures(working, year)),
        Asked(
            "public page of a school",
            tuple(
                (Client(), reverse("box:school", args=[school.main_language, school.slug]))
                for school in schools
            ),
        ),
    ]


def _figures(working: Iterable[tuple[Client, School]], query: str = "") -> tuple:
    return tuple(
        (client, reverse("admin:figures", args=[school.slug]) + query) for client, school in working
    )


def installation_pages(count: int, password: str) -> list[Asked]:
    """What is seen of many schools at once, and of one from outside."""
    region = reverse("admin:region")
    analysts = [signed_in(name, password) for name in analysts_of_regions()]
    operator = signed_in("operator", password)
    seen = School.objects.filter(region__parent__slug=next(iter(REGIONS.values())).slug)
    some = list(seen.order_by("slug")[:: max(seen.count() // count, 1)][:count])
    return [
        Asked("first page of the public", ((Client(), reverse("box:schools", args=["ru"])),)),
        Asked("a region's page, 1,000 schools", tuple((one, region) for one in analysts)),
        Asked("the page of all regions, 2,000 schools", ((operator, region),)),
        Asked("the same, the most letters first", ((operator, f"{region}?by={Column.LETTERS}"),)),
        Asked(
            "the same, only with overdue replies", ((operator, f"{region}?only={Only.OVERDUE}"),)
        ),
        Asked(
            "figures of a school as an analyst sees them",
            _figures((analysts[0], school) for school in some),
        ),
    ]


def signed_in(username: str, password: str) -> Client:
    """A browser in which an account of the demonstration has signed in."""
    user = User.objects.get(username=username)
    pair = open_pair(user=user, password=password)
    return signed_in_client(Person(user=user, pair=pair, password=password))


def long_list(count: int, password: str) -> list[Asked]:
    """The journal list of one school with so many entries.

    The newest are made as every entry of a demonstration. Those before them are rows of the table alone: the list
    opens what it shows, and that are the newest.
    """
    slug = f"long-{count}"
    school = add_school({**SCHOOLS[0], "slug": slug})
    user = User.objects.create_user(f"keeper.{slug}", password, full_name=slug)
    Membership.objects.create(user=user, school=school, role_id="psychologist")
    open_pair(user=user, password=password)
    make_key(school=school, by=user)
    (volume,) = Filler(school, school.today().year).fill(1)
    _copy_entry(volume, count - NEWEST)
    Filler(school, school.today().year).fill(NEWEST)
    if Entry.objects.filter(school=school).count() != count:
        raise RuntimeError("There are too few entries.")
    tidy_up()
    listed = reverse("admin:journal_entry_changelist")
    client = signed_in(user.username, password)
    return [
        Asked("first", ((client, listed),)),
        Asked("last", ((client, f"{listed}?p={-(-count // 50)}"),)),
    ]


def _copy_entry(volume: Volume, count: int) -> None:
    """So many rows like the only entry of the volume, with the numbers after it."""
    first = Entry.objects.get(volume=volume)
    own = {"id", "number", "letter_id"}
    columns = [field.column for field in Entry._meta.concrete_fields if field.column not in own]
    names, entry = (
        ", ".join(f"{table}{connection.ops.quote_name(column)}" for column in columns)
        for table in ("", "entry.")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO journal_entry (number, {names}) "
            f"SELECT series.number, {entry} FROM journal_entry entry, generate_series(2, %s) AS series (number) "
            "WHERE entry.id = %s",
            [count, first.pk],
        )
    volume.last_number = count
    volume.save(update_fields=["last_number"])
