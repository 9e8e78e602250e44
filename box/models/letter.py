"""Letters in the box. All that was written is sealed; what stays readable is what counting needs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.languages import CODE_LENGTH, language_choices
from schools.models import Category, School, Sealed
from schools.models.regulation import Audience, Source


class Letter(Sealed):
    """A letter sent through the web form.

    Sealed content: ``text`` and, of a signed letter, ``full_name``, ``address``, ``age``, ``class_group``,
    ``phone`` (strings, empty when not given); of a letter about its readers ``about`` (their roles) and
    ``about_people`` (their uids).

    ``state``, ``number``, ``book``, ``taken_on`` and ``with_region`` are pushed down by the journal, so that the
    public pages never look into it.
    """

    class State(models.TextChoices):
        IN_BOX = "in_box", pgettext_lazy("state of a letter", "in the box")
        TAKEN_OUT = "taken_out", pgettext_lazy("state of a letter", "taken out of the box")
        REGISTERED = "registered", pgettext_lazy("state of a letter", "registered")
        IN_REVIEW = "in_review", pgettext_lazy("state of a letter", "in review")
        ANSWERED = "answered", pgettext_lazy("state of a letter", "answered")
        CLOSED = "closed", pgettext_lazy("state of a letter", "closed")
        SET_ASIDE = "set_aside", pgettext_lazy("state of a letter", "set aside")
        # About everybody who could have read it: it lies in no school's box, and stays with the region.
        AT_REGION = "at_region", pgettext_lazy("state of a letter", "with the region")
        # By its author, before anybody read it: it never comes out of the box.
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a letter", "withdrawn by its author")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="letters")
    arrived_hour = models.DateTimeField(_("arrived"), editable=False)
    language = models.CharField(max_length=CODE_LENGTH, choices=language_choices)
    audience = models.CharField(_("who writes"), max_length=10, choices=Audience.choices)
    signed = models.BooleanField(_("signed"))
    danger = models.BooleanField(_("danger"), default=False)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.IN_BOX)
    number = models.CharField(_("№"), max_length=20, blank=True)
    # Of which book the number is, where the school keeps several.
    book = models.CharField(max_length=10, choices=Source.choices, blank=True, editable=False)
    taken_on = models.DateField(_("taken out"), null=True)
    due_on = models.DateField(_("reply due"), null=True)
    # The named person of the region can read it: of a cry for help that nobody at the school answered, too.
    with_region = models.BooleanField(default=False, editable=False)

    # By the receipt code: where to find the letter, and to whom a reply is sealed.
    receipt_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    author_key = models.BinaryField(max_length=32, editable=False)
    # Of the form it came by: the same form sent twice is one letter.
    form_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    receipt_shown = models.BooleanField(default=False, editable=False)
    # The author took the conversation away: the code opens nothing any more. The journal keeps what it has.
    taken_away = models.BooleanField(default=False, editable=False)
    # Whether the journal's trail has the row of its arrival.
    bound = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("appeal", "letter")
        verbose_name_plural = pgettext_lazy("appeals", "letters")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["school", "state"], name="letter_school_state"),
            models.Index(fields=["school"], condition=Q(bound=False), name="letter_not_bound"),
            models.Index(fields=["school"], condition=Q(danger=True), name="letter_danger"),
            models.Index(
                fields=["school"], condition=Q(state="at_region"), name="letter_at_region"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "in_box",
                        "taken_out",
                        "registered",
                        "in_review",
                        "answered",
                        "closed",
                        "set_aside",
                        "at_region",
                        "withdrawn",
                    ]
                ),
                name="letter_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_box", "withdrawn"], taken_on__isnull=True)
                | Q(state="at_region")
                | (~Q(state__in=["in_box", "withdrawn"]) & Q(taken_on__isnull=False)),
                name="letter_taken_out_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}" if self.number else str(self.pk)

    @property
    def has_left(self) -> bool:
        """Whether it went elsewhere with its school: nothing is written to it here, and its author asks there.

        What lies with the region stays here: nobody can open it where the school arrives.
        """
        return self.school.left_on is not None and self.state != self.State.AT_REGION

    def sealing_context(self) -> str:
        return f"letter {bytes(self.receipt_hash).hex()}"
