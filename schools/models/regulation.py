"""How a school keeps its box: everything in which one school's regulation differs from another's."""

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.languages import in_language
from schools.models.school import School
from schools.roles import SCHOOL_ROLE_NAMES
from schools.texts import LongTextsField, TextsField


class Audience(models.TextChoices):
    """Who writes."""

    STUDENT = "student", pgettext_lazy("who writes", "pupil")
    PARENT = "parent", pgettext_lazy("who writes", "parent or guardian")
    TEACHER = "teacher", pgettext_lazy("who writes", "teacher")
    OTHER = "other", pgettext_lazy("who writes", "somebody else")


class Source(models.TextChoices):
    """By which way a letter came."""

    WEB = "web", pgettext_lazy("way in", "web form")
    PAPER = "paper", pgettext_lazy("way in", "paper box")
    PHONE = "phone", pgettext_lazy("way in", "trust phone")
    EMAIL = "email", pgettext_lazy("way in", "e-mail")
    PERSON = "person", pgettext_lazy("way in", "in person")


class Column(models.TextChoices):
    """A column of the journal."""

    NUMBER = "number", pgettext_lazy("journal column", "№")
    TAKEN_ON = "taken_on", pgettext_lazy("journal column", "Date taken out of the box")
    RECEIVED_AT = "received_at", pgettext_lazy("journal column", "Date and time received")
    SOURCE = "source", pgettext_lazy("journal column", "Source")
    NAME = "name", pgettext_lazy("journal column", "Applicant’s full name")
    ADDRESS = "address", pgettext_lazy("journal column", "Address")
    AGE = "age", pgettext_lazy("journal column", "Age")
    CLASS_GROUP = "class_group", pgettext_lazy("journal column", "Class or group")
    PHONE = "phone", pgettext_lazy("journal column", "Phone")
    CATEGORY = "category", pgettext_lazy("journal column", "Category")
    SUMMARY = "summary", pgettext_lazy("journal column", "Summary")
    SENT_TO = "sent_to", pgettext_lazy("journal column", "Sent to, and the deadline")
    ANSWERED_ON = "answered_on", pgettext_lazy("journal column", "Date of the reply")
    OUTCOME = "outcome", pgettext_lazy("journal column", "Outcome")
    MEASURES = "measures", pgettext_lazy("journal column", "Measures taken")


class Weekday(models.IntegerChoices):
    """Days of the week as datetime counts them: Monday is 0."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def check_choices(value: list[str], choices: type[models.TextChoices]) -> None:
    """A list of some of the choices, none twice."""
    if (
        not isinstance(value, list)
        or not value
        or len(set(value)) != len(value)
        or any(item not in choices.values for item in value)
    ):
        raise ValidationError(_("Choose at least one, and none twice."), code="choices")


def check_audiences(value: list[str]) -> None:
    """Audiences, in the order shown."""
    check_choices(value, Audience)


def check_sources(value: list[str]) -> None:
    """Ways in, in the order shown."""
    check_choices(value, Source)


def check_columns(value: list[str]) -> None:
    """Journal columns in the order printed; the number is always among them."""
    check_choices(value, Column)
    if Column.NUMBER not in value:
        raise ValidationError(_("A journal needs the column with the number."), code="no_number")


def check_keepers(value: list[str]) -> None:
    """Roles, in the order shown."""
    if (
        not isinstance(value, list)
        or not value
        or any(role not in SCHOOL_ROLE_NAMES for role in value)
    ):
        raise ValidationError(_("Choose at least one role."), code="roles")


def check_roles(value: list[str]) -> None:
    """Roles, none twice; there may be none."""
    if (
        not isinstance(value, list)
        or len(set(value)) != len(value)
        or any(role not in SCHOOL_ROLE_NAMES for role in value)
    ):
        raise ValidationError(_("Choose roles from the list."), code="roles")


def check_month_days(value: list[int]) -> None:
    """Days of a month, 1 to 31."""
    if not isinstance(value, list) or any(
        not isinstance(day, int) or isinstance(day, bool) or not 1 <= day <= 31 for day in value
    ):
        raise ValidationError(_("Give days of the month: numbers from 1 to 31."), code="month_days")


def default_audiences() -> list[str]:
    return [Audience.STUDENT.value, Audience.PARENT.value]


def default_sources() -> list[str]:
    return [Source.WEB.value, Source.PAPER.value]


def default_columns() -> list[str]:
    return [
        Column.NUMBER.value,
        Column.TAKEN_ON.value,
        Column.NAME.value,
        Column.CLASS_GROUP.value,
        Column.PHONE.value,
        Column.SUMMARY.value,
        Column.MEASURES.value,
    ]


def default_keepers() -> list[str]:
    return ["psychologist", "social_pedagogue"]


class Regulation(models.Model):
    """The rules by which a school keeps its box, from a date on. The newest that has begun is in force."""

    class Schedule(models.TextChoices):
        DAILY = "daily", pgettext_lazy("opening schedule", "every day")
        WEEKLY = "weekly", pgettext_lazy("opening schedule", "every week on a day")
        EVERY_N_DAYS = "every_n_days", pgettext_lazy("opening schedule", "every so many days")
        MONTHLY = "monthly", pgettext_lazy("opening schedule", "every month on given days")

    class Acts(models.TextChoices):
        ALWAYS = "always", pgettext_lazy("acts", "an act of opening, also of an empty box")
        WITH_LETTERS = (
            "with_letters",
            pgettext_lazy("acts", "an act of withdrawal, when there are letters"),
        )
        NONE = "none", pgettext_lazy("acts", "no act: the journal of openings is enough")

    class Books(models.TextChoices):
        ONE = "one", pgettext_lazy("books", "one book for letters from everywhere")
        BY_SOURCE = "by_source", pgettext_lazy("books", "a book for each way in")

    class Works(models.TextChoices):
        ALL_YEAR = "all_year", pgettext_lazy("the box works", "all year")
        SCHOOL_YEAR = "school_year", pgettext_lazy("the box works", "in the school year only")

    class Year(models.TextChoices):
        CALENDAR = "calendar", _("calendar year, from 1 January")
        SCHOOL = "school", _("school year, from 1 September")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="regulations"
    )
    holds_from = models.DateField(_("holds from"), default=datetime.date(2000, 1, 1))
    box_names = TextsField(_("what the box is called"))
    audiences = models.JSONField(
        _("who may write"), default=default_audiences, validators=[check_audiences]
    )
    sources = models.JSONField(_("ways in"), default=default_sources, validators=[check_sources])
    keepers = models.JSONField(
        _("who keeps the key"), default=default_keepers, validators=[check_keepers]
    )
    names_published = models.BooleanField(
        _("tell the names of those who read letters"),
        default=False,
        help_text=_("On the public pages, beside their posts. Ask these people first."),
    )
    schedule = models.CharField(
        _("the box is opened"), max_length=20, choices=Schedule.choices, default=Schedule.WEEKLY
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday.choices, default=Weekday.FRIDAY
    )
    every_days = models.PositiveSmallIntegerField(
        _("every so many days"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(92)],
    )
    counted_from = models.DateField(_("days counted from"), default=datetime.date(2026, 9, 1))
    month_days = models.JSONField(
        _("days of the month"), default=list, blank=True, validators=[check_month_days]
    )
    opens_at = models.TimeField(_("at"), default=datetime.time(15, 0))
    place = TextsField(_("where the box is opened"), blank=True)
    columns = models.JSONField(
        _("journal columns"), default=default_columns, validators=[check_columns]
    )
    anonymous_marks = TextsField(
        _("mark for an anonymous author"),
        blank=True,
        help_text=_("Left empty: the column stays empty."),
    )
    numbering = models.CharField(
        _("numbers begin anew each"), max_length=10, choices=Year.choices, default=Year.CALENDAR
    )
    books = models.CharField(
        _("how many books are kept"),
        max_length=10,
        choices=Books.choices,
        default=Books.ONE,
        help_text=_("Each book has numbers of its own."),
    )
    cover_year = models.CharField(
        _("year on the cover"), max_length=10, choices=Year.choices, default=Year.CALENDAR
    )
    reply_days = models.PositiveSmallIntegerField(
        _("reply within, in working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Left empty: no fixed deadline."),
    )
    forward_days = models.PositiveSmallIntegerField(
        _("what is for another body is sent on within, in working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Left empty: no fixed deadline."),
    )
    works = models.CharField(
        _("the box works"),
        max_length=12,
        choices=Works.choices,
        default=Works.ALL_YEAR,
        help_text=_("In the school year only: days of vacation do not count as working days."),
    )
    on_working_days = models.BooleanField(
        _("an opening that falls on a day off is held on the next working day"),
        default=True,
        help_text=_("A box opened every day stays closed on days off."),
    )
    least_present = models.PositiveSmallIntegerField(
        _("how many are present at an opening, at least"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("With fewer a reason is asked, which the act states."),
    )
    must_be_present = models.JSONField(
        _("who of them must be present"), default=list, blank=True, validators=[check_roles]
    )
    acts = models.CharField(
        _("of an opening there is drawn up"),
        max_length=12,
        choices=Acts.choices,
        default=Acts.ALWAYS,
    )
    meetings_a_half_year = models.PositiveSmallIntegerField(
        _("meetings of the commission in each half-year, at least"),
        default=0,
        validators=[MaxValueValidator(30)],
        help_text=_("0: as needed."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("members present for a valid meeting, in per cent"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    two_languages = models.BooleanField(
        _("heads of the journal in two languages"),
        default=False,
        help_text=_("The first two languages of the school, one over the other."),
    )
    answering_texts = LongTextsField(
        _("text of the answering machine"),
        blank=True,
        help_text=_("What a caller hears when nobody answers the trust phone."),
    )
    # Keeping and forgetting: then keys are destroyed, and what they locked with them.
    keep_years = models.PositiveSmallIntegerField(
        _("closed entries are kept for, in years"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(75)],
        help_text=_("After that their content is destroyed; number, dates and outcome stay."),
    )
    keep_aside_months = models.PositiveSmallIntegerField(
        _("letters set aside are kept for, in months"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    keep_unread_files_months = models.PositiveSmallIntegerField(
        _("files that nobody opened are kept for, in months"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Counted from the day the work on the letter was finished."),
    )
    report_day = models.PositiveSmallIntegerField(
        _("the report on a month is prepared on day"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Of the month after it."),
    )
    # The block «Approved» at the top right of the regulation as a document.
    approver_posts = TextsField(
        _("approved by (post)"), blank=True, help_text=_("Left empty: the director of the school.")
    )
    approver = models.CharField(_("approved by (name)"), max_length=150, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    danger_minutes = models.PositiveSmallIntegerField(
        _("a danger alert is answered within, in minutes, by day"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
        help_text=_("Nobody answered: the next ones are told, up to the director."),
    )
    danger_minutes_at_night = models.PositiveSmallIntegerField(
        _("… at night"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(720)],
    )
    day_begins = models.TimeField(_("the day begins at"), default=datetime.time(7, 0))
    day_ends = models.TimeField(_("the day ends at"), default=datetime.time(21, 0))

    class Meta:
        verbose_name = pgettext_lazy("rules of the box", "regulation")
        verbose_name_plural = pgettext_lazy("rules of the box", "regulations")
        ordering = ["school", "-holds_from"]
        constraints = [
            models.UniqueConstraint(fields=["school", "holds_from"], name="regulation_one_a_day"),
            models.CheckConstraint(
                condition=Q(every_days__gte=1) & Q(every_days__lte=92), name="regulation_every_days"
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=0) & Q(weekday__lte=6), name="regulation_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school.slug}, {self.holds_from:%d.%m.%Y}"

    def clean(self) -> None:
        super().clean()
        if self.schedule == self.Schedule.MONTHLY and not self.month_days:
            raise ValidationError(
                {"month_days": ValidationError(_("Give the days of the month."), code="required")}
            )

    def box_name_in(self, language: str) -> str:
        """What the box is called in a language, else in the school's main one."""
        return in_language(self.box_names, language, main=self.school.main_language)

    def anonymous_mark_in(self, language: str) -> str:
        """The mark that stands for a name in the journal; empty where the school leaves it empty."""
        return (self.anonymous_marks or {}).get(language, "")
