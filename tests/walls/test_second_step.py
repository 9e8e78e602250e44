"""The matrix for whoever has given the password and not the second factor: every staff address leads to that step."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from schools.roles import ROLE_PERMISSIONS
from schools.services.second_factor import READS_LETTERS
from tests import factories
from tests.walls.addresses import WALLS
from tests.walls.test_matrix import Statements, address, form
from tests.walls.town import Town, Visitor

pytestmark = pytest.mark.django_db

READERS = [role for role, held in ROLE_PERMISSIONS.items() if set(READS_LETTERS) & set(held)]
STEPS = {"has an app": "admin:second_factor", "has none yet": "admin:second_factor_set_up"}
# The way out, and the way in by a link, stay open.
OPEN = ("admin:logout", "admin:welcome")


@pytest.mark.parametrize("stage", list(STEPS))
@pytest.mark.parametrize("role", READERS)
def test_every_staff_address_leads_to_the_second_step(role: str, stage: str) -> None:
    town = Town()
    own = town.places[0]
    person = factories.make_person(own.school, role, username="half.way")
    factories.give_key(own.school, to=person, by=own.keeper)
    if stage == "has an app":
        TOTPDevice.objects.create(user=person.user, name="")
    browser = Client()
    browser.post(
        reverse("admin:login"), {"username": person.user.username, "password": person.password}
    )
    jobs = {place.school.slug: town.job_for(place, person) for place in town.places}
    who = Visitor("half way", role=role, holds_key=True, person=person, jobs=jobs)
    step = reverse(STEPS[stage])
    wrong = []
    for route, wall in WALLS.items():
        if not route.startswith("admin/"):
            continue
        for place in town.places:
            at = address(route, wall, who, place)
            if at == step or any(at.startswith(reverse(name)) for name in OPEN):
                continue
            for method in ("get", "post"):
                heard = Statements()
                mark = transaction.savepoint()
                try:
                    with connection.execute_wrapper(heard):
                        sent = form(route, wall, place) if method == "post" else {}
                        response = getattr(browser, method)(at, sent)
                finally:
                    transaction.savepoint_rollback(mark)
                leads = response.headers.get("Location", "").partition("?")[0]
                if response.status_code != 302 or leads != step or heard.forbidden:
                    wrong.append(f"{method} {at}: {response.status_code} {leads} {heard.forbidden}")
                if any(word in response.content for word in (*own.words, *own.personal_words)):
                    wrong.append(f"{method} {at} shows words")
    assert not wrong, "\n".join(wrong)
