"""What the author and the school write to each other after the letter."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from box.models.letter import Letter
from schools.models import Sealed
from vault import content as sealing
from vault.errors import NotForThisKey
from vault.pairs import KeyPair, open_sealed, seal


class Message(Sealed):
    """One message of a letter's conversation, read by both sides.

    Sealed content: ``text``, and of the school's messages ``role`` (slug of the role in which it is written).
    Its content key is sealed to the same readers as the letter (``Sealed``), and to the author besides
    (``author_sealed_key``), whom only the receipt code opens it to.
    """

    class Kind(models.TextChoices):
        """What a message is to the author."""

        FROM_AUTHOR = "from_author", pgettext_lazy("kind of message", "from the author")
        MESSAGE = "message", pgettext_lazy("kind of message", "message")
        ANSWER = "answer", pgettext_lazy("kind of message", "answer")
        EXTENSION = "extension", pgettext_lazy("kind of message", "more time is needed")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="messages")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # The hour alone, as of a letter.
    sent_hour = models.DateTimeField(_("sent"))
    danger = models.BooleanField(_("danger"), default=False)
    author_sealed_key = models.BinaryField(editable=False, default=b"")
    # Of the form it came by: the same form sent twice is one message. None for the school's.
    form_hash = models.BinaryField(max_length=32, unique=True, null=True, editable=False)
    # Whether the other side has had it on the screen.
    seen = models.BooleanField(default=False)
    # Whether the journal's trail has the row that tells of it.
    bound = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("of a conversation", "message")
        verbose_name_plural = pgettext_lazy("of a conversation", "messages")
        ordering = ["letter", "position"]
        indexes = [
            models.Index(
                fields=["letter"],
                condition=Q(kind="from_author", seen=False),
                name="message_not_seen",
            ),
            models.Index(fields=["letter"], condition=Q(bound=False), name="message_not_bound"),
            models.Index(fields=["letter"], condition=Q(danger=True), name="message_danger"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["letter", "position"], name="message_position_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="message_position_from_one"),
            models.CheckConstraint(
                condition=Q(kind__in=["from_author", "message", "answer", "extension"]),
                name="message_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.position}"

    @property
    def from_author(self) -> bool:
        """Whether the author wrote it."""
        return self.kind == self.Kind.FROM_AUTHOR

    def sealing_context(self) -> str:
        return f"message {bytes(self.letter.receipt_hash).hex()} {self.position}"

    def seal_to_author(self, *, key: bytes) -> None:
        """Let whoever has the receipt code read it too (not saved). ``key`` is the row's content key."""
        sealed = seal(key, to=bytes(self.letter.author_key))
        self.author_sealed_key = sealed

    def read_by_author(self, pair: KeyPair) -> dict[str, Any]:
        """The content for the author. Raises NotForThisKey."""
        if not self.author_sealed_key:
            raise NotForThisKey
        key = open_sealed(self.author_sealed_key, pair=pair)
        return sealing.decrypt(self.content, key=key, context=self.sealing_context())
