"""Which names on the web lead to one school alone, kept in memory for a few seconds."""

import time

from schools.models import School

KEPT_SECONDS = 5.0

_kept: dict[str, tuple[float, dict[str, str]]] = {}


def slug_of_host(host: str) -> str | None:
    """The short name of the school that has this name on the web (small letters, no port); None for any other.

    One query in some seconds, whatever is asked for: a stranger's guesses cost nothing.
    """
    now = time.monotonic()
    kept = _kept.get("hosts")
    if kept is None or kept[0] < now:
        rows = School.objects.filter(host__isnull=False).order_by().values_list("host", "slug")
        kept = (now + KEPT_SECONDS, dict(rows))
        _kept["hosts"] = kept
    return kept[1].get(host)


def forget_hosts() -> None:
    """Read them anew."""
    _kept.clear()
