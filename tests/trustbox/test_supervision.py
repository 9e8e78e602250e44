"""Server and worker side by side: they start, end and are told together, whoever of them dies, however it dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.portal import ROOT, is_alive

pytestmark = pytest.mark.once("browser")

# What a child leaves of itself in a file: its number, and each signal it got.
CHILD = """
import os, signal, sys, time
name, on_term = sys.argv[1:]
def say(word):
    with open(name, "a") as file:
        file.write(f"{word}\\n")
def heard(number, frame):
    say(signal.Signals(number).name)
    if on_term != "stays":
        sys.exit(int(on_term))
signal.signal(signal.SIGTERM, heard)
signal.signal(signal.SIGINT, heard)
say(os.getpid())
while True:
    time.sleep(60)
"""
SUPERVISOR = """
import sys
from trustbox import supervision
supervision.WORKER_AFTER = 0.05
supervision.WORKER_ENDS_WITHIN = 1.0
supervision.PAUSES = (0.1, 0.2)
half = sys.argv.index("--")
sys.exit(supervision.Supervisor(sys.argv[1:half], sys.argv[half + 1:]).run())
"""


def child(file: Path, on_term: str = "0") -> list[str]:
    return [sys.executable, "-c", CHILD, str(file), on_term]


@contextmanager
def supervised(server: list[str], worker: list[str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, *server, "--", *worker],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def words(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def gone(pid: str) -> bool:
    return not is_alive(int(pid))


@pytest.fixture
def server(tmp_path: Path) -> Path:
    return tmp_path / "server"


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    return tmp_path / "worker"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGTERM, 7)]
)
def test_a_signal_reaches_both_once_and_the_servers_code_is_the_end(
    number: int, code: int, server: Path, worker: Path
) -> None:
    with supervised(child(server, str(code)), child(worker)) as process:
        until(lambda: bool(words(server) and words(worker)))
        process.send_signal(number)
        assert process.wait(timeout=10) == code
        assert process.stderr.read() == ""
    for file in (server, worker):
        pid, *heard = words(file)
        assert heard[:1] == [signal.Signals(number).name]
        assert gone(pid)
    assert words(server)[1:] == [signal.Signals(number).name]


@pytest.mark.parametrize(("script", "code"), [("exit 3", 3), ("kill -9 $$", 128 + 9)])
def test_a_server_that_ends_ends_the_worker(script: str, code: int, worker: Path) -> None:
    wait_for_worker = f'while ! [ -s "{worker}" ]; do sleep 0.05; done; '
    with supervised(["sh", "-c", wait_for_worker + script], child(worker)) as process:
        assert process.wait(timeout=10) == code
    pid, heard = words(worker)
    assert heard == "SIGTERM"
    assert gone(pid)


def test_nothing_is_left_of_a_server_that_was_killed(tmp_path: Path, worker: Path) -> None:
    own = tmp_path / "own"
    script = f"sleep 1000 & echo $! > {own}; kill -9 $$"
    with supervised(["sh", "-c", script], child(worker)) as process:
        assert process.wait(timeout=10) == 128 + 9
    until(lambda: gone(words(own)[0]))


def test_a_worker_that_dies_comes_again(server: Path, worker: Path) -> None:
    with supervised(child(server), child(worker)) as process:
        for count in (1, 2, 3):
            until(lambda count=count: len(words(worker)) == count)
            os.kill(int(words(worker)[-1]), signal.SIGKILL)
        until(lambda: len(words(worker)) == 4)
        assert len(words(server)) == 1, "the server goes on"
        process.terminate()
        assert process.wait(timeout=10) == 0
        told = process.stderr.read().splitlines()
    assert told == ["The worker ended (-9); it starts again in 0 s."] * 3


def test_a_worker_that_does_not_stop_is_killed(server: Path, worker: Path) -> None:
    with supervised(child(server), child(worker, "stays")) as process:
        until(lambda: bool(words(server) and words(worker)))
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert gone(words(worker)[0])


def test_a_killed_supervisor_takes_both_with_it(server: Path, worker: Path) -> None:
    with supervised(child(server), child(worker)) as process:
        until(lambda: bool(words(server) and words(worker)))
        process.kill()
        process.wait()
        until(lambda: words(server)[1:] == words(worker)[1:] == ["SIGTERM"])
        until(lambda: gone(words(server)[0]) and gone(words(worker)[0]))
