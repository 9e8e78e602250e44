"""Histories of a school, made by real steps on real days, and told again in plain records beside.

Hypothesis draws a list of deeds; each happens some days after the one before. What a deed did is written down here by
hand, from what was asked for and not from the rows, so that figures can be counted again independently.
"""

import datetime
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import time_machine
from django.db import transaction
from hypothesis import strategies as st

from schools.errors import Conflict, Refused
from schools.models import ClassGroup
from schools.services.causes import give_causes
from tests import factories
from tests.journal.commission import meetings
from tests.reports.figures.deeds import DOES
from tests.reports.figures.told import ONE_DAY, History

DEEDS = (
    "write", "write", "write", "open", "open", "register", "register", "register", "register", "call", "paper",
    "set_aside", "review", "review", "review", "answer", "answer", "answer_late", "answer_late", "extend",
    "close", "close", "close", "close_unanswered", "return", "correct", "correct_finding", "link", "link",
    "forward", "body_answers", "body_answers", "meet",
)  # fmt: skip

_numbers = itertools.count(1)

# How many days later, which deed, and three numbers by which it chooses.
STEPS = st.tuples(
    st.integers(0, 12),
    st.sampled_from(DEEDS),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
)
LISTS = st.lists(STEPS, min_size=30, max_size=60)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is gone afterwards, so that each drawn history begins in an empty place."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def begin(**settings: Any) -> History:
    """A school that opens its box every Friday and answers within five working days."""
    with time_machine.travel(datetime.datetime(2026, 1, 12, 5, tzinfo=datetime.UTC), tick=False):
        school = factories.make_school(
            f"history-{next(_numbers)}",
            **{
                "reply_days": 5,
                "schedule": "weekly",
                "sources": ["web", "paper", "phone", "email", "person"],
                **settings,
            },
        )
        give_causes(school=school)
        ClassGroup.objects.create(school=school, name="Самбо", level=9)
        meetings.make_commission(school)
        person = factories.make_person(school, "psychologist", with_key=True)
    return History(school=school, person=person)


def happen(history: History, steps: list[tuple[int, str, int, int, int]]) -> History:
    """The deeds one after another; one that cannot be done just then is left out."""
    for later, deed, *chosen in steps:
        history.today += later * ONE_DAY
        with time_machine.travel(history.moment(), tick=False):
            try:
                done = DOES[deed](history, *chosen)
            except (Refused, Conflict):
                raise AssertionError(f"{deed} was refused: the history is told wrongly.") from None
        if done:
            history.last_step_on = history.today
    return history
