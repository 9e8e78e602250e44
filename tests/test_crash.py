"""A server killed in the middle of its work: every letter whose code was shown is there, and the book is whole."""

import os
import re
import signal
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.portal import ENGINES, Portal, serving, with_descendants
from tests.visitor import Visitor

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")
LETTERS_BEFORE_THE_KILL = 12


def send(portal: Portal, words: str) -> str:
    """The code shown for a letter sent as a browser sends it. Raises OSError when the server dies."""
    visitor = Visitor(portal.url)
    page = visitor.get("/ru/it-lyceum/write/")
    time.sleep(1.1)  # a form sent within a second was not read by a person
    fields = {**visitor.hidden_fields(page), "audience": "student", "signed": "no", "text": words}
    found = CODE.search(visitor.post("/ru/it-lyceum/write/", fields))
    assert found, "the page after sending shows a code"
    return found[0]


def kill(portal: Portal) -> None:
    """No farewell: everything that serves gets SIGKILL."""
    for pid in with_descendants(portal.server.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    portal.server.wait()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Each engine, for a server of the test's own."""
    if request.param == "postgresql":
        return {"DATABASE_URL": request.getfixturevalue("postgres_url")}
    return {}


def test_no_letter_whose_code_was_shown_is_lost(tmp_path: Path, database: dict[str, str]) -> None:
    codes: list[str] = []

    def write_on(portal: Portal, place: int) -> None:
        with suppress(OSError, HTTPException):
            for turn in range(100):
                codes.append(send(portal, f"Letter {place} {turn} that must not be lost."))

    with serving(tmp_path, **database) as portal:
        writers = [threading.Thread(target=write_on, args=(portal, place)) for place in range(8)]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 60
        while len(codes) < LETTERS_BEFORE_THE_KILL and time.monotonic() < until:
            time.sleep(0.01)
        kill(portal)
        for writer in writers:
            writer.join()
    assert len(codes) >= LETTERS_BEFORE_THE_KILL
    with serving(tmp_path, **database) as portal:
        for code in codes:
            visitor = Visitor(portal.url)
            fields = visitor.hidden_fields(visitor.get("/en/reply/"))
            assert code in visitor.post("/en/reply/", {**fields, "code": code})
            assert "There is no letter" not in visitor.post("/en/reply/", {**fields, "code": code})
        assert "whole" in portal.manage("verify_journal")
