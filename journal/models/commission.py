"""The commission: its members, meetings, what they heard and what they decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from journal.models.entry import Entry
from schools.languages import in_language
from schools.models import Lasting, School, Sealed
from schools.texts import TextsField


class CommissionMember(models.Model):
    """Somebody appointed to the commission, from a day on, until another day or until now."""

    class ComesFrom(models.TextChoices):
        ADMINISTRATION = "administration", pgettext_lazy("a member comes from", "administration")
        TEACHERS = "teachers", pgettext_lazy("a member comes from", "teachers")
        PARENTS = "parents", pgettext_lazy("a member comes from", "parents’ committee")
        UNION = "union", pgettext_lazy("a member comes from", "trade union")
        POLICE = "police", pgettext_lazy("a member comes from", "police inspector")
        OTHER = "other", pgettext_lazy("a member comes from", "others")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.CASCADE, related_name="commission"
    )
    name = models.CharField(_("full name"), max_length=150)
    posts = TextsField(_("post"))
    comes_from = models.CharField(_("comes from"), max_length=20, choices=ComesFrom.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("If this person signs in here."),
    )
    since = models.DateField(_("member since"))
    until = models.DateField(_("member until"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("commission member")
        verbose_name_plural = _("commission members")
        ordering = ["school", "order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="member_forward"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def post_in(self, language: str) -> str:
        """The member's post in a language, else in any there is."""
        return in_language(self.posts, language)

    @property
    def post(self) -> str:
        """The member's post in the language that is active."""
        return self.post_in(get_language() or "")


class Meeting(Lasting, Sealed):
    """A meeting of the commission, planned or held.

    Sealed content: ``place``, ``invited`` (list of {"name", "who"}: a coach, a class teacher, a pupil), ``notes``.
    What was heard and decided stands in its points and decisions. Only entries sealed to the school's key can be on the
    agenda: what is closed to one of its readers is not talked about before everybody who holds the key.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("state of a meeting", "planned")
        HELD = "held", pgettext_lazy("state of a meeting", "held")
        CALLED_OFF = "called_off", pgettext_lazy("state of a meeting", "called off")

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="meetings"
    )
    # The year in which the school year began.
    school_year = models.PositiveSmallIntegerField(_("school year"))
    # Of the protocol, from 1 in each school year; given when the meeting is recorded as held.
    number = models.PositiveIntegerField(_("protocol №"), null=True)
    planned_for = models.DateTimeField(_("planned for"))
    held_on = models.DateField(_("held"), null=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PLANNED
    )
    # [{"name": …, "posts": {language: …}, "comes_from": …}], as they were that day.
    present = models.JSONField(default=list)
    absent = models.JSONField(default=list)
    # {"name": …, "posts": {…}} each.
    chair = models.JSONField(default=dict)
    secretary = models.JSONField(default=dict)
    # The meeting elected its chair (the first one of a commission).
    elected_chair = models.BooleanField(default=False)
    members_in_all = models.PositiveSmallIntegerField(default=0)
    quorum_met = models.BooleanField(default=False)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("called by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("of the commission", "meeting")
        verbose_name_plural = pgettext_lazy("of the commission", "meetings")
        ordering = ["-planned_for", "-pk"]
        permissions = [("hold_meeting", "Can call meetings and write their protocols")]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "number"], name="protocol_number_once"
            ),
            models.CheckConstraint(
                condition=(~Q(state="held") & Q(number__isnull=True))
                | Q(state="held", number__isnull=False, held_on__isnull=False),
                name="meeting_held_has_number",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}" if self.number else str(self.pk)

    def sealing_context(self) -> str:
        return f"meeting {self.uid}"


class AgendaPoint(Sealed):
    """A point of the agenda: an entry of the journal, or a free one.

    Sealed content: ``topic``, ``heard`` (list of {"speaker", "what"}; empty before the meeting).
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="points")
    position = models.PositiveSmallIntegerField()
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="points")

    class Meta:
        verbose_name = pgettext_lazy("of the agenda", "point")
        verbose_name_plural = pgettext_lazy("of the agenda", "points")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="point_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.position}"

    def sealing_context(self) -> str:
        return f"point {self.meeting.uid} {self.position}"


class Decision(Sealed):
    """What a meeting decided: a task when it names a day.

    Sealed content: ``text``, ``who`` (is responsible, in words), ``votes`` ({"for", "against", "abstained"} or empty),
    ``done_note``.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    point = models.ForeignKey(
        AgendaPoint, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="decisions")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    due_on = models.DateField(_("by"), null=True)
    done_on = models.DateField(_("carried out"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("of the commission", "decision")
        verbose_name_plural = pgettext_lazy("of the commission", "decisions")
        ordering = ["meeting", "position"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(due_on__isnull=False, done_on__isnull=True),
                name="decision_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="decision_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.position}"

    @property
    def is_open(self) -> bool:
        """Whether it is a task that nobody has carried out yet."""
        return self.due_on is not None and self.done_on is None

    def sealing_context(self) -> str:
        return f"decision {self.meeting.uid} {self.position}"
