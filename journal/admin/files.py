"""Files that came with letters: their lists on the staff's pages, the download, and the preview of a picture."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from box.files.field import files_again
from box.files.uploads import FIELD
from box.models import Attachment
from box.services.attaching import NotThere, OpenedFile
from journal.admin.pages import day_of, staff_page
from journal.destroyed import Act, acts_of_files, destroyed_by
from journal.models import Entry, EntryFile, TakenLetter
from schools.models import School
from vault.errors import NotForThisKey
from vault.keyring import Keyring

GONE = 410
# The file is looked at, or lies on the disk: in neither case does it do anything, or ask anybody for anything.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

# The list that ``journal/_files.html`` shows.
Files = list[dict[str, Any]]


def files_of_entry(entry: Entry, keyring: Keyring) -> dict[int | None, Files]:
    """Files of an entry's letter (scans of one on paper) under None, of its messages under their ids.

    One query, and one more where some were destroyed.
    """
    found: dict[int | None, Files] = {}
    if entry.letter_id is None:
        lines = [
            _line(scan, keyring, lambda name, row: _in_entry(name, entry, row))
            for scan in EntryFile.objects.filter(entry=entry)
        ]
        return {None: [line for line in lines if line is not None]}
    rows = list(Attachment.objects.filter(letter=entry.letter_id).order_by("position"))
    gone = any(row.opens_to_nobody for row in rows) and entry.destroyed_on is None
    acts = acts_of_files(entry.letter_id) if gone else {}
    for attachment in rows:
        if attachment.pk in acts:
            line = _gone_line(attachment, acts[attachment.pk])
        else:
            line = _line(attachment, keyring, lambda name, row: _in_entry(name, entry, row))
        if line is not None:
            found.setdefault(attachment.message_id, []).append(line)
    return found


def files_of_letters(taken: Iterable[TakenLetter], keyring: Keyring) -> dict[int, Files]:
    """Files of letters taken out, by the id of the taken letter. One query."""
    by_letter = {row.letter_id: row for row in taken if row.letter_id}
    found: dict[int, Files] = {}
    for attachment in Attachment.objects.filter(letter__in=by_letter).order_by("position"):
        row = by_letter[attachment.letter_id]
        line = _line(attachment, keyring, lambda name, file, row=row: _in_opening(name, row, file))
        if line is not None:
            found.setdefault(row.pk, []).append(line)
    return found


def _in_entry(name: str, entry: Entry, attachment: Attachment | EntryFile) -> str:
    return reverse(f"admin:journal_entry_{name}", args=[entry.pk, attachment.position])


def _in_opening(name: str, taken: TakenLetter, attachment: Attachment) -> str:
    return reverse(
        f"admin:journal_opening_{name}", args=[taken.opening_id, taken.pk, attachment.position]
    )


def _line(
    attachment: Attachment | EntryFile,
    keyring: Keyring,
    address: Callable[[str, Attachment | EntryFile], str],
) -> dict[str, Any] | None:
    said = attachment.read_or_none(keyring)
    if said is None:
        return None
    is_picture = attachment.kind == Attachment.Kind.PICTURE
    return {
        "label": _label(attachment),
        "size": filesizeformat(said["size"]),
        "download": address("file", attachment),
        "preview": address("preview", attachment) if is_picture else "",
    }


def _gone_line(attachment: Attachment, act: Act) -> dict[str, Any]:
    """A file that nobody opened in its time."""
    return {"label": _label(attachment), "destroyed": destroyed_by(act, day_of)}


def _label(attachment: Attachment | EntryFile) -> str:
    return f"{capfirst(attachment.get_kind_display())} {attachment.position}"


def not_put_away() -> str:
    """What a form says when the storage takes no files."""
    return _("The files could not be put away just now. Try again later.")


def say_files_again(request: HttpRequest, form: forms.Form) -> None:
    """A form shown again cannot keep its files: say so, where they have no error of their own."""
    said = files_again(request, form)
    if said:
        form.add_error(FIELD, said)


def file_answer(opened: OpenedFile, *, preview: bool = False) -> StreamingHttpResponse | None:
    """The file, decrypted while it is sent; None when the storage does not have it as it was put there."""
    try:
        first = next(opened.chunks, b"")
    except (NotThere, NotForThisKey):
        return None
    how = "inline" if preview else "attachment"
    return StreamingHttpResponse(
        _from_first(first, opened.chunks),
        content_type=opened.mime,
        headers={
            "Content-Disposition": f'{how}; filename="{opened.name}"',
            "Content-Length": str(opened.size),
            "Content-Security-Policy": FILE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
        },
    )


def _from_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def gone_page(request: HttpRequest, *, school: School, back: str) -> HttpResponse:
    """410: the storage lost the file, or somebody changed it there."""
    return staff_page(
        request,
        "journal/file_gone.html",
        {"title": _("This file cannot be opened"), "school": school, "back": back},
        status=GONE,
    )
