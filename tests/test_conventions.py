"""The house's rules, read from its sources."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import to_locale

from tests.portal import ROOT, environment
from trustbox.catalogue_faults import catalogue_faults
from trustbox.demo.schools import SCHOOLS
from trustbox.languages import catalogues_in

pytestmark = pytest.mark.once("sqlite")

# Imports run to the left only.
ROOMS = ["vault", "schools", "box", "journal", "reports", "trustbox"]
FOLDER = ROOT / "locale"
# Those of the repository, whatever the data folder adds.
READY = [to_locale(one.code) for one in catalogues_in([FOLDER]) if one.is_ready]
UNFINISHED = [to_locale(one.code) for one in catalogues_in([FOLDER]) if not one.is_ready]
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "managers", "manager"}
AMBIENT = re.compile(
    r"^(threading\.local|asgiref\.local(\..*)?|contextvars(\..*)?|django\.dispatch(\..*)?"
    r"|django\.(\w+\.)*signals(\..*)?)$"
)
MOST_LINES = 420


def sources(room: str, *, migrations: bool = False) -> list[Path]:
    """A room's Python files."""
    return [
        path
        for path in sorted((ROOT / room).rglob("*.py"))
        if migrations or "migrations" not in path.parts
    ]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imported(tree: ast.Module) -> Iterator[str]:
    """Everything the module imports, with full names, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {getattr(node, 'name', '')}"


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str) -> None:
    higher = {*ROOMS[ROOMS.index(room) + 1 :], "tests", "benchmarks"}
    wrong = [
        f"{place(path)} imports {name}"
        for path in sources(room, migrations=True)
        for name in imported(parsed(path))
        if name.split(".", maxsplit=1)[0] in higher
    ]
    assert wrong == []


def test_the_vault_knows_nothing_of_django() -> None:
    wrong = [
        f"{place(path)} imports {name}"
        for path in sources("vault")
        for name in imported(parsed(path))
        if name.split(".", maxsplit=1)[0] in {"django", *ROOMS[1:]}
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_ambient_state(room: str) -> None:
    wrong = []
    for path in sources(room):
        tree = parsed(path)
        names = set(imported(tree))
        names |= {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if path.name == "apps.py":
            # What the tables themselves need after a migration; no step of the work hangs on it.
            names -= {"django.db.models.signals", "django.db.models.signals.post_migrate"}
        wrong += [f"{place(path)} uses {name}" for name in names if AMBIENT.match(name)]
        wrong += [
            f"{place(path, node)} is a global statement"
            for node in ast.walk(tree)
            if isinstance(node, ast.Global)
        ]
    assert wrong == []


@pytest.mark.parametrize("room", [*ROOMS, "benchmarks"])
def test_every_function_is_annotated(room: str) -> None:
    wrong = []
    for path in sources(room):
        for function in functions(parsed(path)):
            arguments = function.args
            plain = [*arguments.posonlyargs, *arguments.args]
            if plain and plain[0].arg in {"self", "cls"}:
                plain = plain[1:]
            given = [*plain, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            if function.returns is None or any(
                one is not None and one.annotation is None for one in given
            ):
                wrong.append(place(path, function))
    assert wrong == []


def _says_why(path: Path) -> bool:
    return path.parts[-2] == "services" or path.stem in {
        "selectors",
        "rules",
        "schedule",
        "working_days",
        "chain",
        "session",
    }


@pytest.mark.parametrize("room", ROOMS)
def test_modules_and_what_others_call_have_docstrings(room: str) -> None:
    wrong = []
    for path in sources(room):
        tree = parsed(path)
        # A package's index, an app's entry and a command (its help says it) need none.
        if (
            tree.body
            and path.stem not in {"__init__", "apps"}
            and not {"commands", "formats"} & set(path.parts)
            and not ast.get_docstring(tree)
        ):
            wrong.append(place(path))
        if room == "vault" or _says_why(path):
            wrong += [
                place(path, node)
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_services_take_their_facts_by_keyword(room: str) -> None:
    wrong = [
        place(path, node)
        for path in sources(room)
        if "services" in path.parts
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        # One thing alone needs no name.
        and len([*node.args.posonlyargs, *node.args.args]) > 1
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_request_goes_into_a_service(room: str) -> None:
    wrong = [
        place(path, function)
        for path in sources(room)
        if "services" in path.parts or path.stem in {"selectors", "rules"}
        for function in functions(parsed(path))
        if "request" in {one.arg for one in [*function.args.args, *function.args.kwonlyargs]}
    ]
    assert wrong == []


def test_no_drawers() -> None:
    wrong = [
        place(path)
        for room in [*ROOMS, "tests", "benchmarks"]
        for path in (ROOT / room).rglob("*")
        if path.suffix in {"", ".py"} and path.stem in FORBIDDEN_NAMES
    ]
    assert wrong == []


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for room in [*ROOMS, "tests", "benchmarks"]
        for path in sources(room)
        if (lines := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_nothing_is_left_for_later() -> None:
    unfinished = re.compile(
        r"\b(TO" + r"DO|FIX" + r"ME|NotImple" + r"mentedError)\b|mark\.(skip|xfail)|pytest\.skip\("
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for room in [*ROOMS, "tests", "benchmarks"]
        for path in sources(room)
        if path != Path(__file__)
        for found in unfinished.finditer(path.read_text())
    ]
    assert wrong == []


def test_no_school_is_named_in_code() -> None:
    slugs = {data["slug"] for data in SCHOOLS}
    wrong = [
        f"{path.relative_to(ROOT)}: {slug}"
        for path in [
            *(path for room in ROOMS for path in sources(room, migrations=True)),
            *(ROOT / "templates").rglob("*.html"),
        ]
        if "demo" not in path.parts
        for slug in slugs
        if slug in path.read_text()
    ]
    assert wrong == []


# Templates

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORBIDDEN_MARKUP = {
    # Help texts are the program's own words; Django writes some of them as HTML.
    "a text marked safe": r"(?<!help_text)\|\s*(safe|safeseq)\b|autoescape\s+off",
    "a style of its own": r"<style\b|\sstyle\s*=",
    "a script of its own": r"<script\b(?![^>]*\ssrc=)(?![^>]*type=[\"']application/json)",
    "a handler of its own": r"<[^>]*\son[a-z]+\s*=",
    "an address with a script": r"javascript:",
    "a file from elsewhere": r"(src|srcset)\s*=\s*[\"'](https?:)?//|<link[^>]*href\s*=\s*[\"'](https?:)?//",
    "letters of one language alone": r"[А-Яа-яӘәҒғҚқҢңӨөҰұҮүҺһІі]",
}


@pytest.mark.parametrize("what", FORBIDDEN_MARKUP)
def test_templates_have_no(what: str) -> None:
    assert TEMPLATES
    pattern = re.compile(FORBIDDEN_MARKUP[what], re.IGNORECASE)
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in TEMPLATES
        for found in pattern.finditer(path.read_text())
        # What a printed page looks like stands in the document itself, which no browser opens.
        if not (what == "a style of its own" and path.is_relative_to(ROOT / "templates/reports"))
    ]
    assert wrong == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_content_is_marked_safe(room: str) -> None:
    wrong = [
        place(path, node)
        for path in sources(room)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"mark_safe", "SafeString", "SafeText"}
    ]
    assert wrong == []


# Catalogues


def test_one_catalogue_for_each_language_and_none_in_an_app() -> None:
    assert READY[:3] == ["kk", "ru", "ky"]
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == {*READY, *UNFINISHED}
    assert [FOLDER, settings.DATA_DIR / "locale"] == settings.LOCALE_PATHS
    for room in ROOMS:
        assert not list((ROOT / room).rglob("*.po"))
        assert not list((ROOT / room).rglob("*.mo"))


def test_every_text_of_ours_and_of_django_is_translated() -> None:
    assert list(catalogue_faults(FOLDER, READY)) == []


def test_what_an_unfinished_language_says_already_is_right() -> None:
    assert list(catalogue_faults(FOLDER, UNFINISHED, unfinished=UNFINISHED)) == []


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they would be if the texts were gathered from the sources now."""
    copy = tmp_path_factory.mktemp("sources")
    for name in [*ROOMS, "templates", "static", "locale"]:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages"],
        cwd=copy,
        env=environment(copy / "data", TRUSTBOX_SECRET_KEY="k" * 50),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return copy / "locale"


@pytest.mark.parametrize("language", [*READY, *UNFINISHED])
def test_the_catalogue_holds_the_texts_of_the_sources(language: str, gathered: Path) -> None:
    def texts(folder: Path) -> set[tuple[str | None, str, str]]:
        return {
            (entry.msgctxt, entry.msgid, entry.msgid_plural)
            for path in sorted((folder / language / "LC_MESSAGES").glob("*.po"))
            for entry in polib.pofile(str(path))
            if not entry.obsolete
        }

    now, kept = texts(gathered), texts(FOLDER)
    assert now - kept == set(), "texts that no translator has seen: manage.py makemessages"
    assert kept - now == set(), "texts that no page says any more: manage.py makemessages"


# Migrations, requirements


@pytest.mark.django_db
def test_one_clean_migration_an_app_and_none_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests' own tables are made from the models, without them.
    monkeypatch.setattr(settings, "MIGRATION_MODULES", {})
    for app in apps.get_app_configs():
        if app.name in ROOMS and list(app.get_models()):
            migrations = sorted((Path(app.path) / "migrations").glob("[0-9]*.py"))
            assert [path.name for path in migrations] == ["0001_initial.py"]
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_requirement_is_pinned(name: str) -> None:
    lines = [
        line.partition("#")[0].strip()
        for line in (ROOT / name).read_text().splitlines()
        if line.partition("#")[0].strip()
    ]
    assert lines
    for line in lines:
        assert line == "-r requirements.txt" or re.fullmatch(r"[\w.\-]+(\[[\w,]+\])?==[\d.]+", line)


def test_the_deploy_check_is_silent_behind_https(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=ROOT,
        env=environment(tmp_path, TRUSTBOX_URL="https://box.example.kz"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(os.listdir(tmp_path)) == ["outbox", "secret_key"]
