"""How it stands with the keys of some schools: lost, being changed, and what nobody can read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from box.models import Letter
from journal.models import Entry
from schools.models import School, SchoolKey
from schools.selectors import useful_grants


@dataclass(frozen=True)
class KeyState:
    """``lost``: nobody holds the key in use. ``changing``: a former key is still needed, and somebody holds it.

    ``letters`` (without a number yet) and ``entries`` are sealed to keys that nobody holds.
    """

    lost: bool
    changing: bool
    letters: int
    entries: int

    @property
    def closed_for_all(self) -> bool:
        """Whether there is something that nobody can read."""
        return bool(self.letters or self.entries)


def key_states(schools: Iterable[School]) -> dict[int, KeyState]:
    """By the school's id. At most four queries however many schools there are."""
    schools = [school.pk for school in schools]
    held = set(
        useful_grants().filter(key__school__in=schools).values_list("key", flat=True).distinct()
    )
    keys = list(SchoolKey.objects.filter(school__in=schools).only("pk", "school_id", "retired_at"))
    unheld = [key.pk for key in keys if key.pk not in held]
    letters: Counter[int] = Counter()
    entries: Counter[int] = Counter()
    if unheld:
        for rows, counts in (
            (Letter.objects.filter(entry__isnull=True), letters),
            (Entry.objects.all(), entries),
        ):
            # What was destroyed is lost to nobody: nobody was to read it any more.
            kept = rows.filter(school_key__in=unheld).exclude(sealed_key=b"")
            found = kept.order_by().values("school_id")
            counts.update({row["school_id"]: row["n"] for row in found.annotate(n=Count("pk"))})
    return {
        school: KeyState(
            lost=any(
                key.school_id == school and key.retired_at is None and key.pk not in held
                for key in keys
            ),
            changing=any(
                key.school_id == school and key.retired_at is not None and key.pk in held
                for key in keys
            ),
            letters=letters[school],
            entries=entries[school],
        )
        for school in schools
    }
