"""What is destroyed when its time of keeping is over: a list first, the commission's approval, then the act."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from box.models import Attachment
from journal.models.commission import Meeting
from journal.models.entry import Entry
from journal.models.opening import TakenLetter
from schools.models import School


class Destruction(models.Model):
    """One list of what is to be destroyed, approved by a meeting of the commission, and then carried out."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="destructions")
    number = models.PositiveIntegerField(_("№"))
    drawn_up_on = models.DateField(_("drawn up"))
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # The meeting that approved the list; its protocol says so.
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    approved_on = models.DateField(_("approved"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_on = models.DateField(_("carried out"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    called_off_on = models.DateField(_("called off"), null=True)

    class Meta:
        verbose_name = _("destruction")
        verbose_name_plural = _("destructions")
        ordering = ["school", "-number"]
        permissions = [
            ("draw_up_destruction", "Can draw up lists for destruction"),
            ("approve_destruction", "Can approve lists for destruction"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="destruction_number_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(approved_on__isnull=False),
                name="destruction_approved_first",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"


class Doomed(models.Model):
    """A line of the list: an entry, a letter set aside, or a file that nobody opened."""

    destruction = models.ForeignKey(Destruction, on_delete=models.PROTECT, related_name="lines")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="+")
    taken = models.ForeignKey(TakenLetter, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    # Taken off the list, by the commission or because a hold came: it stays for its reason.
    spared = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of a list for destruction")
        verbose_name_plural = _("lines of lists for destruction")
        ordering = ["destruction", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=False, taken__isnull=True, file__isnull=True)
                | Q(entry__isnull=True, taken__isnull=False, file__isnull=True)
                | Q(entry__isnull=True, taken__isnull=True, file__isnull=False),
                name="doomed_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
