"""Several at once, over real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(count: int, action: Callable[[int], Any]) -> list[Any]:
    """What ``action(0)`` … ``action(count - 1)`` give when all start together, each in a thread with a
    connection of its own. An exception is given as the result. Needs a ``django_db(transaction=True)`` test.
    """
    start = Barrier(count)

    def run(place: int) -> Any:
        try:
            start.wait()
            return action(place)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
