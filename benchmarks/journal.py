"""The journal as PDF, beside headless Chromium printing the same HTML in the same run, by turns.

Seconds are medians of the rounds. Memory is the highest sum of proportional set sizes (what processes share is counted
once) of all processes that take part: the one that reads and opens the entries, Django and all, and those it starts.
"""

import datetime
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from pypdf import PdfReader

from journal.models import Volume
from reports import printing
from reports.journal_book import read_book
from reports.models import KeptSheets
from schools.models import School, User
from tests.reports.same_html import table_document
from trustbox.demo.synthetic import Filler
from vault.keyring import Keyring

MEGABYTE = 1024 * 1024
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


def new_volume(school: School, count: int) -> Volume:
    """A volume of so many entries, in a year that has none."""
    year = school.today().year - 1
    while school.volumes.filter(period_from__year=year).exists():
        year -= 1
    return Filler(school, year).fill(count)[0]


def measure_printing(
    volume: Volume, user: User, keyring: Keyring, *, rounds: int
) -> dict[str, Any]:
    """Seconds and memory of Chromium, of a first printing, and of printing again after one more entry."""
    language = volume.school.main_language
    book = read_book(volume, language=language, by=user, keyring=keyring)
    wish = printing.Wish(volume, language, None, None, user, keyring)
    # A server has its addresses and its fonts read already: print no entries once.
    day = volume.period_from - datetime.timedelta(days=1)
    printing.print_journal(replace(wish, until=day))
    ours: list[tuple[float, int]] = []
    again: list[float] = []
    theirs: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        html, pdf = Path(folder) / "table.html", Path(folder) / "table.pdf"
        html.write_text(table_document(book), encoding="utf-8")
        entries = len(book.rows)
        del book
        for _round in range(rounds):
            theirs.append(_watched(lambda: _by_chromium(html, pdf, folder), without_self=True))
            KeptSheets.objects.all().delete()
            ours.append(_watched(lambda: printing.print_journal(wish)))
            Filler(volume.school, volume.period_from.year).fill(1)
            again.append(_watched(lambda: printing.print_journal(wish))[0])
        pages = len(PdfReader(pdf).pages)
    return {
        "entries": entries,
        "pages": pages,
        "first": median(seconds for seconds, _bytes in ours),
        "megabytes": max(size for _seconds, size in ours) / MEGABYTE,
        "again": median(again),
        "chromium": median(seconds for seconds, _bytes in theirs),
        "chromium_megabytes": max(size for _seconds, size in theirs) / MEGABYTE,
    }


def measure_growth(
    one: Volume, double: Volume, user: User, keyring: Keyring, *, rounds: int
) -> dict[str, float]:
    """Seconds of first prints of a volume and of one twice as long, by turns: the load of the machine changes."""
    seconds: dict[Volume, list[float]] = {one: [], double: []}
    for _round in range(rounds + 1):
        for volume, taken in seconds.items():
            wish = printing.Wish(volume, volume.school.main_language, None, None, user, keyring)
            KeptSheets.objects.all().delete()
            taken.append(_watched(lambda wish=wish: printing.print_journal(wish))[0])
    # The first round reads what a running server has read already.
    return {"one": median(seconds[one][1:]), "double": median(seconds[double][1:])}


def _by_chromium(html: Path, pdf: Path, folder: str) -> None:
    subprocess.run(
        [
            CHROMIUM,
            *CHROMIUM_OPTIONS,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={pdf}",
            html.as_uri(),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _watched(work: Callable[[], object], *, without_self: bool = False) -> tuple[float, int]:
    """Seconds of the work, and the peak of memory while it ran."""
    peak, done = [0], threading.Event()

    def watch() -> None:
        while True:
            peak.append(_family_bytes(without_self))
            if done.wait(0.05):
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        work()
    finally:
        seconds = time.perf_counter() - began
        done.set()
        watcher.join()
    return seconds, max(peak)


def _family_bytes(without_self: bool) -> int:
    """Memory of this process and everything it has started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except OSError:
            continue  # it has just ended
        parents[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    family = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    if without_self:
        family.remove(os.getpid())
    return sum(_proportional_bytes(member) for member in family)


def _proportional_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
