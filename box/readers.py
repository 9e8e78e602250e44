"""Who reads the letters of a box, in words: their posts, with names where the school publishes them."""

from collections.abc import Iterable

from django.utils.translation import get_language, pgettext

from box.selectors import SchoolBox
from schools.region_officers import POST
from schools.roles import ROLE_NAMES
from schools.selectors import Reader


def posts_of(box: SchoolBox, readers: Iterable[Reader]) -> dict[str, str]:
    """Role → words for each role that some of these readers have, in the language now active."""
    names: dict[str, list[str]] = {}
    for reader in readers:
        names.setdefault(reader.role, []).append(reader.name)
    published = box.regulation is not None and box.regulation.names_published
    return {
        role: _with_names(role, called) if published else str(ROLE_NAMES[role])
        for role, called in names.items()
    }


def region_in_words(box: SchoolBox) -> str:
    """Who outside the school reads what nobody in it may, in the language now active; empty where nobody does."""
    if box.region is None:
        return ""
    words = f"{POST}, {box.region.region_in(get_language() or box.school.main_language)}"
    published = box.regulation is not None and box.regulation.names_published
    return _named(words, [box.region.person.full_name]) if published else words


def _with_names(role: str, names: list[str]) -> str:
    return _named(str(ROLE_NAMES[role]), names)


def _named(post: str, names: list[str]) -> str:
    return pgettext("a reader of letters", "%(post)s (%(names)s)") % {
        "post": post,
        "names": ", ".join(names),
    }


def roles_alone(readers: Iterable[Reader]) -> list[str]:
    """Roles that all of these readers have: of a letter about one of them nobody else could read a word."""
    held: dict[str, set[int]] = {}
    for reader in readers:
        held.setdefault(reader.role, set()).add(reader.person_id)
    everybody = set().union(*held.values())
    return [role for role, people in held.items() if people == everybody]
