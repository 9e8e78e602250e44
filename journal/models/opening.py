"""Openings of the box, and what was taken out at each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from box.models import Letter
from schools.models import Lasting, School, Sealed
from schools.models.regulation import Source


class Opening(Lasting, Sealed):
    """The box was opened.

    Sealed content (strings, empty when not asked): ``place``, ``reason`` (out of turn; of danger the kind says
    enough), ``few_reason`` (fewer were present than the regulation asks for), ``missed_reason`` (openings before this
    one were missed).
    """

    class Kind(models.TextChoices):
        SCHEDULED = "scheduled", pgettext_lazy("opening of the box", "on schedule")
        OUT_OF_TURN = "out_of_turn", pgettext_lazy("opening of the box", "out of turn")
        DANGER = "danger", pgettext_lazy("opening of the box", "at once: somebody is in danger")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="openings"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("№"))
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # Of the act in its year; None where the regulation asks for no act.
    act_number = models.PositiveIntegerField(_("act №"), null=True)
    # Days (ISO) on which the regulation asked for an opening since the one before, and there was none.
    missed = models.JSONField(default=list)
    # [{"name": …, "role": role's slug or "", "post": words where there is no role, "confirmed": by their own sign-in}],
    # as they were that day.
    present = models.JSONField(_("present"))
    web_count = models.PositiveIntegerField(_("letters from the site"), default=0)
    paper_count = models.PositiveIntegerField(_("paper letters"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("of the box", "opening")
        verbose_name_plural = pgettext_lazy("of the box", "openings")
        ordering = ["-opened_at", "-pk"]
        permissions = [("open_box", "Can open the box")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "number"], name="opening_number_once"
            ),
            models.UniqueConstraint(
                fields=["school", "year", "act_number"], name="act_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}/{self.year}"

    def sealing_context(self) -> str:
        return f"opening {self.uid} {self.year} {self.number}"


class TakenLetter(Sealed):
    """One letter taken out at an opening: waiting, registered as an entry, or set aside.

    Sealed content: ``note`` to the reason it was set aside for (empty before).
    """

    class SetAside(models.TextChoices):
        ADVERTISING = "advertising", pgettext_lazy("set aside as", "advertising")
        TEST = "test", pgettext_lazy("set aside as", "test")
        DUPLICATE = "duplicate", pgettext_lazy("set aside as", "duplicate")
        OTHER = "other", pgettext_lazy("set aside as", "other reason")

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="taken_letters")
    position = models.PositiveIntegerField()
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    signed = models.BooleanField(_("signed"), null=True)
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, related_name="taken")
    entry = models.OneToOneField(
        "journal.Entry", on_delete=models.PROTECT, null=True, related_name="taken"
    )
    set_aside_as = models.CharField(
        _("set aside as"), max_length=12, choices=SetAside.choices, blank=True
    )

    # The key of a letter set aside was destroyed on that day.
    destroyed_on = models.DateField(_("content destroyed"), null=True)

    class Meta:
        verbose_name = _("letter taken out")
        verbose_name_plural = _("letters taken out")
        ordering = ["opening", "position"]
        indexes = [
            models.Index(
                fields=["opening"],
                condition=Q(set_aside_as__gt="", destroyed_on__isnull=True),
                name="taken_set_aside",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["opening", "position"], name="taken_position_once"),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(set_aside_as=""), name="taken_one_fate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opening}: {self.position}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is neither registered nor set aside yet."""
        return self.entry_id is None and not self.set_aside_as

    def sealing_context(self) -> str:
        return f"taken {self.opening.uid} {self.position}"
