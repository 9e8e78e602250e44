"""Nothing is forgotten: every model of the school's rooms leaves with it, or is named with the reason why not."""

import ast
import inspect
import textwrap

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from box.services.attaching import file_models
from journal import chain
from journal.archive.contents import (
    CARRIED,
    FIELDS_LEFT_OUT,
    LEFT_OUT,
    fields_of,
    in_order,
    path_to_school,
    target_of,
)
from schools.models import Sealed

ROOMS = ("schools", "box", "journal", "reports")
ALL = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_each_model_leaves_or_stays_for_a_reason(model: type[models.Model]) -> None:
    label = model._meta.label
    assert (label in CARRIED) != (label in LEFT_OUT)
    assert label in CARRIED or len(LEFT_OUT[label]) > 20


def test_no_name_stands_for_nothing() -> None:
    known = {model._meta.label for model in ALL}
    assert {*CARRIED, *LEFT_OUT} == known
    assert len(set(CARRIED)) == len(CARRIED)
    for label, name in FIELDS_LEFT_OUT:
        assert apps.get_model(label)._meta.get_field(name)


@pytest.mark.parametrize("label", CARRIED)
def test_what_leaves_refers_to_nothing_that_stays(label: str) -> None:
    targets = {target_of(field) for field in fields_of(label)} - {None}
    assert targets <= {*CARRIED, "schools.Role"}
    assert not apps.get_model(label)._meta.local_many_to_many


@pytest.mark.parametrize("label", CARRIED)
def test_every_kind_says_to_which_school_it_belongs(label: str) -> None:
    if label not in {"schools.School", "schools.User"}:
        assert path_to_school(label).split("__")[-1] == "school"


def test_each_kind_comes_after_what_it_refers_to() -> None:
    order = in_order()
    assert sorted(order) == sorted(CARRIED)
    for place, label in enumerate(order):
        for field in fields_of(label):
            assert target_of(field) in {None, "schools.Role", *order[: place + 1]}


def test_files_leave_with_their_rows() -> None:
    assert {model._meta.label for model in file_models()} <= set(CARRIED)


SEALED = [apps.get_model(label) for label in CARRIED if issubclass(apps.get_model(label), Sealed)]


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_a_seal_is_bound_to_no_id_of_one_database(model: type[Sealed]) -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(model.sealing_context)))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {name for name in names if name in {"pk", "id"} or name.endswith("_id")}


def _said(node: ast.AST) -> list[ast.expr]:
    """What a dictionary, a list or a text with places says."""
    match node:
        case ast.Dict():
            return node.values
        case ast.List():
            return node.elts
        case ast.FormattedValue():
            return [node.value]
    return []


def test_the_trail_is_bound_to_no_id_of_one_database() -> None:
    found = [
        value.attr
        for node in ast.walk(ast.parse(inspect.getsource(chain)))
        for value in _said(node)
        # That there is an id may be looked at; it is never what is said.
        if isinstance(value, ast.Attribute)
    ]
    assert len(found) > 50
    assert not [name for name in found if name in {"pk", "id"} or name.endswith("_id")]


def _ids_in(node: ast.AST) -> list[str]:
    found = [one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)]
    return [name for name in found if name in {"pk", "id"} or name.endswith("_id")]


def test_what_is_written_into_the_book_names_no_id_of_one_database() -> None:
    looked = 0
    for room in ("box", "journal", "reports"):
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                facts = [word.value for word in node.keywords if word.arg == "facts"]
                if isinstance(node.func, ast.Attribute) and node.func.attr == "write":
                    facts += [one for one in node.args if isinstance(one, ast.Dict)]
                looked += len(facts)
                wrong = [name for one in facts for name in _ids_in(one)]
                assert not wrong, f"{path}:{node.lineno}"
    assert looked > 50
