"""Nothing is forgotten: every model of the school's rooms leaves with it, or is named with the reason why not."""

import ast
import inspect
import textwrap

import pytest
from django.apps import apps
from django.db import models

from box.services.attaching import file_models
from journal.archive.contents import (
    CARRIED,
    FIELDS_LEFT_OUT,
    LEFT_OUT,
    fields_of,
    in_order,
    path_to_school,
    target_of,
)
from journal.models import Trail
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


def test_the_trail_is_bound_to_no_id_of_one_database() -> None:
    from journal import chain

    tree = ast.parse(inspect.getsource(chain))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
        for value in call.values:
            names = {node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute)}
            # An id may be looked at (is there one?), and never be what is said.
            said = isinstance(value, ast.Attribute) and value.attr
            assert not (said and (said in {"pk", "id"} or said.endswith("_id"))), names
    assert Trail._meta.get_field("facts")
