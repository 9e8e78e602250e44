"""Making a school's key, granting it, taking it away. ``journal.services.key_keeping`` adds the trail."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.models import KeyGrant, School, SchoolKey, User
from schools.selectors import key_in_use, may_hold_key
from vault.keyring import Keyring
from vault.pairs import new_pair, seal


@transaction.atomic
def make_school_key(*, school: School, by: User) -> SchoolKey:
    """The school's first key; its maker is the first holder. Raises Refused."""
    if not by.has_perm("schools.hold_key", school):
        raise Refused(_("Your role does not hold the key of this school."))
    if not by.has_pair:
        raise Refused(_("Sign out and in again first: you have no key pair of your own yet."))
    School.objects.select_for_update().get(pk=school.pk)
    if key_in_use(school) is not None:
        raise Refused(_("The school already has a key."))
    pair = new_pair()
    key = SchoolKey.objects.create(school=school, public_key=pair.public)
    KeyGrant.objects.create(
        key=key,
        holder=by,
        sealed_private_key=seal(pair.private, to=bytes(by.public_key)),
        granted_by=by,
    )
    return key


@transaction.atomic
def grant_key(*, school: School, to: User, by: User, keyring: Keyring) -> KeyGrant:
    """Give the school's key to a colleague who has a pair. Raises Refused."""
    key = key_in_use(school)
    if key is None:
        raise Refused(_("The school has no key yet."))
    if not by.has_perm("schools.grant_key", school) or not keyring.opens_school_key(key.pk):
        raise Refused(_("Only somebody who holds the key can give it."))
    if not may_hold_key(school).filter(pk=to.pk).exists():
        raise Refused(_("This person’s role does not hold the key of this school."))
    if not to.has_pair:
        raise Refused(_("This person has not signed in yet and has no key pair of their own."))
    private = keyring.schools[key.pk].private
    try:
        with transaction.atomic():
            return KeyGrant.objects.create(
                key=key,
                holder=to,
                sealed_private_key=seal(private, to=bytes(to.public_key)),
                granted_by=by,
            )
    except IntegrityError:
        raise Refused(_("This person already holds the key.")) from None


@transaction.atomic
def take_key(*, school: School, holder: User, by: User, keyring: Keyring) -> None:
    """Take the school's key from a holder; never the last one. Raises Refused."""
    key = key_in_use(school)
    if (
        key is None
        or not keyring.opens_school_key(key.pk)
        or not by.has_perm("schools.grant_key", school)
    ):
        raise Refused(_("Only somebody who holds the key can take it away."))
    SchoolKey.objects.select_for_update().get(pk=key.pk)
    grants = KeyGrant.objects.filter(key=key)
    if not grants.filter(holder=holder).exists():
        raise Refused(_("This person does not hold the key."))
    if not grants.exclude(holder=holder).filter(holder__is_active=True).exists():
        raise Refused(_("This is the last key: nobody could open the letters any more."))
    grants.filter(holder=holder).delete()
