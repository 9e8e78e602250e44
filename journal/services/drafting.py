"""Drafts: what somebody has typed to an author and not sent yet. Sealed to that person alone."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from journal.models import Draft, Entry, Trail
from schools.models import User
from vault.keyring import Keyring


class DraftGone(Exception):
    """The words were sent, or thrown away, elsewhere: keeping them now would bring them back from the dead."""


@dataclass(frozen=True)
class KeptDraft:
    """A draft as its writer reads it. ``replaced``: it took the place of words kept in another tab."""

    text: str = field(repr=False)
    # Of journal.step_forms.WriteForm; empty when none was chosen yet.
    kind: str
    kept_at: datetime.datetime
    replaced: bool = False

    @property
    def stamp(self) -> str:
        """For the page, which gives it back when it keeps the draft again."""
        return self.kept_at.isoformat()


def draft_of(*, entry: Entry, by: User, keyring: Keyring) -> KeptDraft | None:
    """The person's draft for this entry; None when there is none that opens."""
    draft = Draft.objects.filter(entry=entry, by=by).first()
    content = draft.read_or_none(keyring) if draft else None
    if draft is None or content is None:
        return None
    return KeptDraft(text=content["text"], kind=content.get("kind", ""), kept_at=draft.kept_at)


@transaction.atomic
def keep_draft(
    *, entry: Entry, text: str, kind: str, stamp: str, version: int | None, by: User
) -> KeptDraft | None:
    """Keep the words in place of those kept before; None, and nothing kept, when there are no words.

    ``stamp`` and ``version`` are the draft and the version of the entry that the page knew of. The newer words win.
    Raises DraftGone when the person has sent or thrown away the draft meanwhile.
    """
    # The steps lock the entry too: words on their way here while they are being sent wait for that.
    locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    draft = Draft.objects.filter(entry=entry, by=by).first()
    if draft is None and (stamp or _sent_meanwhile(locked, version, by)):
        raise DraftGone
    if not text.strip():
        throw_away_draft(entry=entry, by=by)
        return None
    replaced = draft is not None and draft.kept_at.isoformat() != stamp
    draft = draft or Draft(entry=entry, by=by)
    key = draft.lock_for_people([(by.pk, bytes(by.public_key))])
    draft.write({"text": text, "kind": kind}, key=key)
    draft.save()
    return KeptDraft(text=text, kind=kind, kept_at=draft.kept_at, replaced=replaced)


def throw_away_draft(*, entry: Entry, by: User) -> None:
    """Nothing of the person's words to this author is kept any more."""
    Draft.objects.filter(entry=entry, by=by).delete()


def _sent_meanwhile(entry: Entry, version: int | None, by: User) -> bool:
    """Whether one of the steps since that version (each raises it by one) sent words of this person."""
    if version is None or entry.version <= version:
        return False
    steps = Trail.objects.filter(entry=entry, facts__has_key="from").order_by("-position")
    return any(
        row.by_id == by.pk
        and (row.step == Trail.Step.WRITTEN_TO or row.facts.get("way") == Entry.ReplyWay.BY_CODE)
        for row in steps[: entry.version - version]
    )
