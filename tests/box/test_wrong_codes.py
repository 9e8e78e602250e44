"""How long a wrong code takes tells nothing: an unknown one, one that cannot be, one taken away."""

import random
import time
from statistics import median
from typing import Any

import pytest
from django.test import Client

from box import limits
from box.services import messaging
from schools.models import School
from tests import factories
from tests.box.author import hidden
from tests.factories import Person

pytestmark = pytest.mark.django_db

GONE = "M4RX-7K2T-5HWD-QZ8A"
KINDS = {
    "unknown": "0000-1111-2222-3333",
    "malformed": "0000-1111-2222-333U",
    "short": "0000-1111",
    "taken away": GONE,
}
SAMPLES = 720
# Of a request that takes milliseconds: what a network adds is many times more.
MOST_APART = 0.12
# What an answer tells by its time it tells each time; what other tests do on the same cores comes and goes.
ROUNDS = 3


def seconds_of(samples: int) -> dict[str, list[float]]:
    """How long each kind took, in requests that come in an order nobody can tell."""
    client = Client(enforce_csrf_checks=True)
    form = {"csrfmiddlewaretoken": hidden(client.get("/en/reply/"), "csrfmiddlewaretoken")}
    order = [kind for kind in KINDS for _time in range(samples)]
    random.Random(4).shuffle(order)
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind in order:
        limits.wrong_codes.forget()
        began = time.perf_counter()
        response = client.post("/en/reply/", {**form, "code": KINDS[kind]})
        took[kind].append(time.perf_counter() - began)
        assert b"There is no letter with this code" in response.content
    return took


def quickest(values: list[float]) -> float:
    """The median of the quickest tenth: what else the machine does only ever makes a request slower."""
    return median(sorted(values)[: len(values) // 10])


def test_wrong_codes_take_the_same_time(
    school: School, keeper: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.send_letter(school)
    messaging.take_away(letter=factories.send_letter(school, code=GONE))
    seconds_of(10)
    for _round in range(ROUNDS):
        apart = _apart(capsys)
        if all(abs(share) < MOST_APART for share in apart.values()):
            return
    pytest.fail(f"The times are apart each time: {apart}")


def _apart(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    """How far each kind is from the one in the middle, as shares of it."""
    found = {kind: quickest(values) for kind, values in seconds_of(SAMPLES).items()}
    middle = median(found.values())
    apart = {kind: seconds / middle - 1 for kind, seconds in found.items()}
    with capsys.disabled():
        told = ", ".join(
            f"{kind} {found[kind] * 1000:.3f} ms ({apart[kind]:+.1%})" for kind in found
        )
        print(f"\nwrong codes: {told}")
    return apart


def test_wrong_codes_ask_the_same_of_the_database(
    school: School, keeper: Person, django_assert_num_queries: Any
) -> None:
    messaging.take_away(letter=factories.send_letter(school, code=GONE))
    client = Client()
    client.post("/en/reply/", {"code": "what is kept for some seconds is read"})
    for code in KINDS.values():
        with django_assert_num_queries(1):
            client.post("/en/reply/", {"code": code})
