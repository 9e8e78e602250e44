"""The second factor: codes of an authenticator app, and ten backup codes on paper.

Whoever reads letters of a real school needs it; a demonstration asks for none; others may have it. The backup codes are
kept as keyed digests alone.
"""

import secrets
from base64 import b32encode
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp import devices_for_user, user_has_device, verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from schools.errors import Refused
from schools.models import School, User
from schools.roles import OFFICER_PERMISSIONS
from vault import base32

READS_LETTERS = ("journal.view_entry", "schools.hold_key", *OFFICER_PERMISSIONS)
BACKUP_CODES = 10
_GROUP, _GROUPS = 5, 2
_STORED = 16
_DIGITS = 6


class WrongCode(Refused):
    """The code is wrong, was used already, or came too soon after other wrong ones."""


def needs_second_factor(user: User) -> bool:
    """Whether the person reads letters, or may hold the key, in a school that is no demonstration: there, or as the
    named person of its region.
    """
    schools = set().union(*(user.schools_allowing(permission) for permission in READS_LETTERS))
    regions = set().union(*(user.regions_allowing(permission) for permission in READS_LETTERS))
    if not schools and not regions:
        return False
    read = School.objects.filter(Q(pk__in=schools) | Q(region__in=regions), is_demo=False)
    return read.exists()


def has_second_factor(user: User) -> bool:
    """Whether the person has set one up."""
    return user_has_device(user)


def new_secret() -> str:
    """A fresh secret for an app, in hex."""
    return default_key()


def app_address(*, user: User, secret: str) -> str:
    """What the QR code says to the app: ``otpauth://totp/…``."""
    return TOTPDevice(user=user, key=secret).config_url


def _is_of_an_app(code: str) -> bool:
    return code.isdecimal() and len(code) == _DIGITS


def _letters(code: str) -> str | None:
    letters = base32.read(code)
    return letters if letters and len(letters) == _GROUP * _GROUPS else None


def _stored(letters: str) -> str:
    return salted_hmac("schools.second_factor.backup", letters, algorithm="sha256").hexdigest()[
        :_STORED
    ]


def _new_backup_code() -> str:
    letters = base32.letters_of(secrets.randbits(base32.BITS * _GROUP * _GROUPS), _GROUP * _GROUPS)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


@transaction.atomic
def set_up(*, user: User, secret: str, code: str) -> tuple[Device, list[str]]:
    """The app whose ``secret`` gives this ``code`` becomes the person's second factor, and the former one ends.

    Returns it with the backup codes, which are shown once. Raises WrongCode.
    """
    code = "".join(code.split())
    app = TOTPDevice(user=user, name="", key=secret)
    reckoned = TOTP(app.bin_key, app.step, app.t0, app.digits)
    if not _is_of_an_app(code) or not reckoned.verify(int(code), app.tolerance):
        raise WrongCode(_("This is not the code that the app shows now. Type the newest one."))
    app.last_t = reckoned.t()
    User.objects.select_for_update().get(pk=user.pk)
    forget(user=user)
    app.save()
    codes = [_new_backup_code() for _number in range(BACKUP_CODES)]
    paper = StaticDevice.objects.create(user=user, name="")
    StaticToken.objects.bulk_create(
        StaticToken(device=paper, token=_stored(base32.read(code) or "")) for code in codes
    )
    return app, codes


def verify(*, user: User, code: str) -> Device:
    """The app or the paper that this code came from; a backup code is used up. Raises WrongCode.

    Every reason sounds the same; django-otp makes whoever guesses wait twice as long each time.
    """
    typed = "".join(code.split())
    kind, token = (TOTPDevice, typed)
    if not _is_of_an_app(typed):
        kind, token = StaticDevice, _stored(_letters(typed) or "")
    for device in devices_for_user(user):
        if isinstance(device, kind):
            verified = verify_token(user, device.persistent_id, token)
            if verified is not None:
                return verified
    raise WrongCode(
        _(
            "This code does not open: it is wrong, was used before, or came too soon after another. "
            "Wait a minute and type the newest code of the app, or a backup code."
        )
    )


def forget(*, user: User) -> None:
    """The person has no second factor any more, as after a new invitation."""
    kinds: Collection[type[Device]] = (TOTPDevice, StaticDevice)
    for kind in kinds:
        kind.objects.filter(user=user).delete()


def backup_codes_left(user: User) -> int:
    """How many backup codes the person has not used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def secret_as_text(secret: str) -> str:
    """The secret as an app takes it by hand: base32 (RFC 4648) without padding."""
    return b32encode(bytes.fromhex(secret)).decode().rstrip("=")
