"""The addresses at which the staff get a letter's files: under the entry, and before that under the opening."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from box.models import Attachment
from journal.admin.files import file_answer, gone_page
from journal.models import Entry, EntryFile, Opening, TakenLetter, Trail
from journal.services.files import read_file
from journal.services.refusing import Withheld, note_letter_refused, note_step_refused
from vault.errors import NotForThisKey

Guard = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def _fetched(letter_id: int | None, position: int) -> Attachment:
    return get_object_or_404(Attachment, letter=letter_id or 0, position=position)


def _of_entry(entry: Entry, position: int) -> Attachment | EntryFile:
    """A file of the letter from the site, or the scan of one on paper."""
    if entry.letter_id is None:
        return get_object_or_404(EntryFile, entry=entry, position=position)
    return _fetched(entry.letter_id, position)


def _previewed(attachment: Attachment | EntryFile, preview: bool) -> None:
    if preview and attachment.kind != Attachment.Kind.PICTURE:
        raise Http404


class EntryFiles:
    """For the admin of entries, which brings ``fetch``."""

    fetch: Callable[..., Entry]

    def file_urls(self, guarded: Guard) -> list[URLPattern]:
        """Download and preview."""
        start = "<int:pk>/file/<int:position>/"
        more = {"preview": True}
        view = guarded(self.file_view)
        return [
            path(start, view, name="journal_entry_file"),
            path(f"{start}preview/", view, more, name="journal_entry_preview"),
        ]

    @method_decorator(require_GET)
    def file_view(
        self, request: HttpRequest, pk: int, position: int, preview: bool = False
    ) -> HttpResponse:
        """A file of the entry's letter or of a message. Whom the entry is closed to is refused, with a row."""
        entry = self.fetch(request, pk)
        if entry.is_withheld_from(request.user.pk) or entry.is_closed_to(request.keyring):
            note_step_refused(entry=entry, step=Trail.Step.FILE_READ, by=request.user)
            raise Withheld
        attachment = _of_entry(entry, position)
        _previewed(attachment, preview)
        facts: dict[str, Any] = {"by": request.user, "keyring": request.keyring}
        try:
            opened = read_file(attachment=attachment, entry=entry, preview=preview, **facts)
        except NotForThisKey:
            note_step_refused(entry=entry, step=Trail.Step.FILE_READ, by=request.user)
            raise Withheld from None
        back = reverse("admin:journal_entry_change", args=[entry.pk])
        return file_answer(opened, preview=preview) or gone_page(
            request, school=entry.school, back=back
        )


class OpeningFiles:
    """For the admin of openings, which brings ``fetch``: a letter has files before it has a number."""

    fetch: Callable[..., Opening]

    def file_urls(self, guarded: Guard) -> list[URLPattern]:
        """Download and preview."""
        start = "<int:pk>/letter/<int:taken_pk>/file/<int:position>/"
        more = {"preview": True}
        view = guarded(self.file_view)
        return [
            path(start, view, name="journal_opening_file"),
            path(f"{start}preview/", view, more, name="journal_opening_preview"),
        ]

    @method_decorator(require_GET)
    def file_view(
        self, request: HttpRequest, pk: int, taken_pk: int, position: int, preview: bool = False
    ) -> HttpResponse:
        """A file of a letter that was taken out and has no number yet; once it has one, the entry's address."""
        opening = self.fetch(request, pk)
        taken = get_object_or_404(
            TakenLetter.objects.select_related("letter"),
            opening=opening,
            pk=taken_pk,
            letter__isnull=False,
        )
        taken.opening = opening
        if taken.letter.is_withheld_from(request.user.pk) or taken.letter.is_closed_to(
            request.keyring
        ):
            note_letter_refused(taken=taken, by=request.user)
            raise Withheld
        attachment = _fetched(taken.letter_id, position)
        _previewed(attachment, preview)
        if taken.entry_id:
            name = "preview" if preview else "file"
            return HttpResponseRedirect(
                reverse(f"admin:journal_entry_{name}", args=[taken.entry_id, position])
            )
        if not taken.is_waiting:
            raise Http404  # set aside: its words are shown nowhere either
        facts: dict[str, Any] = {"by": request.user, "keyring": request.keyring}
        try:
            opened = read_file(attachment=attachment, taken=taken, preview=preview, **facts)
        except NotForThisKey:
            note_letter_refused(taken=taken, by=request.user)
            raise Withheld from None
        back = reverse("admin:journal_opening_change", args=[opening.pk])
        return file_answer(opened, preview=preview) or gone_page(
            request, school=opening.school, back=back
        )
