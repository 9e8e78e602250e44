"""Opening the box."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from box.models import Letter
from box.services import following
from journal.alerts import crying_letters
from journal.models import Opening, TakenLetter, Trail
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import School, User
from schools.models.regulation import Source
from schools.selectors import key_in_use
from vault.keyring import Keyring


@dataclass(frozen=True)
class Present:
    """Somebody present at an opening, as the act names them: a role's slug, or words where there is none."""

    name: str
    role: str = ""
    post: str = ""


@refusal_stays
@transaction.atomic
def open_box(
    *,
    school: School,
    present: list[Present],
    place: str,
    kind: str,
    reason: str,
    paper_count: int,
    last_seen: int | None,
    by: User,
    keyring: Keyring,
) -> Opening:
    """Take every letter out of the school's box, and draw up the opening, also of an empty box.

    ``last_seen`` is the id of the newest opening when the form was shown: if another one came since, the
    letters are out already. Raises Refused, and Conflict naming who was first.
    """
    if not by.has_perm("journal.open_box", school):
        raise Refused(_("Your role does not open the box of this school."))
    key = key_in_use(school)
    if key is None or not keyring.opens_school_key(key.pk):
        raise Refused(_("You do not hold the key of this school’s box."))
    if not present:
        raise Refused(_("Name at least one person who is present."))
    if kind == Opening.Kind.OUT_OF_TURN and not reason:
        raise Refused(_("Say why the box is opened out of turn."))
    book = lock_book(school)
    newest = (
        Opening.objects.filter(school=school).order_by("-pk").select_related("opened_by").first()
    )
    if newest is not None and newest.pk != last_seen:
        raise Conflict(
            _(
                "%(person)s has opened the box already: opening %(number)s, letters taken out: %(count)s."
            )
            % {
                "person": newest.opened_by,
                "number": newest,
                "count": newest.web_count + newest.paper_count,
            }
        )
    if kind == Opening.Kind.DANGER:
        if not crying_letters(school, by).exists():
            raise Refused(_("No letter in the box says that somebody is in danger."))
        reason = reason or _danger_reason(school)
    now = timezone.now()
    today = now.astimezone(school.zone).date()
    last_number = Opening.objects.filter(school=school, year=today.year).aggregate(Max("number"))
    letters = list(
        Letter.objects.select_for_update()
        .filter(school=school, state=Letter.State.IN_BOX)
        .order_by("pk")
        .only("pk", "signed")
    )
    opening = Opening(
        school=school,
        year=today.year,
        number=(last_number["number__max"] or 0) + 1,
        opened_at=now,
        opened_by=by,
        kind=Opening.Kind(kind),
        present=[asdict(person) for person in present],
        web_count=len(letters),
        paper_count=paper_count,
    )
    opening.write({"place": place, "reason": reason}, key=opening.lock_for_school(key))
    opening.save()
    TakenLetter.objects.bulk_create(
        [
            TakenLetter(
                opening=opening,
                position=position,
                source=Source.WEB,
                signed=letter.signed,
                letter=letter,
            )
            for position, letter in enumerate(letters, start=1)
        ]
    )
    following.tell_taken_out(letter_ids=[letter.pk for letter in letters], on=today)
    append(
        book=book,
        step=Trail.Step.BOX_OPENED,
        by=by,
        opening=opening,
        facts={"kind": opening.kind, "web": len(letters), "paper": paper_count},
    )
    return opening


def _danger_reason(school: School) -> str:
    """The reason by itself, in the language of the school's papers: nobody has time for it then."""
    with override(school.main_language):
        return _("A letter in the box says that somebody is in danger.")
