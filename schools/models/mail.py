"""E-mails to the people of a school: written down first, sent by the worker."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.models.people import User
from schools.models.school import School


class Mail(models.Model):
    """One e-mail to one person, put down in the transaction of what it tells, so that nothing is lost.

    ``occasion`` is unique: what has been told once is not told again. ``figures`` holds counts and dates by which
    the text is written when it is sent; never a name, and nothing of a letter.
    """

    class Kind(models.TextChoices):
        DANGER = "danger", pgettext_lazy("kind of e-mail", "somebody is in danger")
        DIGEST = "digest", pgettext_lazy("kind of e-mail", "what waits this morning")
        AUTHOR_WROTE = "author_wrote", pgettext_lazy("kind of e-mail", "an author wrote back")
        REPORT = "report", pgettext_lazy("kind of e-mail", "a report is ready")
        INVITATION = "invitation", pgettext_lazy("kind of e-mail", "a link for a new colleague")
        ESCALATED = "escalated", pgettext_lazy("kind of e-mail", "something has reached the region")
        TEST = "test", pgettext_lazy("kind of e-mail", "a test")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of an e-mail", "waiting")
        SENT = "sent", pgettext_lazy("state of an e-mail", "sent")
        DROPPED = "dropped", pgettext_lazy("state of an e-mail", "not sent")

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mails")
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    occasion = models.CharField(max_length=100, unique=True)
    figures = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # The hour is enough: a mail is often written at the very moment at which an author did something.
    written_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    # Since when a worker has it in hand: who finds it there much later takes it over.
    in_hand_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # to the hour as well
    # What kind of fault the last try met (the name of the error, not its text: that may name people).
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="mail_waiting",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SignOfLife(models.Model):
    """That somebody sends e-mails: one row, with nothing but when the worker last looked after them."""

    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign of life of the worker")
        verbose_name_plural = _("sign of life of the worker")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_sign_of_life"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
