"""A school's logo: taken as a small PNG that was made anew, and taken away again."""

from django.db import transaction
from django.utils.translation import gettext as _

from box.files.cleaning import LOGO_SIDE, MOST_LOGO_BYTES
from box.files.kinds import PNG
from box.files.worker import CleanFile
from schools.errors import Refused
from schools.models import Logo, School, User
from schools.services.tracing import note_change

# Signature, and the first block with its name: then stand the width and the height, four bytes each.
_SIZE_AT = 16


@transaction.atomic
def set_logo(*, school: School, file: CleanFile, by: User) -> Logo:
    """The picture, made by ``clean_upload(…, as_logo=True)``, is the school's logo from now on. Raises Refused."""
    _may(by, school)
    png = b"".join(file.chunks())
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (_SIZE_AT, _SIZE_AT + 4))
    # The process that made it read a stranger's file: what it says is looked at once more.
    fits = 0 < width <= LOGO_SIDE and 0 < height <= LOGO_SIDE and len(png) <= MOST_LOGO_BYTES
    if file.type is not PNG or not fits:
        raise Refused(_("This picture cannot be made into a logo. Please choose another one."))
    logo, _made = Logo.objects.update_or_create(
        school=school,
        defaults={"png": png, "width": width, "height": height, "digest": file.sha256},
    )
    note_change(row=school, fields=["logo"], by=by)
    return logo


@transaction.atomic
def remove_logo(*, school: School, by: User) -> None:
    """The school has no logo any more; without one nothing happens. Raises Refused."""
    _may(by, school)
    gone, _rows = Logo.objects.filter(school=school).delete()
    if gone:
        note_change(row=school, fields=["logo"], by=by)


def _may(by: User, school: School) -> None:
    if not by.has_perm("schools.change_school", school):
        raise Refused(_("Your role does not change the settings of this school."))
