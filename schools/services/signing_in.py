"""The person's own key pair: made at the first sign-in, opened at each, re-wrapped with a new password."""

from django.db import transaction
from django.db.models import F

from schools.models import KeyGrant, User
from vault.errors import WrongPassword
from vault.pairs import KeyPair, new_pair
from vault.passwords import unwrap, wrap


@transaction.atomic
def open_pair(*, user: User, password: str) -> KeyPair:
    """The person's pair, made now if they have none. Raises vault.errors.WrongPassword."""
    if user.has_pair:
        return unwrap(user.wrapped_private_key, password)
    return _give_new_pair(user, password)


@transaction.atomic
def open_pair_at_sign_in(*, user: User, password: str) -> KeyPair:
    """The pair of somebody who has just been signed in with this password.

    When the password was set behind the program's back, their pair is lost like after any other reset.
    """
    try:
        return open_pair(user=user, password=password)
    except WrongPassword:
        KeyGrant.objects.filter(holder=user).delete()
        return _give_new_pair(user, password)


def _give_new_pair(user: User, password: str) -> KeyPair:
    pair = new_pair()
    user.public_key, user.wrapped_private_key = pair.public, wrap(pair, password)
    user.save(update_fields=["public_key", "wrapped_private_key"])
    return pair


@transaction.atomic
def change_password(*, user: User, old: str, new: str) -> None:
    """A new password by somebody who knows the old one: their keys stay. Raises WrongPassword."""
    pair = open_pair(user=user, password=old)
    user.wrapped_private_key = wrap(pair, new)
    user.set_password(new)
    user.save(update_fields=["wrapped_private_key", "password"])


@transaction.atomic
def reset_password(*, user: User, new: str) -> None:
    """A new password without the old one: the person's pair and keys are gone; a colleague grants again."""
    KeyGrant.objects.filter(holder=user).delete()
    user.public_key = user.wrapped_private_key = b""
    user.set_password(new)
    user.save(update_fields=["public_key", "wrapped_private_key", "password"])


def sign_out_everywhere(*, user: User) -> None:
    """Every session of the person ends at its next request, this one too."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
