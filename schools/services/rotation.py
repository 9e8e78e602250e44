"""A new key for a school, after which the old one opens nothing here any more.

Begun once, then carried on in batches: every content key sealed to the old key is opened and sealed to the new one.
Each batch is one transaction, so a stop at any point loses nothing and the work goes on where it was.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools.errors import Refused
from schools.models import KeyGrant, School, SchoolKey, Sealed, User
from schools.selectors import key_in_use
from vault.keyring import Keyring
from vault.pairs import new_pair, seal

# A letter that was on its way when the rotation began may still be sealed to the old key. It is certainly in
# the box after this time; until then the old key is kept.
LETTERS_ON_THEIR_WAY = datetime.timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """Content keys still sealed to a former key, and whether nothing is left to do at all."""

    left: int
    finished: bool


def _former_keys(school: School) -> list[SchoolKey]:
    return list(
        SchoolKey.objects.filter(
            school=school, retired_at__isnull=False, grants__isnull=False
        ).distinct()
    )


def progress_of(school: School) -> Progress:
    """How far the rotation of a school's key is; finished when there is none."""
    former = _former_keys(school)
    left = sum(
        model.objects.filter(school_key__in=former).count() for model in Sealed.__subclasses__()
    )
    return Progress(left=left, finished=not former)


@transaction.atomic
def begin_rotation(
    *, school: School, keep: Iterable[User], by: User, keyring: Keyring
) -> SchoolKey:
    """A new key for those holders who keep one (``by`` always does); the others hold none from now on.

    Raises Refused.
    """
    old = key_in_use(school)
    if (
        old is None
        or not by.has_perm("schools.grant_key", school)
        or not keyring.opens_school_key(old.pk)
    ):
        raise Refused(_("Only somebody who holds the key can change it."))
    SchoolKey.objects.select_for_update().get(pk=old.pk)
    if _former_keys(school):
        raise Refused(_("The key is being changed already: finish that first."))
    keepers = {user.pk for user in keep} | {by.pk}
    KeyGrant.objects.filter(key=old).exclude(holder__in=keepers).delete()
    old.retired_at = timezone.now()
    old.save(update_fields=["retired_at"])
    pair = new_pair()
    new = SchoolKey.objects.create(school=school, public_key=pair.public)
    for grant in KeyGrant.objects.filter(key=old).select_related("holder"):
        KeyGrant.objects.create(
            key=new,
            holder=grant.holder,
            sealed_private_key=seal(pair.private, to=bytes(grant.holder.public_key)),
            granted_by=by,
        )
    return new


@transaction.atomic
def reseal_some(*, school: School, keyring: Keyring, at_most: int) -> Progress:
    """Seal up to ``at_most`` content keys to the key in use. Raises Refused."""
    new = key_in_use(school)
    former = _former_keys(school)
    if new is None or not all(keyring.opens_school_key(key.pk) for key in (new, *former)):
        raise Refused(_("Only somebody who holds the key can change it."))
    # Held against a second colleague who carries on at the same time.
    list(SchoolKey.objects.select_for_update().filter(pk__in=[key.pk for key in former]))
    public = bytes(new.public_key)
    for model in Sealed.__subclasses__():
        rows = (
            model.objects.select_for_update()
            .filter(school_key__in=former)
            .only("pk", "school_key_id", "sealed_key")
        )
        resealed = []
        for row in rows[:at_most]:
            content_key = keyring.open_for_school(row.sealed_key, school_key_id=row.school_key_id)
            row.school_key_id, row.sealed_key = new.pk, seal(content_key, to=public)
            resealed.append(row)
        model.objects.bulk_update(resealed, ["school_key", "sealed_key"], batch_size=200)
        at_most -= len(resealed)
        if at_most <= 0:
            break
    progress = progress_of(school)
    if progress.left == 0 and all(
        timezone.now() - key.retired_at > LETTERS_ON_THEIR_WAY for key in former
    ):
        KeyGrant.objects.filter(key__in=former).delete()
        return Progress(left=0, finished=True)
    return progress
