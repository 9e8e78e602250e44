"""Measures everything and prints one table; the same table goes to benchmarks/RESULTS.md."""

import datetime
import os
import platform
from pathlib import Path

from benchmarks.first_visit import first_visit
from benchmarks.letters import form_against_empty, letters_against_inserts
from benchmarks.portal import Portal, portal

RESULTS = Path(__file__).with_name("RESULTS.md")
ENGINES = ("SQLite", "PostgreSQL")
REGISTERED = 800
SEARCHED = 2000
VERIFIED = 100_000
PRINTED = (100, 500, 1000)
HEAD = ("what", "measured", "against", "ratio", "to reach")
Row = tuple[str, str, str, str, str]


def _rate(what: str, rates: tuple[float, float], against: str, reach: str) -> Row:
    own, other = rates
    return (what, f"{own:,.0f}/s", f"{other:,.0f}/s {against}", f"{own / other:.2f}", reach)


def _written(place: Portal) -> list[Row]:
    name = place.engine
    letters = letters_against_inserts(place)
    rows = [
        _rate(f"letters accepted, 16 at once, {name}", letters, "plain inserts", "0.25, no error")
    ]
    registered = place.measure("registering", count=REGISTERED)["per_second"]
    plain = place.measure("inserts", count=REGISTERED)["per_second"]
    rows.append(
        _rate(
            f"registering with trail, 16 at once in one school, {name}",
            (registered, plain),
            "plain inserts",
            "no gap",
        )
    )
    seconds = place.measure("search", count=SEARCHED)["seconds"]
    rows.append(
        (
            f"search in {SEARCHED:,} entries, {name}",
            f"{seconds:.2f} s",
            "0.5 s allowed",
            f"{seconds / 0.5:.2f}",
            "under 1",
        )
    )
    seconds = place.measure("verifying", count=VERIFIED)["seconds"]
    rows.append(
        (
            f"verify_journal, {VERIFIED:,} rows of the trail, {name}",
            f"{seconds:.1f} s",
            "60 s allowed",
            f"{seconds / 60:.2f}",
            "under 1",
        )
    )
    return rows


def _printed(place: Portal) -> list[Row]:
    found = {count: place.measure("journal", count=count) for count in PRINTED}
    least = found[PRINTED[0]]
    rows: list[Row] = []
    for count, one in found.items():
        rows.append(
            (
                f"journal PDF, {count:,} entries ({one['pages']} pages)",
                f"{one['seconds']:.1f} s, {one['megabytes']:.0f} MB",
                f"×{count / PRINTED[0]:.0f} the entries",
                f"×{one['seconds'] / least['seconds']:.1f} time, "
                f"×{one['megabytes'] / least['megabytes']:.1f} memory",
                "grows no faster than the entries",
            )
        )
    return rows


def _visited(place: Portal) -> list[Row]:
    visit = first_visit(place)
    return [
        (
            "first visit of the form",
            f"{visit.bytes / 1000:.1f} kB, {visit.requests} requests",
            "30 kB, 4 requests allowed",
            f"{visit.bytes / 30_000:.2f}",
            "under 1",
        )
    ]


def measured() -> list[Row]:
    """All rows of the table."""
    rows: list[Row] = []
    for engine in ENGINES:
        with portal(engine) as place:
            if engine == ENGINES[0]:
                rows += _visited(place)
            rows.append(
                _rate(
                    f"form page, 16 at once, {engine}",
                    form_against_empty(place),
                    "empty view",
                    "0.65",
                )
            )
            rows += _written(place)
            if engine == ENGINES[0]:
                rows += _printed(place)
    return rows


def table(rows: list[Row]) -> str:
    """The rows as a table that reads well as text and as Markdown."""
    widths = [max(len(row[place]) for row in [HEAD, *rows]) for place in range(len(HEAD))]

    def line(cells: tuple[str, ...]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    return "\n".join([line(HEAD), line(tuple("-" * width for width in widths)), *map(line, rows)])


def main() -> None:
    printed = table(measured())
    print(printed)
    when = datetime.datetime.now(tz=datetime.UTC).date()
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    RESULTS.write_text(
        f"# Results\n\n`make bench`, {when}, {machine}; the caller, the server and the database share the cores.\n"
        f"Absolute figures differ between machines: the ratios are what counts.\n\n{printed}\n"
    )


if __name__ == "__main__":
    main()
