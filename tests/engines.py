"""Runs the tests on SQLite and on PostgreSQL at once, a process for each, and a third with the browser.

Arguments go to pytest. One run, one closing line: each test counts once for each engine.
"""

import os
import subprocess
import sys
import tempfile

from postgres import cluster, programs

PYTEST = [sys.executable, "-m", "pytest"]
SIDE_BY_SIDE = ["--dist=each"]
for _engine in ("sqlite", "postgresql", "browser"):
    SIDE_BY_SIDE += ["--tx", f"popen//env:TRUSTBOX_TEST_ENGINE={_engine}"]


def main(arguments: list[str]) -> int:
    """Pytest's exit code."""
    if programs() is None:
        print("PostgreSQL is not installed: going on with SQLite alone.", flush=True)
        return subprocess.run([*PYTEST, *arguments], check=False).returncode
    with cluster() as url, tempfile.TemporaryDirectory(prefix="trustbox-run-") as shared:
        return subprocess.run(
            [*PYTEST, *SIDE_BY_SIDE, *arguments],
            env={**os.environ, "TRUSTBOX_TEST_POSTGRES": url, "TRUSTBOX_TEST_SHARED": shared},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
