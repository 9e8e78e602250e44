"""Many entries, for trying size. Everything is sealed and chained as real entries are."""

import datetime
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache

from django.db import transaction
from django.db.models import Max, prefetch_related_objects
from django.utils import timezone

from box.models import Letter
from journal import chain
from journal.models import Book, Entry, Opening, TakenLetter, Trail, Volume
from journal.services.counting import recount
from journal.services.numbering import book_for, volume_for
from journal.services.opening import Present
from journal.services.registering import EMPTY_CONTENT, IDENTITY
from journal.services.trail import append_rows, arrival_row, lock_book
from schools.class_levels import class_level
from schools.models import Category, Regulation, School, SchoolKey, User
from schools.models.regulation import Source
from schools.openings import is_held_on
from schools.schedule import ONE_DAY, period_of
from schools.selectors import causes_of, key_in_use, regulation_of
from schools.working_days import calendar_of
from trustbox.demo.habits import Fate, Habits
from trustbox.demo.letters import Story, stories_in
from trustbox.demo.storing import BATCH, store
from vault.pairs import new_pair

# The states that a hundred entries are in, the oldest ones closed.
STATES = (
    [Entry.State.CLOSED] * 60
    + [Entry.State.ANSWERED] * 15
    + [Entry.State.IN_REVIEW] * 15
    + [Entry.State.REGISTERED] * 10
)
# What the checks found, for every so many finished letters.
FINDINGS = [
    Entry.Finding.JUSTIFIED,
    Entry.Finding.PARTLY,
    Entry.Finding.NOT_JUSTIFIED,
    Entry.Finding.JUSTIFIED,
]
STEPS_TO = {
    Entry.State.REGISTERED: Trail.Step.REGISTERED,
    Entry.State.IN_REVIEW: Trail.Step.TAKEN_INTO_REVIEW,
    Entry.State.ANSWERED: Trail.Step.ANSWERED,
    Entry.State.CLOSED: Trail.Step.CLOSED,
}
# When in the day it is done: after the opening, one after another.
STEP_TIMES = {state: datetime.time(18, 10 * place) for place, state in enumerate(STEPS_TO)}
# Ways in by which a letter lies in a box until somebody opens it.
IN_THE_BOX = (Source.WEB, Source.PAPER)


@dataclass(frozen=True)
class Planned:
    """An entry that is to be: when it was taken out, at which opening (None: without one), and its fate."""

    day: datetime.date
    source: Source
    story: Story
    fate: Fate
    opening: Opening | None = None


def _way_of_reply(story: Story) -> str:
    return Entry.ReplyWay.IN_PERSON if story.signed else Entry.ReplyWay.ON_STAND


class Filler:
    """Fills one school's volume of one year; where it keeps several books, the volume of each.

    With ``habits`` there are openings, and letters are taken out and answered as these habits have it; that is for a
    school that has not opened its box yet. Without, the days are spread evenly, and the states are those of ``STATES``.
    """

    def __init__(self, school: School, year: int, habits: Habits | None = None) -> None:
        self.school = school
        self.year = year
        self.habits = habits
        self.regulation: Regulation = regulation_of(school)
        self.calendar = calendar_of(school, self.regulation)
        key = key_in_use(school)
        registrar = User.objects.filter(memberships__school=school, key_grants__key=key).first()
        if key is None or registrar is None:
            raise LookupError(f"{school.slug} has no key holder.")
        self.key: SchoolKey = key
        self.registrar: User = registrar
        self.categories = list(Category.objects.filter(school=school))
        self.causes = causes_of(school)
        self.stories = stories_in(school.languages)
        self.now = timezone.now()
        # By opening: how many letters have their place in its list.
        self.places = Counter[int]()
        self._within = cache(self._working_days_after)

    @transaction.atomic
    def fill(self, count: int) -> list[Volume]:
        """Add ``count`` entries with their letters, openings and rows of the trail."""
        book = lock_book(self.school)
        first, last = period_of(self.regulation.numbering, datetime.date(self.year, 10, 1))
        last = min(last, self.school.today())
        if first > last:
            raise LookupError(f"The year {self.year} has not begun.")
        volumes = self._volumes(first)
        openings: list[Opening] = []
        if self.habits is not None and not Opening.objects.filter(school=self.school).exists():
            openings, planned = self._by_habits(self.habits, first, last, count)
        else:
            newest = Entry.objects.filter(volume__in=volumes.values()).aggregate(Max("taken_on"))
            planned = self._spread(max(first, newest["taken_on__max"] or first), last, count)
        rows = [self._opening_row(opening) for opening in openings]
        for start in range(0, count, BATCH):
            rows += self._put_in(planned[start : start + BATCH], volumes)
            if start + BATCH < count:
                # What is of later days waits for the letters of those days.
                until = self._at(planned[start + BATCH].day, datetime.time.min)
                rows = self._chained(book, rows, until)
        self._chained(book, rows, self.now)
        filled = list({volume.pk: volume for volume in volumes.values()}.values())
        for volume in filled:
            volume.save(update_fields=["last_number"])
        recount(self.school)
        return filled

    def _chained(self, book: Book, rows: list[Trail], until: datetime.datetime) -> list[Trail]:
        """Put what was done until then into the trail, in its order; returns the other rows."""
        done = sorted((row for row in rows if row.at <= until), key=lambda row: row.at)
        append_rows(book=book, rows=done, store=store)
        return [row for row in rows if row.at > until]

    # What is to be

    def _spread(self, first: datetime.date, last: datetime.date, count: int) -> list[Planned]:
        """On days spread evenly, in all states."""
        span, today = (last - first).days, self.school.today()
        planned = []
        for place in range(count):
            day = first + span * place // count * ONE_DAY
            state = STATES[place * len(STATES) // count]
            answered_on = closed_on = None
            if state in (Entry.State.ANSWERED, Entry.State.CLOSED):
                answered_on = min(day + 3 * ONE_DAY, today)
            if answered_on and state == Entry.State.CLOSED:
                closed_on = min(answered_on + 2 * ONE_DAY, today)
            fate = Fate(state, answered_on, closed_on)
            planned.append(Planned(day, self._source(place), self._story(place), fate))
        return planned

    def _by_habits(
        self, habits: Habits, first: datetime.date, last: datetime.date, count: int
    ) -> tuple[list[Opening], list[Planned]]:
        """The openings that were held of those the regulation asks for, and the letters taken out at each."""
        days = (first + step * ONE_DAY for step in range((last - first).days + 1))
        held = habits.held(day for day in days if is_held_on(self.regulation, self.calendar, day))
        if not held:
            return [], self._spread(first, last, count)
        places = [place * len(held) // count for place in range(count)]
        lying = Counter((one, self._source(place)) for place, one in enumerate(places))
        openings = [
            self._opening(day, missed, lying[one, Source.WEB], lying[one, Source.PAPER])
            for one, (day, missed) in enumerate(held)
        ]
        self._number(openings)
        store(openings)
        planned = []
        for place, one in enumerate(places):
            day, source = held[one][0], self._source(place)
            opening = openings[one] if source in IN_THE_BOX else None
            fate = habits.fate_of(place, day)
            planned.append(Planned(day, source, self._story(place), fate, opening))
        return openings, planned

    def _source(self, place: int) -> Source:
        return Source(self.regulation.sources[place % len(self.regulation.sources)])

    def _story(self, place: int) -> Story:
        return self.stories[place % len(self.stories)]

    def _volumes(self, day: datetime.date) -> dict[Source, Volume]:
        """The volume for each way in; one and the same where one book is kept."""
        by_book: dict[str, Volume] = {}
        found: dict[Source, Volume] = {}
        for source in map(Source, self.regulation.sources):
            book = book_for(regulation=self.regulation, source=source)
            if book not in by_book:
                by_book[book] = volume_for(
                    school=self.school, day=day, regulation=self.regulation, source=source
                )
            found[source] = by_book[book]
        return found

    # Openings

    def _opening(
        self, day: datetime.date, missed: list[datetime.date], web: int, paper: int
    ) -> Opening:
        return Opening(
            school=self.school,
            year=day.year,
            opened_at=self._at(day, self.regulation.opens_at),
            opened_by=self.registrar,
            kind=Opening.Kind.SCHEDULED,
            present=[asdict(Present(name=str(self.registrar), role="psychologist"))],
            web_count=web,
            paper_count=paper,
            missed=[one.isoformat() for one in missed],
        )

    def _number(self, openings: list[Opening]) -> None:
        """Numbers from 1 in each year, acts where the regulation asks for one; and the sealed words."""
        acts, in_year, acts_in_year = Regulation.Acts, Counter[int](), Counter[int]()
        for opening in openings:
            in_year[opening.year] += 1
            opening.number = in_year[opening.year]
            letters = opening.web_count + opening.paper_count
            if self.regulation.acts == acts.ALWAYS or (
                self.regulation.acts == acts.WITH_LETTERS and letters
            ):
                acts_in_year[opening.year] += 1
                opening.act_number = acts_in_year[opening.year]
            words = {
                "place": self.regulation.place.get(self.school.main_language, ""),
                "reason": "",
                "few_reason": "",
                "missed_reason": "—" if opening.missed else "",
            }
            opening.write(words, key=opening.lock_for_school(self.key))

    def _opening_row(self, opening: Opening) -> Trail:
        return Trail(
            school=self.school,
            at=opening.opened_at,
            by=self.registrar,
            by_name=self.registrar.username,
            step=Trail.Step.BOX_OPENED,
            about=chain.opening_name(opening),
            opening=opening,
            facts={"kind": opening.kind, "web": opening.web_count, "paper": opening.paper_count},
            digest=chain.opening_digest(opening),
        )

    # Entries

    def _put_in(self, planned: list[Planned], volumes: dict[Source, Volume]) -> list[Trail]:
        """The entries with their letters, and where these were taken out; returns their rows of the trail."""
        made = [self._letter_and_entry(volumes[plan.source], plan) for plan in planned]
        letters = [letter for letter, _entry in made if letter is not None]
        entries = [entry for _letter, entry in made]
        store(letters)
        prefetch_related_objects(letters, "attachments")
        for letter, entry in made:
            entry.letter = letter
        store(entries)
        store(self._taken(entries))
        return [row for entry in entries for row in self._rows(entry)]

    def _at(self, day: datetime.date, time: datetime.time) -> datetime.datetime:
        """A moment of that day, and not one that is still to come."""
        return min(datetime.datetime.combine(day, time, tzinfo=self.school.zone), self.now)

    def _working_days_after(self, day: datetime.date, count: int | None) -> datetime.date | None:
        return self.calendar.add(day, count) if count else None

    def _letter_and_entry(self, volume: Volume, plan: Planned) -> tuple[Letter | None, Entry]:
        story, fate = plan.story, plan.fate
        moment = self._at(plan.day, STEP_TIMES[Entry.State.REGISTERED])
        volume.last_number += 1
        number = volume.last_number
        answered, closed = fate.answered_on is not None, fate.closed_on is not None
        entry = Entry(
            school=self.school,
            volume=volume,
            number=number,
            source=plan.source,
            opening=plan.opening,
            taken_on=plan.day,
            received_at=None
            if plan.source == Source.PAPER
            else moment.replace(minute=0, second=0, microsecond=0) - datetime.timedelta(days=1),
            category=self.categories[number % len(self.categories)],
            audience=story.audience,
            signed=story.signed,
            danger=story.danger,
            state=fate.state,
            due_on=self._within(plan.day, self.regulation.reply_days),
            forward_by=self._within(plan.day, self.regulation.forward_days),
            answered_on=fate.answered_on,
            reply_way=_way_of_reply(story) if answered else "",
            class_level=class_level(story.class_group),
            closed_on=fate.closed_on,
            finding=FINDINGS[number % len(FINDINGS)] if closed else "",
            cause=self.causes[number % len(self.causes)] if closed and self.causes else None,
            reviewer=None if fate.state == Entry.State.REGISTERED else self.registrar,
            registered_by=self.registrar,
            registered_at=moment,
            version=1 + list(STEPS_TO).index(fate.state),
        )
        content_key = entry.lock_for_school(self.key)
        entry.write(
            {
                **EMPTY_CONTENT,
                **{name: story.identity.get(name, "") for name in IDENTITY},
                "class_group": story.class_group,
                "summary": story.summary,
                "text": "" if plan.source == Source.WEB else story.text,
                "measures": "" if fate.state == Entry.State.REGISTERED else story.measures,
                "outcome": story.outcome if closed else "",
            },
            key=content_key,
        )
        if plan.source != Source.WEB:
            return None, entry
        letter = Letter(
            school=self.school,
            arrived_hour=entry.received_at,
            language=self.school.main_language,
            audience=story.audience,
            signed=story.signed,
            danger=story.danger,
            category=entry.category,
            state=fate.state,
            number=str(number),
            book=volume.book,
            taken_on=plan.day,
            due_on=entry.due_on,
            receipt_hash=secrets.token_bytes(32),
            author_key=new_pair().public,
            form_hash=secrets.token_bytes(32),
            receipt_shown=True,
            bound=True,
            school_key=self.key,
            sealed_key=entry.sealed_key,
        )
        letter.write({"text": story.text, **story.identity}, key=content_key)
        return letter, entry

    def _taken(self, entries: list[Entry]) -> list[TakenLetter]:
        """Of those that lay in the box."""
        rows = []
        for entry in entries:
            if entry.opening is not None:
                self.places[entry.opening_id] += 1
                row = TakenLetter(
                    opening=entry.opening,
                    position=self.places[entry.opening_id],
                    source=entry.source,
                    signed=entry.signed,
                    letter=entry.letter,
                    entry=entry,
                )
                rows.append(row)
        return rows

    def _rows(self, entry: Entry) -> Iterator[Trail]:
        """The steps that led the entry to its state, the last with the digest of the entry as it is."""
        order = list(STEPS_TO)
        days = {
            Entry.State.ANSWERED: entry.answered_on,
            Entry.State.CLOSED: entry.closed_on,
        }
        about = chain.entry_name(entry)
        if entry.letter is not None:
            yield arrival_row(entry.letter)
        for state in order[: order.index(entry.state) + 1]:
            is_last = state == entry.state
            yield Trail(
                school_id=self.school.pk,
                at=self._at(days.get(state) or entry.taken_on, STEP_TIMES[state]),
                by_id=self.registrar.pk,
                by_name=self.registrar.username,
                step=STEPS_TO[state],
                about=about,
                entry_id=entry.pk,
                facts={"to": str(state)},
                digest=chain.entry_digest(entry) if is_last else b"",
            )
