"""The real server over a data folder of its own, as ``make run`` starts it."""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg2
import pytest

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
DEMO_PASSWORD = "demo school year 2026"
START_SECONDS = 90
# For tests that serve on both: in a run on both engines each is taken by its own process.
ENGINES = [pytest.param(name, marks=pytest.mark.once(name)) for name in ("sqlite", "postgresql")]
# The database that is copied for each portal on PostgreSQL.
TEMPLATE = "filled"


@dataclass(frozen=True)
class Portal:
    """A running portal with the four demo schools."""

    url: str
    data_dir: Path
    password: str = field(repr=False)
    environ: dict[str, str] = field(repr=False)
    server: subprocess.Popen = field(repr=False)

    def manage(self, *command: str) -> str:
        """What ``manage.py COMMAND`` prints, on the portal's own data."""
        return run_manage(self.environ, *command)


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    """The environment of a portal of its own: nothing of the tests' settings comes along."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TRUSTBOX_", "DJANGO_", "DATABASE_URL", "PYTEST", "PORT"))
    }
    return {**kept, "TRUSTBOX_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **variables}


def run_manage(environ: dict[str, str], *command: str) -> str:
    """What the command prints. Raises CalledProcessError; what it complained of is shown by pytest."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr)
    done.check_returncode()
    return done.stdout


def answers(url: str) -> bool:
    """Whether a server there says it is well."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as response:
            return response.read() == b"ok"
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def is_alive(pid: int) -> bool:
    """Whether the process is there and has not ended yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def with_descendants(pid: int) -> list[int]:
    """The process and everything it started, itself first."""
    found = [pid]
    for parent in found:
        found += map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())
    return found


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Until the server answers. Raises RuntimeError with its log when it does not."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if answers(url):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The portal did not start:\n{log.read_text()}")


# One process for all of it: a start of Django costs as much as half of the schools.
_FILL = f"""
from django.core.management import call_command
from trustbox.static_files import gather
call_command("migrate", interactive=False, verbosity=0)
call_command("demo", password="{DEMO_PASSWORD}")
gather()
"""


def _fill(environ: dict[str, str]) -> None:
    run_manage(environ, "shell", "--verbosity=0", "-c", _FILL)


@cache
def _filled(cluster: str = "") -> Path:
    """A data folder with the demo schools, made once in a run; nothing works in it, it is copied.

    The rows are in it too (SQLite), or in the database ``TEMPLATE`` of the PostgreSQL cluster.
    TRUSTBOX_TEST_SHARED is the folder of a run on both engines: whichever process comes first makes it for all.
    """
    shared = os.environ.get("TRUSTBOX_TEST_SHARED")
    if shared is None:
        shared = tempfile.mkdtemp(prefix="trustbox-filled-")
        atexit.register(shutil.rmtree, shared, ignore_errors=True)
    folder = Path(shared) / ("filled-postgresql" if cluster else "filled")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.with_suffix(".done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            variables = {"DATABASE_URL": f"{cluster}/{TEMPLATE}"} if cluster else {}
            if cluster:
                _in_cluster(
                    cluster, f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}"
                )
            _fill(environment(folder, **variables))
            folder.with_suffix(".done").touch()
    return folder


def _in_cluster(cluster: str, *statements: str) -> None:
    with closing(psycopg2.connect(f"{cluster}/postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _is_empty(database: str) -> bool:
    with closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        return cursor.fetchone()[0]


def fill_with_demo(environ: dict[str, str]) -> None:
    """The tables and the demo schools under a known password, where ``environ`` says; what is there already stays."""
    data_dir = Path(environ["TRUSTBOX_DATA_DIR"])
    if "DATABASE_URL" in environ:
        cluster, _slash, name = environ["DATABASE_URL"].rpartition("/")
        if not _is_empty(environ["DATABASE_URL"]):
            return
        folder = _filled(cluster)
        _in_cluster(cluster, f"DROP DATABASE {name}", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    elif not (data_dir / "trustbox.sqlite3").exists():
        folder = _filled()
    else:
        return
    shutil.copytree(folder, data_dir, dirs_exist_ok=True)


@contextmanager
def serving(data_dir: Path, *, demo: bool = True, **variables: str) -> Iterator[Portal]:
    """A portal at a free port, with the demo schools under a known password or with nothing; ended afterwards."""
    port = free_port()
    environ = environment(data_dir, PORT=str(port), **variables)
    if demo:
        fill_with_demo(environ)
    log = data_dir / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *([] if demo else ["--without-demo"])],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, server, log)
        yield Portal(
            url=url,
            data_dir=data_dir,
            password=DEMO_PASSWORD,
            environ=environ,
            server=server,
        )
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
