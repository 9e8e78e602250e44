"""The links of many new colleagues, sealed to whoever added them until they are given out: once, and within a day."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.models import Incoming
from journal.services.taking_over import KEPT_FOR
from schools.addresses import address_of
from schools.errors import Conflict, Refused
from schools.models import School, User
from schools.services.adding_schools import Added
from vault.keyring import Keyring


@dataclass(frozen=True)
class Link:
    """Somebody's line: where they work, under which name they sign in, and their link; empty where it is mailed."""

    school: str
    slug: str
    language: str
    full_name: str
    roles: list[str]
    username: str
    email: str = ""
    address: str = field(default="", repr=False)


def links_of(*, added: Sequence[Added], here: str = "") -> list[Link]:
    """A line for everybody. ``here``: where the portal is asked just now, for one that has no address set."""
    return [
        Link(
            school=one.school.name_in(one.school.main_language),
            slug=one.school.slug,
            language=one.school.main_language,
            full_name=hired.user.full_name,
            roles=list(newcomer.roles),
            username=hired.user.username,
            email=hired.user.email,
            address=_address(one.school, hired.token, here),
        )
        for one in added
        for newcomer, hired in zip(one.people, one.hired, strict=True)
    ]


def _address(school: School, token: str, here: str) -> str:
    if not token:
        return ""
    return address_of(school, otherwise=here) + reverse("admin:welcome_link", args=[token])


@transaction.atomic
def keep_links(*, links: Sequence[Link], by: User, keyring: Keyring) -> Incoming:
    """Seal them to whoever brought the list. Raises Refused."""
    if keyring.person is None:
        raise Refused(_("Sign in again: your own key is not open."))
    row = Incoming(made_by=by, mark=secrets.token_hex(16), links=True)
    key = row.lock_for_people([(by.pk, keyring.person.public)])
    row.write({"links": [asdict(link) for link in links]}, key=key)
    row.save()
    return row


def links_kept(*, pk: int, by: User, keyring: Keyring) -> list[Link] | None:
    """Those kept for this person; None when they are another's, closed, or given out already."""
    row = _mine(by).filter(pk=pk).first()
    content = row.read_or_none(keyring) if row else None
    return None if content is None else [Link(**one) for one in content["links"]]


def links_waiting(*, by: User) -> list[Incoming]:
    """What this person has not taken yet, the newest first."""
    return list(_mine(by))


@transaction.atomic
def give_out(*, pk: int, by: User) -> None:
    """They are taken now: nothing of them stays. Raises Conflict for whoever is second."""
    if _mine(by).select_for_update().filter(pk=pk).first() is None:
        raise Conflict(_("These links were given out already."))
    Incoming.objects.filter(pk=pk).delete()


def _mine(by: User) -> QuerySet[Incoming]:
    return Incoming.objects.filter(
        school=None, made_by=by, links=True, made_at__gt=timezone.now() - KEPT_FOR
    )
