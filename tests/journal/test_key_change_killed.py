"""The process that changes a key is killed again and again: nothing is lost, and a colleague brings it to its end."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.portal import DEMO_PASSWORD, ENGINES, ROOT, environment, fill_with_demo, run_manage

SCHOOL = "it-lyceum"
ENTRIES = 150
KILLS = 6

BEGINNING = f"""
import datetime
from django.utils import timezone
from journal.services import key_keeping
from schools.models import School, SchoolKey, Sealed, User
from schools.selectors import key_in_use, keyring_of
from schools.services import rotation
from schools.services.signing_in import open_pair
from vault.errors import NotForThisKey
school = School.objects.get(slug="{SCHOOL}")

def person(name):
    user = User.objects.get(username=name + ".{SCHOOL}")
    return user, keyring_of(user, open_pair(user=user, password="{DEMO_PASSWORD}"))

def readable(keyring):
    rows = [row for model in Sealed.__subclasses__() for row in model.objects.filter(
        school_key__school=school)]
    return len(rows), sum(row.read_or_none(keyring) is not None for row in rows if row.content)

by, keyring = person("psychologist")
"""
BEGIN = f"""{BEGINNING}
other, _keyring = person("social")
key_keeping.begin_change(school=school, keep=[other], by=by, keyring=keyring)
print(rotation.progress_of(school).left)
"""
WORK = f"""{BEGINNING}
while True:
    progress = key_keeping.carry_on_change(school=school, by=by, keyring=keyring, at_most=3)
    print(progress.left, flush=True)
"""
LOOK = f"""{BEGINNING}
print(rotation.progress_of(school).left, *readable(keyring))
"""
FINISH = f"""{BEGINNING}
by, keyring = person("social")
SchoolKey.objects.filter(school=school, retired_at__isnull=False).update(
    retired_at=timezone.now() - datetime.timedelta(minutes=3))
progress = key_keeping.carry_on_change(school=school, by=by, keyring=keyring, at_most=10**6)
print(int(progress.finished), *readable(keyring))
"""


def run(environ: dict[str, str], code: str) -> list[int]:
    """The numbers that the code prints."""
    return [int(word) for word in run_manage(environ, "shell", "-v0", "-c", code).split()]


@pytest.fixture(params=ENGINES)
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A portal on each engine, with a school full of entries."""
    database = {}
    if request.param == "postgresql":
        database = {"DATABASE_URL": request.getfixturevalue("postgres_url")}
    environ = environment(tmp_path, **database)
    fill_with_demo(environ)
    run_manage(environ, "demo", "--password", DEMO_PASSWORD, "--entries", str(ENTRIES))
    return environ


def work_and_be_killed(environ: dict[str, str], after: float) -> int:
    """How much was left when the process had last said so."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", WORK],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    left = int(worker.stdout.readline())
    time.sleep(after)
    os.kill(worker.pid, signal.SIGKILL)
    said = worker.communicate()[0].split()
    if worker.returncode != -signal.SIGKILL:
        raise AssertionError("The process ended by itself.")
    return int(said[-1]) if said else left


def test_killed_in_the_middle_and_carried_on(environ: dict[str, str]) -> None:
    (all_left,) = run(environ, BEGIN)
    assert all_left >= ENTRIES
    _left, rows, read = run(environ, LOOK)
    assert read >= ENTRIES
    moments = random.Random(3)
    lefts = [all_left]
    for _ in range(KILLS):
        said = work_and_be_killed(environ, moments.uniform(0, 0.05))
        left, *now = run(environ, LOOK)
        assert now == [rows, read], "every row is there, and everything is readable"
        # What it said it had done is done; one batch more may have been.
        assert said - 3 <= left <= said < lefts[-1]
        lefts.append(left)
    assert lefts[-1] > 0
    assert run(environ, FINISH) == [1, rows, read]
    assert "whole" in run_manage(environ, "verify_journal", SCHOOL)
