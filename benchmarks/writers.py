"""Sixteen processes that write at once, each over a connection of its own."""

import multiprocessing
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections

from box.models import Letter
from schools.models import School

AT_ONCE = 16
CONTENT_BYTES = 1064  # of a letter of some lines, sealed


def plain_letter(school: School) -> Letter:
    """A row as long as a real letter's, of random bytes: nothing is sealed."""
    return Letter(
        school=school,
        arrived_hour=school.now().replace(minute=0, second=0, microsecond=0),
        language=school.main_language,
        audience="student",
        signed=False,
        receipt_hash=secrets.token_bytes(32),
        author_key=secrets.token_bytes(32),
        form_hash=secrets.token_bytes(32),
        sealed_key=secrets.token_bytes(80),
        content=secrets.token_bytes(CONTENT_BYTES),
    )


def write_at_once(work: Sequence[Any], write: Callable[[Any], object]) -> float:
    """Seconds until ``write`` was called for all of ``work``, shared among 16 processes that start together.

    Raises RuntimeError when a single one failed.
    """
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    start = forked.Barrier(AT_ONCE + 1)

    def run(share: Sequence[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        start.wait()
        for one in share:
            write(one)

    writers = [forked.Process(target=run, args=(work[place::AT_ONCE],)) for place in range(AT_ONCE)]
    for writer in writers:
        writer.start()
    start.wait()
    began = time.perf_counter()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - began
    if any(writer.exitcode for writer in writers):
        raise RuntimeError("A writer failed.")
    return seconds
