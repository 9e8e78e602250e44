"""A list of schools: what each cell has to be, and what a row says as a whole."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.importing.checking import Checked, Layout, Rows, RowsResource, Words, column
from journal.importing.entries import Known
from journal.importing.journal import under_the_heads
from journal.importing.school_columns import (
    LANGUAGE_WORDS,
    SCHOOLS,
    address_column,
    email_column,
    name_column,
)
from journal.importing.words import by_word, plain
from schools.countries import TIME_ZONES
from schools.languages import OWN_NAMES, in_language
from schools.models import Region, School
from schools.models.school import as_host, known_zones
from schools.roles import SCHOOL_ROLE_NAMES
from schools.services.hiring import Newcomer
from schools.services.setting_up import NewSchool, Start
from schools.starting_regulations import STARTING_REGULATIONS

_MOST_TEXT = 300
_BETWEEN_PEOPLE = re.compile(r"[;\n]")
_BETWEEN_WORDS = re.compile(r"[;,/\n]|\s+")
_ADDRESS = re.compile(r"[<(]?([^\s<>()]+@[^\s<>()]+)[>)]?")
WEEKS = {"5": 5, "6": 6}


@dataclass(frozen=True)
class Named:
    """Somebody in a cell."""

    full_name: str
    email: str = ""


@dataclass
class Line:
    """A row of the list; beside these attributes one for each name, address and role (``school_columns``)."""

    row: int = 0
    slug: str = ""
    country: str = ""
    template: str = ""
    region: Region | None = None
    languages: tuple[str, ...] = ()
    time_zone: str = ""
    working_week: int = 5
    phone: str = ""
    site: str = ""
    host: str = ""
    # Whether the portal has this very school: it stays as it is.
    is_there: bool = False

    def _texts(self, columns: Mapping[str, str]) -> dict[str, str]:
        found = {code: getattr(self, name, "") for code, name in columns.items()}
        return {code: text for code, text in found.items() if text}

    @property
    def names(self) -> dict[str, str]:
        """The school's name by language."""
        return self._texts({code: name_column(code) for code in OWN_NAMES})

    @property
    def name(self) -> str:
        """The name in the school's main language, else in any there is."""
        return in_language(self.names, self.languages[0] if self.languages else "")

    def new_school(self) -> NewSchool:
        """The school as the set-up takes it."""
        return NewSchool(
            slug=self.slug,
            names=self.names,
            country=self.country,
            template=self.template,
            languages=self.languages,
            time_zone=self.time_zone,
            working_week=self.working_week,
            addresses=self._texts({code: address_column(code) for code in OWN_NAMES}),
            phone=self.phone,
            site=self.site,
            region=self.region,
            host=self.host,
        )

    def people(self) -> list[Newcomer]:
        """Everybody once, with all the roles in which they stand in the row."""
        found: dict[str, tuple[Named, list[str]]] = {}
        for role in SCHOOL_ROLE_NAMES:
            for one in self.named(role):
                known, roles = found.setdefault(plain(one.full_name), (one, []))
                roles.append(role)
                if one.email and not known.email:
                    found[plain(one.full_name)] = (one, roles)
        return [
            Newcomer(full_name=one.full_name, email=one.email, roles=tuple(dict.fromkeys(roles)))
            for one, roles in found.values()
        ]

    def named(self, role: str) -> list[Named]:
        """Those who stand in a role, with the addresses that stand in a column of their own."""
        people = list(getattr(self, role, None) or ())
        addresses = getattr(self, email_column(role), None) or ()
        if not addresses:
            return people
        pairs = zip(people, addresses, strict=False)
        return [Named(one.full_name, one.email or address) for one, address in pairs]


@dataclass
class SchoolList:
    """What was checked: ``new`` are to be added, ``there`` stay as they are."""

    checked: Checked
    new: list[Line] = field(default_factory=list)
    there: list[Line] = field(default_factory=list)


class SchoolTerms:
    """What the cells may say, and which schools there are already; a fixed number of queries."""

    def __init__(self) -> None:
        self.countries = by_word(School.Country.choices)
        self.languages = by_word(OWN_NAMES.items(), LANGUAGE_WORDS)
        self.templates = by_word((name, start.name) for name, start in STARTING_REGULATIONS.items())
        self.weeks = WEEKS
        self.zones = {plain(zone): zone for zone in known_zones()}
        self.zones |= {plain(zone.partition("/")[2]): zone for zone in TIME_ZONES}
        self.regions = _regions()
        self.there: dict[str, dict[str, str]] = {}
        self.hosts: set[str] = set()
        for slug, names, host in School.objects.values_list("slug", "names", "host"):
            self.there[slug] = names
            if host:
                self.hosts.add(host)


def _regions() -> dict[str, list[Region]]:
    """Regions by every word for them: short name, name, and the whole's name before its part's."""
    found: dict[str, list[Region]] = {}
    for region in Region.objects.select_related("parent"):
        words = {plain(region.slug), *map(plain, region.names.values())}
        if region.parent is not None:
            words |= {
                plain(f"{whole} {part}")
                for whole in (region.parent.slug, *region.parent.names.values())
                for part in (region.slug, *region.names.values())
            }
        for word in words:
            found.setdefault(word, []).append(region)
    return found


class Slug(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        try:
            School._meta.get_field("slug").run_validators(text)
        except ValidationError as fault:
            raise ValueError(" ".join(fault.messages)) from None
        return text


class NeededKnown(Known):
    def nothing(self, **kwargs: Any) -> str:
        raise ValueError(_("This has to be filled in."))


class RegionName(Words):
    def made_of(self, text: str, *, terms: SchoolTerms, **kwargs: Any) -> Region:
        found = terms.regions.get(plain(text), [])
        if not found:
            raise ValueError(_("No region is called so."))
        if len(found) > 1:
            raise ValueError(
                _(
                    "Several regions are called so: write the whole’s name before it, or its short name."
                )
            )
        return found[0]

    def nothing(self, **kwargs: Any) -> None:
        return None


class LanguageWords(Words):
    def made_of(self, text: str, *, terms: SchoolTerms, **kwargs: Any) -> tuple[str, ...]:
        words = [word for word in _BETWEEN_WORDS.split(text) if word]
        found = tuple(dict.fromkeys(terms.languages.get(plain(word), "") for word in words))
        if "" in found:
            raise ValueError(
                _("Name the languages by their codes, the main one first: %(codes)s.")
                % {"codes": ", ".join(OWN_NAMES)}
            )
        return found

    def nothing(self, **kwargs: Any) -> tuple[str, ...]:
        return ()


class Week(Known):
    def nothing(self, **kwargs: Any) -> int:
        return WEEKS["5"]


class Site(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        return text if "://" in text else f"https://{text}"


class Host(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        host = as_host(text)
        try:
            School._meta.get_field("host").run_validators(host)
        except ValidationError as fault:
            raise ValueError(" ".join(fault.messages)) from None
        return host


class People(Words):
    """«Surname Name; Surname Name name@school.kz»: each on a line of their own, or with a semicolon between."""

    def made_of(self, text: str, **kwargs: Any) -> tuple[Named, ...]:
        found = tuple(_somebody(part) for part in _BETWEEN_PEOPLE.split(text) if part.strip())
        if len({plain(one.full_name) for one in found}) < len(found):
            raise ValueError(_("Somebody stands here twice."))
        return found

    def nothing(self, **kwargs: Any) -> tuple[Named, ...]:
        return ()


def _somebody(text: str) -> Named:
    """Raises ValueError, its text for the person."""
    address = _ADDRESS.search(text)
    email = address.group(1).strip(",;") if address else ""
    name = " ".join((text.replace(address.group(), " ") if address else text).split()).strip(" ,–-")
    if not plain(name):
        raise ValueError(_("Here stand names, each on a line of its own or parted by a semicolon."))
    if len(name) > 150:
        raise ValueError(_("A name is longer than 150 characters."))
    return Named(name, _email(email) if email else "")


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("This is no e-mail address.")) from None
    return text


class Emails(Words):
    def made_of(self, text: str, **kwargs: Any) -> tuple[str, ...]:
        return tuple(_email(part) for part in _BETWEEN_WORDS.split(text) if part)

    def nothing(self, **kwargs: Any) -> tuple[str, ...]:
        return ()


def _columns() -> dict[str, Any]:
    """A column for each name, address and role."""
    texts = [(*names, Words(_MOST_TEXT)) for names in _texts_columns()]
    people = [
        pair
        for role in SCHOOL_ROLE_NAMES
        for pair in (
            (role, People(5000, one_line=False)),
            (email_column(role), Emails(5000, one_line=False)),
        )
    ]
    return {name: column(name, widget) for name, widget in (*texts, *people)}


def _texts_columns() -> list[tuple[str]]:
    return [(name,) for code in OWN_NAMES for name in (name_column(code), address_column(code))]


class SchoolResource(RowsResource):
    """The columns of a list of schools."""

    makes = Line

    slug = column("slug", Slug(50, needed=True))
    country = column(
        "country", NeededKnown("countries", gettext_lazy("This is no country of the portal."))
    )
    template = column(
        "template",
        NeededKnown("templates", gettext_lazy("No rules to begin with are called so.")),
    )
    region = column("region", RegionName(200))
    languages = column("languages", LanguageWords(100))
    time_zone = column("time_zone", Known("zones", gettext_lazy("This time zone is not known.")))
    working_week = column("working_week", Week("weeks", gettext_lazy("This is neither 5 nor 6.")))
    phone = column("phone", Words(40))
    site = column("site", Site(190))
    host = column("host", Host(200))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields |= _columns()

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.terms: SchoolTerms = kwargs["terms"]
        self.start = Start()
        self.slugs: set[str] = set()
        self.hosts: set[str] = set()

    def contradictions(self, line: Line, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
        faults = dict(self._twins(line, wrong))
        if not line.names and not any(name.startswith("name_") for name in wrong):
            faults[name_column(next(iter(OWN_NAMES)))] = _(
                "The school has to have a name in one language at least."
            )
        for role in SCHOOL_ROLE_NAMES:
            faults |= dict(_addresses(line, role, wrong))
        yield from faults.items()
        if not wrong and not faults and not line.is_there:
            yield from self._as_a_whole(line)

    def _twins(self, line: Line, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
        if line.slug and "slug" not in wrong:
            if line.slug in self.slugs:
                yield "slug", _("This short name stands here for the second time.")
            elif line.slug in self.terms.there:
                line.is_there = _same(self.terms.there[line.slug], line.names)
                if not line.is_there:
                    yield "slug", _("Another school has this short name already.")
            self.slugs.add(line.slug)
        if line.host and "host" not in wrong and not line.is_there:
            if line.host in self.hosts:
                yield "host", _("This name on the web stands here for the second time.")
            elif line.host in self.terms.hosts:
                yield "host", _("Another school has this name on the web already.")
            self.hosts.add(line.host)

    def _as_a_whole(self, line: Line) -> Iterable[tuple[str, str]]:
        """What the school itself refuses."""
        try:
            self.start.whole(line.new_school())
        except ValidationError as fault:
            for name, texts in fault.message_dict.items():
                yield _column_of(name, line), " ".join(texts)


def _column_of(name: str, line: Line) -> str:
    """In which column a field of the school stands."""
    main = line.languages[0] if line.languages else next(iter(OWN_NAMES))
    places = {"names": name_column(main), "addresses": address_column(main)}
    known = {target.name for target in SCHOOLS}
    found = places.get(name, name)
    return found if found in known else "slug"


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two schools of one short name are the same: they share a name, and none differs."""
    both = set(one) & set(other)
    return bool(both) and all(plain(one[code]) == plain(other[code]) for code in both)


def _addresses(line: Line, role: str, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
    place = email_column(role)
    addresses = getattr(line, place, None) or ()
    if {role, place} & wrong or not addresses:
        return
    people = getattr(line, role, None) or ()
    if len(addresses) != len(people):
        yield place, _("Here stand as many e-mail addresses as people beside, in the same order.")


def check_schools(*, rows: Rows, layout: Layout) -> SchoolList:
    """Everything that is wrong at once; the same number of queries for one row and for hundreds."""
    below = under_the_heads(rows, layout)
    checked = SchoolResource().checked(below, layout, SCHOOLS, terms=SchoolTerms())
    checked.findings.sort(key=lambda one: one.row)
    return SchoolList(
        checked=checked,
        new=[line for line in checked.rows if not line.is_there],
        there=[line for line in checked.rows if line.is_there],
    )
