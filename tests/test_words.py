"""No word that anybody reads stands in the code: all are in the catalogues, in settings, or in what a school typed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from tests.portal import ROOT

pytestmark = pytest.mark.once("sqlite")

ROOMS = ["vault", "schools", "box", "journal", "reports", "trustbox"]
# Schools, people and letters that are invented: data, as if somebody had typed it.
INVENTED = ROOT / "trustbox/demo"
# A word of a language that is not that of the sources. Single letters and ranges of letters are no words.
CYRILLIC_WORD = re.compile(r"[а-яёәіңғүұқөһўҳҷӣӯ]{3,}")
WORDS = re.compile(r"[A-Za-z]{2,}")
# Where a text that is given stands before people.
SHOWN = {
    "label", "help_text", "verbose_name", "verbose_name_plural", "short_description", "description",
    "empty_label", "label_suffix", "message", "title",
}  # fmt: skip
# Fields whose first argument is their name before people; that of a relation is a model.
NAMED_FIRST = re.compile(r"models\.(?!OneToOne|ManyToMany)\w*Field")
REFUSALS = {"Refused", "Conflict", "ValidationError"}
# In templates: what is called so in every language, and formats of files.
NAMES = {"PDF", "DOCX", "XLSX", "ODS", "CSV", "PNG", "SVG", "Word", "QR", "URL", "DejaVu", "UTF"}
UNSEEN = r"<!--.*?-->|<(script|style|code)\b.*?</\1>|<div class=\"not-for-people\".*?</div>"
READ_ALOUD = re.compile(r'\b(?:alt|title|placeholder|aria-label)="([^"]*)"')


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts and not path.is_relative_to(INVENTED)
    ]


def said_in(path: Path) -> Iterator[ast.Constant]:
    """Every text of a module that is no docstring."""
    tree = ast.parse(path.read_text())
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documents
        ):
            yield node


def test_no_word_of_another_language_stands_in_the_code() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{text.lineno} {text.value[:40]!r}"
        for path in sources()
        for text in said_in(path)
        if CYRILLIC_WORD.search(text.value)
    ]
    assert wrong == []


def _untranslated(path: Path) -> Iterator[str]:
    """Texts of a module that people read and no translator ever sees."""
    for node in ast.walk(ast.parse(path.read_text())):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            given = [word.value for word in node.keywords if word.arg in SHOWN]
            if name in REFUSALS or NAMED_FIRST.fullmatch(ast.unparse(node.func)):
                given += node.args[:1]
        elif isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            given = [node.value] if names & SHOWN else []
        for one in given:
            if (
                isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and WORDS.search(one.value)
            ):
                yield f"{path.relative_to(ROOT)}:{one.lineno} {one.value!r}"


def test_whatever_is_shown_goes_through_the_catalogues() -> None:
    wrong = [
        text
        for path in sources()
        if "commands" not in path.parts  # they speak English, to an operator
        for text in _untranslated(path)
    ]
    assert wrong == []


def words_of_template(source: str) -> list[str]:
    """The words of a template that stand in it as they are."""
    kept, inside = [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            tag, *rest = token.contents.split()
            # Names of CSS classes stand in a block of their own.
            unread = tag in ("blocktranslate", "comment") or (tag, *rest) == ("block", "bodyclass")
            inside = unread or (inside and not tag.startswith("end"))
        elif token.token_type == TokenType.TEXT and not inside:
            kept.append(token.contents)
    html = re.sub(UNSEEN, " ", "".join(kept), flags=re.DOTALL)
    spoken = [*READ_ALOUD.findall(html), re.sub(r"<[^>]*>", " ", html)]
    text = re.sub(r"&\w+;", " ", " ".join(spoken))
    return [word for word in WORDS.findall(text) if word not in NAMES]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<img alt="A cat" src="x">', ["cat"]),
        ('<p class="big">{% translate "Hello" %}&nbsp;{{ name }}</p>', []),
        ("{% blocktranslate %}Hello{% endblocktranslate %} you", ["you"]),
        ("{# nothing #}<!-- to see --><script src='a.js'></script>", []),
    ],
)
def test_words_of_a_template_are_found(source: str, words: list[str]) -> None:
    assert words_of_template(source) == words


def test_templates_say_nothing_of_their_own() -> None:
    wrong = {
        str(path.relative_to(ROOT)): words
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if (words := words_of_template(path.read_text()))
    }
    assert wrong == {}
