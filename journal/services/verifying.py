"""Finding what was changed, removed, inserted or reordered in a book behind the program's back."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from box.models import Letter, Message
from box.services.attaching import file_models, is_as_stored
from journal import chain
from journal.models import Book, Entry, EntryFile, Forwarding, Meeting, Opening, Trail, Volume
from journal.services.trail import DIGESTED
from journal.services.verifying_destroyed import Broken, verify_destroyed
from schools.models import School

CHUNK = 2000


def verify_school(school: School) -> list[Volume]:
    """The school's volumes, when its book is whole. Raises Broken at the first place that is not."""
    digests = verify_chain(school)
    volumes = list(Volume.objects.filter(school=school).order_by("number"))
    for volume in volumes:
        _verify_volume(volume, digests)
    _verify_openings(school, digests)
    _verify_letters(school, digests)
    _verify_messages(school, digests)
    _verify_forwardings(school, digests)
    _verify_scans(school, digests)
    _verify_meetings(school, digests)
    if digests:
        gone = sorted(digests)[0]
        raise Broken(f"{school.slug}: the trail tells of {gone}, which is gone.")
    verify_destroyed(school)
    for verify in settings.BOOK_VERIFIERS:
        import_string(verify)(school)
    return volumes


def verify_files(school: School) -> int:
    """How many files the storage holds for the school, each byte for byte as it was put there.

    Raises Broken at the first that is gone or changed. The digests themselves stand in the chain (``verify_school``);
    no lock is held while the files are read.
    """
    count = 0
    for model in file_models():
        for row in model.of_school(school).order_by("pk").iterator(chunk_size=CHUNK):
            if row.opens_to_nobody:
                continue  # destroyed with its key, as the trail says (``verify_school``)
            if not is_as_stored(row):
                raise Broken(
                    f"{school.slug}: {row.place} is gone from the storage, or was changed there."
                )
            count += 1
    return count


def _rows(school: School, until: int | None) -> Iterator[Trail]:
    rows = Trail.objects.filter(school=school)
    if until is not None:
        rows = rows.filter(position__lte=until)
    return rows.order_by("position").iterator(chunk_size=CHUNK)


def verify_chain(school: School, *, until: int | None = None) -> dict[str, bytes]:
    """Walks the chain to its end, or up to a row; returns what the trail last said of each entry and opening.

    Raises Broken.
    """
    expected, previous = 1, chain.FIRST_HASH
    digests: dict[str, bytes] = {}
    for row in _rows(school, until):
        place = f"{school.slug}: trail row {row.position}"
        if row.position != expected:
            raise Broken(f"{school.slug}: trail row {expected} is missing.")
        if bytes(row.previous_hash) != previous:
            raise Broken(f"{place} does not follow the row before it.")
        if chain.row_hash(row) != bytes(row.row_hash):
            raise Broken(f"{place} was changed.")
        if row.about and row.digest:
            digests[row.about] = bytes(row.digest)
        for name, digest in row.facts.get("also", {}).items():
            digests[name] = bytes.fromhex(digest)
        previous, expected = bytes(row.row_hash), expected + 1
    if until is not None:
        return digests
    book = Book.objects.filter(school=school).first()
    rows, last = (book.rows, bytes(book.last_hash)) if book else (0, chain.FIRST_HASH)
    if rows != expected - 1 or last != previous:
        raise Broken(
            f"{school.slug}: the trail ends at row {expected - 1}, the book at row {rows}."
        )
    return digests


def _verify_volume(volume: Volume, digests: dict[str, bytes]) -> None:
    place = f"{volume.school.slug}: volume {volume.number}"
    entries = Entry.objects.filter(volume=volume).select_related(*DIGESTED).order_by("number")
    expected = 1
    for entry in entries.iterator(chunk_size=CHUNK):
        if entry.number != expected:
            raise Broken(f"{place}: entry № {expected} is missing.")
        said = digests.pop(chain.entry_name(entry), None)
        if said is None:
            raise Broken(f"{place}: entry № {entry.number} has no row in the trail.")
        if said != chain.entry_digest(entry):
            raise Broken(f"{place}: entry № {entry.number} was changed outside the journal.")
        expected += 1
    if volume.last_number != expected - 1:
        raise Broken(
            f"{place}: {expected - 1} entries, but the counter stands at {volume.last_number}."
        )


def _verify_openings(school: School, digests: dict[str, bytes]) -> None:
    expected: dict[int, int] = {}
    openings = Opening.objects.filter(school=school).order_by("year", "number")
    for opening in openings.iterator(chunk_size=CHUNK):
        place = f"{school.slug}: opening {opening.number}/{opening.year}"
        if opening.number != expected.get(opening.year, 0) + 1:
            raise Broken(f"{place}: the one before it is missing.")
        expected[opening.year] = opening.number
        said = digests.pop(chain.opening_name(opening), None)
        if said is None:
            raise Broken(f"{place} has no row in the trail.")
        if said != chain.opening_digest(opening):
            raise Broken(f"{place} was changed outside the journal.")


def _verify_letters(school: School, digests: dict[str, bytes]) -> None:
    """Every letter has arrived by a row, and is as it was then; what is left over was taken out of the box."""
    letters = (
        Letter.objects.filter(school=school)
        .select_related("entry__volume")
        .prefetch_related("attachments")
        .order_by("pk")
    )
    left = set(
        Trail.objects.filter(school=school, step=Trail.Step.AUTHOR_LEFT).values_list(
            "about", flat=True
        )
    )
    for letter in letters.iterator(chunk_size=CHUNK):
        said = digests.pop(chain.letter_name(letter), None)
        if said is None and not letter.bound:
            continue  # it came in this very moment, and gets its row with the next bundle
        if said is None:
            raise Broken(f"{school.slug}: a letter in the box has no row in the trail.")
        if said != chain.letter_digest(letter):
            raise Broken(f"{school.slug}: a letter was changed after it arrived.")
        if letter.taken_away and letter.bound and not left & _names_of(letter):
            raise Broken(f"{school.slug}: a conversation was cut off, and not by its author.")


def _names_of(letter: Letter) -> set[str]:
    """How the trail may name what concerns a letter: before it has a number, and after."""
    entry = getattr(letter, "entry", None)
    return {chain.letter_name(letter), *([chain.entry_name(entry)] if entry else [])}


def _verify_messages(school: School, digests: dict[str, bytes]) -> None:
    """Every message of a conversation stands in the trail as it is."""
    messages = (
        Message.objects.filter(letter__school=school)
        .select_related("letter")
        .prefetch_related("attachments")
        .order_by("pk")
    )
    for message in messages.iterator(chunk_size=CHUNK):
        said = digests.pop(chain.message_name(message), None)
        if said is None and message.from_author and not message.bound:
            continue  # as of a letter
        if said is None:
            raise Broken(f"{school.slug}: a message has no row in the trail.")
        if said != chain.message_digest(message):
            raise Broken(f"{school.slug}: a message was changed after it was sent.")


def _verify_forwardings(school: School, digests: dict[str, bytes]) -> None:
    forwardings = (
        Forwarding.objects.filter(school=school).select_related("entry__volume").order_by("pk")
    )
    for forwarding in forwardings.iterator(chunk_size=CHUNK):
        place = f"{school.slug}: {chain.forwarding_name(forwarding)}"
        said = digests.pop(chain.forwarding_name(forwarding), None)
        if said is None:
            raise Broken(f"{place} has no row in the trail.")
        if said != chain.forwarding_digest(forwarding):
            raise Broken(f"{place} was changed outside the journal.")


def _verify_scans(school: School, digests: dict[str, bytes]) -> None:
    for file in EntryFile.of_school(school).order_by("pk").iterator(chunk_size=CHUNK):
        said = digests.pop(chain.entry_file_name(file), None)
        if said is None:
            raise Broken(f"{school.slug}: {file.place} has no row in the trail.")
        if said != chain.entry_file_digest(file):
            raise Broken(f"{school.slug}: {file.place} was changed outside the journal.")


def _verify_meetings(school: School, digests: dict[str, bytes]) -> None:
    expected: dict[int, int] = {}
    meetings = (
        Meeting.objects.filter(school=school, state=Meeting.State.HELD)
        .prefetch_related("points__entry__volume", "decisions__entry__volume")
        .order_by("school_year", "number")
    )
    for meeting in meetings.iterator(chunk_size=CHUNK):
        place = f"{school.slug}: {chain.meeting_name(meeting)}"
        if meeting.number != expected.get(meeting.school_year, 0) + 1:
            raise Broken(f"{place}: the one before it is missing.")
        expected[meeting.school_year] = meeting.number
        said = digests.pop(chain.meeting_name(meeting), None)
        if said is None:
            raise Broken(f"{place} has no row in the trail.")
        if said != chain.meeting_digest(meeting):
            raise Broken(f"{place} was changed outside the journal.")
