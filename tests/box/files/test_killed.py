"""A server killed between putting a file away and storing its letter: an encrypted orphan, and nothing else."""

import datetime
import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connections

from box.models import Attachment, Letter
from box.services import attaching
from schools.models import School
from tests.factories import Person, send_letter

DATA = b"\xff\xd8\xff" + b"a clean picture " * 10_000


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_killed_before_the_rows(school: School, keeper: Person, folder: Path) -> None:
    send_letter(school, files=[DATA])
    kept = set(lying(folder))
    connections.close_all()
    process = os.fork()
    if process == 0:
        # A copy of this process, which never comes back to the test.
        attaching.attach = lambda **_facts: os.kill(os.getpid(), signal.SIGKILL)
        try:
            send_letter(school, files=[DATA, DATA])
        finally:
            os._exit(1)
    _pid, status = os.waitpid(process, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    orphans = set(lying(folder)) - kept
    assert len(orphans) == 2
    assert (Letter.objects.count(), Attachment.objects.count()) == (1, 1)
    for orphan in orphans:
        assert DATA[:16] not in orphan.read_bytes() and DATA[3:19] not in orphan.read_bytes()
    assert attaching.sweep() == 0, "they could be on their way still"
    old = time.time() - 2 * attaching.ORPHAN_AFTER.total_seconds()
    for orphan in orphans:
        os.utime(orphan, (old, old))
    assert attaching.sweep() == 2
    assert set(lying(folder)) == kept
    assert attaching.is_as_stored(Attachment.objects.get())
    assert datetime.timedelta(hours=1) <= attaching.ORPHAN_AFTER
