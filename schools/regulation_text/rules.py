"""What a document is written from: the rows of one school, and what several of its sections ask about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from schools.languages import in_language
from schools.models import Category, Membership, Regulation, School, TrustPhone
from schools.models.regulation import Source
from schools.working_days import Calendar


@dataclass(frozen=True)
class Rules:
    """A regulation with what lies beside it, and the language in which it is being told."""

    regulation: Regulation
    language: str
    categories: Sequence[Category]
    phones: Sequence[TrustPhone]
    # Who is called in danger is named among them (``called_in_danger``).
    members: Sequence[Membership]

    @property
    def school(self) -> School:
        """The school whose rules they are."""
        return self.regulation.school

    @property
    def calendar(self) -> Calendar:
        """Which days of an ordinary week are worked; days that are otherwise than others are not told of."""
        return Calendar(
            country=self.school.country,
            week=self.school.working_week,
            school_year_only=self.regulation.works == Regulation.Works.SCHOOL_YEAR,
        )

    @property
    def has_site(self) -> bool:
        """Whether letters come by the form on the site."""
        return Source.WEB in self.regulation.sources

    @property
    def has_calls(self) -> bool:
        """Whether the school takes calls."""
        return Source.PHONE in self.regulation.sources

    @property
    def ways_besides_box(self) -> list[str]:
        """Ways in by which a letter reaches the staff without an opening of the box."""
        beside = (Source.PHONE, Source.EMAIL, Source.PERSON)
        return [source for source in self.regulation.sources if source in beside]

    @property
    def ways_besides_site(self) -> list[str]:
        """Ways in by which a letter is written down by the staff."""
        return [source for source in self.regulation.sources if source != Source.WEB]

    @property
    def box_name(self) -> str:
        """What the school calls its box, without quotation marks around it."""
        return self.own(self.regulation.box_names).strip("«»")

    def own(self, texts: dict[str, str] | None) -> str:
        """A word of the school's own for the middle of a sentence, in the document's language or the main one."""
        return self.own_sentences(texts).rstrip(".;")

    def own_sentences(self, texts: dict[str, str] | None) -> str:
        """Sentences of the school's own on one line, without quotation marks around them."""
        said = in_language(texts, self.language, main=self.school.main_language)
        return " ".join(said.split()).strip('“”"')
