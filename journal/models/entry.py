"""An entry of the journal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from box.models import Letter
from journal.models.opening import Opening
from journal.models.volume import Volume, in_book
from schools.models import Category, Cause, School, Sealed
from schools.models.regulation import Audience, Source


class Entry(Sealed):
    """A registered letter.

    Sealed content (strings, empty when not given): ``summary``, ``full_name``, ``address``, ``age``,
    ``class_group``, ``phone``, ``text`` (of a paper letter, as typed in; a web letter keeps its own),
    ``sent_to``, ``outcome``, ``measures``, ``no_reply_reason`` (why the work was finished without a reply).

    Everything here changes only through a step (``journal.services.stepping``).
    """

    class State(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("state of an entry", "registered")
        IN_REVIEW = "in_review", pgettext_lazy("state of an entry", "in review")
        ANSWERED = "answered", pgettext_lazy("state of an entry", "answered")
        CLOSED = "closed", pgettext_lazy("state of an entry", "closed")

    class ReplyWay(models.TextChoices):
        IN_PERSON = "in_person", pgettext_lazy("way of reply", "in person")
        BY_PHONE = "by_phone", pgettext_lazy("way of reply", "by phone")
        BY_LETTER = "by_letter", pgettext_lazy("way of reply", "by letter")
        AT_BOX = "at_box", pgettext_lazy("way of reply", "at the box")
        ON_STAND = "on_stand", pgettext_lazy("way of reply", "by a notice on the stand")
        BY_CODE = "by_code", pgettext_lazy("way of reply", "on the site, by the code")
        INVITED = "invited", pgettext_lazy("way of reply", "by an invitation to talk")

    class Finding(models.TextChoices):
        JUSTIFIED = "justified", pgettext_lazy("finding of a check", "justified")
        PARTLY = "partly", pgettext_lazy("finding of a check", "partly justified")
        NOT_JUSTIFIED = "not_justified", pgettext_lazy("finding of a check", "not justified")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="entries"
    )
    volume = models.ForeignKey(
        Volume,
        verbose_name=pgettext_lazy("of the journal", "volume"),
        on_delete=models.PROTECT,
        related_name="entries",
    )
    number = models.PositiveIntegerField(_("№"))
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, null=True, related_name="entry", editable=False
    )
    opening = models.ForeignKey(
        Opening,
        verbose_name=pgettext_lazy("of the box", "opening"),
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
    )
    taken_on = models.DateField(_("taken out"))
    # To the hour for a letter from the site, to the minute for a call.
    received_at = models.DateTimeField(_("received"), null=True)
    category = models.ForeignKey(
        Category,
        verbose_name=pgettext_lazy("of a letter", "category"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    # Year of study, in the clear like the category; None where it is unknown.
    class_level = models.PositiveSmallIntegerField(_("year of study"), null=True)
    audience = models.CharField(_("who writes"), max_length=10, choices=Audience.choices)
    signed = models.BooleanField(_("signed"))
    danger = models.BooleanField(_("danger"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.REGISTERED
    )
    due_on = models.DateField(_("reply due"), null=True)
    # By when a letter that is for another body to answer has to be sent on.
    forward_by = models.DateField(_("to be sent on by"), null=True)
    answered_on = models.DateField(_("date of the reply"), null=True)
    reply_way = models.CharField(
        _("way of reply"), max_length=12, choices=ReplyWay.choices, blank=True
    )
    closed_on = models.DateField(_("finished on"), null=True)
    # What the check found, and why it happened; both set when the work is finished.
    finding = models.CharField(
        pgettext_lazy("of a check", "finding"), max_length=15, choices=Finding.choices, blank=True
    )
    cause = models.ForeignKey(
        Cause,
        verbose_name=pgettext_lazy("of what is written about", "cause"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    # A legal hold: its content is not destroyed, whatever its age.
    held = models.BooleanField(_("kept for a court or an inquiry"), default=False)
    # The keys of everything confidential about it were destroyed on that day.
    destroyed_on = models.DateField(_("content destroyed"), null=True)
    # Closed for a stated reason without a reply.
    no_reply = models.BooleanField(_("no reply"), default=False)
    # An earlier entry that tells of the same.
    repeat_of = models.ForeignKey(
        "self",
        verbose_name=_("repeats"),
        on_delete=models.PROTECT,
        null=True,
        related_name="repeats",
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("registered by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    registered_at = models.DateTimeField(_("registered"))
    # Taken over from a book kept before this one; its number is that book's.
    imported = models.BooleanField(_("taken over"), default=False, editable=False)
    # Grows with every step; a form made for an older version is answered with a conflict.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("of the journal", "entry")
        verbose_name_plural = pgettext_lazy("of the journal", "journal of letters")
        ordering = ["-volume__number", "-number"]
        permissions = [
            ("register_letter", "Can register letters"),
            ("review_entry", "Can review entries"),
            ("close_entry", "Can close entries"),
            ("write_to_author", "Can write to authors"),
            ("forward_entry", "Can send letters on to other bodies"),
            ("print_journal", "Can print the journal"),
            ("export_journal", "Can export the journal"),
            ("import_journal", "Can take over a journal kept before"),
            ("take_call", "Can take calls of the trust phone"),
        ]
        indexes = [
            models.Index(fields=["school", "state", "due_on"], name="entry_school_state_due"),
            models.Index(fields=["school", "taken_on"], name="entry_school_taken"),
            models.Index(fields=["school", "answered_on"], name="entry_school_answered"),
            models.Index(fields=["school", "closed_on"], name="entry_school_closed"),
            # Of many schools, each in turn: what is overdue now.
            models.Index(
                fields=["school", "due_on"],
                condition=Q(state__in=["registered", "in_review"]),
                name="entry_open_due",
            ),
            models.Index(fields=["school", "-id"], name="entry_school_newest"),
            # What may be destroyed, by the day from which it is kept (``journal.keeping.finished_on``).
            models.Index(
                "school",
                Coalesce("closed_on", "answered_on", "taken_on"),
                condition=Q(state="closed", destroyed_on__isnull=True),
                name="entry_kept_from",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["volume", "number"], name="entry_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_number_from_one"),
            models.CheckConstraint(
                condition=Q(state__in=["registered", "in_review", "answered", "closed"]),
                name="entry_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"])
                | Q(answered_on__isnull=False)
                | Q(state="closed", no_reply=True),
                name="entry_answered_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(repeat_of=models.F("id")), name="entry_repeats_another"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number_in_book}"

    def sealing_context(self) -> str:
        return f"entry {self.volume.uid} {self.number}"

    @property
    def number_in_book(self) -> str:
        """The number; where the school keeps several books, with the one it stands in."""
        return in_book(self.number, self.volume.book)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state in (self.State.REGISTERED, self.State.IN_REVIEW)
