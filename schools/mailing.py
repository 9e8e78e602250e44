"""What is known about e-mail: whether it leaves at all, who is told what, and what waits."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from schools.models import Mail, SignOfLife, User

# Backends with which nothing leaves this machine.
_KEEPS_HERE = {
    f"django.core.mail.backends.{kind}.EmailBackend" for kind in ("dummy", "filebased", "console")
}
# Mails whose number says nothing about any letter.
TELL_NOTHING = [Mail.Kind.DIGEST, Mail.Kind.REPORT, Mail.Kind.INVITATION, Mail.Kind.TEST]
# Faults of one mail alone; any other is of the mail server, or of the way to it.
OF_ONE_MAIL = ["SMTPRecipientsRefused", "SMTPDataError"]
# Why a mail never left, without any fault: a newer one tells the same, the person does not want it, there was no news.
OUTDATED, UNWANTED, NO_NEWS = "outdated", "unwanted", "no news"
NO_FAULT = [OUTDATED, UNWANTED, NO_NEWS]


def mail_leaves() -> bool:
    """Whether this installation sends mail to people at all: EMAIL_URL names a mail server."""
    return settings.EMAIL_BACKEND not in _KEEPS_HERE


def somebody_sends() -> bool:
    """Whether a worker, or cron in its place, has looked after the e-mails just now."""
    return SignOfLife.objects.filter(seen_at__gt=timezone.now() - SILENT_FOR).exists()


def mail_goes() -> bool:
    """Whether an e-mail written now would leave at once, as far as can be known: a mail server is named, it answers,
    somebody sends, and nothing lies untouched. What the public pages promise follows from it."""
    if not mail_leaves() or not somebody_sends():
        return False
    untouched = Q(in_hand_since=None, next_try_at__lt=timezone.now() - UNTOUCHED_FOR)
    silent = ~Q(fault__in=["", *OF_ONE_MAIL])
    return not Mail.objects.filter(untouched | silent, state=Mail.State.WAITING).exists()


def wants_mail(person: User, kind: str) -> bool:
    """Whether the person is told this by e-mail: has an address, may sign in, and chose it. Danger is no choice."""
    if not person.is_active or not person.email:
        return False
    if kind == Mail.Kind.DIGEST:
        return person.mail_digest
    if kind == Mail.Kind.AUTHOR_WROTE:
        return person.mail_author_wrote
    if kind == Mail.Kind.INVITATION:
        # Who has come in by a link given otherwise keeps that password.
        return not person.has_pair
    return True


@dataclass(frozen=True)
class MailState:
    """How e-mail does: whether it leaves, how many wait since when for a server, how many were given up."""

    leaves: bool
    waiting: int = 0
    since: datetime.datetime | None = None
    fault: str = ""
    given_up: int = 0
    # Whether nobody sends: a mail that is due lies untouched, or no worker has been seen.
    no_worker: bool = False

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to tell."""
        return self.leaves and not (self.waiting or self.given_up or self.no_worker)


# A mail due for so long that nobody tried: no worker runs.
UNTOUCHED_FOR = datetime.timedelta(minutes=5)
# A worker says each minute that it is there, and cron comes as often; a mail server can hold either up for a while.
SILENT_FOR = datetime.timedelta(minutes=5)


def mail_state(person: User) -> MailState:
    """How e-mail does, for whoever looks after the installation or a school; others learn whether it leaves.

    One query, and one more where e-mail leaves at all. The operator's count is of all mails, an administrator's of
    those to the people of their schools whose number tells nothing about a letter: it may be about the administrator.
    """
    if person.is_operator:
        rows = Mail.objects.all()
    else:
        schools = person.schools_allowing("schools.change_school")
        if not schools:
            return MailState(leaves=mail_leaves())
        rows = Mail.objects.filter(
            kind__in=TELL_NOTHING,
            person__in=User.objects.filter(memberships__school__in=schools),
        )
    now = timezone.now()
    stuck = Q(state=Mail.State.WAITING) & ~Q(fault="")
    given_up = Q(state=Mail.State.DROPPED) & ~Q(fault__in=NO_FAULT) & ~Q(kind=Mail.Kind.TEST)
    untouched = Q(state=Mail.State.WAITING, in_hand_since=None, next_try_at__lt=now - UNTOUCHED_FOR)
    counted = rows.order_by().aggregate(
        waiting=Count("pk", filter=stuck),
        since=Min("written_at", filter=stuck),
        given_up=Count("pk", filter=given_up),
        untouched=Count("pk", filter=untouched),
    )
    return MailState(
        leaves=mail_leaves(),
        waiting=counted["waiting"],
        since=counted["since"],
        given_up=counted["given_up"],
        no_worker=bool(counted["untouched"]) or (mail_leaves() and not somebody_sends()),
    )
