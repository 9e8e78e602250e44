"""A portal of the benchmark's own: the server exactly as ``make run`` starts it, on data that goes away."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.postgres import cluster, free_port
from trustbox.server import server_command

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "benchmark password 2026"
SCHOOL, LANGUAGE = "it-lyceum", "kk"
START_SECONDS = 60


@dataclass(frozen=True)
class Portal:
    """Where it answers, and the environment in which its commands run."""

    engine: str
    port: int
    environ: dict[str, str] = field(repr=False)

    def manage(self, *command: str) -> None:
        """Run one of the portal's commands on its data."""
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def measure(self, what: str, **numbers: int) -> dict[str, Any]:
        """What ``benchmarks.inside`` measures in a process of its own, on the portal's data."""
        given = [f"{name}={value}" for name, value in numbers.items()]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.inside", what, *given],
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def portal(engine: str) -> Iterator[Portal]:
    """A running portal with the demo schools on SQLite or PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="trustbox-bench-") as folder:
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TRUSTBOX_", "DATABASE_URL"))
        }
        environ |= {
            "TRUSTBOX_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            # All letters of the load come from one address; the limit itself has its tests.
            "TRUSTBOX_LETTERS_AT_ONCE": str(10**6),
        }
        if engine == "SQLite":
            with _serving(Portal(engine, free_port(), environ)) as running:
                yield running
            return
        with (
            cluster() as url,
            _serving(Portal(engine, free_port(), environ | {"DATABASE_URL": url})) as running,
        ):
            yield running


@contextmanager
def _serving(prepared: Portal) -> Iterator[Portal]:
    for command in (
        ["compile_catalogues"],
        ["migrate", "--verbosity=0"],
        ["sync_roles"],
        ["collectstatic", "--no-input", "--verbosity=0"],
        ["demo", "--password", PASSWORD],
    ):
        prepared.manage(*command)
    server = subprocess.Popen(
        server_command(prepared.port, "benchmarks.wsgi:application"),
        cwd=ROOT,
        env=prepared.environ,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(prepared.port)
        yield prepared
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            # A worker that was just starting may not hear it: what was measured is not lost for that.
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
