"""The worker's day: a task as soon as it is there, and every half minute what has to happen by the clock.

One thing at a time, in one process: whatever it is, a mail server that does not answer holds it up for seconds, and a
call for help goes before everything that waits.
"""

import logging
import signal
import time
from types import FrameType

from django.db import DatabaseError, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from journal.services.reminding import remind
from schools.services.being_there import be_seen

log = logging.getLogger(__name__)

# How long somebody waits at most who has just done something that is mailed.
LOOKS_EVERY = 1.0
REMINDS_EVERY = 30.0
SEEN_EVERY = 60.0
_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Work:
    """Runs until told to stop; a mail in hand is finished first."""

    def __init__(self) -> None:
        self._stopping = False
        self._resting = False
        self._name = get_random_string(32)
        self._seen_at = float("-inf")

    def stop_by_signals(self) -> None:
        """Let the usual signals stop it; a second one stops it at once."""
        for number in _STOPPING:
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._resting or self._stopping:
            raise SystemExit(0)
        self._stopping = True

    def run(self) -> None:
        """Until stopped. A database that is away for a while is waited for."""
        reminded_at = float("-inf")
        while not self._stopping:
            worked = False
            try:
                close_old_connections()
                self._be_seen()
                worked = self._one_task()
                if not self._stopping and time.monotonic() - reminded_at >= REMINDS_EVERY:
                    more = remind().more
                    reminded_at = float("-inf") if more else time.monotonic()
            except DatabaseError:
                log.exception("The database did not answer the worker; it asks again.")
                connection.close()
            if not worked:
                self._rest()

    def work_off(self) -> int:
        """Every task there is now; returns how many. For cron, where no worker runs."""
        be_seen()
        count = 0
        while not self._stopping and self._one_task():
            count += 1
        return count

    def _one_task(self) -> bool:
        """Run the most urgent task, if there is one."""
        # Asked first: on SQLite taking a task waits for every writer, also when there is nothing to take.
        if not DBTaskResult.objects.ready().exists():
            return False
        Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=self._name,
            excluded_queue_names=[],
        ).run()
        return True

    def _be_seen(self) -> None:
        now = time.monotonic()
        if now - self._seen_at >= SEEN_EVERY:
            be_seen()
            self._seen_at = now

    def _rest(self) -> None:
        self._resting = True
        try:
            if not self._stopping:
                time.sleep(LOOKS_EVERY)
        finally:
            self._resting = False
