"""``manage.py add_school``: a school by options or by a description in JSON, as the guided set-up makes it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils.dateparse import parse_date

from schools.addresses import address_of
from schools.countries import COUNTRIES
from schools.errors import Refused
from schools.models import School
from schools.roles import SCHOOL_ROLE_NAMES
from schools.services.hiring import Hired, Newcomer, PersonFault, hire
from schools.services.setting_up import Phone, set_up_school
from schools.starting_regulations import STARTING_REGULATIONS

PLAIN = ("slug", "country", "template", "time_zone", "working_week", "phone", "site")
MAPPINGS = ("names", "box_names", "addresses", "settings")
LISTS = ("languages", "categories", "phones", "vacations", "special_days", "people")


class Command(BaseCommand):
    help = (
        "Makes a school with its rules, and its people with their links. "
        "A school that is there already stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="short name in the address, such as school-12")
        parser.add_argument(
            "--file", help="a description in JSON instead of options; - reads it from the input"
        )
        parser.add_argument("--country", choices=sorted(COUNTRIES))
        parser.add_argument("--template", choices=list(STARTING_REGULATIONS))
        for option, what in (
            ("--name", "name of the school"),
            ("--box-name", "what the box is called; as the template calls it when not given"),
            ("--address", "address of the school"),
        ):
            parser.add_argument(
                option, action="append", default=[], metavar="LANGUAGE=TEXT", help=what
            )
        parser.add_argument(
            "--language",
            action="append",
            default=[],
            metavar="CODE",
            help="the main one first; the country’s usual ones when not given",
        )
        parser.add_argument("--time-zone", help="the country’s usual one when not given")
        parser.add_argument("--working-week", type=int, choices=(5, 6))
        parser.add_argument("--phone", help="phone of the school")
        parser.add_argument("--site", help="site of the school")
        parser.add_argument(
            "--person",
            action="append",
            default=[],
            metavar="ROLE=FULL NAME[=E-MAIL]",
            help=f"repeat it for each; roles: {', '.join(SCHOOL_ROLE_NAMES)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        described = _from_file(options["file"]) if options["file"] else _from_options(options)
        if not described.get("slug"):
            raise CommandError("Give the short name of the school.")
        if School.objects.filter(slug=described["slug"]).exists():
            self.stdout.write(f"{described['slug']} is there already: nothing was changed.")
            return
        people = [_newcomer(row) for row in described.pop("people", [])]
        try:
            with transaction.atomic():
                school = set_up_school(**_facts(described), by=None)
                hired = hire(school=school, people=people, by=None)
        except PersonFault as fault:
            raise CommandError(
                f"person {fault.place + 1}: {_lines(fault.faults)}. Nothing was made."
            ) from None
        except ValidationError as fault:
            raise CommandError(f"{_lines(_by_field(fault))}. Nothing was made.") from None
        except Refused as refused:
            raise CommandError(f"{refused} Nothing was made.") from None
        self._tell(school, hired)

    def _tell(self, school: School, hired: Sequence[Hired]) -> None:
        regulation = school.regulations.get()
        self.stdout.write(f"School: {school.name_in(school.main_language)} ({school.slug})")
        self.stdout.write(
            f"Country: {school.country}, {school.time_zone}, {', '.join(school.languages)}"
        )
        self.stdout.write(
            f"Categories: {school.categories.count()}; key kept by: {', '.join(regulation.keepers)}"
        )
        for row in hired:
            address = reverse("admin:welcome_link", args=[row.token])
            self.stdout.write(f"{row.user.username}\t{address_of(school)}{address}")
        if hired and not address_of(school):
            self.stdout.write("TRUSTBOX_URL is not set: put the portal’s address before each link.")
        if hired:
            self.stdout.write("Each link opens once, within 72 hours, and is shown now alone.")
        self.stdout.write("The box opens when somebody of them makes its key.")


def _by_field(fault: ValidationError) -> Mapping[str, list[str]]:
    return fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}


def _lines(faults: Mapping[str, list[str]]) -> str:
    """``field: what is wrong`` for each, in a line."""
    return "; ".join(
        f"{name}: {' '.join(texts)}".removeprefix(": ").rstrip(".")
        for name, texts in faults.items()
    )


def _from_file(name: str) -> dict[str, Any]:
    """A description as JSON. Raises CommandError."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        described = json.loads(text)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{name} is no JSON: {error}.") from None
    if not isinstance(described, dict):
        raise CommandError(f"{name}: an object with the school’s facts is needed.")
    kinds = {
        **dict.fromkeys(MAPPINGS, dict),
        **dict.fromkeys(LISTS, list),
        **dict.fromkeys(PLAIN, (str, int)),
    }
    for key, value in described.items():
        if key not in kinds:
            raise CommandError(f"{key}: there is no such fact. Known are {', '.join(kinds)}.")
        if not isinstance(value, kinds[key]):
            raise CommandError(f"{key}: this is not as it has to be.")
    return described


def _from_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say, those not given left out. Raises CommandError."""
    described = {
        **{name: options[name] for name in PLAIN},
        "names": _texts("--name", options["name"]),
        "box_names": _texts("--box-name", options["box_name"]),
        "addresses": _texts("--address", options["address"]),
        "languages": options["language"],
        "people": [_person(row) for row in options["person"]],
    }
    return {name: value for name, value in described.items() if value}


def _texts(option: str, rows: Sequence[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for row in rows:
        language, sign, text = row.partition("=")
        if not sign or not text:
            raise CommandError(f"{option} {row}: write it as LANGUAGE=TEXT.")
        texts[language] = text
    return texts


def _person(row: str) -> dict[str, Any]:
    role, _sign, rest = row.partition("=")
    name, _sign, email = rest.partition("=")
    if not name:
        raise CommandError(f"--person {row}: write it as ROLE=FULL NAME or ROLE=FULL NAME=E-MAIL.")
    return {"full_name": name, "roles": [role], "email": email}


def _newcomer(row: Any) -> Newcomer:
    try:
        return Newcomer(**row)
    except TypeError:
        known = ", ".join(Newcomer.__dataclass_fields__)
        raise CommandError(f"people: each is described by {known}.") from None


def _facts(described: Mapping[str, Any]) -> dict[str, Any]:
    """What the service takes. Raises CommandError for what it needs and what cannot be read."""
    for needed in ("names", "country", "template"):
        if needed not in described:
            raise CommandError(f"{needed} is missing.")
    facts = dict(described)
    try:
        if "phones" in facts:
            facts["phones"] = [
                Phone(**{**row, "names": dict(row["names"]), "hours": dict(row.get("hours", {}))})
                for row in facts["phones"]
            ]
        if "categories" in facts:
            facts["categories"] = [
                (str(row["slug"]), dict(row["names"])) for row in facts["categories"]
            ]
        if "vacations" in facts:
            facts["vacations"] = [(_day(first), _day(last)) for first, last in facts["vacations"]]
        if "special_days" in facts:
            facts["special_days"] = {
                _day(row["day"]): bool(row["works"]) for row in facts["special_days"]
            }
    except (AttributeError, TypeError, KeyError, ValueError):
        raise CommandError(
            "phones, categories, vacations or special_days are not as they have to be (docs/setting-up.md)."
        ) from None
    return facts


def _day(text: str) -> Any:
    day = parse_date(text)
    if day is None:
        raise ValueError(text)
    return day
