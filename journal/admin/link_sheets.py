"""Links for several new colleagues at once, shown now and never again; mailed too where that can be."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from journal.admin.set_up_frame import absolute
from schools.models import School, User
from schools.services.hiring import Hired
from schools.services.inviting import NotMailed, can_mail, mail_link


def link_sheets(
    request: HttpRequest, hired: Iterable[Hired], school: School
) -> list[dict[str, Any]]:
    """For ``journal/_link_sheets.html``: each person with their link. The admin's log knows of each account."""
    model_admin = admin.site.get_model_admin(User)
    sheets: list[dict[str, Any]] = []
    for newcomer in hired:
        model_admin.log_addition(request, newcomer.user, [{"added": {}}])
        address = absolute(request, reverse("admin:welcome_link", args=[newcomer.token]), school)
        tried = can_mail() and bool(newcomer.user.email)
        sheets.append(
            {
                "person": newcomer.user,
                "link": address,
                "tried": tried,
                "mailed": tried and _mailed(newcomer.user, address),
            }
        )
    return sheets


def _mailed(person: User, address: str) -> bool:
    try:
        mail_link(user=person, address=address)
    except NotMailed:
        return False
    return True
