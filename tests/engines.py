"""Runs the tests on SQLite and on PostgreSQL at once, and those with the browser beside them (``side_by_side``).

Arguments go to pytest. One run, one closing line: each test counts once for each engine.
"""

import os
import subprocess
import sys
import tempfile

from postgres import cluster, programs
from side_by_side import arguments as side_by_side

PYTEST = [sys.executable, "-m", "pytest"]


def main(arguments: list[str]) -> int:
    """Pytest's exit code."""
    if programs() is None:
        print("PostgreSQL is not installed: going on with SQLite alone.", flush=True)
        return subprocess.run([*PYTEST, *arguments], check=False).returncode
    with cluster() as url, tempfile.TemporaryDirectory(prefix="trustbox-run-") as shared:
        env = {**os.environ, "TRUSTBOX_TEST_POSTGRES": url, "TRUSTBOX_TEST_SHARED": shared}
        # Some hundreds of processes are started: not each compiles all of the portal anew.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [*PYTEST, *side_by_side(), *arguments]
        return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
