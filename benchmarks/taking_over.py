"""A former journal of five thousand rows: what reading, checking and taking it over take, against plain inserts."""

import datetime
import io
import time
from pathlib import Path
from typing import Any

import openpyxl
from django.db import transaction
from django.utils import timezone

from journal.importing.columns import JOURNAL, Heads
from journal.importing.worker import read_chunks
from journal.models import Entry, Incoming, Volume
from journal.services import taking_over
from schools.models import Regulation, School, User
from schools.selectors import key_in_use
from vault.keyring import Keyring

ROWS_AT_ONCE = 500
_WORDS = "Оқушыны сыныптастары мазақ етеді, сабақтан кейін күтіп алады. "


def table(school: School, count: int, year: int) -> bytes:
    """An Excel file of a year's letters."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["№", "Күні", "Аты-жөні", "Сыныбы", "Телефон", "Мазмұны", "Жауап", "Шаралар"])
    first = datetime.date(year, 1, 1)
    for place in range(count):
        day = first + datetime.timedelta(days=place * 360 // count)
        name = ("Серікқызы Айгүл", "Аноним")[place % 2]
        sheet.append([place + 1, day, name, "7Б", "+7 701 123 45 67", _WORDS * 3, day, _WORDS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def measure(school: School, user: User, keyring: Keyring, count: int) -> dict[str, Any]:
    """Seconds of each part and megabytes of the process; ``plain``: the same rows put in and nothing else."""
    rule = Regulation.objects.filter(school=school).order_by("-holds_from").first()
    years = [volume.period_from.year for volume in Volume.objects.filter(school=school)]
    year = min([*years, school.today().year]) - 2
    data = table(school, count, year)
    before = _reset_peak()
    began = time.perf_counter()
    found = read_chunks([data])
    read = time.perf_counter() - began
    began = time.perf_counter()
    incoming = taking_over.keep_incoming(
        school=school,
        kind=taking_over.JOURNAL,
        table=found,
        head=0,
        columns=Heads(JOURNAL).told(found.rows[0][1]),
        by=user,
        keyring=keyring,
    )
    volumes = taking_over.take_over_journal(school=school, pk=incoming.pk, by=user, keyring=keyring)
    taken = time.perf_counter() - began
    grown = _kilobytes("VmHWM") - before
    if sum(volume.last_number for volume in volumes) != count or Incoming.objects.exists():
        raise RuntimeError("Not every row was taken over.")
    return {
        "read": read,
        "taken": taken,
        "megabytes": grown / 1024,
        "plain": _plain(school, user, rule, count),
    }


def _kilobytes(name: str) -> int:
    """A figure of this process’s memory, as Linux counts it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def _reset_peak() -> int:
    """The memory this process takes now, in kilobytes; its peak is counted anew from here."""
    Path("/proc/self/clear_refs").write_text("5")
    return _kilobytes("VmRSS")


def _plain(school: School, user: User, rule: Regulation, count: int) -> float:
    """Seconds of entries of the same length put in through the ORM, without seal, check or trail; then undone."""
    key = key_in_use(school)
    began = time.perf_counter()
    with transaction.atomic():
        volume = Volume.objects.create(
            school=school,
            number=10_000,
            period_from=datetime.date(1991, 1, 1),
            period_to=datetime.date(1991, 12, 31),
            columns=rule.columns,
            begun_on=datetime.date(1991, 1, 1),
        )
        rows = [
            Entry(
                school=school,
                volume=volume,
                number=number,
                source="paper",
                taken_on=datetime.date(1991, 1, 1),
                audience="other",
                signed=False,
                registered_by=user,
                registered_at=timezone.now(),
                school_key=key,
                sealed_key=bytes(80),
                content=bytes(1064),
            )
            for number in range(1, count + 1)
        ]
        Entry.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
        transaction.set_rollback(True)
    return time.perf_counter() - began
