"""Pages among two thousand schools with a million entries, beside the same among two schools with a thousand."""

from typing import Any

from benchmarks.portal import Portal

FEW, MANY, ENTRIES = 2, 2000, 500  # schools; entries of each
LOOKED_AT = 8  # schools of the many
SHORT, LONG = 1000, 1_000_000  # entries of one school
# By its name in ``benchmarks.pages``, which cannot be imported without a database.
LIST = "journal list of a school"
MOST_SECONDS = 0.2
MOST_GROWN = "at most 1.5"
Row = tuple[str, str, str, str, str]


def sized(place: Portal) -> list[Row]:
    """The rows of the table. The data takes some minutes to be made, and four gigabytes of the disk for as long."""
    place.measure("many_schools", schools=FEW, entries=ENTRIES)
    few = place.measure("pages_of_schools", schools=FEW, apart=1)
    made = place.measure("many_schools", schools=MANY, entries=ENTRIES)
    same = place.measure("pages_of_schools", schools=FEW, apart=1)
    many = place.measure("pages_of_schools", schools=LOOKED_AT, apart=MANY // LOOKED_AT)
    many |= place.measure("pages_of_all", schools=LOOKED_AT)
    entries = f"{MANY * ENTRIES:,} entries, {place.engine}"
    rows = [
        (
            f"{MANY:,} schools with {entries}, made",
            f"{made['seconds'] / 60:.1f} min",
            f"{made['processes']} processes",
            f"{made['seconds'] * 1000 / (MANY * ENTRIES):.2f} ms an entry",
            "minutes",
        )
    ]
    rows += [
        (
            f"{name}, {entries}",
            f"{_ms(one)}, {_queries(one)}",
            f"{MOST_SECONDS * 1000:.0f} ms allowed",
            f"{one['seconds'] / MOST_SECONDS:.2f}",
            "under 1",
        )
        for name, one in many.items()
    ]
    rows.append(
        _grown(f"{LIST}, the same among {entries}", same[LIST], f"{FEW * ENTRIES:,}", few[LIST])
    )
    short = place.measure("long_list", count=SHORT)
    long = place.measure("long_list", count=LONG)
    rows += [
        _grown(
            f"journal list of a school of {LONG:,}, the {page} page, {place.engine}",
            long[page],
            f"{SHORT:,}",
            short[page],
        )
        for page in short
    ]
    return rows


def _grown(what: str, large: dict[str, Any], count: str, small: dict[str, Any]) -> Row:
    return (
        what,
        f"{_ms(large)}, {_queries(large)}",
        f"{_ms(small)}, {_queries(small)}, with {count}",
        f"{large['seconds'] / small['seconds']:.2f}",
        MOST_GROWN,
    )


def _ms(page: dict[str, Any]) -> str:
    milliseconds = page["seconds"] * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 1 else f"{milliseconds:.0f} ms"


def _queries(page: dict[str, Any]) -> str:
    fewest, most = page["queries"][0], page["queries"][-1]
    return f"{most} queries" if fewest == most else f"{fewest}–{most} queries"
