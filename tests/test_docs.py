"""What the written pages name is there: pages and their headings, files, commands with their options, variables."""

import re
from argparse import ArgumentParser
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from tests.portal import ROOT

pytestmark = pytest.mark.once("sqlite")

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^(?:```\w*\n(.*?)^```|((?:    \S.*\n)+))", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?: [^`#\n|()]*)?)")
PATH = re.compile(
    r"(?:vault|schools|box|journal|reports|trustbox|tests|templates|static|deploy|docs|benchmarks)/[\w./-]+\.\w+"
)
VARIABLE = re.compile(r"\b(?:TRUSTBOX_[A-Z_]+|[A-Z]+_URL)\b")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@cache
def parser_of(name: str) -> ArgumentParser:
    command = load_command_class(get_commands()[name], name)
    assert isinstance(command, BaseCommand)
    return command.create_parser("manage.py", name)


def options_of(name: str) -> set[str]:
    return {option for action in parser_of(name)._actions for option in action.option_strings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        path, _sign, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_first_page_leads_to_all_others() -> None:
    links = LINK.findall((ROOT / "README.md").read_text())
    linked = {link.partition("#")[0] for link in links}
    assert {named(page) for page in ROOT.glob("docs/*.md")} <= linked


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_are_there_with_their_options(page: Path) -> None:
    text = page.read_text()
    blocks = [fenced or indented for fenced, indented in BLOCK.findall(text)]
    pieces = [*SPAN.findall(text), *(block.replace("\\\n", " ") for block in blocks)]
    for piece in pieces:
        for name, rest in COMMAND.findall(piece):
            assert name in get_commands(), name
            given = set(re.findall(r"(?<!\S)(--[a-z-]+)", rest))
            assert given <= options_of(name), (name, given - options_of(name))
    for target in re.findall(r"`make ([a-z]+)", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_that_are_named_are_there(page: Path) -> None:
    for span in SPAN.findall(page.read_text()):
        for path in PATH.findall(span):
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_variables_are_read_by_the_portal(page: Path) -> None:
    known = "".join(path.read_text() for path in (ROOT / "trustbox").glob("*.py"))
    for span in SPAN.findall(page.read_text()):
        for name in VARIABLE.findall(span):
            assert f'"{name}"' in known, name
