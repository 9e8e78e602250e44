"""Ten thousand inputs that no honest browser sends: never a fault of ours, and nothing half stored.

The forms are found on the pages themselves, so that a new one is tried without anybody thinking of it.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from box import form_tokens, limits
from box.models import Letter
from box.selectors import forget_boxes
from journal.admin import key_recovery
from journal.services.verifying import verify_school
from tests.walls.addresses import NOT_SO, REFUSED, SIGN_IN, UNKNOWN, WALLS
from tests.walls.forms_found import FoundForm, forms_on
from tests.walls.nasty import Nasty
from tests.walls.test_matrix import Statements, address
from tests.walls.town import NAMED, Town, Visitor, draw_nothing
from vault.keyring import Keyring

# In a run on both engines each gets half of them, and not the same half.
ENGINE = os.environ.get("TRUSTBOX_TEST_ENGINE", "")
LETTERS, STAFF, ADDRESSES = (number // (2 if ENGINE else 1) for number in (5000, 3000, 2000))
SEED = 2026 + (ENGINE == "postgresql")
# Refusals, and forms shown again. A fault of ours would be a 5xx.
REFUSALS = {200, 400, 403, 404, 405, 409, 410, 413, 429}
DONE = {204, 301, 302, 303}
# The page that prints throws away files that nobody took within the hour, and sheets kept since another day.
_OLD_FILES = ('DELETE FROM "reports_printjob"', 'DELETE FROM "reports_keptsheets"')
FUZZING = ("psychologist, with the key", "operator", "administrator", NAMED)


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Two schools; printing takes no time."""
    monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 0.0)
    draw_nothing(monkeypatch)
    forget_boxes()
    return Town()


def _forget_limits() -> None:
    for kept in (limits.letters, limits.wrong_codes, key_recovery.attempts):
        kept.forget()


def _tried(
    town: Town, who: Visitor | None, send: Callable[[Client], HttpResponse], said: str
) -> HttpResponse:
    """One input: refused with nothing written, or done with the book whole. Nothing of it stays."""
    client = town.client
    if who is not None:
        client.cookies.clear()
        client.cookies.load(who.cookies)
    heard = Statements()
    mark = transaction.savepoint()
    try:
        with connection.execute_wrapper(heard):
            response = send(client)
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code in REFUSALS | DONE, f"{response.status_code}: {said}"
        if response.status_code in REFUSALS and not response.streaming:
            # A file, and a link that is shown this once: these are done, though they lead nowhere else.
            given = response.headers.get("Content-Type") == "application/pdf" or (
                response.request["PATH_INFO"].endswith("/invite/")
            )
            written = [one for one in heard.forbidden if not one.startswith(_OLD_FILES)]
            assert given or not written, f"half stored: {said}: {written}"
        elif any("journal" in one or "box_" in one for one in heard.forbidden):
            verify_school(town.places[0].school)
    finally:
        transaction.savepoint_rollback(mark)
    return response


def _letter_forms(client: Client) -> list[FoundForm]:
    found: list[FoundForm] = []
    for path in ("/en/first-wall/write/", "/kk/first-wall/write/", "/en/reply/"):
        found += [form for form in forms_on(client.get(path).content.decode(), path)]
    return [form for form in found if form.method == "post"]


def _is_stored(response: HttpResponse) -> bool:
    return response.status_code == 303 and "sent" in response.headers["Location"]


def _letter_sent(
    form: FoundForm,
    body: bytes,
    content_type: str,
    client: Client,
    *,
    before: int,
    readers: Sequence[Keyring],
) -> HttpResponse:
    """The form sent: one letter more, of an honest length, or none. ``readers``: one of them reads what is stored."""
    response = client.generic("POST", form.action, body, content_type)
    assert Letter.objects.count() - before == (1 if _is_stored(response) else 0)
    if _is_stored(response):
        letter = Letter.objects.latest("pk")
        reader = next(one for one in readers if not letter.is_closed_to(one))
        assert 10 <= len(letter.read(reader)["text"]) <= 10_000
    return response


def _form_sent(form: FoundForm, body: bytes, content_type: str, client: Client) -> HttpResponse:
    if form.method == "get":
        return client.get(form.action, QUERY_STRING=body.decode("latin-1"))
    return client.generic("POST", form.action, body, content_type)


def _asked(at: str, query: dict[str, Any], client: Client) -> HttpResponse:
    return client.get(at, query)


def test_the_letter_form(town: Town) -> None:
    nasty, stored = Nasty(SEED), 0
    forms = _letter_forms(town.client)
    assert {form.action for form in forms} == {
        "/en/first-wall/write/",
        "/kk/first-wall/write/",
        "/en/reply/",
    }
    # A letter about everybody who reads letters goes to the named person of the region alone.
    readers = [who.keyring() for who in (town.places[0].keeper, town.places[0].officer)]
    before = Letter.objects.count()
    for number in range(LETTERS):
        if number % 100 == 0:
            _forget_limits()
        form = forms[number % 10 % len(forms)]
        body, content_type = nasty.body(form)

        send = partial(_letter_sent, form, body, content_type, before=before, readers=readers)
        response = _tried(town, None, send, f"input {number}: {form.action}: {body[:500]!r}")
        stored += _is_stored(response)
    assert stored > LETTERS / 20, "most inputs are refused, but some must be honest enough"


def _staff_forms(town: Town) -> Iterator[tuple[Visitor, FoundForm]]:
    """Each form once, for somebody who meets it."""
    met: set[Any] = set()
    for name in FUZZING:
        who = town.visitor(name)
        for route, wall in WALLS.items():
            if not route.startswith("admin/") or wall.get in (NOT_SO, REFUSED, UNKNOWN):
                continue
            at = address(route, wall, who, town.places[0])
            town.client.cookies.clear()
            town.client.cookies.load(who.cookies)
            page = town.client.get(at)
            if page.status_code != 200 or page.streaming or b"<form" not in page.content:
                continue
            for form in forms_on(page.content.decode(), at):
                if form.key not in met:
                    met.add(form.key)
                    yield who, form


def test_every_form_of_the_staff(town: Town) -> None:
    nasty = Nasty(SEED)
    forms = list(_staff_forms(town))
    met = {form.action for _who, form in forms}
    place = town.places[0]
    for route, wall in WALLS.items():
        # The forms of some addresses are shown elsewhere, or only after something has happened.
        if route.startswith("admin/") and wall.post not in (NOT_SO, REFUSED, UNKNOWN, SIGN_IN):
            at = address(route, wall, town.visitor(FUZZING[0]), place)
            if at not in met:
                forms.append((town.visitor(FUZZING[0]), FoundForm(at, "post", {"text": [""]})))
    done = 0
    for number in range(STAFF):
        if number % 20 == 0:
            _forget_limits()
        who, form = forms[number % len(forms)]
        body, content_type = nasty.body(form)
        send = partial(_form_sent, form, body, content_type)
        said = f"input {number}: {who.name}: {form.method} {form.action}: {body[:500]!r}"
        done += _tried(town, who, send, said).status_code in DONE
    assert done > STAFF / 20


def test_addresses_with_nonsense_in_them(town: Town) -> None:
    nasty = Nasty(SEED)
    routes = [route for route in WALLS if "<" in route or route.endswith("/")]
    for number in range(ADDRESSES):
        who = town.visitor(FUZZING[number % len(FUZZING)])
        route = routes[number % len(routes)]
        wall = WALLS[route]
        for sign in ("<int:pk>", "<int:taken_pk>", "<int:job>", "<path:object_id>"):
            if nasty.random.random() < 0.5:
                route = route.replace(sign, nasty.number())
        at = address(route, wall, who, town.places[0])
        names = ("q", "o", "p", "e", "state", "category", "school", "since", "until", "letter", "f")
        chosen = nasty.random.sample(names, 2)
        query = {name: nasty.value()[:200].encode("utf-8", "replace") for name in chosen}
        _tried(town, who, partial(_asked, at, query), f"input {number}: {who.name}: {at} {query}")
