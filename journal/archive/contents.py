"""What an archive of a school holds: which rows, which of their fields, and what stays behind and why."""

import datetime
import uuid
from base64 import b64decode, b64encode
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

# Every kind of row that leaves with its school. A test asks of each model of these rooms that it stands here or below.
CARRIED = (
    "schools.School",
    "schools.User",
    "schools.Body",
    "schools.CalendarDay",
    "schools.Category",
    "schools.Cause",
    "schools.ClassGroup",
    "schools.Clause",
    "schools.FirstAnswer",
    "schools.KeyGrant",
    "schools.Logo",
    "schools.Membership",
    "schools.Regulation",
    "schools.SchoolKey",
    "schools.TrustPhone",
    "schools.Vacation",
    "box.Attachment",
    "box.Letter",
    "box.Message",
    "box.PublicNote",
    "journal.AgendaPoint",
    "journal.Alert",
    "journal.Book",
    "journal.CaseHold",
    "journal.CommissionMember",
    "journal.Decision",
    "journal.Destruction",
    "journal.Doomed",
    "journal.Draft",
    "journal.Entry",
    "journal.EntryFile",
    "journal.Escalation",
    "journal.Forwarding",
    "journal.Meeting",
    "journal.Opening",
    "journal.TakenLetter",
    "journal.Trail",
    "journal.Volume",
    "reports.Issued",
    "reports.PeriodReport",
    "reports.Scan",
)

LEFT_OUT = {
    "schools.BookName": "people are written down by their names in the book, and get such rows anew where they arrive",
    "schools.Invitation": "a link opens the installation that made it; new ones are made where the school arrives",
    "schools.Mail": "e-mails tell of this installation's addresses, and are forgotten after two weeks",
    "schools.Region": "above schools; the other installation has regions of its own",
    "schools.RegionMembership": "people of the region, not of the school",
    "schools.Role": "the program's own; memberships name them by their short names",
    "schools.SignOfLife": "of this installation's worker",
    "journal.Incoming": "a list that somebody is about to take over, kept for a day",
    "journal.SpareKey": "keys for the named person of the region that the school leaves",
    "journal.Standing": "counted anew from the book",
    "journal.Tally": "counted anew from the book",
    "reports.KeptSheets": "drawn anew at the next print",
    "reports.PrintJob": "a file for one person, gone after an hour",
}

# Of a carried row, what does not leave with it.
FIELDS_LEFT_OUT = {
    ("schools.School", "region"): "the other installation has regions of its own",
    (
        "schools.School",
        "host",
    ): "the name on the web leads to this server until its owner points it elsewhere",
    ("schools.School", "left_on"): "of this installation: where the school arrives it is there",
    ("schools.School", "new_address"): "leads from here to where the school arrives",
    ("schools.User", "password"): "chosen anew by a link where the school arrives",
    ("schools.User", "last_login"): "of this installation",
    ("schools.User", "is_operator"): "of this installation",
    ("schools.User", "sign_outs"): "of this installation's sessions",
}
# Which facts of the trail name people, by step.
PEOPLE_IN_FACTS = {
    "taken_into_review": "reviewer",
    "shared": "to",
    "key_granted": "to",
    "key_taken": "from",
    "key_change_begun": "keep",
    "region_handed_over": "to",
}


class BadArchive(Exception):
    """This file is no archive that can be read or taken in here; the text says why, and names no content."""


def model_of(label: str) -> type[models.Model]:
    """The model that goes by this label. Raises BadArchive for one that is not carried."""
    if label not in CARRIED:
        raise BadArchive(f"The archive has rows of a kind that is not known here: {label[:60]!r}.")
    return apps.get_model(label)


@cache
def fields_of(label: str) -> tuple[models.Field[Any, Any], ...]:
    """The fields of a row that are carried, its id first."""
    meta = model_of(label)._meta
    carried = [
        field for field in meta.concrete_fields if (label, field.name) not in FIELDS_LEFT_OUT
    ]
    return tuple(sorted(carried, key=lambda field: not field.primary_key))


def field_named(label: str, name: str) -> models.Field[Any, Any]:
    """A carried field by its column's name. Raises BadArchive."""
    for field in fields_of(label):
        if field.attname == name:
            return field
    raise BadArchive(
        f"The archive comes from another version of the program: {label}.{name[:60]!r}."
    )


def target_of(field: models.Field[Any, Any]) -> str | None:
    """The label of the model that a field refers to."""
    remote = field.remote_field.model if field.is_relation else None
    return remote._meta.label if remote else None


@cache
def path_to_school(label: str) -> str:
    """By which relations, none of them ever empty, a row belongs to its school: ``"letter__school"``.

    Raises FieldDoesNotExist when there is no such way.
    """
    ways = [("", label)]
    for way, place in ways:
        for field in apps.get_model(place)._meta.concrete_fields:
            target = target_of(field)
            if target is None or field.null or place == "schools.School":
                continue
            step = f"{way}__{field.name}".removeprefix("__")
            if target == "schools.School":
                return step
            if target in CARRIED and target not in {place, "schools.User"}:
                ways.append((step, target))
    raise FieldDoesNotExist(f"{label} does not say to which school its rows belong.")


@cache
def in_order() -> tuple[str, ...]:
    """Every carried model after all those that its rows refer to."""
    rest, done = list(CARRIED), []
    while rest:
        ready = next(
            label
            for label in rest
            if all(target_of(field) not in {*rest} - {label} for field in fields_of(label))
        )
        rest.remove(ready)
        done.append(ready)
    return tuple(done)


def put(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def take(field: models.Field[Any, Any], value: Any) -> Any:
    """A column's value from JSON, of the field's own type and within its rules. Raises BadArchive.

    References are taken as they stand: they are ids of the other database.
    """
    try:
        if value is None or field.is_relation or field.primary_key:
            taken = value
        elif isinstance(field, models.BinaryField):
            taken = b64decode(value, validate=True)
        elif isinstance(field, models.JSONField):
            taken = value
            field.run_validators(taken)
        else:
            taken = field.to_python(value)
            field.run_validators(taken)
            if field.choices and taken != "" and taken not in dict(field.flatchoices):
                raise ValueError
    except (ValidationError, ValueError, TypeError, AttributeError):
        raise BadArchive(
            f"The archive has a value that cannot be: {field.model._meta.label}.{field.name}."
        ) from None
    return taken
