"""Telling people something by e-mail: put down in the caller's transaction, sent by the worker afterwards.

A mail rolled back with what it tells was never there; one committed with it is sent, whatever dies in between.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from schools.mailing import NO_NEWS, mail_leaves, wants_mail
from schools.models import Mail, School, User
from schools.tasks import send_mail

# Before everything else that waits for a worker.
DANGER_PRIORITY = 50

__all__ = ["mail_leaves", "post", "told_nothing"]


@transaction.atomic
def post(
    *,
    person: User,
    school: School | None,
    kind: str,
    occasion: str,
    figures: dict[str, Any] | None = None,
    not_before: datetime.datetime | None = None,
) -> Mail | None:
    """Tell a person something once. None when this occasion was told already, or they are not told such things.

    ``occasion`` names what is told and to whom, unique in the whole installation, by numbers alone. ``figures`` are
    counts and dates for the text; no name and nothing of a letter. The mail leaves a second after the caller's
    transaction has ended, or soon after ``not_before``.
    """
    if not wants_mail(person, kind):
        return None
    now = timezone.now()
    mail, fresh = Mail.objects.get_or_create(
        occasion=occasion,
        defaults={
            "person": person,
            "school": school,
            "kind": kind,
            "figures": figures or {},
            "written_at": _hour(now),
            "next_try_at": not_before or now,
        },
    )
    if not fresh:
        return None
    if not_before is None:
        # A mail for later needs none: the reminder sends what is due. A task would keep the minute it was made.
        priority = DANGER_PRIORITY if kind == Mail.Kind.DANGER else 0
        send_mail.using(priority=priority).enqueue(mail.pk)
    return mail


def told_nothing(*, person: User, kind: str, occasion: str) -> None:
    """Remember that there was nothing to tell, so that it is not looked up again."""
    hour = _hour(timezone.now())
    Mail.objects.bulk_create(
        [
            Mail(
                person=person,
                kind=kind,
                occasion=occasion,
                state=Mail.State.DROPPED,
                fault=NO_NEWS,
                written_at=hour,
                next_try_at=hour,
            )
        ],
        ignore_conflicts=True,
    )


def _hour(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
