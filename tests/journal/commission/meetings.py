"""A commission of three, and meetings of it, for these tests."""

import datetime
from typing import Any

from journal.models import CommissionMember, Meeting
from journal.services import meetings, protocols
from schools.models import School
from tests.factories import Person

NAMES = ("Ахметова Гүлнар", "Серікова Айжан", "Ким Виктор")
SECRET = "Кто отнимает деньги, услышано от тренера."


def make_commission(school: School) -> list[CommissionMember]:
    """Three members since the first of September two years ago."""
    sources = CommissionMember.ComesFrom
    return [
        CommissionMember.objects.create(
            school=school,
            name=name,
            posts={"ru": f"должность {place}", "kk": f"лауазым {place}"},
            comes_from=source,
            since=datetime.date(2024, 9, 1),
            order=place,
        )
        for place, (name, source) in enumerate(
            zip(NAMES, (sources.ADMINISTRATION, sources.TEACHERS, sources.UNION), strict=True)
        )
    ]


def call(school: School, *, by: Person, **facts: Any) -> Meeting:
    """A meeting with one free point, planned for now."""
    return meetings.call_meeting(
        **{
            "school": school,
            "planned_for": school.now(),
            "place": "Кабинет 12",
            "points": [meetings.Point(topic="Обращения за месяц")],
            "invited": [],
            "by": by.fresh(),
            "keyring": by.keyring(),
            **facts,
        }
    )


def hold(meeting: Meeting, *, by: Person, **facts: Any) -> Meeting:
    """The meeting was held today, with everybody and one decision that is no task."""
    school = meeting.school
    return protocols.record_protocol(
        **{
            "school": school,
            "meeting": meeting,
            "held_on": school.today(),
            "place": "Кабинет 12",
            "present": list(CommissionMember.objects.filter(school=school)),
            "chair": protocols.Officer(NAMES[0]),
            "secretary": protocols.Officer(NAMES[1]),
            "elected_chair": False,
            "invited": [],
            "points": [meetings.Point(topic="Обращения за месяц")],
            "heard": [protocols.Heard(point=1, speaker=NAMES[1], what=SECRET)],
            "decided": [protocols.Decided(text="Принять к сведению.")],
            "by": by.fresh(),
            "keyring": by.keyring(),
            "version": meeting.version,
            **facts,
        }
    )
