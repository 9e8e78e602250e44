"""Many invented schools in two invented regions with their districts, each with its book: for trying size.

Each school comes by a transaction of its own, on PostgreSQL several at once. What is there already stays, and a school
whose book is too short yet gets what is missing: a run that was broken off is done again.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, connections, transaction

from journal.models import Alert, Entry
from journal.services.alerting import raise_alert
from schools.models import (
    KeyGrant,
    Membership,
    Region,
    School,
    SchoolKey,
    User,
)
from schools.services.signing_in import open_pair
from trustbox.demo.habits import habits_of
from trustbox.demo.loading import add_school
from trustbox.demo.regions import add_regions, district_of
from trustbox.demo.schools import SCHOOLS
from trustbox.demo.synthetic import Filler
from trustbox.demo.texts import Texts, texts
from vault.pairs import new_pair, seal

# In every so many-th school a danger alert is waiting that nobody has answered.
CRYING = 19
AT_ONCE = 4  # schools handed to a process


@dataclass(frozen=True)
class Wish:
    """What is to be there: ``entries`` in the volume of that year of every school."""

    password: str
    entries: int = 0
    year: int = 0


@dataclass(frozen=True)
class Made:
    """What was made now."""

    schools: int = 0
    entries: int = 0

    def __add__(self, other: "Made") -> "Made":
        return Made(self.schools + other.schools, self.entries + other.entries)


def add_many_schools(count: int, wish: Wish, *, processes: int | None = None) -> Made:
    """Schools «school-0001» and on, each with a psychologist who holds its key. Raises LookupError where the year has
    not begun.

    ``processes``: as many as there are cores; SQLite has one writer, so there it is always one.
    """
    if count < 1:
        return Made()
    add_regions(wish.password)
    # The first one's psychologist has the password and the pair that all of them share.
    made = _complete(wish, 1)
    rest = range(2, count + 1)
    if connection.vendor != "postgresql":
        processes = 1
    processes = min(processes or os.cpu_count() or 1, len(rest))
    if processes <= 1:
        return sum((_complete(wish, number) for number in rest), made)
    # A connection is not shared with a child.
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=forked) as pool:
        return sum(pool.map(partial(_complete, wish), rest, chunksize=AT_ONCE), made)


def tidy_up() -> None:
    """Let PostgreSQL count and sweep what has come: it plans by what it knows of the tables."""
    # What still stands in a transaction cannot be swept.
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


@transaction.atomic
def _complete(wish: Wish, number: int) -> Made:
    """One school, with what is missing of its entries."""
    school = School.objects.filter(slug=f"school-{number:04d}").first()
    is_new = school is None
    if school is None:
        school = add_school(_facts(number))
        School.objects.filter(pk=school.pk).update(region=_region(number))
        _add_psychologist(school, number, wish)
    missing = wish.entries - Entry.objects.filter(school=school).count() if wish.entries else 0
    if missing > 0:
        Filler(school, wish.year, habits_of(number, school.today())).fill(missing)
        if number % CRYING == CRYING - 1:
            _cry(school)
    return Made(int(is_new), max(missing, 0))


def _facts(number: int) -> dict[str, Any]:
    """As one of the four demonstration schools keeps its box, in turns."""
    return {**_template(number), "slug": f"school-{number:04d}", "names": _names(number)}


def _template(number: int) -> dict[str, Any]:
    return SCHOOLS[number % len(SCHOOLS)]


def _region(number: int) -> Region:
    return district_of(_template(number)["country"], number // len(SCHOOLS))


def _names(number: int) -> Texts:
    return texts(
        f"№ {number} орта мектеп",
        f"Средняя школа № {number}",
        f"№ {number} орто мектеп",
        f"Secondary School No. {number}",
    )


def _add_psychologist(school: School, number: int, wish: Wish) -> None:
    user = User(
        username=f"psychologist.{school.slug}",
        full_name=f"Психолог {number}",
        language=school.main_language,
    )
    first = User.objects.filter(username="psychologist.school-0001").first()
    if first is None:
        user.set_password(wish.password)
        user.save()
        open_pair(user=user, password=wish.password)
    else:
        # One Argon2 for all of them: invented people may share a pair, real ones never do.
        user.password, user.public_key = first.password, first.public_key
        user.wrapped_private_key = first.wrapped_private_key
        user.save()
    Membership.objects.create(user=user, school=school, role_id="psychologist")
    pair = new_pair()
    key = SchoolKey.objects.create(school=school, public_key=pair.public)
    KeyGrant.objects.create(
        key=key,
        holder=user,
        sealed_private_key=seal(pair.private, to=bytes(user.public_key)),
        granted_by=user,
    )


def _cry(school: School) -> None:
    """Of a letter that tells of danger and has no reply, an alert that nobody has answered."""
    entries = Entry.objects.filter(school=school, danger=True, letter__isnull=False)
    entry = entries.filter(state__in=[Entry.State.REGISTERED, Entry.State.IN_REVIEW]).last()
    if entry is not None:
        alert = raise_alert(letter=entry.letter)
        # Nobody is called again and again for invented ones.
        Alert.objects.filter(pk=alert.pk).update(next_stage_at=None)
