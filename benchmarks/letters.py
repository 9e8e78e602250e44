"""The public side under load: the form page against an empty view, letters accepted against plain inserts."""

import re
import time
from statistics import median
from urllib.parse import urlencode

from benchmarks.load import Answers, get, post, send_all
from benchmarks.portal import LANGUAGE, SCHOOL, Portal

ROUNDS = 3
PAGES = 16_000
LETTERS = 1600
FORM = f"/{LANGUAGE}/{SCHOOL}/write/"
TEXT = "Сыныптастарым мені күнде мазақ етеді, ақшамды тартып алады. Не істерімді білмеймін. " * 4

_COOKIE = re.compile(rb"csrftoken=(\w+)")
_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([\w-]+)"')
_TOKEN = re.compile(rb'name="token" value="([\w-]+)"')
_CATEGORY = re.compile(rb'name="category"[^>]*?value="([\w-]+)"|<option value="([\w-]+)"')


class WrongAnswer(Exception):
    """The load met an answer that is no success: the figures would lie."""


def _expect(answers: Answers, status: int) -> None:
    if set(answers.statuses) != {status}:
        raise WrongAnswer(f"Expected {status}, got {answers.statuses}.")


def form_against_empty(portal: Portal) -> tuple[float, float]:
    """Requests a second: (form page, empty view), medians of rounds in turn."""
    found: dict[str, list[float]] = {FORM: [], "/benchmarks/empty": []}
    for path in found:
        send_all(portal.port, [get(portal.port, path)] * 500)
    for _round in range(ROUNDS):
        for path, rates in found.items():
            answers = send_all(portal.port, [get(portal.port, path)] * PAGES)
            _expect(answers, 200)
            rates.append(answers.per_second)
    return median(found[FORM]), median(found["/benchmarks/empty"])


def written_fields(page: bytes) -> tuple[str, dict[str, str]]:
    """The cookie and the fields of a letter, for the form that is on the page."""
    cookie, csrf, token = (pattern.search(page) for pattern in (_COOKIE, _CSRF, _TOKEN))
    if not (cookie and csrf and token):
        raise WrongAnswer("The form page lacks its tokens.")
    category = _CATEGORY.search(page)
    fields = {
        "csrfmiddlewaretoken": csrf[1].decode(),
        "token": token[1].decode(),
        "audience": "student",
        "signed": "no",
        "category": (category[1] or category[2]).decode() if category else "",
        "text": TEXT,
        "website": "",
    }
    return f"csrftoken={cookie[1].decode()}", fields


def _written(portal: Portal, page: bytes) -> bytes:
    cookie, fields = written_fields(page)
    return post(portal.port, FORM, cookie=cookie, body=urlencode(fields).encode())


def letters_against_inserts(portal: Portal) -> tuple[float, float]:
    """A second, 16 at once: (letters over HTTP, sealed and committed; plain ORM inserts), medians."""
    letters, inserts = [], []
    for _round in range(ROUNDS):
        inserts.append(portal.measure("inserts", count=LETTERS)["per_second"])
        pages = send_all(portal.port, [get(portal.port, FORM)] * LETTERS, keep=True)
        _expect(pages, 200)
        requests = [_written(portal, page) for page in pages.kept]
        time.sleep(1.2)  # nobody reads and fills a form in less than a second
        before = portal.measure("letters")["count"]
        answers = send_all(portal.port, requests)
        _expect(answers, 303)
        if portal.measure("letters")["count"] != before + LETTERS:
            raise WrongAnswer("Not every letter that was accepted is in the box.")
        letters.append(answers.per_second)
    return median(letters), median(inserts)
