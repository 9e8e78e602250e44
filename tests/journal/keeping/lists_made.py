"""Lists for destruction in a school of the demonstration, as far on their way as a page needs them."""

import datetime

from django.db import transaction
from django.db.models import Max

from journal.keeping import open_lists
from journal.models import Destruction, Doomed, Entry, Meeting
from journal.services import destroying
from journal.services.entering import PaperLetter, Registration, rules_for, write_in
from journal.services.trail import lock_book
from schools.models import School, User
from schools.models.regulation import Audience
from schools.selectors import categories_of, key_in_use

# Longer ago than any regulation asks for. By this day the entries made here are known.
LONG_AGO = datetime.date(2015, 2, 3)
DUE, DRAWN_UP, APPROVED, DONE = "due", "drawn_up", "approved", "done"


def make_lists(slug: str, *stages: str) -> None:
    """For each of the stages an entry of its own that is ``due``, or stands on a list that has come so far.

    Lists made before are called off. The entries are made here, as many as are missing, so that whatever else is in
    the demonstration stays for other pages, however often lists are made.
    """
    school = School.objects.get(slug=slug)
    by = User.objects.get(username=f"psychologist.{slug}")
    open_lists(school).update(called_off_on=school.today())
    own = Entry.objects.filter(school=school, closed_on=LONG_AGO, destroyed_on=None).order_by("pk")
    for _missing in range(len(stages) - own.count()):
        _close_long_ago(_typed_in(school, by))
    for stage, entry in zip(stages, list(own), strict=False):
        if stage != DUE:
            _list(entry, stage, by)


@transaction.atomic
def _typed_in(school: School, by: User) -> Entry:
    rules = rules_for(school, taken_on=LONG_AGO, class_group="")
    entry, _key = write_in(
        book=lock_book(school),
        rules=rules,
        key=key_in_use(school),
        opening=None,
        paper=PaperLetter(text="2015", audience=Audience.STUDENT, signed=False),
        registration=Registration(summary="2015", category=categories_of(school)[0]),
        by=by,
    )
    return entry


def _close_long_ago(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(
        state=Entry.State.CLOSED, no_reply=True, closed_on=LONG_AGO
    )


def _list(entry: Entry, stage: str, by: User) -> None:
    school = entry.school
    meeting = (
        Meeting.objects.filter(school=school, state=Meeting.State.HELD).order_by("held_on").last()
    )
    newest = Destruction.objects.filter(school=school).aggregate(last=Max("number"))["last"] or 0
    made = Destruction.objects.create(
        school=school, number=newest + 1, drawn_up_on=meeting.held_on, drawn_up_by=by
    )
    Doomed.objects.create(destruction=made, entry=entry)
    if stage in (APPROVED, DONE):
        made.meeting, made.approved_on, made.approved_by = meeting, school.today(), by
        made.save()
    if stage == DONE:
        destroying.carry_out(school=school, destruction=made, by=by)
