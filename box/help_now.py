"""What somebody in danger is told, before and after sending: whom to call, and honestly who will see it and when."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import get_language

from box.selectors import SchoolBox
from schools.emergency import EmergencyNumber, emergency_numbers
from schools.mailing import mail_goes
from schools.models import TrustPhone
from schools.phone_hours import change_in_words, hours_in_words, phone_now
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
class HelpNow:
    """The country's numbers, the school's phones, and to how many people an e-mail goes at once (0: to nobody)."""

    numbers: tuple[EmergencyNumber, ...]
    phones: list[Phone]
    mailed: int


def help_now(box: SchoolBox, *, only: Collection[int] | None = None) -> HelpNow:
    """For a page in the language now active. ``only``: ids of the only people who can open the letter.

    Asks the database nothing without ``only``.
    """
    mailed = box.mailed
    if only is not None:
        mailed = reached_by_mail(box.school, among=only) if mail_goes() else 0
    return HelpNow(
        numbers=emergency_numbers(box.school.country), phones=phones_of(box), mailed=mailed
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
