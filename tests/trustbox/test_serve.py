"""``make run``: what it says and does on a first start, on a second one, and when something is wrong."""

import http.cookiejar
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.portal import ROOT, answers, environment, run_manage, wait_for
from tests.postgres import free_port

pytestmark = pytest.mark.once("browser")


@contextmanager
def make_run(data_dir: Path, target: str = "run", **variables: str) -> Iterator[tuple[str, str]]:
    """``make run`` (or ``serve``) until it answers: its address, and what it printed."""
    port = free_port()
    log = data_dir.parent / f"{port}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            ["make", target],
            cwd=ROOT,
            env=environment(data_dir, PORT=str(port), **variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, server, log)
        yield url, log.read_text()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    until = time.monotonic() + 10
    while answers(url) and time.monotonic() < until:
        time.sleep(0.1)
    assert not answers(url)


def refused(data_dir: Path, **variables: str) -> str:
    """The one line with which a start that cannot succeed ends."""
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(data_dir, **{"PORT": str(free_port()), **variables}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode not in (0, None)
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def signs_in(url: str, name: str, password: str) -> bool:
    """Whether the staff page lets the account in."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{url}/admin/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    fields = {"username": name, "password": password, "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(
        f"{url}/admin/login/",
        urllib.parse.urlencode(fields).encode(),
        {"Origin": url},
    )
    return browser.open(request).geturl() == f"{url}/admin/"


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_first_start_loads_the_demo_and_a_second_keeps_everything(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    data_dir = tmp_path / "data"
    variables = (
        {"DATABASE_URL": request.getfixturevalue("postgres_url")} if engine == "postgresql" else {}
    )
    with make_run(data_dir, **variables) as (url, printed):
        assert f"{url}/" in printed
        assert f"{url}/admin/" in printed
        password = re.search(r"[Pp]assword.*: (\S+)$", printed, re.MULTILINE)
        assert password is not None, printed
        assert signs_in(url, "psychologist.it-lyceum", password[1])
        assert signs_in(url, "operator", password[1])
        assert not signs_in(url, "operator", "something else")
        with urllib.request.urlopen(f"{url}/admin/login/") as page:
            styles = re.findall(r'href="(/static/[^"]+\.css)"', page.read().decode())
        assert styles
        for style in styles:
            assert re.search(r"\.[0-9a-f]{12}\.css$", style)
            with urllib.request.urlopen(url + style) as answer:
                assert "immutable" in answer.headers["Cache-Control"]
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    assert (data_dir / "trustbox.sqlite3").exists() == (engine == "sqlite")

    environ = environment(data_dir, **variables)
    rename = "from schools.models import School; School.objects.filter(slug='it-lyceum').update(phone='4211')"
    run_manage(environ, "shell", "-c", rename)
    secret = (data_dir / "secret_key").read_text()
    with make_run(data_dir, **variables) as (url, printed):
        assert "keep their passwords" in printed
        assert "changepassword" in printed
        assert password[1] not in printed
        assert signs_in(url, "psychologist.it-lyceum", password[1])
    ask = "from schools.models import School; print(School.objects.count(), School.objects.get(slug='it-lyceum').phone)"
    assert run_manage(environ, "shell", "-c", ask).strip().endswith("4 4211")
    assert (data_dir / "secret_key").read_text() == secret


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert f"PORT: {port} is taken" in refused(tmp_path, PORT=port)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80.5", ""])
def test_a_wrong_port_is_said(port: str, tmp_path: Path) -> None:
    assert "PORT: give a whole number from 1 to 65535." in refused(tmp_path, PORT=port)


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = refused(tmp_path / "file" / "data")
    assert line.startswith("trustbox: TRUSTBOX_DATA_DIR: cannot make")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://a:b@localhost/name", "give postgres://"),
        ("", "give postgres://"),
        ("postgres://a:b@127.0.0.1:1/name", "Connection refused"),
        ("postgres://a:secret-word@127.0.0.1:port/name", "cannot be read"),
        ("postgres://a:b@127.0.0.1", "the name of the database is missing"),
        ("sqlite:////no/such/folder/file", "unable to open database file"),
    ],
)
def test_a_wrong_database_is_said(url: str, words: str, tmp_path: Path) -> None:
    line = refused(tmp_path, DATABASE_URL=url)
    assert "DATABASE_URL: " in line
    assert words in line
    assert "secret-word" not in line


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "trustbox.sqlite3").write_bytes(os.urandom(8192))
    assert "file is not a database" in refused(tmp_path)


def test_make_serve_leaves_an_empty_database_empty(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with make_run(data_dir, target="serve") as (url, printed):
        assert "assword of" not in printed
        counted = run_manage(
            environment(data_dir),
            *(
                "shell",
                "-v0",
                "-c",
                "from schools.models import School; print(School.objects.count())",
            ),
        )
        assert counted.strip() == "0"
