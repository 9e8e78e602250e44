"""Many schools and many entries, for trying size. Everything is sealed and chained as real entries are."""

import datetime
import secrets
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max

from box.models import Letter
from journal import chain
from journal.models import Entry, Trail, Volume
from journal.services.counting import note_calendar, note_entries
from journal.services.numbering import book_for, volume_for
from journal.services.registering import EMPTY_CONTENT, IDENTITY
from journal.services.trail import append_rows, arrival_row, lock_book
from schools.class_levels import class_level
from schools.models import Category, KeyGrant, Membership, Regulation, School, SchoolKey, User
from schools.models.regulation import Source
from schools.schedule import period_of
from schools.selectors import causes_of, key_in_use, regulation_of
from schools.services.signing_in import open_pair
from schools.working_days import calendar_of
from trustbox.demo.letters import Story, stories_in
from trustbox.demo.loading import add_school
from trustbox.demo.schools import SCHOOLS
from vault.pairs import new_pair, seal

BATCH = 500
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


def add_synthetic_schools(count: int, password: str) -> int:
    """Schools «school-0001» and on, each with one psychologist who holds its key; returns how many are new."""
    template = SCHOOLS[0]
    known = set(School.objects.filter(slug__startswith="school-").values_list("slug", flat=True))
    slugs = [f"school-{number:04d}" for number in range(1, count + 1)]
    wanted = [slug for slug in slugs if slug not in known]
    model: User | None = None
    for slug in wanted:
        number = int(slug.rsplit("-", 1)[1])
        with transaction.atomic():
            school = add_school(
                {
                    **template,
                    "slug": slug,
                    "names": {
                        "kk": f"№ {number} орта мектеп",
                        "ru": f"Средняя школа № {number}",
                        "ky": f"№ {number} орто мектеп",
                        "en": f"Secondary School No. {number}",
                    },
                    "phones": [],
                }
            )
            user = User(
                username=f"psychologist.{slug}",
                full_name=f"Психолог {number}",
                language=school.main_language,
            )
            if model is None:
                user.set_password(password)
                user.save()
                open_pair(user=user, password=password)
                model = user
            else:
                # One Argon2 for all of them: invented people may share a pair, real ones never do.
                user.password = model.password
                user.public_key, user.wrapped_private_key = (
                    model.public_key,
                    model.wrapped_private_key,
                )
                user.save()
            Membership.objects.create(user=user, school=school, role_id="psychologist")
            pair = new_pair()
            key = SchoolKey.objects.create(school=school, public_key=pair.public)
            KeyGrant.objects.create(
                key=key,
                holder=user,
                sealed_private_key=seal(pair.private, to=bytes(user.public_key)),
                granted_by=user,
            )
    return len(wanted)


def _days(first: datetime.date, last: datetime.date, count: int) -> Iterator[datetime.date]:
    span = (last - first).days
    for place in range(count):
        yield first + datetime.timedelta(days=span * place // max(count, 1))


def _way_of_reply(story: Story) -> str:
    return Entry.ReplyWay.IN_PERSON if story.signed else Entry.ReplyWay.ON_STAND


class Filler:
    """Fills one school's volume of one year; where it keeps several books, the volume of each."""

    def __init__(self, school: School, year: int) -> None:
        self.school = school
        self.year = year
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

    @transaction.atomic
    def fill(self, count: int) -> list[Volume]:
        """Add ``count`` entries across all states, with their letters and their rows of the trail."""
        book = lock_book(self.school)
        numbering = self.regulation.numbering
        first, last = period_of(numbering, datetime.date(self.year, 10, 1))
        last = min(last, self.school.today())
        if first > last:
            raise LookupError(f"The year {self.year} has not begun.")
        volumes = self._volumes(first)
        newest = Entry.objects.filter(volume__in=volumes.values()).aggregate(Max("taken_on"))[
            "taken_on__max"
        ]
        days = _days(max(first, newest or first), last, count)
        sources = self.regulation.sources
        states = [STATES[place * len(STATES) // count] for place in range(count)]
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start)
            letters, entries = [], []
            for place in range(start, start + size):
                source = Source(sources[place % len(sources)])
                volumes[source].last_number += 1
                letter, entry = self._letter_and_entry(
                    *(volumes[source], source, next(days)),
                    *(self.stories[place % len(self.stories)], states[place]),
                )
                letters.append(letter)
                entries.append(entry)
            Letter.objects.bulk_create([letter for letter in letters if letter is not None])
            Entry.objects.bulk_create(entries)
            note_entries(school=self.school, entries=entries)
            append_rows(book=book, rows=[row for entry in entries for row in self._rows(entry)])
        filled = list({volume.pk: volume for volume in volumes.values()}.values())
        for volume in filled:
            volume.save(update_fields=["last_number"])
        note_calendar(school=self.school)
        return filled

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

    def _letter_and_entry(
        self, volume: Volume, source: Source, day: datetime.date, story: Story, state: str
    ) -> tuple[Letter | None, Entry]:
        moment = datetime.datetime.combine(day, datetime.time(15), tzinfo=self.school.zone)
        number = volume.last_number
        category = self.categories[number % len(self.categories)]
        answered = state in (Entry.State.ANSWERED, Entry.State.CLOSED)
        answered_on = min(day + datetime.timedelta(days=3), self.school.today())
        is_closed = state == Entry.State.CLOSED
        entry = Entry(
            school=self.school,
            volume=volume,
            number=number,
            source=source,
            taken_on=day,
            received_at=moment - datetime.timedelta(days=1),
            category=category,
            audience=story.audience,
            signed=story.signed,
            danger=story.danger,
            state=state,
            due_on=(
                self.calendar.add(day, self.regulation.reply_days)
                if self.regulation.reply_days
                else None
            ),
            answered_on=answered_on if answered else None,
            reply_way=_way_of_reply(story) if answered else "",
            class_level=class_level(story.class_group),
            closed_on=min(answered_on + datetime.timedelta(days=2), self.school.today())
            if is_closed
            else None,
            finding=FINDINGS[number % len(FINDINGS)] if is_closed else "",
            cause=self.causes[number % len(self.causes)] if is_closed and self.causes else None,
            reviewer=None if state == Entry.State.REGISTERED else self.registrar,
            registered_by=self.registrar,
            registered_at=moment,
            version=1 + list(STEPS_TO).index(state),
        )
        content_key = entry.lock_for_school(self.key)
        entry.write(
            {
                **EMPTY_CONTENT,
                **{name: story.identity.get(name, "") for name in IDENTITY},
                "class_group": story.class_group,
                "summary": story.summary,
                "text": "" if source == Source.WEB else story.text,
                "measures": "" if state == Entry.State.REGISTERED else story.measures,
                "outcome": story.outcome if state == Entry.State.CLOSED else "",
            },
            key=content_key,
        )
        if source != Source.WEB:
            return None, entry
        letter = Letter(
            school=self.school,
            arrived_hour=entry.received_at,
            language=self.school.main_language,
            audience=story.audience,
            signed=story.signed,
            danger=story.danger,
            category=category,
            state=state,
            number=str(number),
            book=volume.book,
            taken_on=day,
            receipt_hash=secrets.token_bytes(32),
            author_key=new_pair().public,
            form_hash=secrets.token_bytes(32),
            receipt_shown=True,
            bound=True,
            school_key=self.key,
            sealed_key=entry.sealed_key,
        )
        letter.write({"text": story.text, **story.identity}, key=content_key)
        entry.letter = letter
        return letter, entry

    def _rows(self, entry: Entry) -> Iterator[Trail]:
        """The steps that led the entry to its state, the last with the digest of the entry as it is."""
        order = list(STEPS_TO)
        if entry.letter is not None:
            yield arrival_row(entry.letter)
        for state in order[: order.index(entry.state) + 1]:
            is_last = state == entry.state
            yield Trail(
                school=self.school,
                at=entry.registered_at,
                by=self.registrar,
                by_name=self.registrar.username,
                step=STEPS_TO[state],
                about=f"entry {entry.volume.number}/{entry.number}",
                entry=entry,
                facts={"to": str(state)},
                digest=chain.entry_digest(entry) if is_last else b"",
            )
