"""A printing too long to wait for, the sheets that are kept for the next, and papers as they were issued."""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from box.models import Attachment
from journal.models import Meeting, Opening, Volume
from schools.languages import CODE_LENGTH, language_choices
from schools.models import Lasting, School, Sealed


class PrintJob(models.Model):
    """A journal being printed for one person. The finished file is sealed to that person, and soon goes away."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("state of a printing", "being prepared")
        READY = "ready", pgettext_lazy("state of a printing", "ready")
        FAILED = "failed", pgettext_lazy("state of a printing", "interrupted")
        UNABLE = "unable", pgettext_lazy("state of a printing", "system libraries are missing")

    volume = models.ForeignKey(
        Volume,
        verbose_name=pgettext_lazy("of the journal", "volume"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=gettext_lazy("who"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    language = models.CharField(
        gettext_lazy("language"),
        max_length=CODE_LENGTH,
        choices=language_choices,
    )
    since = models.DateField(gettext_lazy("from"), null=True)
    until = models.DateField(gettext_lazy("to"), null=True)
    # As far as is known: exact when the last row is set.
    total = models.PositiveIntegerField(gettext_lazy("sheets"), default=0)
    done = models.PositiveIntegerField(gettext_lazy("sheets laid out"), default=0)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    made_at = models.DateTimeField(gettext_lazy("begun"))
    # Moves while the process that prints is alive; when it stands still, that process has ended.
    heartbeat = models.DateTimeField()
    sealed_file = models.BinaryField(editable=False, default=b"")

    class Meta:
        verbose_name = gettext_lazy("printing")
        verbose_name_plural = gettext_lazy("printings")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "ready", "failed", "unable"]),
                name="print_job_state_known",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class KeptSheets(Sealed):
    """Sheets of a volume's table as they were drawn for a printing, so that the next need not draw them again.

    Sealed to the school's key, and only sheets whose entries are sealed to that very key: with an entry that is sealed
    to some people in person nothing is kept. Sealed content: where they begin and end, a digest of all that they were
    made of, and where their objects stand; ``sheets`` has the objects themselves under the same content key.
    """

    volume = models.ForeignKey(Volume, on_delete=models.CASCADE, related_name="+", editable=False)
    language = models.CharField(max_length=CODE_LENGTH, editable=False)
    place = models.PositiveIntegerField(editable=False)  # among those of its volume and language
    kept_on = models.DateField(editable=False)
    sheets = models.BinaryField(editable=False, default=b"")

    class Meta:
        verbose_name = gettext_lazy("kept sheets")
        verbose_name_plural = gettext_lazy("kept sheets")
        ordering = ["volume", "language", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["volume", "language", "place"], name="kept_sheets_place_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def sealing_context(self) -> str:
        return f"kept sheets {self.volume_id} {self.language} {self.place}"


class Issued(Lasting, Sealed):
    """A document as it was when it was first printed to be signed: every later print says the same.

    Sealed content: the frozen data of the document (``reports.documents``), in no language and in all: dates in ISO
    8601, posts as slugs of roles or texts by language, names of schools and bodies by language.
    """

    class Kind(models.TextChoices):
        ACT = "act", pgettext_lazy("kind of document", "act of opening")
        PROTOCOL = "protocol", pgettext_lazy("kind of document", "protocol of the commission")
        VOLUME = "volume", pgettext_lazy("kind of document", "closing page of a volume")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="issued")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    opening = models.OneToOneField(
        Opening, on_delete=models.PROTECT, null=True, related_name="issued"
    )
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, related_name="issued"
    )
    volume = models.OneToOneField(
        Volume, on_delete=models.PROTECT, null=True, related_name="issued"
    )
    issued_on = models.DateField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prints = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = gettext_lazy("issued document")
        verbose_name_plural = gettext_lazy("issued documents")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="act", opening__isnull=False)
                | models.Q(kind="protocol", meeting__isnull=False)
                | models.Q(kind="volume", volume__isnull=False),
                name="issued_of_something",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """What the trail calls it."""
        if self.opening is not None:
            return f"act {self.opening.act_number or self.opening.number}/{self.opening.year}"
        if self.meeting is not None:
            return f"protocol {self.meeting.number}/{self.meeting.school_year}"
        return f"closing page {self.volume.number}"

    def shown(self) -> str:
        """What a person reads of it: its kind and its number."""
        if self.opening is not None:
            number = self.opening.act_number or self.opening.number
            return gettext_lazy("Act № %(number)s") % {"number": f"{number}/{self.opening.year}"}
        if self.meeting is not None:
            return gettext_lazy("Protocol № %(number)s") % {"number": self.meeting.number}
        return gettext_lazy("Volume %(volume)s") % {"volume": self.volume}

    def sealing_context(self) -> str:
        return f"issued {self.uid} {self.kind}"


class Scan(Sealed):
    """A picture or PDF of a signed sheet, attached to its document; encrypted as every file is.

    Sealed content: ``type``, ``size``, ``sha256``, ``name``, ``key``, as of ``box.models.Attachment``.
    """

    issued = models.ForeignKey(Issued, on_delete=models.PROTECT, related_name="scans")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Attachment.Kind.choices)
    stored_as = models.CharField(max_length=100, unique=True, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    attached_on = models.DateField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = gettext_lazy("signed sheet")
        verbose_name_plural = gettext_lazy("signed sheets")
        ordering = ["issued", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issued", "position"], name="scan_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.issued_id}: {self.position}"

    @classmethod
    def of_school(cls, school: School) -> models.QuerySet["Scan"]:
        """Those of a school's papers."""
        return cls.objects.filter(issued__school=school).select_related("issued__opening")

    @property
    def place(self) -> str:
        """What it is called where no content may stand."""
        return f"signed sheet {self.position} of {self.issued.name}"

    def sealing_context(self) -> str:
        return f"scan {self.stored_as}"


class PeriodReport(models.Model):
    """The report on the letters of a month, a half-year or a year, as it was when it was prepared.

    It leaves the circle of the key holders, so it holds covered figures alone, and nothing of any letter: no key is
    needed. ``frozen`` is in no language and in all (``reports.analysis.freezing``); every print says the same.
    """

    class Kind(models.TextChoices):
        MONTH = "month", pgettext_lazy("kind of report", "of a month")
        HALF = "half", pgettext_lazy("kind of report", "of a half-year")
        YEAR = "year", pgettext_lazy("kind of report", "of a year")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="period_reports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first = models.DateField()
    last = models.DateField()
    prepared_on = models.DateField()
    # Nobody: it was prepared by itself on its day.
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    frozen = models.JSONField()

    class Meta:
        verbose_name = pgettext_lazy("on the letters of a period", "report")
        verbose_name_plural = pgettext_lazy("on the letters of a period", "reports")
        ordering = ["-last", "first", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "kind", "first"], name="period_report_once"),
            models.CheckConstraint(
                condition=models.Q(last__gt=models.F("first")), name="period_report_runs_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "first", "school"], name="period_report_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the trail and a file call it."""
        return f"report {self.kind} {self.first:%Y-%m}"

    def digest(self) -> str:
        """SHA-256 (hex) of what is frozen, the same on every engine."""
        plain = json.dumps(self.frozen, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()
