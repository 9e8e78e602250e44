"""The worker as a process: killed before a mail and in the middle of one, two at once, stopped, without a database."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from schools.models import Mail, SignOfLife, User
from schools.services.posting import post
from schools.services.sending import TAKEN_OVER_AFTER
from tests.factories import make_person
from tests.mail_server import MailServer, mail_server
from tests.portal import ROOT, environment, run_manage

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 8
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def person() -> User:
    return make_person(None, None, username="reader", email="reader@school.example").user


@pytest.fixture
def environ(tmp_path: Path, server: MailServer) -> dict[str, str]:
    """For processes that work on the test's own database."""
    return environment(tmp_path, EMAIL_URL=server.url, DATABASE_URL=own_database())


def own_database() -> str:
    """The address of the database that the tests run on."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def tell(person: User, occasion: str) -> None:
    post(person=person, school=None, kind=Mail.Kind.DANGER, occasion=occasion)


def as_kept() -> list[tuple[str, str, int, bool]]:
    """Occasion, state, tries, and whether somebody has it in hand."""
    return [
        (mail.occasion, mail.state, mail.tries, mail.in_hand_since is not None)
        for mail in Mail.objects.all()
    ]


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for it. Raises AssertionError with what the mails are like when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, as_kept()
        time.sleep(0.05)


def in_a_process_that_dies(act: Callable[[], None]) -> None:
    """Do it in a copy of this process that kills itself at the end."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@contextmanager
def worker(environ: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A worker, ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stop(process: subprocess.Popen) -> None:
    """End it as a service is ended; it says nothing."""
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert process.stderr.read() == ""


def test_killed_between_commit_and_mail_and_between_mail_and_its_commit(
    environ: dict[str, str], server: MailServer, person: User
) -> None:
    def die_before_the_commit() -> None:
        with transaction.atomic():
            tell(person, "undone")
            os.kill(os.getpid(), signal.SIGKILL)

    in_a_process_that_dies(die_before_the_commit)
    assert not Mail.objects.exists(), "what was undone is told to nobody"
    in_a_process_that_dies(lambda: tell(person, "done"))
    with worker(environ) as first:
        # The server has the whole mail, and the worker dies before it hears so.
        server.on_taken = first.kill
        server.wait_for(1)
        first.wait(timeout=10)
    server.on_taken = lambda: None
    assert as_kept() == [("done", Mail.State.WAITING, 1, True)]
    run_manage(environ, "remind")
    assert len(server.taken) == 1, "a mail in somebody's hand is left alone for some minutes"
    Mail.objects.update(in_hand_since=timezone.now() - TAKEN_OVER_AFTER - MINUTE)
    with worker(environ) as second:
        first_copy, second_copy = server.wait_for(2)
        until(lambda: as_kept() == [("done", Mail.State.SENT, 2, False)])
        stop(second)
    assert first_copy["Message-ID"] == second_copy["Message-ID"]
    assert len(server.taken) == 2


def test_two_workers_and_cron_at_once_send_each_mail_once(
    environ: dict[str, str], server: MailServer, person: User
) -> None:
    server.answers = [0.05]
    with worker(environ) as first, worker(environ) as second:
        for number in range(MAILS):
            tell(person, f"mail {number}")
        run_manage(environ, "remind")
        until(lambda: not Mail.objects.exclude(state=Mail.State.SENT).exists())
        stop(first)
        stop(second)
    assert [kept[1:] for kept in as_kept()] == [(Mail.State.SENT, 1, False)] * MAILS
    copies = Counter(mail["Message-ID"] for mail in server.taken)
    assert list(copies.values()) == [1] * MAILS


def test_a_worker_that_is_stopped_finishes_the_mail_in_its_hand(
    environ: dict[str, str], server: MailServer, person: User
) -> None:
    server.answers = [1.0]
    for number in range(MAILS):
        tell(person, f"mail {number}")
    with worker(environ) as process:
        until(lambda: Mail.objects.filter(in_hand_since__isnull=False).exists())
        stop(process)
    assert Mail.objects.filter(state=Mail.State.SENT).count() == len(server.taken) == 1
    assert not Mail.objects.filter(in_hand_since__isnull=False).exists()


def test_a_worker_with_nothing_to_do_is_seen_and_so_is_cron(environ: dict[str, str]) -> None:
    with worker(environ) as process:
        until(SignOfLife.objects.exists)
        stop(process)
    long_ago = timezone.now() - MINUTE * 60
    SignOfLife.objects.update(seen_at=long_ago)
    run_manage(environ, "remind")
    assert SignOfLife.objects.get().seen_at > long_ago + MINUTE * 50
