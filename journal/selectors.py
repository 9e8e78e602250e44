"""What is read of the journal, narrowed to the schools of whoever asks."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from box.models import Letter
from journal.models import Entry, Opening, TakenLetter, Trail, Volume
from schools.models import School, User
from schools.schedule import next_opening
from schools.selectors import narrowed, regulation_of
from vault.keyring import Keyring


def entries_for(user: User, permission: str = "journal.view_entry") -> QuerySet[Entry]:
    """Entries of the person's schools, newest first."""
    return narrowed(
        Entry.objects.select_related("school", "volume", "category", "letter"),
        user=user,
        permission=permission,
    )


def openings_for(user: User, permission: str = "journal.view_opening") -> QuerySet[Opening]:
    """Openings of the person's schools, newest first."""
    return narrowed(
        Opening.objects.select_related("school", "opened_by"), user=user, permission=permission
    )


def volumes_for(user: User, permission: str = "journal.view_volume") -> QuerySet[Volume]:
    """Volumes of the person's schools, newest first."""
    return narrowed(Volume.objects.select_related("school"), user=user, permission=permission)


def taken_letters_for(user: User) -> QuerySet[TakenLetter]:
    """Letters taken out in the person's schools."""
    return narrowed(
        TakenLetter.objects.select_related("opening__school", "letter", "entry"),
        user=user,
        permission="journal.register_letter",
        school_path="opening__school",
    )


def history_of(entry: Entry) -> QuerySet[Trail]:
    """The entry's rows of the trail in order, without mere readings."""
    return (
        Trail.objects.filter(entry=entry)
        .exclude(step=Trail.Step.READ)
        .select_related("by")
        .order_by("position")
    )


def matching(entries: Iterable[Entry], words: str, keyring: Keyring) -> list[int]:
    """Ids of the entries in whose number or content (the letter's own text too) every word stands.

    Everything is decrypted in memory, and nothing is kept.
    """
    wanted = words.casefold().split()
    found: list[int] = []
    for entry in entries:
        texts: list[str] = [str(entry.number)]
        content = entry.read_or_none(keyring)
        if content is not None:
            texts += content.values()
            if entry.letter is not None:
                texts += (entry.letter.read_or_none(keyring) or {}).values()
        together = "\n".join(texts).casefold()
        if all(word in together for word in wanted):
            found.append(entry.pk)
    return found


@dataclass(frozen=True)
class SchoolDay:
    """What waits in one school today: counts and dates, never content."""

    school: School
    waiting: int
    waiting_danger: int
    unregistered: int
    next_opening: datetime.datetime | None
    due: int
    overdue: int
    newest_unfinished: int | None


def days_of(schools: Iterable[School]) -> list[SchoolDay]:
    """What waits today in each school, in a fixed number of queries a school."""
    days: list[SchoolDay] = []
    for school in schools:
        today = school.today()
        box = Letter.objects.filter(school=school, state=Letter.State.IN_BOX).aggregate(
            waiting=Count("pk"), danger=Count("pk", filter=Q(danger=True))
        )
        open_entries = Entry.objects.filter(
            school=school, state__in=[Entry.State.REGISTERED, Entry.State.IN_REVIEW]
        ).aggregate(
            due=Count("pk", filter=Q(due_on__gte=today)),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
        )
        unfinished = TakenLetter.objects.filter(
            opening__school=school, entry__isnull=True, set_aside_as=""
        )
        counts: dict[str, Any] = unfinished.aggregate(count=Count("pk"))
        newest = unfinished.order_by("-opening_id").values_list("opening_id", flat=True).first()
        days.append(
            SchoolDay(
                school=school,
                waiting=box["waiting"],
                waiting_danger=box["danger"],
                unregistered=counts["count"],
                next_opening=next_opening(regulation_of(school), school.now()),
                due=open_entries["due"],
                overdue=open_entries["overdue"],
                newest_unfinished=newest,
            )
        )
    return days
