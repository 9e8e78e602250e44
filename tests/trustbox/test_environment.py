"""Every value of the environment: what it becomes, and the one line for each wrong one."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from trustbox import environment

pytestmark = pytest.mark.once("sqlite")

KEY = "k" * 50
NAMES = (
    "TRUSTBOX_DATA_DIR",
    "TRUSTBOX_SECRET_KEY",
    "TRUSTBOX_SECRET_KEY_FILE",
    "TRUSTBOX_URL",
    "DATABASE_URL",
    "EMAIL_URL",
    "CACHE_URL",
)


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def refusal(read: Callable[[], object]) -> str:
    """The line with which a wrong value stops the start."""
    with pytest.raises(ImproperlyConfigured) as caught:
        read()
    line = str(caught.value)
    assert "\n" not in line
    # No second error behind it: Django would print the whole of both.
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return line


def test_data_dir_is_made_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert environment.data_dir(tmp_path) == tmp_path / "data"
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    monkeypatch.setenv("TRUSTBOX_DATA_DIR", str(tmp_path / "a" / "b"))
    assert environment.data_dir(tmp_path) == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()


def test_data_dir_that_cannot_be_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("TRUSTBOX_DATA_DIR", str(path))
        assert refusal(lambda: environment.data_dir(tmp_path)).startswith(
            f"TRUSTBOX_DATA_DIR: cannot make {path}"
        )
    monkeypatch.setattr(environment.os, "access", lambda *_: False)
    monkeypatch.delenv("TRUSTBOX_DATA_DIR")
    assert "is not writable" in refusal(lambda: environment.data_dir(tmp_path))


def test_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key = environment.secret_key(tmp_path)
    assert len(key) >= 50
    assert environment.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_secret_key_comes_from_the_variable_or_the_file_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").write_text(f"{KEY}1\n")
    monkeypatch.setenv("TRUSTBOX_SECRET_KEY_FILE", str(tmp_path / "elsewhere"))
    assert environment.secret_key(tmp_path) == f"{KEY}1"
    monkeypatch.setenv("TRUSTBOX_SECRET_KEY", f"{KEY}2")
    assert environment.secret_key(tmp_path) == f"{KEY}2"
    assert not (tmp_path / "secret_key").exists()


def test_secret_key_too_short_or_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for short in ("", "short", KEY[:-1]):
        monkeypatch.setenv("TRUSTBOX_SECRET_KEY", short)
        line = refusal(lambda: environment.secret_key(tmp_path))
        assert line.startswith("TRUSTBOX_SECRET_KEY: at least 50")
        assert not short or short not in line
    monkeypatch.delenv("TRUSTBOX_SECRET_KEY")
    monkeypatch.setenv("TRUSTBOX_SECRET_KEY_FILE", str(tmp_path / "nowhere"))
    assert "No such file" in refusal(lambda: environment.secret_key(tmp_path))
    (tmp_path / "nowhere").touch()
    assert "at least 50" in refusal(lambda: environment.secret_key(tmp_path))


def test_database_is_sqlite_that_waits_its_turn(tmp_path: Path) -> None:
    config = environment.database(tmp_path)
    assert config["NAME"] == str(tmp_path / "trustbox.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] >= 5
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    assert config["CONN_MAX_AGE"] > 0


def test_database_url_names_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    config = environment.database(tmp_path)
    assert config["NAME"] == f"{tmp_path}/other.sqlite3"
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_database_url_of_postgresql(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", f"{scheme}://user:p%40ss@db.example:6543/box?sslmode=require"
    )
    config = environment.database(tmp_path)
    assert config["ENGINE"] == "django.db.backends.postgresql"
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example", 6543, "box")
    assert (config["USER"], config["PASSWORD"]) == ("user", "p@ss")
    assert config["OPTIONS"]["sslmode"] == "require"
    assert config["OPTIONS"]["connect_timeout"] <= 30
    assert config["CONN_MAX_AGE"] > 0
    assert config["CONN_HEALTH_CHECKS"]
    assert config["DISABLE_SERVER_SIDE_CURSORS"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "box",
        "mysql://user:secret-word@localhost/box",
        "postgres://user:secret-word@localhost",
        "postgres://user:secret-word@localhost:port/box",
        "postgres://user:secret-word@localhost:99999/box",
        "postgres://user:secret-word@[::1/box",
        "sqlite://",
    ],
)
def test_a_wrong_database_url_is_said_without_its_password(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    line = refusal(lambda: environment.database(tmp_path))
    assert line.startswith("DATABASE_URL: ")
    assert "secret-word" not in line


def test_base_address(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ["localhost", "127.0.0.1", "[::1]"]
    assert environment.base_address() == ("", own)
    monkeypatch.setenv("TRUSTBOX_URL", "https://box.example.kz/")
    assert environment.base_address() == ("https://box.example.kz", [*own, "box.example.kz"])
    monkeypatch.setenv("TRUSTBOX_URL", "http://box.example.kz:8443")
    assert environment.base_address() == ("http://box.example.kz:8443", [*own, "box.example.kz"])


@pytest.mark.parametrize(
    "url",
    [
        "box.example.kz",
        "ftp://box.example.kz",
        "https://",
        "https://box.example.kz/sub",
        "https://box.example.kz?x=1",
        "https://box.example.kz#x",
        "https://box.example.kz:port",
        "https://[::1",
    ],
)
def test_a_wrong_base_address_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTBOX_URL", url)
    assert refusal(environment.base_address).startswith("TRUSTBOX_URL: ")


def test_mail_leaves_only_by_a_server_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = environment.email_settings(tmp_path)
    assert "filebased" in kept["EMAIL_BACKEND"]
    assert kept["EMAIL_FILE_PATH"] == str(tmp_path / "outbox")
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700
    assert environment.email_settings(tmp_path) == kept
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:word@mail.example:587")
    named = environment.email_settings(tmp_path)
    assert (named["EMAIL_HOST"], named["EMAIL_PORT"]) == ("mail.example", 587)
    assert named["EMAIL_USE_TLS"]
    assert named["EMAIL_TIMEOUT"] == 10
    wrong = (
        *("mail.example", "gopher://mail.example", "", "smtp://mail.example:port", "smtp://"),
        *("consolemail://", "filemail:///tmp/mails", "memorymail://", "dummymail://"),
    )
    for address in wrong:
        monkeypatch.setenv("EMAIL_URL", address)
        assert refusal(lambda: environment.email_settings(tmp_path)).startswith("EMAIL_URL: ")


def test_an_outbox_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands in its place")
    said = refusal(lambda: environment.email_settings(tmp_path))
    assert said.startswith("TRUSTBOX_DATA_DIR: cannot make")


def test_cache_is_the_processs_memory_or_one_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.cache_settings()["BACKEND"].endswith("LocMemCache")
    monkeypatch.setenv("CACHE_URL", "dummycache://")
    assert environment.cache_settings()["BACKEND"].endswith("DummyCache")
    for wrong in ("gopher://x", "", "memory"):
        monkeypatch.setenv("CACHE_URL", wrong)
        assert refusal(environment.cache_settings).startswith("CACHE_URL: ")


@pytest.mark.parametrize("text", ["", "x", "1.5", "0", "6", "-1", "٣ ٣"])
def test_a_number_out_of_bounds_is_said(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTBOX_PROXIES", text)
    line = refusal(lambda: environment.whole_number("TRUSTBOX_PROXIES", 0, least=1, most=5))
    assert line == "TRUSTBOX_PROXIES: give a whole number from 1 to 5."


def test_a_number_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTBOX_PROXIES", raising=False)
    assert environment.whole_number("TRUSTBOX_PROXIES", 3, least=1, most=5) == 3
    for value in (1, 5):
        monkeypatch.setenv("TRUSTBOX_PROXIES", str(value))
        assert environment.whole_number("TRUSTBOX_PROXIES", 3, least=1, most=5) == value
