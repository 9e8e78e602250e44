"""With which rules a school can begin: four ways in which schools keep their boxes, whole. Their words are in
the catalogues.

Every setting can be changed afterwards. What belongs to one school alone (its corridor, its phones, the day from
which it counts) is given when it is set up.
"""

import copy
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from schools.languages import in_every_language


@dataclass(frozen=True)
class StartingRegulation:
    """A way to keep a box. ``rules``: fields of a Regulation; ``subjects``: short name and name of each category."""

    name: str | Promise
    says: str | Promise
    rules: Mapping[str, Any]
    subjects: tuple[tuple[str, Promise], ...]

    @property
    def settings(self) -> dict[str, Any]:
        """The fields of a Regulation, their words in every language that has them."""
        return {
            field: in_every_language(value) if isinstance(value, Promise) else copy.deepcopy(value)
            for field, value in self.rules.items()
        }

    @property
    def categories(self) -> list[tuple[str, dict[str, str]]]:
        """Short name and names of each category, in order."""
        return [(slug, in_every_language(name)) for slug, name in self.subjects]


TRUST_BOX = pgettext_lazy("in a starting regulation", "Trust box")
ANONYMOUS = pgettext_lazy("in a starting regulation", "anonymous")
BY_THE_BOX = pgettext_lazy("in a starting regulation", "Ground floor, beside the box")

CHILD_RIGHTS = (
    "child-rights",
    pgettext_lazy("starting category", "Rights of the child"),
)
OTHER = ("other", pgettext_lazy("starting category", "Something else"))

WEEKLY_WITH_PSYCHOLOGIST = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Weekly with a psychologist"),
    says=pgettext_lazy(
        "starting regulation",
        "Letters come by the site. The psychologist and the social pedagogue open the box every Friday. "
        "A journal in two languages; a reply within 15 working days.",
    ),
    rules={
        "box_names": TRUST_BOX,
        "audiences": ["student", "parent"],
        "sources": ["web"],
        "keepers": ["psychologist", "social_pedagogue"],
        "schedule": "weekly",
        "weekday": 4,
        "opens_at": datetime.time(15, 0),
        "place": pgettext_lazy("in a starting regulation", "Psychologist’s room"),
        "columns": [
            "number",
            "taken_on",
            "name",
            "address",
            "class_group",
            "phone",
            "summary",
            "measures",
        ],
        "anonymous_marks": ANONYMOUS,
        "numbering": "calendar",
        "cover_year": "calendar",
        "least_present": 2,
        "must_be_present": ["psychologist", "social_pedagogue"],
        "two_languages": True,
        "reply_days": 15,
    },
    subjects=(
        CHILD_RIGHTS,
        ("complaint", pgettext_lazy("starting category", "Complaint")),
        ("request", pgettext_lazy("starting category", "Request")),
        OTHER,
    ),
)

EVERY_15_DAYS_WITH_ACTS = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Every 15 days with acts"),
    says=pgettext_lazy(
        "starting regulation",
        "A paper box, the site and e-mail. The deputy director holds the key and opens the box every 15 days; "
        "an act of withdrawal when there are letters. A commission meets twice in each half-year.",
    ),
    rules={
        "box_names": pgettext_lazy("in a starting regulation", "Trust mail"),
        "audiences": ["student", "teacher", "parent"],
        "sources": ["paper", "web", "email"],
        "keepers": ["deputy_director"],
        "schedule": "every_n_days",
        "every_days": 15,
        "opens_at": datetime.time(14, 0),
        "place": BY_THE_BOX,
        "columns": [
            "number",
            "taken_on",
            "source",
            "name",
            "class_group",
            "category",
            "summary",
            "measures",
        ],
        "anonymous_marks": ANONYMOUS,
        "numbering": "school",
        "cover_year": "school",
        "acts": "with_letters",
        "meetings_a_half_year": 2,
        "reply_days": 14,
    },
    subjects=(
        CHILD_RIGHTS,
        (
            "corruption",
            pgettext_lazy("starting category", "Facts of corruption"),
        ),
        (
            "proposal",
            pgettext_lazy("starting category", "Proposals for upbringing work"),
        ),
        OTHER,
    ),
)

LETTERS_AND_CALLS = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Letters and calls"),
    says=pgettext_lazy(
        "starting regulation",
        "A paper box, the site and a trust phone in one book with date and time. Three officers open the box twice "
        "a month, with an act also of an empty box. What is for another body is sent on within 3 working days.",
    ),
    rules={
        "box_names": TRUST_BOX,
        "audiences": ["student", "parent", "teacher", "other"],
        "sources": ["web", "paper", "phone"],
        "keepers": ["deputy_director", "psychologist", "social_pedagogue"],
        "schedule": "monthly",
        "month_days": [1, 15],
        "opens_at": datetime.time(16, 0),
        "place": BY_THE_BOX,
        "columns": [
            "number",
            "received_at",
            "name",
            "address",
            "phone",
            "summary",
            "sent_to",
            "outcome",
        ],
        "anonymous_marks": {},
        "numbering": "calendar",
        "cover_year": "school",
        "least_present": 3,
        "must_be_present": ["deputy_director", "psychologist", "social_pedagogue"],
        "reply_days": None,
        "forward_days": 3,
        "answering_texts": pgettext_lazy(
            "in a starting regulation",
            "Good day! You have called the trust phone. We cannot answer now. After the signal please say your name, "
            "address, phone and your question. You need not give your name. We will call you back.",
        ),
    },
    subjects=(
        (
            "rights-violation",
            pgettext_lazy("starting category", "Violation of minors’ rights"),
        ),
        (
            "interests-violation",
            pgettext_lazy("starting category", "Violation of minors’ interests"),
        ),
        OTHER,
    ),
)

WEEKLY_COMMISSION = StartingRegulation(
    name=pgettext_lazy("starting regulation", "Weekly commission"),
    says=pgettext_lazy(
        "starting regulation",
        "A paper box and the site. A commission of three opens the box every Friday in the school year. "
        "The journal notes age and the date of the reply; a reply within 5 working days.",
    ),
    rules={
        "box_names": TRUST_BOX,
        "audiences": ["student", "parent", "teacher"],
        "sources": ["web", "paper"],
        "keepers": ["social_pedagogue", "deputy_director"],
        "schedule": "weekly",
        "weekday": 4,
        "opens_at": datetime.time(14, 0),
        "place": BY_THE_BOX,
        "columns": [
            "number",
            "taken_on",
            "name",
            "age",
            "address",
            "phone",
            "summary",
            "answered_on",
            "measures",
        ],
        "anonymous_marks": ANONYMOUS,
        "numbering": "school",
        "cover_year": "school",
        "least_present": 3,
        "reply_days": 5,
        "works": "school_year",
    },
    subjects=(
        (
            "psychological-help",
            pgettext_lazy("starting category", "Psychological help"),
        ),
        (
            "hard-situation",
            pgettext_lazy("starting category", "Hard social situation"),
        ),
        (
            "violence",
            pgettext_lazy("starting category", "Cruelty and violence"),
        ),
        (
            "deviant-behaviour",
            pgettext_lazy("starting category", "Deviant behaviour"),
        ),
        (
            "consultation",
            pgettext_lazy("starting category", "Consultation for the child and family"),
        ),
    ),
)

# By the word under which a script names it.
STARTING_REGULATIONS: dict[str, StartingRegulation] = {
    "weekly-psychologist": WEEKLY_WITH_PSYCHOLOGIST,
    "every-15-days-acts": EVERY_15_DAYS_WITH_ACTS,
    "letters-and-calls": LETTERS_AND_CALLS,
    "weekly-commission": WEEKLY_COMMISSION,
}
