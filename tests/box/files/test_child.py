"""The process in which a file is cleaned: whatever happens in it, the server gets a clear answer and goes on."""

import hashlib
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from box.files import worker
from box.files.refusals import NotCleaned, Why
from box.files.worker import CHILD, clean_upload
from tests.box.files.making import upload
from tests.box.files.samples import HIDDEN, every_kind

pytestmark = pytest.mark.once("sqlite")


def impostor(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """Another program in the child's place: what a file that took it over could do."""
    path = folder / "impostor.py"
    path.write_text(code)
    monkeypatch.setattr(worker, "CHILD", path)


def refusal(data: bytes) -> Why:
    sent = upload(data)
    with pytest.raises(NotCleaned) as caught:
        clean_upload(sent)
    sent.close()
    return caught.value.why


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_file_goes_through() -> None:
    before = open_files()
    sent = upload(every_kind()["jpeg"])
    file = clean_upload(sent)
    cleaned = b"".join(file.chunks())
    assert cleaned == b"".join(file.chunks()), "it can be read again"
    assert HIDDEN not in cleaned and len(cleaned) == file.size
    assert file.uploaded == hashlib.sha256(every_kind()["jpeg"]).hexdigest() != file.sha256
    sent.close()
    assert open_files() <= before


@pytest.mark.parametrize(
    "code",
    [
        "import os; os._exit(1)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('no answer')",
        "print('{')",
        "print('[]')",
        'print(\'{"mime": "text/html", "size": 5}\'); print(\'<html\')',
        'print(\'{"mime": "image/jpeg", "size": 5}\'); print(\'<html\')',
        'print(\'{"mime": "image/jpeg", "size": 50}\'); print(\'\\xff\')',
        'print(\'{"mime": "image/jpeg", "size": 1e99}\')',
        'print(\'{"mime": "image/jpeg", "size": -1}\')',
        'print(\'{"refused": "because"}\')',
        "import sys; sys.stdin.buffer.read()",
    ],
)
def test_an_impostor_is_not_believed(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    impostor(monkeypatch, tmp_path, code)
    before = open_files()
    assert refusal(every_kind()["jpeg"] * 100) is Why.BROKEN
    assert open_files() <= before


def test_one_that_stalls_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 0.5)
    for code in (
        "import time; time.sleep(60)",
        "print('x' * 10**7)",
        "import sys\nwhile True: sys.stdin.buffer.read(1)",
    ):
        impostor(monkeypatch, tmp_path, code)
        began = time.monotonic()
        assert refusal(every_kind()["jpeg"] * 100) is Why.TOO_LONG
        assert time.monotonic() - began < 5


def test_one_that_floods_the_server_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    size = worker.MOST_CLEANED_BYTES + 1
    flood = f'print(\'{{"mime": "image/jpeg", "size": {size}}}\')\nwhile True: print(\'x\' * 10**6)'
    impostor(monkeypatch, tmp_path, flood)
    assert refusal(every_kind()["jpeg"]) is Why.BROKEN


def _within(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, object]:
    """What the code finds (``found``) in a process with the real child's bounds and environment."""
    monkeypatch.setenv("TRUSTBOX_SECRET_KEY", "must not be seen")
    monkeypatch.setenv("DATABASE_URL", "must not be seen")
    path = tmp_path / "looking.py"
    path.write_text(
        f"import importlib.util, json\nspec = importlib.util.spec_from_file_location('c', {str(CHILD)!r})\n"
        "child = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(child)\nchild._confine()\n"
        f"found = {{}}\n{code}\nprint(json.dumps(found))\n"
    )
    monkeypatch.setattr(worker, "CHILD", path)
    process = worker.started(worker.CHILD)
    out, _nothing = process.communicate(b"")
    return json.loads(out)


def test_it_finds_no_secret_and_no_way_to_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = _within(
        "import os, sys\nfound['environ'] = sorted(os.environ)\nfound['path'] = sys.path[:1]\n"
        f"found['files'] = len(os.listdir('/proc/self/fd'))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    open({str(tmp_path / 'written')!r}, 'wb', buffering=0).write(b'x')\n"
        "except OSError as error: found['written'] = error.errno\n"
        "try:\n    bytearray(2 * 1024**3)\nexcept MemoryError: found['memory'] = 'refused'",
        monkeypatch,
        tmp_path,
    )
    assert set(found["environ"]) <= {"PATH", "LD_LIBRARY_PATH", "LC_CTYPE", "SYSTEMROOT"}
    assert found["files"] <= 4
    assert found["written"] == 27  # EFBIG
    assert found["memory"] == "refused"
    assert (tmp_path / "written").read_bytes() == b""


def test_it_needs_nothing_of_django() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-I", "-c"),
            f"import sys; sys.path.insert(0, {str(CHILD.parent.parent.parent)!r})\n"
            "import box.files.cleaning\n"
            "print(sorted({name.split('.')[0] for name in sys.modules} & "
            "{'django', 'schools', 'journal', 'vault', 'PIL', 'av', 'pikepdf', 'trustbox'}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n", "libraries are imported only when a file needs them"


def test_what_is_refused_at_the_door_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(worker, "started", never)
    assert refusal(b"<svg/>") is Why.UNKNOWN
    assert refusal(b"") is Why.EMPTY


def test_no_more_than_a_few_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The other threads of the server stay free for letters: who finds the door closed is told so at once."""
    impostor(monkeypatch, tmp_path, "import sys, time; sys.stdin.buffer.read(); time.sleep(1.5)")
    found: list[Why] = []
    threads = [
        threading.Thread(target=lambda: found.append(refusal(every_kind()["jpeg"])))
        for _one in range(8)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    while len(found) < 5 and time.monotonic() - began < 10:
        time.sleep(0.02)
    assert found == [Why.BUSY] * 5 and time.monotonic() - began < 1.4
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted([Why.BUSY] * 5 + [Why.BROKEN] * 3)
