"""Which process of ``make test`` takes which test: two for each engine, and two with a browser.

A file goes whole to whichever process of its engine is free, those that take longest first: no core waits for the
other at the end.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

ENGINE = "TRUSTBOX_TEST_ENGINE"
PROCESSES = {"browser": 2, "sqlite": 2, "postgresql": 2}
BROWSER = Path(__file__).parent / "browser"

# Some minutes or some tens of seconds each; whoever begins with them last ends last.
LONGEST = (
    "tests/browser/test_every_page.py",
    "tests/walls/test_matrix.py",
    "tests/walls/test_fuzz.py",
    "tests/reports/test_papers.py",
    "tests/journal/test_deadline_year.py",
    "tests/reports/figures/test_of_school.py",
    "tests/reports/figures/test_attacked.py",
    "tests/reports/test_ways_in.py",
    "tests/walls/test_leaks.py",
    "tests/box/test_wrong_codes.py",
)
# Longer than all others of the browser together; each language has a school of its own.
EVERY_PAGE = LONGEST[0]
# Their tests are as long as other files, and share nothing.
ONE_BY_ONE = ("tests/walls/test_matrix.py", "tests/walls/test_fuzz.py")


def arguments() -> list[str]:
    """What pytest is told so that there are these processes."""
    told = ["--dist=loadfile", "--no-loadscope-reorder"]
    for engine, count in PROCESSES.items():
        told += ["--tx", f"{count}*popen//env:{ENGINE}={engine}"]
    return told


def is_shared_out(config: pytest.Config) -> bool:
    """Whether this is the process that shares the tests out."""
    return any(f"env:{ENGINE}=" in one for one in config.getvalue("tx") or ())


def engine_of_this_process() -> str:
    """Empty in a run that is not shared out."""
    return os.environ.get(ENGINE, "")


def sorted_for(engine: str, items: Sequence[pytest.Item]) -> tuple[list, list]:
    """The items of an engine, what takes longest first; and the others."""
    wanted = {engine} if engine == "browser" else {engine, None}
    own = [item for item in items if _engine_of(item) in wanted]
    others = [item for item in items if _engine_of(item) not in wanted]
    return sorted(own, key=lambda item: _place(item.nodeid)), others


def _place(nodeid: str) -> int:
    file = nodeid.partition("::")[0]
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def _engine_of(item: pytest.Item) -> str | None:
    """The one engine a test needs, or None for both."""
    mark = item.get_closest_marker("once")
    if mark is not None:
        return mark.args[0]
    if BROWSER in item.path.parents:
        # These look at running servers, each on the engine it chooses.
        return "browser"
    # What asks for no database is the same on either.
    return None if asks_for_the_database(item) else "sqlite"


def asks_for_the_database(item: pytest.Item) -> bool:
    """Whether the test gets a database, by its mark or by a fixture."""
    fixtures = {"db", "transactional_db", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or fixtures & set(item.fixturenames))


class _OfOneEngine(LoadFileScheduling):
    def __init__(self, config: pytest.Config, log: Producer, count: int) -> None:
        super().__init__(config, log)
        self.numnodes = count

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        if file == EVERY_PAGE:
            return nodeid.partition("[")[2].partition("-")[0]
        return nodeid if file in ONE_BY_ONE else file


class SideBySide:
    """Shares out the tests of each engine among its own processes; xdist's ``Scheduling``."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        self._of = {engine: _OfOneEngine(config, log, count) for engine, count in PROCESSES.items()}

    def _for(self, node: WorkerController) -> _OfOneEngine:
        return self._of[node.gateway.spec.env[ENGINE]]

    @property
    def nodes(self) -> list[WorkerController]:
        """All processes that still work."""
        return [node for one in self._of.values() for node in one.nodes]

    @property
    def collection_is_completed(self) -> bool:
        """Whether every process has said what it found."""
        return all(one.collection_is_completed for one in self._of.values())

    @property
    def tests_finished(self) -> bool:
        """Whether nothing is left to give out."""
        return all(one.tests_finished for one in self._of.values())

    @property
    def has_pending(self) -> bool:
        """Whether something is being worked on."""
        return any(one.has_pending for one in self._of.values())

    def schedule(self) -> None:
        """Give each process its first files."""
        for one in self._of.values():
            one.schedule()

    def add_node(self, node: WorkerController) -> None:
        """A process has started."""
        self._for(node).add_node(node)

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        """What a process found."""
        self._for(node).add_node_collection(node, collection)

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        """A test is done; its process gets the next file when it has little left."""
        self._for(node).mark_test_complete(node, item_index, duration)

    def mark_test_pending(self, item: str) -> None:
        """No test is given out twice."""
        raise RuntimeError("Given out once and for all.")

    def remove_pending_tests_from_node(
        self, node: WorkerController, indices: Sequence[int]
    ) -> None:
        """No test is taken back from a process that lives."""
        raise RuntimeError("Given out once and for all.")

    def remove_node(self, node: WorkerController) -> str | None:
        """A process has ended; the test it died of, if it did."""
        return self._for(node).remove_node(node)
