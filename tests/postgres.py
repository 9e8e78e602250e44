"""A PostgreSQL cluster of its own for the tests and benchmarks: made, used and removed.

``python tests/postgres.py COMMAND …`` runs a command with DATABASE_URL leading to it, and ends with its exit code.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "trustbox"


def programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, of the newest version there is."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: float(bin_.parent.name)
    )
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def free_port() -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster that flushes to disk as in life; gives its address, with an empty database in it."""
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="trustbox-postgres-"))
    # PostgreSQL does not run as root.
    owner = "postgres" if os.geteuid() == 0 else None

    def run(*command: object) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            user=owner,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{Path(str(command[0])).name}: {done.stderr or done.stdout}")

    if owner:
        shutil.chown(folder, owner)
    data, password, port = folder / "data", secrets.token_hex(16), free_port()
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if owner:
        shutil.chown(secret, owner)
    try:
        run(
            *(bin_ / "initdb", "-D", data, "-U", USER, "--pwfile", secret),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"),
        )
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=on"
        # A test that asks every address does so in one transaction, each request in a savepoint of its own.
        options += " -c max_locks_per_transaction=1024"
        run(bin_ / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgres://{USER}:{password}@127.0.0.1:{port}/postgres"
        finally:
            run(bin_ / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    # A stopped run must remove its cluster too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as url:
        env = {**os.environ, "DATABASE_URL": url, "TRUSTBOX_TEST_POSTGRES": url}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
