"""Invitations: how a new colleague, or one who forgot the password, comes in. Nobody else ever knows the password."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from schools.errors import Refused
from schools.models import Invitation, User
from schools.services.second_factor import forget
from schools.services.signing_in import change_password, open_pair, reset_password
from vault.pairs import KeyPair

GOOD_FOR = datetime.timedelta(hours=72)
TOKEN_BYTES = 32


class NotMailed(Exception):
    """The mail server did not take the mail."""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def invite(*, user: User, by: User | None) -> str:
    """A fresh token for the person's link; links given before open nothing any more.

    Their password stays until the new link is used. ``by`` is None for a command on the server. Raises Refused.
    """
    if not user.is_active:
        raise Refused(_("This person may not sign in any more."))
    Invitation.objects.filter(user=user, used_at__isnull=True).delete()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Invitation.objects.create(
        user=user, token_hash=_hash(token), made_by=by, good_until=timezone.now() + GOOD_FOR
    )
    return token


def invite_all(*, users: Sequence[User], by: User | None) -> list[str]:
    """The tokens of people whose accounts were made just now, in their order."""
    tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _user in users]
    until = timezone.now() + GOOD_FOR
    Invitation.objects.bulk_create(
        Invitation(user=user, token_hash=_hash(token), made_by=by, good_until=until)
        for user, token in zip(users, tokens, strict=True)
    )
    return tokens


def can_mail() -> bool:
    """Whether this installation sends mail at all (EMAIL_URL)."""
    return settings.EMAIL_BACKEND != "django.core.mail.backends.dummy.EmailBackend"


def mail_link(*, user: User, address: str) -> None:
    """The link, in the person's language, and nothing about school, box or letters. Raises NotMailed."""
    with override(user.language):
        subject = _("Your link")
        text = _("By this link you choose your password. It opens once, within 72 hours:")
    try:
        send_mail(subject, f"{text}\n\n{address}\n", None, [user.email])
    except (SMTPException, OSError):
        raise NotMailed from None


def invitation_of(token: str) -> Invitation | None:
    """The invitation a link leads to, as long as it is good; None for used, old and unknown ones alike."""
    return (
        Invitation.objects.select_related("user")
        .filter(
            token_hash=_hash(token),
            used_at__isnull=True,
            good_until__gt=timezone.now(),
            user__is_active=True,
        )
        .first()
    )


def came_with_pair(user: User) -> bool:
    """Whether somebody arrived with their school's archive: with a pair, under a password that was chosen elsewhere."""
    return user.has_pair and not user.has_usable_password()


@transaction.atomic
def accept(*, token: str, password: str, former: str = "") -> tuple[User, KeyPair]:
    """Use the link: a new password, a new pair, no key of any school until a colleague grants it.

    ``former``: the password of before, of somebody whose pair came with their school (``came_with_pair``); then the
    pair stays, and the keys with it. The former second factor ends too: whoever lost the phone with it comes in again.
    Raises Refused, and WrongPassword for another ``former``: then the link is still good.
    """
    found = invitation_of(token)
    invitation = (
        Invitation.objects.select_for_update().filter(pk=found.pk, used_at__isnull=True).first()
        if found
        else None
    )
    if invitation is None:
        raise Refused(_("This link was used already or is too old. Ask for a new one."))
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    if former and came_with_pair(user):
        change_password(user=user, old=former, new=password)
    else:
        reset_password(user=user, new=password)
    forget(user=user)
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    return user, open_pair(user=user, password=password)
