"""What every test stands on: a database with its roles, quick passwords, a real server and a real browser."""

import gc
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from xdist.remote import Producer

from schools.services.roles import sync_roles
from tests import side_by_side
from tests.emptying import empty
from tests.portal import Portal, serving
from tests.postgres import cluster
from trustbox.catalogues import compile_catalogues
from vault import passwords

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
]


def pytest_configure() -> None:
    compile_catalogues(settings.LOCALE_PATHS[0])
    if side_by_side.engine_of_this_process() in ("sqlite", "postgresql"):
        # Whoever looks at a browser has only so much patience: it comes first.
        os.nice(5)


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> side_by_side.SideBySide | None:
    """In a run on both engines the tests are shared out by our own rules."""
    return side_by_side.SideBySide(config, log) if side_by_side.is_shared_out(config) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a run on both engines a test that needs only one run is taken by the engine it names."""
    engine = side_by_side.engine_of_this_process()
    if engine:
        items[:], others = side_by_side.sorted_for(engine, items)
        config.hook.pytest_deselected(items=others)


def pytest_collection_finish() -> None:
    """What is there for the whole run is not looked through again and again for what can be thrown away."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "OPERATIONS", 1)
        patch.setattr(passwords, "MEMORY_BYTES", 8192)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The roles are in the tests' database from the start."""
    with django_db_blocker.unblock():
        sync_roles()


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The real server on SQLite with the four demo schools; shared by all tests that ask for it."""
    with serving(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """The address of a PostgreSQL cluster: the one of this run, or one of its own."""
    if "TRUSTBOX_TEST_POSTGRES" in os.environ:
        yield os.environ["TRUSTBOX_TEST_POSTGRES"]
        return
    with cluster() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> str:
    """The address of an empty PostgreSQL database for a server of the test's own."""
    name = f"served_{secrets.token_hex(6)}"
    with closing(psycopg2.connect(postgres_cluster)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    return f"{postgres_cluster.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless, without anything it would do by itself on the network."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _what_was_committed_is_taken_out() -> Iterator[None]:
    """Quicker than Django's flush, and past the book's triggers, which would refuse it."""

    def emptied(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            empty(alias)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield
