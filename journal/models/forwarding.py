"""Letters sent on to bodies outside the school."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.models.entry import Entry
from schools.models import Body, Lasting, Sealed


class Forwarding(Lasting, Sealed):
    """An entry was sent on to a body, by a way, with a deadline.

    Sealed content: ``covering`` (what the school writes to the body), ``outcome`` (empty until the body answered),
    ``parts`` (which parts of the entry went with it, as ticked: a subset of ``PARTS``), ``sheet`` (those parts' texts
    as they were that day), ``frame`` (the school's names and addresses, the body's address and who signs, as they
    were that day): a reprint of the sheet says the same.
    """

    PARTS = ("summary", "text", "full_name", "age", "class_group", "address", "phone", "measures")

    class Way(models.TextChoices):
        LETTER = "letter", pgettext_lazy("way of sending on", "letter")
        EMAIL = "email", pgettext_lazy("way of sending on", "e-mail")
        PHONE = "phone", pgettext_lazy("way of sending on", "telephone message")
        FAX = "fax", pgettext_lazy("way of sending on", "fax")

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="forwardings")
    # Of the sheet, from 1 in each calendar year of the school.
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("№"))
    school = models.ForeignKey("schools.School", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(
        Body,
        verbose_name=pgettext_lazy("outside the school", "body"),
        on_delete=models.PROTECT,
        related_name="forwardings",
    )
    # The body's names as they were that day.
    body_names = models.JSONField(default=dict)
    way = models.CharField(_("by which way"), max_length=10, choices=Way.choices)
    sent_on = models.DateField(_("sent on"))
    due_on = models.DateField(_("answer due"))
    # The letter was for that body to answer, not for the school.
    out_of_competence = models.BooleanField(
        _("outside the competence of the school"), default=False
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    answered_on = models.DateField(_("answered"), null=True)

    class Meta:
        verbose_name = pgettext_lazy("to another body", "forwarding")
        verbose_name_plural = pgettext_lazy("to other bodies", "forwardings")
        ordering = ["entry", "pk"]
        indexes = [
            models.Index(
                fields=["school", "due_on"],
                condition=Q(answered_on__isnull=True),
                name="forwarding_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "number"], name="forwarding_number_once"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("sent_on")), name="forwarding_due_after_sent"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=models.F("sent_on")),
                name="forwarding_answered_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}/{self.year}"

    @property
    def is_open(self) -> bool:
        """Whether the body has not answered yet."""
        return self.answered_on is None

    def sealing_context(self) -> str:
        return f"forwarding {self.uid} {self.year} {self.number}"
