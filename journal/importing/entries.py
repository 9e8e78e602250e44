"""A row of a journal kept before: what each cell has to be, and what the cells say together."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from journal.importing import columns, days
from journal.importing.checking import RowsResource, Words, column
from journal.importing.synonyms import AUDIENCES, SOURCES, STATES
from journal.importing.words import ANONYMOUS, NOTHING, YesAndNo, by_texts, by_word, plain, said
from journal.models import Entry
from schools.languages import in_every_language
from schools.models import Category, Regulation, School
from schools.models.regulation import Audience, Column, Source

LONG = 10_000
# Of what an entry has at most (``journal.forms``); what was written by hand long ago may be longer.
MOST = {"full_name": 150, "address": 300, "age": 10, "class_group": 50, "phone": 40}
YOUNGEST, OLDEST = 3, 120
LEAST_DIGITS = 5
NO_REPLY = gettext_lazy("No reply: %(reason)s")

State = Entry.State


@dataclass
class Kept:
    """An entry of the former journal. Texts are empty where nothing stood."""

    row: int = 0
    number: int = 0
    taken_on: datetime.date | None = None
    received_at: datetime.datetime | None = None
    source: str = ""
    audience: str = ""
    category: int | None = None
    danger: bool = False
    signed: bool = False
    state: str = ""
    answered_on: datetime.date | None = None
    reply_way: str = ""
    no_reply: bool = False
    full_name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    age: str = field(default="", repr=False)
    class_group: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    summary: str = field(default="", repr=False)
    sent_to: str = field(default="", repr=False)
    outcome: str = field(default="", repr=False)
    measures: str = field(default="", repr=False)
    no_reply_reason: str = field(default="", repr=False)
    # From the column with the reply, until it is settled what it says.
    reply: Any = field(default=None, repr=False)

    @property
    def is_finished(self) -> bool:
        """Whether no work is owed any more."""
        return self.state in (State.ANSWERED, State.CLOSED)


class Unfinished:
    """What becomes of an entry of which the file does not say that it was finished."""

    OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Choices:
    """What whoever takes a journal over has chosen for all rows, or for words that only they can tell."""

    source: str = Source.PAPER
    audience: str = Audience.OTHER
    unfinished: str = Unfinished.OPEN
    # Words of the category column, as they are compared, to the id of a category; None: without one.
    categories: Mapping[str, int | None] = field(default_factory=dict)


class Terms:
    """What the cells of a school's journal may say; made once for all rows, with a fixed number of queries."""

    def __init__(self, school: School, choices: Choices) -> None:
        self.school, self.choices = school, choices
        # Whether the file tells when there was a reply: if not, measures are all that shows that work has ended.
        self.tells_replies = True
        self.today = school.today()
        self.months = days.month_names()
        self.sources = by_word(Source.choices, SOURCES)
        self.audiences = by_word(Audience.choices, AUDIENCES)
        self.states = by_word(State.choices, STATES)
        self.reply_ways = by_word(Entry.ReplyWay.choices)
        self.yes_and_no = YesAndNo()
        self.no_reply = [words.rstrip(" :") for words in _prefixes(NO_REPLY)]
        categories = list(Category.objects.filter(school=school))
        self.categories: dict[str, int | None] = by_texts(
            (one.pk, {**one.names, "": one.slug}) for one in categories
        )
        self.categories |= choices.categories
        self.regulations = list(Regulation.objects.filter(school=school).order_by("-holds_from"))
        self.anonymous = frozenset([*said(ANONYMOUS), *said(_MARK), *said(_LETTER), *self._marks()])

    def _marks(self) -> list[str]:
        marks = [
            text for rule in self.regulations for text in (rule.anonymous_marks or {}).values()
        ]
        return [plain(mark) for mark in marks if plain(mark)]

    def regulation(self, day: datetime.date) -> Regulation:
        """The rules of that day; of a day before the first, the first."""
        return next(
            (rule for rule in self.regulations if rule.holds_from <= day), self.regulations[-1]
        )

    def is_anonymous(self, name: str) -> bool:
        """Whether what stands in the column of the name says that there is none."""
        return name.strip() in NOTHING or plain(name) in self.anonymous


_MARK = pgettext_lazy("mark of an anonymous author in the journal", "anonymous")
_LETTER = pgettext_lazy("letter", "anonymous")


def _prefixes(text: Any) -> list[str]:
    """What stands before the reason, in each language, as it is compared."""
    return [plain(one.partition("%(")[0]) for one in in_every_language(text).values()]


class Number(Words):
    """«12», «№ 12», «12.»."""

    def made_of(self, text: str, **kwargs: Any) -> int:
        digits = text.removeprefix("№").strip().removesuffix(".")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6 and int(digits) > 0):
            raise ValueError(_("This is no number from 1 on."))
        return int(digits)


class Day(Words):
    """A day that has come, and not before such boxes were kept."""

    def made_of(self, text: str, *, terms: Terms, **kwargs: Any) -> datetime.date:
        day, _clock = days.parted(text)
        return day_that_came(day, terms)

    def nothing(self, **kwargs: Any) -> None:
        return None


def day_that_came(text: str, terms: Terms) -> datetime.date:
    """Raises ValueError, its text for the person."""
    day = days.day_of(text, terms.months)
    if day > terms.today:
        raise ValueError(_("This day is still to come."))
    if day < days.FIRST_DAY:
        raise ValueError(_("This day is too long ago."))
    return day


class Moment(Words):
    """A day, and the time of day where it is known; by the school's clock."""

    def made_of(self, text: str, *, terms: Terms, **kwargs: Any) -> datetime.datetime:
        day, clock = days.parted(text)
        moment = datetime.datetime.combine(
            day_that_came(day, terms), clock or datetime.time(), tzinfo=terms.school.zone
        )
        if moment > terms.school.now():
            raise ValueError(_("This moment is still to come."))
        return moment

    def nothing(self, **kwargs: Any) -> None:
        return None


class Known(Words):
    """One of some words, in any language; ``of`` names the words among the terms, ``wrong`` is said of others."""

    def __init__(self, of: str, wrong: Any) -> None:
        super().__init__(100)
        self.of, self.wrong = of, wrong

    def made_of(self, text: str, *, terms: Terms, **kwargs: Any) -> Any:
        try:
            return getattr(terms, self.of)[plain(text)]
        except KeyError:
            raise ValueError(str(self.wrong)) from None


class OfAll(Known):
    """The same; where nothing stands, it is what was chosen for all."""

    def __init__(self, of: str, wrong: Any, *, chosen: str) -> None:
        super().__init__(of, wrong)
        self.chosen = chosen

    def nothing(self, *, terms: Terms, **kwargs: Any) -> Any:
        return getattr(terms.choices, self.chosen)


class CategoryName(Known):
    """A category of the school's, or none."""

    def nothing(self, **kwargs: Any) -> None:
        return None


class Danger(Words):
    def made_of(self, text: str, *, terms: Terms, **kwargs: Any) -> bool:
        told = terms.yes_and_no.told(text)
        if told is None:
            raise ValueError(_("This says neither yes nor no."))
        return told

    def nothing(self, **kwargs: Any) -> bool:
        return False


class Age(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        if not (text.isascii() and text.isdecimal() and YOUNGEST <= int(text) <= OLDEST):
            raise ValueError(_("This is no age: a number from 3 to 120."))
        return str(int(text))


class Phone(Words):
    def made_of(self, text: str, **kwargs: Any) -> str:
        if sum(one.isdecimal() for one in text) < LEAST_DIGITS:
            raise ValueError(_("This is no phone number."))
        return text


@dataclass(frozen=True)
class Reply:
    """What the column of the reply says: when and how, or why there is none."""

    on: datetime.date | None = None
    way: str = ""
    reason: str = field(default="", repr=False)


class ReplyCell(Words):
    """«12.01.2026», with the way of the reply on a second line where it is told; or «No reply: the reason»."""

    def made_of(self, text: str, *, terms: Terms, **kwargs: Any) -> Reply:
        before, colon, reason = text.partition(":")
        if colon and plain(before) in terms.no_reply and reason.strip():
            return Reply(reason=reason.strip())
        first, _break, rest = text.partition("\n")
        way = ""
        if rest.strip():
            way = terms.reply_ways.get(plain(rest), "")
            if not way:
                raise ValueError(
                    _("Here stand the day of the reply and, on a second line, its way.")
                )
        return Reply(on=day_that_came(days.parted(first)[0], terms), way=way)

    def nothing(self, **kwargs: Any) -> Reply:
        return Reply()


class EntryResource(RowsResource):
    """The columns of a journal."""

    makes = Kept

    number = column(Column.NUMBER, Number(20, needed=True))
    taken_on = column(Column.TAKEN_ON, Day(60))
    received_at = column(Column.RECEIVED_AT, Moment(60))
    source = column(
        Column.SOURCE,
        OfAll("sources", gettext_lazy("No way in is called so."), chosen="source"),
    )
    full_name = column(Column.NAME, Words(MOST["full_name"]), attribute="full_name")
    address = column(Column.ADDRESS, Words(MOST["address"]))
    age = column(Column.AGE, Age(MOST["age"]))
    class_group = column(Column.CLASS_GROUP, Words(MOST["class_group"]))
    phone = column(Column.PHONE, Phone(MOST["phone"]))
    category = column(
        Column.CATEGORY,
        CategoryName("categories", gettext_lazy("The school has no category of this name.")),
    )
    summary = column(Column.SUMMARY, Words(LONG, needed=True, one_line=False))
    sent_to = column(Column.SENT_TO, Words(LONG, one_line=False))
    reply = column(Column.ANSWERED_ON, ReplyCell(1000, one_line=False), attribute="reply")
    outcome = column(Column.OUTCOME, Words(LONG, one_line=False))
    measures = column(Column.MEASURES, Words(LONG, one_line=False))
    audience = column(
        columns.AUDIENCE,
        OfAll("audiences", gettext_lazy("Nobody who writes is called so."), chosen="audience"),
    )
    danger = column(columns.DANGER, Danger(30))
    state = column(
        columns.STATE, Known("states", gettext_lazy("No state of an entry is called so."))
    )

    def before_import_row(self, row: Mapping[str, Any], **kwargs: Any) -> None:
        self.terms: Terms = kwargs["terms"]

    def contradictions(self, kept: Kept, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
        if not {Column.TAKEN_ON, Column.RECEIVED_AT} & wrong:
            yield from self._dates(kept)
        reply = kept.reply or Reply()
        if reply.on and kept.taken_on and reply.on < kept.taken_on:
            yield Column.ANSWERED_ON, _("The reply is older than the letter.")
        if kept.state == State.ANSWERED and not reply.on and Column.ANSWERED_ON not in wrong:
            yield columns.STATE, _("An answered letter has a day of the reply.")
        self._settle(kept, reply)

    def _dates(self, kept: Kept) -> Iterable[tuple[str, str]]:
        if kept.taken_on is None and kept.received_at is None:
            yield Column.TAKEN_ON, _("Every entry has a day.")
            return
        received = kept.received_at.date() if kept.received_at else None
        kept.taken_on = kept.taken_on or received
        if received and received > kept.taken_on:
            yield Column.RECEIVED_AT, _("This is later than the day on which it was taken out.")

    def _settle(self, kept: Kept, reply: Reply) -> None:
        """Whose letter it is, and how far its work has come."""
        choices = self.terms.choices
        kept.source = kept.source or choices.source
        kept.audience = kept.audience or choices.audience
        kept.signed = not self.terms.is_anonymous(kept.full_name)
        if not kept.signed:
            kept.full_name = kept.address = kept.age = kept.phone = ""
        kept.answered_on, kept.reply_way = reply.on, reply.way
        kept.no_reply_reason = reply.reason
        if not kept.state:
            kept.state = _state_of(kept, self.terms)
        kept.no_reply = kept.state == State.CLOSED and kept.answered_on is None


def _state_of(kept: Kept, terms: Terms) -> str:
    """How far the work has come, where the file has no column that says so."""
    done = bool(kept.outcome or kept.measures)
    if kept.answered_on:
        return State.CLOSED if done else State.ANSWERED
    if kept.no_reply_reason or (done and not terms.tells_replies):
        return State.CLOSED
    return State.CLOSED if terms.choices.unfinished == Unfinished.CLOSED else State.REGISTERED
