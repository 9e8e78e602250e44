"""What somebody in danger is told, before and after sending: whom to call, and honestly who will see it and when."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import get_language

from box.readers import region_in_words
from box.selectors import SchoolBox
from schools.emergency import EmergencyNumber, emergency_numbers
from schools.mailing import mail_goes
from schools.models import TrustPhone, User
from schools.phone_hours import change_in_words, hours_in_words, phone_now
from schools.region_officers import POST
from schools.selectors import reached_by_mail


@dataclass(frozen=True)
class Phone:
    """One of the school's own phones: as printed, as dialled, whose, and when somebody answers.

    ``hours``: by its days and hours; ``word``: what the school adds to them. ``is_answered`` now; None where the hours
    are not known. ``change``: until when that is so.
    """

    number: str
    dialled: str
    name: str
    hours: str
    word: str
    is_answered: bool | None
    change: str


@dataclass(frozen=True)
class RegionHelp:
    """Who outside the school is called, and after how many minutes at most without an answer, by day and at night.

    ``alone``: nobody at the school can open the letter; then they are called at once.
    """

    who: str
    minutes: int
    minutes_at_night: int
    alone: bool


@dataclass(frozen=True)
class HelpNow:
    """The country's numbers, the school's phones, and to how many people an e-mail goes at once (0: to nobody).

    ``region`` is None where nobody outside the school is called.
    """

    numbers: tuple[EmergencyNumber, ...]
    phones: list[Phone]
    mailed: int
    region: RegionHelp | None = None


# The key holders, those named for it and the director each have their time.
_STAGES_BEFORE_REGION = 3


def help_now(
    box: SchoolBox, *, only: Collection[int] | None = None, at_region: bool = False
) -> HelpNow:
    """For a page in the language now active. ``only``: ids of the only people who can open the letter; ``at_region``:
    they are outside the school.

    Asks the database nothing without ``only``.
    """
    mailed = box.mailed
    if only is not None and not mail_goes():
        mailed = 0
    elif only is not None and at_region:
        mailed = User.objects.filter(pk__in=only, is_active=True).exclude(email="").count()
    elif only is not None:
        mailed = reached_by_mail(box.school, among=only)
    return HelpNow(
        numbers=emergency_numbers(box.school.country),
        phones=phones_of(box),
        mailed=mailed,
        region=_region(box, alone=at_region),
    )


def _region(box: SchoolBox, *, alone: bool) -> RegionHelp | None:
    """What may be promised: only what somebody sees to."""
    who = region_in_words(box) or (str(POST) if alone else "")
    if not who or box.regulation is None or not (alone or box.calls_region):
        return None
    return RegionHelp(
        who=who,
        minutes=_STAGES_BEFORE_REGION * box.regulation.danger_minutes,
        minutes_at_night=_STAGES_BEFORE_REGION
        * max(box.regulation.danger_minutes, box.regulation.danger_minutes_at_night),
        alone=alone,
    )


def phones_of(box: SchoolBox) -> list[Phone]:
    """The school's phones in the language now active, as they are answered at this minute."""
    moment = box.school.now()
    return [_phone(box, phone, moment) for phone in box.phones]


def _phone(box: SchoolBox, phone: TrustPhone, moment: datetime.datetime) -> Phone:
    language = get_language() or box.school.main_language
    now = phone_now(phone, box.calendar, moment)
    return Phone(
        number=phone.number,
        dialled="".join(sign for sign in phone.number if sign.isdigit() or sign == "+"),
        name=phone.name_in(language),
        hours=hours_in_words(phone, box.calendar, language),
        word=phone.hours_in(language),
        is_answered=now.is_answered if now else None,
        change=change_in_words(now, moment, language) if now else "",
    )
