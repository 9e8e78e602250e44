"""Whether keys are gone exactly where the trail says that they were destroyed."""

from collections.abc import Callable, Iterator

from django.db.models import Model, Q, QuerySet

from box.models import Attachment, Letter, Message
from journal import chain
from journal.models import (
    AgendaPoint,
    Alert,
    CaseHold,
    Decision,
    Entry,
    EntryFile,
    Escalation,
    Forwarding,
    Meeting,
    TakenLetter,
    Trail,
)
from schools.models import School, Sealed

CHUNK = 2000


class Broken(Exception):
    """The first place where a book is not whole; the text says which row and how."""


def verify_destroyed(school: School) -> None:
    """No key is gone without a row of the trail, and none is left where a row says that it was destroyed.

    Raises Broken.
    """
    told = _Told(school)
    for model, where, allowed in _rules(school, told):
        rows = model.objects.filter(where).exclude(content=b"").order_by("pk")
        for row in _without_key(rows):
            if not allowed(row):
                raise Broken(
                    f"{school.slug}: a key was taken away outside the journal "
                    f"({model._meta.label_lower} {row.pk})."
                )
    gone = Entry.objects.filter(school=school, destroyed_on__isnull=False)
    rows = gone.select_related("volume", "letter").defer("content", "letter__content")
    for entry in rows.iterator(chunk_size=CHUNK):
        # An entry of a letter from the site has the letter's content key.
        if not all(row.opens_to_nobody for row in (entry, entry.letter) if row is not None):
            raise Broken(f"{school.slug}: {chain.entry_name(entry)} is destroyed, but has a key.")
    _verify_cases(school, told)


def _verify_cases(school: School, told: "_Told") -> None:
    """Of what went to the region alone: what is held and what is destroyed is so by rows of the trail."""
    for case in Escalation.objects.filter(school=school).select_related("letter").order_by("pk"):
        place, uid = f"{school.slug}: case {case.uid} of the region", str(case.uid)
        if case.held != told.held.get(uid, False):
            raise Broken(f"{place} is held, or is not, and the trail says otherwise.")
        on = case.destroyed_on.isoformat() if case.destroyed_on else None
        if on != told.cases.get(uid):
            raise Broken(f"{place} is destroyed, or is not, and the trail says otherwise.")
        if on and not case.letter.opens_to_nobody:
            raise Broken(f"{place} is destroyed, but its letter has a key.")


def _without_key(rows: QuerySet[Sealed]) -> Iterator[Sealed]:
    # Asked of the database first: a book of a hundred thousand rows is not read for the few that have none.
    for row in rows.filter(sealed_key=b"").iterator(chunk_size=CHUNK):
        if row.opens_to_nobody:
            yield row


class _Told:
    """What the trail says was destroyed."""

    def __init__(self, school: School) -> None:
        self.aside: set[tuple[str, int]] = set()
        self.files: set[tuple[str, int]] = set()
        self.cases: dict[str, str] = {}
        self.held: dict[str, bool] = {}
        self.erased: set[str] = set()
        rows = Trail.objects.filter(school=school, step=Trail.Step.DESTROYED)
        for about, facts in rows.values_list("about", "facts"):
            if "escalation" in facts:
                self.cases[facts["escalation"]] = facts["on"]
                self.erased.add(about)
            elif "position" in facts:
                self.aside.add((about, facts["position"]))
            elif "file" in facts:
                self.files.add((about, facts["file"]))
        left = Trail.objects.filter(school=school, step=Trail.Step.AUTHOR_LEFT, facts__erased=True)
        self.erased |= set(left.values_list("about", flat=True))
        holds = Trail.objects.filter(
            school=school,
            step__in=[Trail.Step.HELD, Trail.Step.RELEASED],
            facts__has_key="escalation",
        )
        for step, facts in holds.order_by("position").values_list("step", "facts"):
            self.held[facts["escalation"]] = step == Trail.Step.HELD

    def entry(self, entry: Entry | None) -> bool:
        """Whether the entry is destroyed; the chain vouches for its day."""
        return entry is not None and entry.destroyed_on is not None

    def taken(self, taken: TakenLetter) -> bool:
        """Whether a letter taken out is: with its entry, by a list, or by its author."""
        if self.entry(taken.entry):
            return True
        if (chain.opening_name(taken.opening), taken.position) in self.aside:
            return True
        return taken.letter is not None and chain.letter_name(taken.letter) in self.erased

    def letter(self, letter: Letter) -> bool:
        """The same of a letter from the site."""
        if chain.letter_name(letter) in self.erased or self.entry(getattr(letter, "entry", None)):
            return True
        taken = getattr(letter, "taken", None)
        return taken is not None and self.taken(taken)

    def file(self, file: Attachment) -> bool:
        """A file goes with its letter, or alone."""
        entry = getattr(file.letter, "entry", None)
        alone = entry is not None and (chain.entry_name(entry), file.position) in self.files
        return alone or self.letter(file.letter)

    def alert(self, alert: Alert | Escalation) -> bool:
        """An alert, or what became of it at the region, goes with what it was raised by."""
        if alert.letter is not None:
            return self.letter(alert.letter)
        return self.entry(alert.entry)


def _rules(school: School, told: _Told) -> Iterator[tuple[type[Model], Q, Callable[..., bool]]]:
    """Model, which of its rows are the school's, and what may say that a row's key was destroyed."""
    yield Entry, Q(school=school), told.entry
    yield Letter, Q(school=school), told.letter
    yield TakenLetter, Q(opening__school=school), told.taken
    yield Message, Q(letter__school=school), lambda row: told.letter(row.letter)
    yield Attachment, Q(letter__school=school), told.file
    for model, path in ((EntryFile, "entry__school"), (Forwarding, "school")):
        yield model, Q(**{path: school}), lambda row: told.entry(row.entry)
    for model in (Alert, Escalation):
        yield model, Q(school=school), told.alert
    yield CaseHold, Q(escalation__school=school), lambda row: told.alert(row.escalation)
    for model in (AgendaPoint, Decision):
        yield model, Q(meeting__school=school), lambda row: told.entry(row.entry)
    yield (
        Meeting,
        Q(school=school),
        lambda row: AgendaPoint.objects.filter(
            meeting=row, entry__destroyed_on__isnull=False
        ).exists(),
    )
