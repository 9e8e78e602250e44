"""System checks, headers, health, and a log that tells neither who wrote nor what."""

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.test import Client, override_settings

from schools.models import User
from trustbox import views
from trustbox.checks import check_public_address, check_safety
from trustbox.logs import Nameless, PlainFormatter

WORDS = "Айгүл жетінші сыныптан: бапкер бізді ұрады"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the portal's own handler writes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Nameless())
    handler.setFormatter(PlainFormatter())
    roots = [logging.getLogger(name) for name in ("", "django")]
    for root in roots:
        root.addHandler(handler)
    yield written
    for root in roots:
        root.removeHandler(handler)


def test_every_handler_is_nameless_and_plain() -> None:
    for handler in settings.LOGGING["handlers"].values():
        assert handler["filters"] == ["nameless"]
        assert handler["formatter"] == "plain"
    for logger in (settings.LOGGING["root"], *settings.LOGGING["loggers"].values()):
        assert logger["level"] == "WARNING"
        assert logger["handlers"] == ["stderr"]


@pytest.mark.django_db
def test_a_failing_statement_leaves_no_word_in_the_log(log: io.StringIO) -> None:
    User.objects.create_user("somebody", full_name="Somebody")
    try:
        with connection.cursor() as cursor:
            table = User._meta.db_table
            cursor.execute(
                f"INSERT INTO {table} (username, full_name) VALUES (%s, %s)", ["somebody", WORDS]
            )
    except DatabaseError:
        logging.getLogger("trustbox").exception("A letter was not stored.")
    written = log.getvalue()
    assert "A letter was not stored." in written
    assert "IntegrityError" in written
    assert "test_safety.py" in written
    for word in (*WORDS.split(), "somebody"):
        assert word not in written


def test_an_error_of_a_view_leaves_neither_address_nor_words(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: HttpRequest) -> None:
        raise ValueError(f"{WORDS} {request.META['REMOTE_ADDR']}")

    monkeypatch.setattr("trustbox.urls.healthz", fail)
    monkeypatch.setattr(next(p for p in _patterns() if p.name == "healthz"), "callback", fail)
    client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
    response = client.get(
        f"/healthz?token={WORDS.split(maxsplit=1)[0]}", headers={"user-agent": "Marker/9"}
    )
    assert response.status_code == 500
    written = log.getvalue()
    assert "ValueError" in written
    for word in (*WORDS.split(), "203.0.113.77", "Marker", "?token", "/healthz"):
        assert word not in written
        assert word not in response.content.decode()


def _patterns() -> list:
    from trustbox.urls import urlpatterns

    return urlpatterns


@pytest.mark.parametrize("name", ["django.request", "django.security.DisallowedHost"])
def test_messages_about_requests_keep_only_their_status(name: str) -> None:
    record = logging.LogRecord(
        name, logging.WARNING, "", 0, "Not Found: %s", ("/reply/K7QX-9M2T-4HWD-PZ3A",), None
    )
    record.status_code, record.request = 404, object()
    assert Nameless().filter(record)
    assert record.getMessage() == f"{name}: 404"
    assert record.request is None


@pytest.mark.django_db
def test_a_missing_page_leaves_no_path_in_the_log(log: io.StringIO) -> None:
    Client().get("/kk/no-such-school-as-this/", REMOTE_ADDR="203.0.113.77")
    assert "no-such-school-as-this" not in log.getvalue()
    assert "203.0.113.77" not in log.getvalue()


@pytest.mark.django_db
def test_a_forged_host_is_refused_without_a_word_of_it(log: io.StringIO) -> None:
    response = Client().get("/healthz", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in log.getvalue()
    assert "evil.example" not in response.content.decode()


@pytest.mark.django_db
def test_health() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies
    broken = pytest.MonkeyPatch()
    with broken.context() as patch:
        patch.setattr(connection, "cursor", _no_database)
        with pytest.raises(DatabaseError):
            views.healthz(HttpRequest())


def _no_database() -> None:
    raise DatabaseError


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers() -> None:
    for path in ("/healthz", "/admin/login/", "/no/such/page/"):
        headers = Client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in f"{policy};"
        assert "style-src 'self';" in f"{policy};"
        assert "unsafe" not in policy
        assert "http:" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_settings_as_they_are_pass_every_check() -> None:
    assert [found.id for found in run_checks() if not found.is_silenced()] == []


def test_debug_is_an_error() -> None:
    with override_settings(DEBUG=True):
        assert [found.id for found in check_safety(None)] == ["trustbox.E001"]


def test_cookies_without_https_are_an_error_where_https_is_used() -> None:
    with override_settings(HTTPS=True, SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        assert check_safety(None) == []
        assert check_public_address(None) == []
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"):
        secure = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, name: False}
        with override_settings(HTTPS=True, **secure):
            assert [found.id for found in check_safety(None)] == ["trustbox.E002"]


def test_sqlite_in_deferred_mode_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}}
    )
    assert [found.id for found in check_safety(None)] == ["trustbox.E003"]


def test_an_address_without_https_is_a_warning_of_the_deploy_check() -> None:
    assert [found.id for found in check_public_address(None)] == ["trustbox.W001"]
    assert "trustbox.W001" in [found.id for found in run_checks(include_deployment_checks=True)]
