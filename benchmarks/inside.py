"""What is measured without a browser, each in a process of its own: ``python -m benchmarks.inside WHAT name=number``.

Prints one line of JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django
from django.db import transaction
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from benchmarks.portal import PASSWORD, SCHOOL  # noqa: E402
from benchmarks.writers import plain_letter, write_at_once  # noqa: E402
from box.models import Letter  # noqa: E402
from journal.chain import entry_digest  # noqa: E402
from journal.models import Opening, TakenLetter, Trail, Volume  # noqa: E402
from journal.selectors import entries_for, matching  # noqa: E402
from journal.services.opening import Present, open_box  # noqa: E402
from journal.services.registering import Registration, register_letter  # noqa: E402
from journal.services.trail import append_rows, lock_book  # noqa: E402
from journal.services.verifying import verify_school  # noqa: E402
from schools.models import School, User  # noqa: E402
from schools.selectors import keyring_of  # noqa: E402
from schools.services.signing_in import open_pair  # noqa: E402
from schools.working_days import calendar_of  # noqa: E402
from trustbox.demo.synthetic import Filler  # noqa: E402
from vault.keyring import Keyring  # noqa: E402

SEARCHES = 5


def keeper(school: School) -> tuple[User, Keyring]:
    """A key holder of a demo school, signed in."""
    user = User.objects.get(username=f"psychologist.{school.slug}")
    return user, keyring_of(user, open_pair(user=user, password=PASSWORD))


def inserts(count: int) -> dict[str, Any]:
    """Rows as long as a letter's, put in by 16 processes through the ORM and nothing else.

    They go to a school of their own: nobody can open them, and the book lets none be removed.
    """
    school = School.objects.get(slug="sport-college")
    before = Letter.objects.count()
    rows = [plain_letter(school) for _place in range(count)]
    seconds = write_at_once(rows, lambda row: row.save(force_insert=True))
    if Letter.objects.count() != before + count:
        raise RuntimeError("Not every row was put in.")
    return {"per_second": count / seconds}


def letters() -> dict[str, Any]:
    """How many letters there are."""
    return {"count": Letter.objects.count()}


def registering(count: int) -> dict[str, Any]:
    """Letters registered with their rows of the trail by 16 processes in one school: numbers without a gap."""
    school = School.objects.get(slug=SCHOOL)
    user, keyring = keeper(school)
    newest = Opening.objects.filter(school=school).order_by("-pk").first()
    opening = open_box(
        school=school,
        present=[Present(name=user.full_name)],
        place="",
        kind=Opening.Kind.SCHEDULED,
        reason="",
        paper_count=0,
        last_seen=newest.pk if newest else None,
        few_reason="Әлеуметтік педагог іссапарда.",
        missed_reason="Каникул.",
        by=user,
        keyring=keyring,
    )
    taken = list(
        TakenLetter.objects.filter(opening=opening).select_related("opening__school")[:count]
    )
    if len(taken) != count:
        raise RuntimeError("There are too few letters in the box.")
    user = User.objects.get(pk=user.pk)
    # A server's process has the holidays read already.
    calendar_of(school).add(school.today(), 30)
    words = Registration(summary="Оқушыны сыныптастары мазақ етеді.", category=None)
    seconds = write_at_once(
        taken,
        lambda one: register_letter(taken=one, registration=words, by=user, keyring=keyring),
    )
    volume = school.volumes.order_by("-number").first()
    numbers = list(volume.entries.order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, volume.last_number + 1)) or len(numbers) < count:
        raise RuntimeError("The numbers have a gap.")
    return {"per_second": count / seconds}


def search(count: int) -> dict[str, Any]:
    """Seconds of a search by words through a school's entries, all decrypted."""
    school = School.objects.get(slug="zheenbaev")
    Filler(school, school.today().year - 1).fill(count)
    user, keyring = keeper(school)
    seconds: list[float] = []
    for _search in range(SEARCHES):
        began = time.perf_counter()
        entries = list(entries_for(user).filter(school=school))
        matching(entries, "мектеп 7", keyring)
        seconds.append(time.perf_counter() - began)
    if len(entries) < count:
        raise RuntimeError("There are too few entries.")
    return {"seconds": median(seconds)}


def verifying(count: int) -> dict[str, Any]:
    """Seconds in which a book of so many rows of the trail is found whole: 5,000 entries, and readings of them."""
    school = School.objects.get(slug="it-lyceum")
    volume = Filler(school, school.today().year - 1).fill(5000)[0]
    user, _keyring = keeper(school)
    with transaction.atomic():
        book = lock_book(school)
        entries = list(volume.entries.select_related("volume", "category", "letter"))
        named = [
            (entry, f"entry {volume.number}/{entry.number}", entry_digest(entry))
            for entry in entries
        ]
        while book.rows < count:
            rows = [
                Trail(
                    school=school,
                    at=timezone.now(),
                    by=user,
                    by_name=user.username,
                    step=Trail.Step.READ,
                    about=about,
                    entry=entry,
                    digest=digest,
                )
                for entry, about, digest in named[: count - book.rows]
            ]
            append_rows(book=book, rows=rows)
    began = time.perf_counter()
    verify_school(school)
    seconds = time.perf_counter() - began
    if Trail.objects.filter(school=school).count() < count:
        raise RuntimeError("There are too few rows.")
    return {"seconds": seconds}


def journal_volume(count: int) -> dict[str, Any]:
    """Makes a volume of so many entries; its number in the database."""
    from benchmarks.journal import new_volume

    return {"volume": new_volume(School.objects.get(slug="orozbekov"), count).pk}


def journal(volume: int, rounds: int) -> dict[str, Any]:
    """What printing this volume takes (``benchmarks.journal``)."""
    from benchmarks.journal import measure_printing

    found = Volume.objects.select_related("school").get(pk=volume)
    user, keyring = keeper(found.school)
    return measure_printing(found, user, keyring, rounds=rounds)


def talks(count: int) -> dict[str, Any]:
    """Letters with a conversation; the codes that open them."""
    from benchmarks.talks import make_talks

    school = School.objects.get(slug=SCHOOL)
    return {"codes": make_talks(school, keeper(school)[1], count)}


def taking_over(count: int) -> dict[str, Any]:
    """A former journal taken over (``benchmarks.taking_over``)."""
    from benchmarks.taking_over import measure

    school = School.objects.get(slug="sport-college")
    user, keyring = keeper(school)
    return measure(school, user, keyring, count)


def journal_growth(one: int, double: int, rounds: int) -> dict[str, Any]:
    """What printing a volume twice as long costs (``benchmarks.journal``)."""
    from benchmarks.journal import measure_growth

    volumes = Volume.objects.select_related("school").in_bulk([one, double])
    user, keyring = keeper(volumes[one].school)
    return measure_growth(volumes[one], volumes[double], user, keyring, rounds=rounds)


def many_schools(schools: int, entries: int) -> dict[str, Any]:
    """Seconds in which so many schools with so many entries each are made, as by ``manage.py demo --schools``."""
    from trustbox.demo.many_schools import Wish, add_many_schools, tidy_up

    began = time.perf_counter()
    add_many_schools(schools, Wish(PASSWORD, entries, timezone.localdate().year))
    tidy_up()
    return {"seconds": time.perf_counter() - began, "processes": os.cpu_count()}


def pages_of_schools(schools: int, apart: int) -> dict[str, Any]:
    """Pages that belong to one school, of so many of the invented ones (``benchmarks.pages``)."""
    from benchmarks.pages import measure, school_pages

    return measure(school_pages(schools, apart, PASSWORD))


def pages_of_all(schools: int) -> dict[str, Any]:
    """Pages on which many schools stand; and of so many schools what an analyst of their region sees."""
    from benchmarks.pages import installation_pages, measure

    return measure(installation_pages(schools, PASSWORD))


def long_list(count: int) -> dict[str, Any]:
    """The first and the last page of the journal list of a school with so many entries."""
    from benchmarks.pages import long_list, measure

    return measure(long_list(count, PASSWORD))


MEASURED: dict[str, Callable[..., dict[str, Any]]] = {
    "inserts": inserts,
    "letters": letters,
    "long_list": long_list,
    "many_schools": many_schools,
    "pages_of_all": pages_of_all,
    "pages_of_schools": pages_of_schools,
    "registering": registering,
    "search": search,
    "taking_over": taking_over,
    "talks": talks,
    "verifying": verifying,
    "journal_volume": journal_volume,
    "journal": journal,
    "journal_growth": journal_growth,
}

if __name__ == "__main__":
    given = dict(argument.split("=") for argument in sys.argv[2:])
    print(json.dumps(MEASURED[sys.argv[1]](**{name: int(value) for name, value in given.items()})))
