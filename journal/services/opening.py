"""Opening the box."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from box.models import Letter
from box.services import following
from journal.alerts import crying_letters
from journal.missed import missed_openings
from journal.models import Opening, TakenLetter, Trail
from journal.services.counting import note_opening
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import Regulation, School, User
from schools.models.regulation import Source
from schools.selectors import key_in_use, regulation_of
from vault.keyring import Keyring


@dataclass(frozen=True)
class Present:
    """Somebody present at an opening, as the act names them: a role's slug, or words where there is none."""

    name: str
    role: str = ""
    post: str = ""
    # By their own sign-in, on the screen on which the box is opened; else they sign on paper.
    confirmed: bool = False


def lacking(*, regulation: Regulation, present: list[Present]) -> list[str]:
    """What the regulation asks for and is not there: slugs of roles, and ``"number"`` where there are too few."""
    there = {person.role for person in present}
    missing = [role for role in regulation.must_be_present if role not in there]
    return [*missing, *(["number"] if len(present) < regulation.least_present else [])]


def _act_number(school: School, regulation: Regulation, year: int, letters: int) -> int | None:
    """The next act of the year, where the regulation asks for one. The book is locked."""
    acts = Regulation.Acts
    if regulation.acts == acts.NONE or (regulation.acts == acts.WITH_LETTERS and not letters):
        return None
    newest = Opening.objects.filter(school=school, year=year).aggregate(Max("act_number"))
    return (newest["act_number__max"] or 0) + 1


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
    few_reason: str = "",
    missed_reason: str = "",
    by: User,
    keyring: Keyring,
) -> Opening:
    """Take every letter out of the school's box, and draw up the opening, also of an empty box.

    ``last_seen`` is the id of the newest opening when the form was shown: if another one came since, the
    letters are out already. ``few_reason``: why fewer are present than the regulation asks for. ``missed_reason``: why
    openings since the one before were missed. Raises Refused, and Conflict naming who was first.
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
    regulation = regulation_of(school)
    missed = missed_openings(school)
    # Where somebody is in danger nothing is asked that could wait.
    if kind != Opening.Kind.DANGER:
        if not few_reason and lacking(regulation=regulation, present=present):
            raise Refused(_("Fewer are present than the regulation asks for: say why."))
        if missed and not missed_reason:
            raise Refused(_("Openings were missed: say why."))
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
    if kind == Opening.Kind.DANGER and not crying_letters(school, by).exists():
        raise Refused(_("No letter in the box says that somebody is in danger."))
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
        act_number=_act_number(school, regulation, today.year, len(letters) + paper_count),
        missed=[day.isoformat() for day in missed],
    )
    opening.write(
        {
            "place": place,
            "reason": reason,
            "few_reason": few_reason if lacking(regulation=regulation, present=present) else "",
            "missed_reason": missed_reason if missed else "",
        },
        key=opening.lock_for_school(key),
    )
    opening.save()
    note_opening(opening=opening)
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
