"""What every test stands on: a database with its roles, quick passwords, a real server and a real browser."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from journal.bound import unbind
from schools.models import Role
from schools.services.roles import sync_roles
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


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a run on both engines a test that needs only one run is taken by the engine it names."""
    engine = os.environ.get("TRUSTBOX_TEST_ENGINE")
    if not engine:
        return
    every = None if engine != "browser" else engine
    others = [item for item in items if _only_engine(item) not in (every, engine)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def _only_engine(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("once")
    if mark is not None:
        return mark.args[0]
    # These look at running servers, each on the engine it chooses.
    return "browser" if (Path(__file__).parent / "browser") in item.path.parents else None


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


@pytest.fixture(autouse=True)
def _roles(request: pytest.FixtureRequest) -> None:
    """The roles are in the database also after a test that emptied the tables."""
    if request.node.get_closest_marker("django_db") is None and not (
        {"db", "transactional_db"} & set(request.fixturenames)
    ):
        return
    request.getfixturevalue("_django_db_helper")
    if not Role.objects.exists():
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
def _flush_may_empty_the_book() -> Iterator[None]:
    """A test that commits empties the tables afterwards, which the book's triggers would refuse."""
    honest = TransactionTestCase._fixture_teardown

    def unbound(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            if not connections[alias].in_atomic_block:
                unbind(connections[alias])
        honest(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", unbound)
        yield
