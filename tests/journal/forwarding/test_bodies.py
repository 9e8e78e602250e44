"""The list of bodies with which a school begins, and who signs what goes to them."""

import pytest

from journal.models import Entry, Trail
from journal.services.forwarding import Signer
from schools.languages import LANGUAGES, in_every_language
from schools.models import Body, School
from schools.services.bodies import give_bodies
from schools.starting_bodies import STARTING_BODIES
from tests import factories
from tests.factories import Person

pytestmark = pytest.mark.django_db
Step = Trail.Step


def test_a_list_is_given_once_and_never_over_the_school_s_own(school: School) -> None:
    kinds = [body.kind for body in Body.objects.filter(school=school)]
    assert kinds == ["education", "child_protection", "police", "medical", "social"]
    Body.objects.filter(school=school).first().delete()
    assert give_bodies(school=school) == []
    assert Body.objects.filter(school=school).count() == 4


def test_every_country_has_names_in_every_language() -> None:
    assert set(STARTING_BODIES) == {"KZ", "KG"}
    for bodies in STARTING_BODIES.values():
        for _kind, name in bodies:
            names = in_every_language(name)
            assert set(names) == set(LANGUAGES)
            assert all(names.values())


def test_signer_defaults_to_lines_filled_by_hand(entry: Entry, holder: Person) -> None:
    frame = factories.forwarded(entry, by=holder, signer=Signer()).read(holder.keyring())["frame"]
    assert (frame["signer_role"], frame["signer_name"]) == ("", "")
