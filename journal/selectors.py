"""What is read of the journal, narrowed to the schools of whoever asks."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from box.models import Letter
from journal.models import Entry, Opening, TakenLetter, Trail, Volume
from schools.models import School, User
from schools.models.regulation import Source
from schools.models.sealed import not_withheld_from
from schools.openings import next_opening
from schools.selectors import may_hold_key, narrowed, people_in, regulations_in_force
from schools.working_days import calendars_of
from vault import content as sealing
from vault.errors import NotForThisKey
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


def concerned_by(school: School, written: Mapping[str, Any]) -> QuerySet[User]:
    """Whom a letter is about: the people who had the roles it names when it came, and those who have them now."""
    return User.objects.filter(
        Q(pk__in=written.get("about_people", ()))
        | Q(pk__in=people_in(school, written.get("about", ())))
    )


@dataclass(frozen=True)
class Sharing:
    """To whom an entry sealed in person is open, and to which colleagues it may be opened."""

    open_to: list[User]
    colleagues: list[User]


def sharing_of(entry: Entry, written: Mapping[str, Any]) -> Sharing:
    """``written`` is the content of the entry's letter. Whoever it is about is never among the colleagues.

    Somebody who has had a new password set by others reads nothing that was sealed to them before, so the same
    people may be chosen again.
    """
    readers = [int(person) for person in entry.personal_keys]
    colleagues = (
        may_hold_key(entry.school)
        .exclude(public_key=b"")
        .exclude(pk__in=concerned_by(entry.school, written))
    )
    return Sharing(open_to=list(User.objects.filter(pk__in=readers)), colleagues=list(colleagues))


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
        text = _searched(entry, keyring)
        if all(word in text for word in wanted):
            found.append(entry.pk)
    return found


def _searched(entry: Entry, keyring: Keyring) -> str:
    """The entry's number and all that stands in it and in its letter, in one case; closed content is left out."""
    texts: list[str] = [str(entry.number)]
    try:
        key = entry.content_key(keyring)
    except NotForThisKey:
        return texts[0]
    texts += _words(sealing.decrypt(entry.content, key=key, context=entry.sealing_context()))
    letter = entry.letter
    if letter is not None:
        if bytes(letter.sealed_key) == bytes(entry.sealed_key) and letter.school_key_id:
            # One key for both, and opening it is what takes the time.
            written = sealing.decrypt(letter.content, key=key, context=letter.sealing_context())
        else:
            written = letter.read_or_none(keyring) or {}
        texts += _words(written)
    return "\n".join(texts).casefold()


def _words(content: Mapping[str, Any]) -> list[str]:
    """What people wrote; not, for one, whom a letter is about."""
    return [text for text in content.values() if isinstance(text, str)]


def for_search(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same entries with only what a search opens."""
    mine = ("number", "volume_id", "school_key_id", "sealed_key", "personal_keys", "content")
    letters = (
        "school_id",
        "receipt_hash",
        "school_key_id",
        "sealed_key",
        "personal_keys",
        "content",
    )
    return (
        entries.select_related(None)
        .select_related("letter")
        .only(*mine, *(f"letter__{name}" for name in letters))
    )


@dataclass(frozen=True)
class SchoolDay:
    """What waits in one school today: counts and dates, never content.

    ``unregistered`` counts letters from the site taken out and paper letters counted at an opening but not
    typed in yet (``paper_left`` of them). ``due`` are open entries whose day has not passed, ``in_work`` all
    open entries. ``newest_unfinished`` is the opening to go on with.
    """

    school: School
    waiting: int
    waiting_danger: int
    unregistered: int
    next_opening: datetime.datetime | None
    due: int
    overdue: int
    newest_unfinished: int | None
    paper_left: int = 0
    in_work: int = 0
    has_regulation: bool = True


def days_of(schools: Iterable[School], user: User) -> list[SchoolDay]:
    """What waits today in each school, in a fixed number of queries however many schools there are.

    A letter withheld from this person counts where it lies in the box and nowhere else: what became of it, and
    whether it tells of danger, is not for them.
    """
    schools = list(schools)
    ids = [school.pk for school in schools]
    box = {
        row["school_id"]: row
        for row in Letter.objects.filter(school__in=ids, state=Letter.State.IN_BOX)
        .order_by()
        .values("school_id")
        .annotate(
            waiting=Count("pk"),
            danger=Count("pk", filter=Q(danger=True) & not_withheld_from(user.pk)),
        )
    }
    work = _work_of(schools, user)
    unfinished, paper = _unfinished_of(ids, user)
    regulations = regulations_in_force(schools)
    calendars = calendars_of(schools, regulations)
    days: list[SchoolDay] = []
    for school in schools:
        in_box, in_work = box.get(school.pk, {}), work.get(school.pk, {})
        typed, on_paper = unfinished.get(school.pk, {}), paper.get(school.pk, {})
        regulation = regulations.get(school.pk)
        days.append(
            SchoolDay(
                school=school,
                waiting=in_box.get("waiting", 0),
                waiting_danger=in_box.get("danger", 0),
                unregistered=typed.get("count", 0) + on_paper.get("count", 0),
                next_opening=next_opening(regulation, school.now(), calendars[school.pk])
                if regulation
                else None,
                due=in_work.get("due", 0),
                overdue=in_work.get("overdue", 0),
                newest_unfinished=max(typed.get("newest", 0), on_paper.get("newest", 0)) or None,
                paper_left=on_paper.get("count", 0),
                in_work=in_work.get("open", 0),
                has_regulation=regulation is not None,
            )
        )
    return days


def _work_of(schools: list[School], user: User) -> dict[int, dict[str, int]]:
    """Open entries by school: ``open``, ``due``, ``overdue``. "Today" differs only between time zones."""
    by_day: dict[datetime.date, list[int]] = {}
    for school in schools:
        by_day.setdefault(school.today(), []).append(school.pk)
    due, overdue = Q(pk__isnull=True), Q(pk__isnull=True)
    for today, ids in by_day.items():
        due |= Q(school__in=ids, due_on__gte=today)
        overdue |= Q(school__in=ids, due_on__lt=today)
    rows = (
        Entry.objects.filter(
            not_withheld_from(user.pk),
            school__in=[school.pk for school in schools],
            state__in=[Entry.State.REGISTERED, Entry.State.IN_REVIEW],
        )
        .order_by()
        .values("school_id")
        .annotate(
            open=Count("pk"),
            due=Count("pk", filter=due),
            overdue=Count("pk", filter=overdue),
        )
    )
    return {row["school_id"]: row for row in rows}


def _unfinished_of(
    ids: list[int], user: User
) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """By school: letters from the site, and paper letters, still to register (``count``, ``newest`` opening)."""
    web = (
        TakenLetter.objects.filter(
            not_withheld_from(user.pk, "letter__"),
            opening__school__in=ids,
            entry__isnull=True,
            set_aside_as="",
        )
        .order_by()
        .values("opening__school_id")
        .annotate(count=Count("pk"), newest=Max("opening_id"))
    )
    paper: dict[int, dict[str, int]] = {}
    counted = (
        Opening.objects.filter(school__in=ids, paper_count__gt=0)
        .order_by()
        .annotate(typed=Count("taken_letters", filter=Q(taken_letters__source=Source.PAPER)))
        .filter(paper_count__gt=F("typed"))
        .values_list("school_id", "pk", "paper_count", "typed")
    )
    for school, opening, count, typed in counted:
        row = paper.setdefault(school, {"count": 0, "newest": 0})
        row["count"] += count - typed
        row["newest"] = max(row["newest"], opening)
    return {row["opening__school_id"]: row for row in web}, paper
