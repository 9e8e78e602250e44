"""What the finished document consists of. Nothing here reads the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """A clause before it has its number: its name, the settings from which it comes, whole sentences, and the points of
    a list that the last of them begins.

    ``settings`` are named ``regulation.schedule``, ``school.country``, ``phone.hours`` …; without any the clause tells
    of what the portal does in every school.
    """

    name: str
    settings: tuple[str, ...]
    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberedClause:
    """A clause as it stands in the document. ``language``: of its words, where the school has none in the "
    "document's."""

    number: str
    name: str
    settings: tuple[str, ...]
    text: str
    points: tuple[str, ...]
    language: str
    own: bool = False

    @property
    def anchor(self) -> str:
        """The clause's place on a page: ``c-3-12``."""
        return f"c-{self.number.replace('.', '-')}"

    @property
    def body(self) -> str:
        """The sentences; a list of one point needs no line of its own."""
        if len(self.points) == 1:
            return f"{self.text} {self.points[0]}."
        return self.text

    @property
    def lines(self) -> tuple[str, ...]:
        """The points as an office numbers them: «1) …;», the last one with a full stop."""
        if len(self.points) < 2:
            return ()
        ends = [";"] * (len(self.points) - 1) + ["."]
        return tuple(
            f"{place}) {point}{end}"
            for place, (point, end) in enumerate(zip(self.points, ends, strict=True), start=1)
        )

    @property
    def whole(self) -> str:
        """Everything that the clause says, line by line."""
        return "\n".join([self.body, *self.lines])


@dataclass(frozen=True)
class Section:
    """A section with its clauses, numbered from 1 in it."""

    number: int
    name: str
    title: str
    clauses: tuple[NumberedClause, ...]

    @property
    def anchor(self) -> str:
        """The section's place on a page."""
        return f"s-{self.name}"


@dataclass(frozen=True)
class Approved:
    """The block «Approved» at the top right. ``name`` is empty, and ``day`` a line, where they are written by "
    "hand."""

    word: str
    post: str
    name: str
    day: str


@dataclass(frozen=True)
class RegulationText:
    """The document in one language."""

    language: str
    school: str
    box: str
    title: str
    subtitle: str
    approved: Approved
    sections: tuple[Section, ...] = field(repr=False)

    def clauses(self) -> Iterator[NumberedClause]:
        """Every clause in its order."""
        for section in self.sections:
            yield from section.clauses

    def named(self, name: str) -> NumberedClause | None:
        """The clause of a name, if the document has it."""
        return next((clause for clause in self.clauses() if clause.name == name), None)
