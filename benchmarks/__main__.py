"""Measures everything and prints one table; the same table goes to benchmarks/RESULTS.md."""

import datetime
import os
import platform
from pathlib import Path

from benchmarks.first_visit import first_visit
from benchmarks.letters import form_against_empty, letters_against_inserts
from benchmarks.portal import Portal, portal
from benchmarks.replies import replies_against_empty
from benchmarks.size import sized
from benchmarks.uploads import uploads

RESULTS = Path(__file__).with_name("RESULTS.md")
ENGINES = ("SQLite", "PostgreSQL")
REGISTERED = 800
SEARCHED = 2000
VERIFIED = 100_000
TAKEN_OVER = 5000
# Entries, and how many times each is printed: ten thousand take Chromium half a minute and gigabytes.
PRINTED = ((1000, 3), (2000, 3), (10_000, 1))
GROWTH_ROUNDS = 7
MOST_MEGABYTES = 200
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


def _taken_over(place: Portal) -> list[Row]:
    one = place.measure("taking_over", count=TAKEN_OVER)
    return [
        (
            f"former journal of {TAKEN_OVER:,} rows taken over, {place.engine}",
            f"{one['read']:.1f} s reading, {one['taken']:.1f} s the rest, +{one['megabytes']:.0f} MB",
            f"{one['plain']:.2f} s plain bulk insert",
            f"{one['taken'] / one['plain']:.1f}",
            "measured",
        )
    ]


def _printed(place: Portal) -> list[Row]:
    rows: list[Row] = []
    volumes: list[int] = []
    for count, rounds in PRINTED:
        volumes.append(place.measure("journal_volume", count=count)["volume"])
        one = place.measure("journal", volume=volumes[-1], rounds=rounds)
        named = f"journal PDF, {count:,} entries ({one['pages']:,} pages)"
        rows += [
            (
                f"{named}, first print",
                f"{one['first']:.2f} s",
                f"{one['chromium']:.2f} s Chromium, same HTML",
                f"{one['first'] / one['chromium']:.2f}",
                "under 1.5" if count < PRINTED[-1][0] else "under 1",
            ),
            (
                f"{named}, memory of all processes",
                f"{one['megabytes']:.0f} MB",
                f"{one['chromium_megabytes']:,.0f} MB Chromium",
                f"{one['megabytes'] / MOST_MEGABYTES:.2f} of {MOST_MEGABYTES} MB",
                "under 1",
            ),
            (
                f"{named}, again after one more entry",
                f"{one['again']:.2f} s",
                f"{one['first']:.2f} s first print",
                f"{one['again'] / one['first']:.2f}",
                "under 0.1",
            ),
        ]
    grown = place.measure("journal_growth", one=volumes[0], double=volumes[1], rounds=GROWTH_ROUNDS)
    first, both = grown["one"], grown["double"]
    rows.append(
        (
            "journal PDF, the second thousand entries",
            f"{both - first:.2f} s",
            f"{first:.2f} s the first",
            f"{(both - first) / first:.2f}",
            "under 1.1",
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


def _uploaded(place: Portal) -> list[Row]:
    small, large = uploads(place, 1), uploads(place, 10)
    return [
        (
            f"letter with a photo of 10 MB, {place.engine}",
            f"{large.seconds:.2f} s, server +{large.server_megabytes:.0f} MB, "
            f"cleaning {large.cleaning_megabytes:.0f} MB",
            f"{small.seconds:.2f} s, +{small.server_megabytes:.0f} MB, "
            f"{small.cleaning_megabytes:.0f} MB for 1 MB",
            f"{(large.server_megabytes - small.server_megabytes) / 9:.2f} MB a MB",
            "server's memory does not grow with the file",
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
            rows.append(
                _rate(
                    f"replies read, 16 at once, {engine}",
                    replies_against_empty(place),
                    "empty view",
                    "measured",
                )
            )
            rows += _uploaded(place)
            rows += _taken_over(place)
            if engine == ENGINES[0]:
                rows += _printed(place)
    # In a portal of its own: the others are measured with little in the tables.
    with portal(ENGINES[1]) as place:
        rows += sized(place)
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
