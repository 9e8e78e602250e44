"""What has to happen by the clock: alerts nobody answered, the morning's mail, reports, mails to try again, tidying up.

``remind`` does all of it once. The worker calls it every half minute, cron may call it as well: it is safe to repeat,
safe with two at once, and what fails in one part leaves the others alone.
"""

import datetime
import logging
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from box.models import Letter, Message
from box.services.attaching import sweep
from box.services.submitting import hour_of
from journal.days import Morning, morning_of
from journal.models import Entry, Escalation
from journal.services import alerting, arrivals, at_region, taking_over
from schools.models import Mail, Membership, School, User
from schools.selectors import people_allowed, useful_grants
from schools.services import sending
from schools.services.posting import post, told_nothing

log = logging.getLogger(__name__)

# For how long one call makes digests, and for how long it sends; the rest is for the next call.
DIGEST_SECONDS = 10.0
SENDING_SECONDS = 20.0
_HOUR = datetime.timedelta(hours=1)
# Within which a day has its digest, whatever the zones of a person's schools.
_TWO_DAYS = datetime.timedelta(days=2)

Result = TypeVar("Result")


@dataclass
class Reminded:
    """How much one call did. ``failed`` names the parts that met an error; ``more``: some is left for the next."""

    alerts: int = 0
    digests: int = 0
    mails: int = 0
    files: int = 0
    forgotten: int = 0
    # What rooms above do by the clock (``settings.REMINDERS``).
    others: int = 0
    more: bool = False
    failed: list[str] = field(default_factory=list)


def remind(now: datetime.datetime | None = None) -> Reminded:
    """Everything that is due at ``now``. Outside of any transaction: each part has its own."""
    now = now or timezone.now()
    done = Reminded()
    done.alerts = _tried(done, "alerts", lambda: alerting.escalate_due(now)) or 0
    _tried(done, "regions", lambda: at_region.look_after(now))
    _tried(done, "arrivals", arrivals.bind_everything)
    _tried(done, "digests", lambda: _post_digests(now, done))
    for place in settings.REMINDERS:
        reminder = import_string(place)
        done.others += _tried(done, place.rpartition(".")[2], partial(reminder, now)) or 0
    done.mails = _tried(done, "mails", lambda: sending.send_due(seconds=SENDING_SECONDS)) or 0
    done.files = _tried(done, "files", lambda: _sweep_hourly(now)) or 0
    done.forgotten = _tried(done, "forgetting", sending.forget_old) or 0
    done.forgotten += _tried(done, "incoming", lambda: taking_over.forget_old(now)) or 0
    return done


def _sweep_hourly(now: datetime.datetime) -> int:
    """Files that no row names. A storage on another machine is asked for every name it has: once an hour is enough."""
    mark = Path(settings.DATA_DIR) / "swept"
    if mark.exists() and abs(now.timestamp() - mark.stat().st_mtime) < _HOUR.total_seconds():
        return 0
    mark.touch()
    os.utime(mark, (now.timestamp(), now.timestamp()))
    return sweep()


def _tried(done: Reminded, part: str, act: Callable[[], Result]) -> Result | None:
    try:
        return act()
    except Exception:
        log.exception("A part of the reminder failed: %s.", part)
        done.failed.append(part)
        return None


@dataclass(frozen=True)
class _Round:
    """A person's morning, not told yet: the date it is, and the schools of theirs."""

    person: User
    day: datetime.date
    schools: list[School]

    @property
    def occasion(self) -> str:
        return _occasion(self.person.pk, self.day)


def _occasion(person: int, day: datetime.date) -> str:
    return f"digest:{person}:{day.isoformat()}"


def _post_digests(now: datetime.datetime, done: Reminded) -> None:
    until = time.monotonic() + DIGEST_SECONDS
    for morning in _mornings_to_tell(now):
        if time.monotonic() > until:
            done.more = True
            return
        done.digests += _tell_morning(morning)


def _mornings_to_tell(now: datetime.datetime) -> Iterator[_Round]:
    """One for each person and day, as soon as the clock of one of their schools has come to its hour."""
    begun: dict[int, datetime.date] = {}
    schools = {school.pk: school for school in School.objects.all()}
    for school in schools.values():
        there = now.astimezone(school.zone)
        if there.time() >= school.digest_at:
            begun[school.pk] = there.date()
    told = set(
        Mail.objects.filter(kind=Mail.Kind.DIGEST, written_at__gt=now - _TWO_DAYS).values_list(
            "occasion", flat=True
        )
    )
    days: dict[User, datetime.date] = {}
    own: dict[int, dict[int, School]] = defaultdict(dict)
    rows = Membership.objects.filter(user__is_active=True, user__mail_digest=True)
    for row in rows.exclude(user__email="").select_related("user").order_by("user_id"):
        own[row.user_id][row.school_id] = schools[row.school_id]
        if row.school_id in begun:
            day = begun[row.school_id]
            days[row.user] = max(days.get(row.user, day), day)
    for person, day in days.items():
        if _occasion(person.pk, day) not in told:
            yield _Round(person=person, day=day, schools=list(own[person.pk].values()))


@transaction.atomic
def _tell_morning(morning: _Round) -> bool:
    """The counts of now, as one mail; a morning with nothing to tell is remembered as well."""
    news = [one for one in morning_of(morning.schools, morning.person) if one.has_news]
    if not news:
        told_nothing(person=morning.person, kind=Mail.Kind.DIGEST, occasion=morning.occasion)
        return False
    mail = post(
        person=morning.person,
        school=None,
        kind=Mail.Kind.DIGEST,
        occasion=morning.occasion,
        figures={"schools": [_figures(one) for one in news]},
    )
    if mail is not None:
        sending.drop_older(mail=mail)
    return mail is not None


def _figures(news: Morning) -> dict[str, int | str]:
    """Counts and the hour of an opening, by the school's number."""
    return {
        "school": news.school.pk,
        "opening": news.opening_at.strftime("%H:%M") if news.opening_at else "",
        **{name: getattr(news, name) for name in COUNTS},
    }


COUNTS = (
    "waiting",
    "unregistered",
    "due_today",
    "due_soon",
    "overdue",
    "to_send_on",
    "forwardings_overdue",
    "new_messages",
    "to_list",
    "lists_to_approve",
    "lists_to_carry_out",
)


def tell_author_wrote(letter: Letter) -> None:
    """The author of a letter registered or set aside wrote back: one mail to each who reads it and wants it, until it
    is read.

    In the transaction that stores the message. The mail leaves at the full hour: when exactly somebody wrote is kept
    nowhere, and is not told by a mailbox either. Danger is told at once, by its alert.
    """
    entry = Entry.objects.filter(letter=letter).first()
    if letter.with_region:
        _tell_region_author_wrote(letter)
    unread = (
        Message.objects.filter(
            letter=letter, kind=Message.Kind.FROM_AUTHOR, seen=False, danger=False
        )
        .order_by("position")
        .first()
    )
    is_read = entry is not None or letter.state == Letter.State.SET_ASIDE
    if unread is None or not is_read:
        return
    if unread.school_key_id is None:
        # They read it in person, whether they hold the school's key or not.
        reading = [int(person) for person in unread.personal_keys]
    else:
        grants = useful_grants().filter(key__school=letter.school, key__retired_at__isnull=True)
        reading = grants.values("holder")
    readers = people_allowed(letter.school, "journal.view_entry").filter(pk__in=reading)
    for person in readers.order_by("pk"):
        if not (
            (entry or letter).is_withheld_from(person.pk) or unread.is_withheld_from(person.pk)
        ):
            post(
                person=person,
                school=letter.school,
                kind=Mail.Kind.AUTHOR_WROTE,
                occasion=f"author_wrote:{unread.pk}:{person.pk}",
                not_before=hour_of(timezone.now()) + _HOUR,
            )


def _tell_region_author_wrote(letter: Letter) -> None:
    """To the named person of the region, who reads the letter: once a day, at the full hour."""
    case = Escalation.objects.filter(letter=letter).select_related("officer").first()
    reads = case is not None and (case.closed_at is None or letter.state == Letter.State.AT_REGION)
    if reads and case.officer is not None:
        post(
            person=case.officer,
            school=letter.school,
            kind=Mail.Kind.AUTHOR_WROTE,
            occasion=f"author_wrote_region:{case.pk}:{case.officer_id}:{letter.school.today()}",
            not_before=hour_of(timezone.now()) + _HOUR,
        )
