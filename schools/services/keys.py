"""Making a school's key, granting it, taking it away. ``journal.services.key_keeping`` adds the trail."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.models import KeyGrant, School, SchoolKey, User
from schools.selectors import has_key_holder, key_in_use, may_hold_key, useful_grants
from schools.services.rotation import count_sealed, former_keys
from vault.keyring import Keyring
from vault.pairs import new_pair, seal
from vault.recovery import pair_from_lines, sheet_lines


@transaction.atomic
def make_school_key(*, school: School, by: User) -> SchoolKey:
    """A key for a school that has none, or whose key nobody holds any more; its maker is its first holder.

    Raises Refused.
    """
    if not by.has_perm("schools.hold_key", school):
        raise Refused(_("Your role does not hold the key of this school."))
    if not by.has_pair:
        raise Refused(_("Sign out and in again first: you have no key pair of your own yet."))
    School.objects.select_for_update().get(pk=school.pk)
    former = key_in_use(school)
    if former is not None:
        if has_key_holder(school):
            raise Refused(_("The school already has a key."))
        # Lost with its last holder: what was sealed to it stays closed unless the recovery sheet turns up.
        former.retired_at = timezone.now()
        former.save(update_fields=["retired_at"])
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
    try:
        with transaction.atomic():
            grant = KeyGrant.objects.create(
                key=key,
                holder=to,
                sealed_private_key=seal(keyring.schools[key.pk].private, to=bytes(to.public_key)),
                granted_by=by,
            )
    except IntegrityError:
        raise Refused(_("This person already holds the key.")) from None
    # While the key is being changed, some letters are still sealed to the old one.
    for former in former_keys(school):
        if keyring.opens_school_key(former.pk):
            private = keyring.schools[former.pk].private
            KeyGrant.objects.update_or_create(
                key=former,
                holder=to,
                defaults={
                    "sealed_private_key": seal(private, to=bytes(to.public_key)),
                    "granted_by": by,
                },
            )
    return grant


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
    others = useful_grants().exclude(holder=holder)
    if not others.filter(key=key).exists() and key.sheet_printed_at is None:
        raise Refused(
            _(
                "This is the last key: print the recovery sheet first, or nobody could open the letters."
            )
        )
    for former in former_keys(school):
        if not others.filter(key=former).exists() and count_sealed([former]):
            raise Refused(_("Nobody else holds the old key: finish the change of the key first."))
    KeyGrant.objects.filter(key__school=school, holder=holder).delete()


def lines_of_sheet(*, school: School, by: User, keyring: Keyring) -> list[str]:
    """The lines of the school's recovery sheet, before it counts as printed. Raises Refused."""
    key = key_in_use(school)
    if (
        key is None
        or not keyring.opens_school_key(key.pk)
        or not by.has_perm("schools.grant_key", school)
    ):
        raise Refused(_("Only somebody who holds the key can print the recovery sheet."))
    return sheet_lines(keyring.schools[key.pk])


@transaction.atomic
def print_sheet(*, school: School, by: User, keyring: Keyring) -> list[str]:
    """The lines of the school's recovery sheet, for printing; they are shown once and kept nowhere. Raises Refused."""
    lines = lines_of_sheet(school=school, by=by, keyring=keyring)
    key = SchoolKey.objects.select_for_update().get(school=school, retired_at__isnull=True)
    if not keyring.opens_school_key(key.pk) or sheet_lines(keyring.schools[key.pk]) != lines:
        raise Refused(_("Only somebody who holds the key can print the recovery sheet."))
    key.sheet_printed_at = timezone.now()
    key.save(update_fields=["sheet_printed_at"])
    return lines


@transaction.atomic
def restore_from_sheet(*, school: School, lines: list[str], by: User) -> KeyGrant:
    """The key comes back to somebody whose role holds it, from the lines of the sheet.

    A lost key that was replaced comes back too, as long as something is sealed to it. Raises Refused, BadRecoveryLine
    and BadRecoverySheet.
    """
    if not by.has_perm("schools.hold_key", school) or not by.has_pair:
        raise Refused(_("Your role does not hold the key of this school."))
    pair = pair_from_lines(lines)
    key = (
        SchoolKey.objects.select_for_update().filter(school=school, public_key=pair.public).first()
    )
    if key is None:
        raise Refused(_("This sheet belongs to another school: it does not open this box."))
    if key.retired_at is not None:
        if useful_grants().filter(key=key).exists():
            raise Refused(
                _(
                    "This key is being changed just now: a colleague who holds it can give you the new one."
                )
            )
        if not count_sealed([key]):
            raise Refused(
                _(
                    "This sheet is of a key that was changed since: it opens nothing any more. "
                    "The sheet printed after the change is the right one."
                )
            )
    grant, _made = KeyGrant.objects.update_or_create(
        key=key,
        holder=by,
        defaults={
            "sealed_private_key": seal(pair.private, to=bytes(by.public_key)),
            "granted_by": by,
        },
    )
    return grant
