"""The trail: every step in a school's book, each row chained to the one before."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.models.entry import Entry
from journal.models.opening import Opening
from schools.models import School


class Book(models.Model):
    """The end of a school's chain. Whoever adds a row locks this first."""

    school = models.OneToOneField(
        School, on_delete=models.PROTECT, primary_key=True, related_name="book"
    )
    rows = models.PositiveBigIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("bound book")
        verbose_name_plural = _("bound books")

    def __str__(self) -> str:
        return self.school.slug


class Trail(models.Model):
    """One row of the trail: who did what and when.

    ``facts`` holds only what may stand in the clear (numbers, states, dates, counts). ``former`` is what the
    entry's content was before the step, sealed under the entry's own key. ``digest`` is of the entry or the
    opening as it was after the step. The hash covers the words ``by_name`` and ``about``, not the foreign keys, so
    that a book can be carried to another installation.
    """

    class Step(models.TextChoices):
        ARRIVED = "arrived", pgettext_lazy("step", "letter arrived")
        BOX_OPENED = "box_opened", pgettext_lazy("step", "box opened")
        SET_ASIDE = "set_aside", pgettext_lazy("step", "letter set aside")
        REGISTERED = "registered", pgettext_lazy("step", "registered")
        TAKEN_INTO_REVIEW = "taken_into_review", pgettext_lazy("step", "taken into review")
        MEASURES_RECORDED = "measures_recorded", pgettext_lazy("step", "measures recorded")
        ANSWERED = "answered", pgettext_lazy("step", "answered")
        CLOSED = "closed", pgettext_lazy("step", "closed")
        RETURNED = "returned", pgettext_lazy("step", "returned to review")
        CORRECTED = "corrected", pgettext_lazy("step", "corrected")
        WRITTEN_TO = "written_to", pgettext_lazy("step", "message to the author")
        AUTHOR_WROTE = "author_wrote", pgettext_lazy("step", "the author wrote back")
        AUTHOR_LEFT = "author_left", pgettext_lazy("step", "the author took the conversation away")
        DUE_EXTENDED = "due_extended", pgettext_lazy("step", "deadline extended")
        LINKED = "linked", pgettext_lazy("step", "linked as a repeat")
        FORWARDED = "forwarded", pgettext_lazy("step", "sent on to another body")
        BODY_ANSWERED = "body_answered", pgettext_lazy("step", "outcome from the body")
        FILE_READ = "file_read", pgettext_lazy("step", "file read")
        ALERT_RAISED = "alert_raised", pgettext_lazy("step", "danger alert")
        ALERT_SENT = "alert_sent", pgettext_lazy("step", "danger alert sent")
        ALERT_ANSWERED = "alert_answered", pgettext_lazy("step", "danger alert answered")
        ALERT_CLOSED = "alert_closed", pgettext_lazy("step", "danger alert closed")
        REGION_CALLED = "region_called", pgettext_lazy("step", "passed to the region")
        REGION_TOOK = "region_took", pgettext_lazy("step", "taken in hand by the region")
        REGION_READ = "region_read", pgettext_lazy("step", "read by the region")
        REGION_WROTE = (
            "region_wrote",
            pgettext_lazy("step", "message from the region to the author"),
        )
        REGION_CLOSED = "region_closed", pgettext_lazy("step", "closed by the region")
        REGION_HANDED_OVER = (
            "region_handed_over",
            pgettext_lazy("step", "handed over within the region"),
        )
        SHARED = "shared", pgettext_lazy("step", "opened to a colleague")
        VOLUME_CLOSED = "volume_closed", pgettext_lazy("step", "volume closed")
        MEETING_PLANNED = "meeting_planned", pgettext_lazy("step", "meeting planned")
        MEETING_CHANGED = "meeting_changed", pgettext_lazy("step", "plan of a meeting changed")
        MEETING_HELD = "meeting_held", pgettext_lazy("step", "meeting held")
        DECIDED = "decided", pgettext_lazy("step", "decided by the commission")
        MEETING_CALLED_OFF = "meeting_called_off", pgettext_lazy("step", "meeting called off")
        DECISION_DONE = "decision_done", pgettext_lazy("step", "decision carried out")
        DOCUMENT_ISSUED = "document_issued", pgettext_lazy("step", "document issued")
        SCAN_ATTACHED = "scan_attached", pgettext_lazy("step", "signed sheet attached")
        TAKEN_OVER = "taken_over", pgettext_lazy("step", "taken over from a former book")
        EXPORTED = "exported", pgettext_lazy("step", "journal exported")
        HELD = "held", pgettext_lazy("step", "kept for a court or an inquiry")
        RELEASED = "released", pgettext_lazy("step", "hold ended")
        DOOMED = "doomed", pgettext_lazy("step", "list for destruction drawn up")
        DESTRUCTION_APPROVED = (
            "destruction_approved",
            pgettext_lazy("step", "list for destruction approved"),
        )
        DESTROYED = "destroyed", pgettext_lazy("step", "content destroyed")
        ARCHIVED = "archived", pgettext_lazy("step", "book carried out to an archive")
        TAKEN_IN = "taken_in", pgettext_lazy("step", "book taken in from an archive")
        READ = "read", pgettext_lazy("step", "read")
        PRINTED = "printed", pgettext_lazy("step", "printed")
        KEY_MADE = "key_made", pgettext_lazy("step", "key made")
        KEY_GRANTED = "key_granted", pgettext_lazy("step", "key granted")
        KEY_TAKEN = "key_taken", pgettext_lazy("step", "key taken away")
        KEY_CHANGE_BEGUN = "key_change_begun", pgettext_lazy("step", "change of the key begun")
        KEY_CHANGED = "key_changed", pgettext_lazy("step", "key changed")
        SHEET_PRINTED = "sheet_printed", pgettext_lazy("step", "recovery sheet printed")
        SHEET_USED = "sheet_used", pgettext_lazy("step", "key restored from the sheet")
        REFUSED = "refused", pgettext_lazy("step", "attempt refused")
        SIGN_IN_FAILED = "sign_in_failed", pgettext_lazy("step", "sign-in failed")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="trail"
    )
    position = models.PositiveBigIntegerField(_("row"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    step = models.CharField(_("step"), max_length=24, choices=Step.choices)
    by_name = models.CharField(_("who"), max_length=100, blank=True)
    # "entry 1/12" (volume, number), "opening 2026/3" (year, number), "letter 3f…" before it has one, or empty.
    about = models.CharField(max_length=60, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="trail")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, null=True, related_name="trail")
    facts = models.JSONField(default=dict)
    former = models.BinaryField(default=b"")
    digest = models.BinaryField(max_length=32, default=b"")
    previous_hash = models.BinaryField(max_length=32)
    row_hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = pgettext_lazy("of steps", "trail")
        verbose_name_plural = pgettext_lazy("of steps", "trail")
        ordering = ["school", "position"]
        constraints = [
            models.UniqueConstraint(fields=["school", "position"], name="trail_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.school_id}: {self.position}"
