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
from schools.selectors import key_in_use, useful_grants
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


def former_keys(school: School) -> list[SchoolKey]:
    """Keys that were replaced while somebody still holds them: what a change has to do, or has not done yet."""
    held = useful_grants().filter(key__school=school)
    return list(SchoolKey.objects.filter(retired_at__isnull=False, pk__in=held.values("key")))


def count_sealed(keys: Iterable[SchoolKey]) -> int:
    """How many content keys are sealed to these keys."""
    keys = list(keys)
    return sum(
        model.objects.filter(school_key__in=keys).count() for model in Sealed.__subclasses__()
    )


def progress_of(school: School) -> Progress:
    """How far the rotation of a school's key is; finished when there is none."""
    former = former_keys(school)
    return Progress(left=count_sealed(former), finished=not former)


def ends_after(school: School) -> datetime.datetime | None:
    """When the last letter that was on its way is certainly in the box; None without a change."""
    retired = [key.retired_at for key in former_keys(school)]
    return max(retired) + LETTERS_ON_THEIR_WAY if retired else None


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
    if former_keys(school):
        raise Refused(_("The key is being changed already: finish that first."))
    kept = useful_grants().filter(key=old, holder__in=[user.pk for user in keep])
    keepers = {*kept.values_list("holder", flat=True), by.pk}
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
    """Seal up to ``at_most`` content keys to the key in use. Raises Refused.

    Of several former keys (a lost one may have come back from its sheet) those are worked on that ``keyring`` opens.
    """
    new = key_in_use(school)
    former = former_keys(school)
    if new is None or not keyring.opens_school_key(new.pk):
        raise Refused(_("Only somebody who holds the key can change it."))
    if not former:
        return Progress(left=0, finished=True)
    opened = [key for key in former if keyring.opens_school_key(key.pk)]
    if not opened:
        raise Refused(_("Only somebody who holds the old key as well can go on with the change."))
    # Held against a second colleague who carries on at the same time.
    list(SchoolKey.objects.select_for_update().filter(pk__in=[key.pk for key in opened]))
    public = bytes(new.public_key)
    for model in Sealed.__subclasses__():
        rows = (
            model.objects.select_for_update()
            .filter(school_key__in=opened)
            .only("pk", "school_key_id", "sealed_key")
        )
        resealed = []
        for row in rows[:at_most]:
            # Of what was destroyed there is nothing to seal: it only ceases to hold the old key back.
            if row.sealed_key:
                opened_key = keyring.open_for_school(
                    row.sealed_key, school_key_id=row.school_key_id
                )
                row.sealed_key = seal(opened_key, to=public)
            row.school_key_id = new.pk
            resealed.append(row)
        model.objects.bulk_update(resealed, ["school_key", "sealed_key"], batch_size=200)
        at_most -= len(resealed)
        if at_most <= 0:
            break
    for key in opened:
        if timezone.now() - key.retired_at > LETTERS_ON_THEIR_WAY and not count_sealed([key]):
            KeyGrant.objects.filter(key=key).delete()
    return progress_of(school)
