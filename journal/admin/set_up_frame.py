"""What the pages of the set-up share: who may see them, the steps at their side, the way to the public page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from journal.set_up import STEP_OF, SetUp, Step
from journal.set_up_words import STEP_NAMES, missing_lines, step_lines
from schools.addresses import address_of
from schools.models import School, User
from schools.selectors import schools_for

# Who looks after people and settings, and who holds the key: each does a part of it.
SEES_SET_UP = ("schools.change_school", "schools.hold_key")


def schools_to_set_up(user: User) -> QuerySet[School]:
    """Schools whose set-up this person may see."""
    manages, holds = (schools_for(user, permission) for permission in SEES_SET_UP)
    return (manages | holds).distinct()


def fetch(request: HttpRequest, slug: str) -> School:
    """A school whose set-up this person may see; else 404."""
    return get_object_or_404(schools_to_set_up(request.user), slug=slug)


def absolute(request: HttpRequest, address: str, school: School | None) -> str:
    """The address with that of the school (else of the portal) before it, as somebody else can open it."""
    return address_of(school, otherwise=f"{request.scheme}://{request.get_host()}") + address


def public_address(name: str, school: School, language: str) -> str:
    """The address of a page of the school's box in a language."""
    return reverse(f"box:{name}", kwargs={"language": language, "slug": school.slug})


def steps_frame(request: HttpRequest, set_up: SetUp, step: Step) -> dict[str, Any]:
    """For the template: the steps, what is missing of this one, and whether the box is open to the public."""
    school, user = set_up.school, request.user
    public = public_address("school", school, school.main_language)
    order = list(Step)
    later = order[order.index(step) + 1 :]
    return {
        "title": STEP_NAMES[step],
        "school": school,
        "set_up": set_up,
        "steps": step_lines(set_up, step),
        "missing": missing_lines(
            set_up, tuple(need for need in set_up.missing if STEP_OF[need] is step)
        ),
        "next_step": step_lines(set_up, step)[order.index(later[0])] if later else None,
        "public": absolute(request, public, school),
        "manages": user.has_perm("schools.change_school", school),
        "may_hold": user.has_perm("schools.hold_key", school),
    }
