"""Telling people something by e-mail: put down in the caller's transaction, sent by the worker afterwards.

A mail rolled back with what it tells was never there; one committed with it is sent, whatever dies in between.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.mailing import NO_NEWS, mail_leaves, wants_mail
from schools.models import Mail, School, User
from schools.tasks import send_mail

# Before everything else that waits for a worker.
DANGER_PRIORITY = 50
TESTS_AN_HOUR = 5

__all__ = ["mail_leaves", "post", "post_test", "told_nothing"]


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


def post_test(*, person: User) -> Mail:
    """A test e-mail to somebody who asked for one. Raises Refused without an address, and too often in an hour."""
    if not wants_mail(person, Mail.Kind.TEST):
        raise Refused(_("Your account has no e-mail address."))
    hour = _hour(timezone.now())
    for turn in range(TESTS_AN_HOUR):
        occasion = f"test:{person.pk}:{hour:%Y-%m-%dT%H}:{turn}"
        mail = post(person=person, school=None, kind=Mail.Kind.TEST, occasion=occasion)
        if mail is not None:
            return mail
    raise Refused(_("You have asked for several test e-mails this hour. Try again in the next."))


def post_invitations(*, people: Sequence[User]) -> None:
    """A link to each by e-mail, made when the mail leaves: it stands nowhere before, and is good from then on.

    No task for each: the worker's next round sends what waits, however many there are.
    """
    now = timezone.now()
    Mail.objects.bulk_create(
        Mail(
            person=person,
            kind=Mail.Kind.INVITATION,
            occasion=f"invitation:{person.pk}",
            written_at=_hour(now),
            next_try_at=now,
        )
        for person in people
    )


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
