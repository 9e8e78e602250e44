"""The production server, as ``make run`` and a service start it."""

import sys

HOST = "127.0.0.1"
# Measured with sixteen callers on two cores: more workers or threads gain nothing there.
WORKERS = 2
THREADS = 4


def server_command(port: int, application: str = "trustbox.wsgi:application") -> list[str]:
    """Its command line. It writes no line for a request: that could tell who wrote."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1"),
        *("--host", HOST, "--port", str(port), "--no-ws", "--no-access-log"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        *("--log-level", "warning", application),
    ]


def supervisor_command(port: int) -> list[str]:
    """The command line of server and worker together (``trustbox.supervision``)."""
    return [sys.executable, "-m", "trustbox.supervision", str(port)]
