"""The systemd units of ``deploy/``: systemd understands them, and what they start is there."""

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.portal import ROOT

pytestmark = pytest.mark.once("sqlite")

UNITS = sorted([*(ROOT / "deploy").glob("*.service"), *(ROOT / "deploy").glob("*.timer")])
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def read(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text())
    return unit


def test_there_is_a_unit_for_the_server_the_worker_and_the_clock() -> None:
    assert [path.name for path in UNITS] == [
        "trustbox-remind.service",
        "trustbox-remind.timer",
        "trustbox-worker.service",
        "trustbox.service",
    ]


def test_systemd_understands_them(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        # Without systemd what is asked of each line is its form alone; duplicates are refused.
        assert all(read(path).sections() for path in UNITS)
        return
    program = tmp_path / ".venv/bin/python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copies = []
    for path in UNITS:
        copy = tmp_path / path.name
        copy.write_text(path.read_text().replace("/srv/trustbox", str(tmp_path)))
        copies.append(str(copy))
    done = subprocess.run(
        [analyze, "verify", "--man=no", *copies], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip(), done.stdout.strip()) == (0, "", "")


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_what_they_start_is_a_command_with_these_options(path: Path) -> None:
    service = read(path)["Service"]
    program, manage, command, *options = shlex.split(service["ExecStart"])
    assert program == f"{service['WorkingDirectory']}/.venv/bin/python"
    assert (ROOT / manage).exists()
    parser = load_command_class(get_commands()[command], command).create_parser(manage, command)
    given = parser.parse_args(options)
    if command == "serve":
        assert given.without_worker, "the worker is a unit of its own"
        assert given.without_demo


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_they_may_write_their_data_and_see_no_homes(path: Path) -> None:
    service = read(path)["Service"]
    assert service["ProtectSystem"] == "strict"
    assert f"{service['WorkingDirectory']}/data" in service["ReadWritePaths"].split()
    assert (service["User"], service["UMask"], service["LimitCORE"]) == ("trustbox", "0077", "0")
