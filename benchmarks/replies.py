"""Replies read a second: the page that a code opens, with a conversation of four messages, against an empty view."""

import re
from statistics import median
from urllib.parse import urlencode

from benchmarks.letters import WrongAnswer
from benchmarks.load import get, post, send_all
from benchmarks.portal import LANGUAGE, Portal

ROUNDS = 3
TALKS, TIMES = 200, 5
EMPTY = 4000
REPLY = f"/{LANGUAGE}/reply/"

_COOKIE = re.compile(rb"csrftoken=(\w+)")
_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([\w-]+)"')


def replies_against_empty(portal: Portal) -> tuple[float, float]:
    """A second, 16 at once: (conversations opened by their code and read, empty view), medians of rounds in turn."""
    codes = portal.measure("talks", count=TALKS)["codes"]
    page = send_all(portal.port, [get(portal.port, REPLY)], keep=True).kept[0]
    cookie, csrf = _COOKIE.search(page), _CSRF.search(page)
    if not (cookie and csrf):
        raise WrongAnswer("The page for the code lacks its token.")
    requests = [
        post(
            portal.port,
            REPLY,
            cookie=f"csrftoken={cookie[1].decode()}",
            body=urlencode({"csrfmiddlewaretoken": csrf[1].decode(), "code": code}).encode(),
        )
        for code in codes
    ]
    # The first time the school's messages become seen, which is written down; that is not measured.
    _read(send_all(portal.port, requests, keep=True).kept)
    read, empty = [], []
    for _round in range(ROUNDS):
        answers = send_all(portal.port, requests * TIMES, keep=True)
        _read(answers.kept)
        read.append(answers.per_second)
        empty.append(
            send_all(portal.port, [get(portal.port, "/benchmarks/empty")] * EMPTY).per_second
        )
    return median(read), median(empty)


def _read(pages: list[bytes]) -> None:
    """Every page has the whole conversation. Raises WrongAnswer."""
    if any(page.count(b'class="said') != 4 for page in pages):
        raise WrongAnswer("A conversation was not read whole.")
