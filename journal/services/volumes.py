"""Closing a volume of the journal."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from journal.models import Entry, Trail, Volume
from journal.services.refusing import refusal_stays
from journal.services.trail import append, lock_book
from schools.errors import Conflict, Refused
from schools.models import School, User
from schools.schedule import ONE_DAY


def can_be_closed_from(volume: Volume) -> datetime.date:
    """The first day on which the volume can be closed: when its period is over no letter comes into it any more."""
    return volume.period_to + ONE_DAY


def still_open(volume: Volume) -> list[Entry]:
    """The entries of a volume whose work is not finished, by number: closing the volume carries them over."""
    return list(
        Entry.objects.filter(volume=volume).exclude(state=Entry.State.CLOSED).order_by("number")
    )


@refusal_stays
@transaction.atomic
def close_volume(*, school: School, volume: Volume, expected_open: list[int], by: User) -> Volume:
    """Lock a volume of the school. What is open in it is carried over by reference, and work on it goes on.

    ``expected_open`` are the numbers that the person was shown as still open. Raises Refused, and Conflict when the
    volume was closed meanwhile or other entries are open now.
    """
    book = lock_book(school)
    volume = Volume.objects.select_for_update().get(pk=volume.pk, school=school)
    if not by.has_perm("journal.close_volume", school):
        raise Refused(_("Your role does not close volumes of the journal."))
    if volume.is_closed:
        raise Conflict(_("Somebody else has closed this volume already."))
    today = school.today()
    if today < can_be_closed_from(volume):
        raise Refused(_("The volume can be closed when its period is over."))
    numbers = [entry.number for entry in still_open(volume)]
    if numbers != sorted(expected_open):
        raise Conflict(_("Other entries are open now than the page showed."))
    volume.finished_on = today
    volume.finished_by = by
    volume.carried_over = numbers
    volume.save(update_fields=["finished_on", "finished_by", "carried_over"])
    append(
        book=book,
        step=Trail.Step.VOLUME_CLOSED,
        by=by,
        facts={"volume": volume.number, "entries": volume.last_number, "carried_over": numbers},
    )
    return volume
