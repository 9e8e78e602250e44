"""What every confidential row has in common."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from schools.models.keys import SchoolKey
from vault import content as sealing
from vault.errors import NotForThisKey
from vault.keyring import Keyring
from vault.pairs import seal


def not_withheld_from(person_id: int, path: str = "") -> Q:
    """The condition for rows that are not ``Sealed.is_withheld_from`` this person.

    ``path`` leads to the sealed row (``"letter__"``). Rows where the path leads to nothing are left out.
    """
    return Q(**{f"{path}school_key__isnull": False}) | Q(
        **{f"{path}personal_keys__has_key": str(person_id)}
    )


# How many bytes of the hash of a public key stand beside what was sealed to it.
_MARK_BYTES = 8


def sealed_for_one(key: bytes, public_key: bytes) -> str:
    """A content key as it is sealed to one person, with the mark of their pair."""
    return f"{b64encode(seal(key, to=public_key)).decode()}.{_mark_of(public_key)}"


def is_sealed_to_pair(sealed: str, public_key: bytes) -> bool:
    """Whether what ``sealed_for_one`` gave is for this pair."""
    return sealed.partition(".")[2] == _mark_of(public_key)


def _mark_of(public_key: bytes) -> str:
    return hashlib.sha256(public_key).digest()[:_MARK_BYTES].hex()


class Sealed(models.Model):
    """A row with content that only key holders read.

    ``content`` is JSON under a random content key. That key is sealed to the school's key, or, when a
    letter is about one of its readers, to each of the other key holders in person (``personal_keys`` maps
    a person's id to the sealed key, base64, and after a dot the mark of the pair it is sealed to).
    """

    school_key = models.ForeignKey(
        SchoolKey, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    sealed_key = models.BinaryField(editable=False, default=b"")
    personal_keys = models.JSONField(default=dict, editable=False)
    content = models.BinaryField(editable=False, default=b"")

    class Meta:
        abstract = True

    def sealing_context(self) -> str:
        """What the content is bound to, besides its key. A subclass names the row."""
        raise TypeError(f"{type(self).__name__} does not say what its content is bound to.")

    def lock_for_school(self, school_key: SchoolKey) -> bytes:
        """Give the row a fresh content key, sealed to the school. Returns the content key."""
        key = sealing.new_content_key()
        self.school_key = school_key
        self.sealed_key = seal(key, to=bytes(school_key.public_key))
        self.personal_keys = {}
        return key

    def lock_for_people(self, people: Iterable[tuple[int, bytes]]) -> bytes:
        """Give the row a fresh content key, sealed to each (person's id, public key). Returns the key."""
        key = sealing.new_content_key()
        self.school_key = None
        self.sealed_key = b""
        self.personal_keys = {
            str(person): sealed_for_one(key, bytes(public)) for person, public in people
        }
        return key

    def lock_like(self, other: "Sealed", keyring: Keyring) -> bytes:
        """Take over the content key of another row, for the same people. Returns the content key."""
        key = other.content_key(keyring)
        self.school_key_id = other.school_key_id
        self.sealed_key = bytes(other.sealed_key)
        self.personal_keys = dict(other.personal_keys)
        return key

    @property
    def opens_to_nobody(self) -> bool:
        """Whether no key to the row is left (``destroy_key``); so it is too with a row that has no content yet."""
        return not (self.sealed_key or any(self.personal_keys.values()))

    def destroy_key(self) -> None:
        """Nobody opens the row any more (not saved). Its content stays as sealed: what the trail says of it holds.

        Of a row sealed in person the names of its readers stay: it is withheld from the same people as before.
        """
        self.sealed_key = b""
        self.personal_keys = dict.fromkeys(self.personal_keys, "")

    def is_closed_to(self, keyring: Keyring) -> bool:
        """Whether this keyring has nothing that could open the row; costs no decryption."""
        if self.opens_to_nobody:
            return True
        if self.school_key_id is not None:
            return not keyring.opens_school_key(self.school_key_id)
        return str(keyring.person_id) not in self.personal_keys

    def is_withheld_from(self, person_id: int) -> bool:
        """Whether the row is sealed to some people in person, and this person is not among them.

        Then they see that it is there and its date, and nothing else; whether they hold a key does not matter.
        """
        return self.school_key_id is None and str(person_id) not in self.personal_keys

    def share_with(self, person_id: int, public_key: bytes, *, key: bytes) -> None:
        """Seal the row's content key to one more person (not saved)."""
        self.personal_keys = {**self.personal_keys, str(person_id): sealed_for_one(key, public_key)}

    def is_sealed_to(self, person_id: int, public_key: bytes) -> bool:
        """Whether the row is sealed to this person, with the pair they have now: not one of before a new password."""
        return is_sealed_to_pair(self.personal_keys.get(str(person_id), ""), public_key)

    def content_key(self, keyring: Keyring) -> bytes:
        """The row's content key, 32 bytes. Raises NotForThisKey."""
        if self.school_key_id is not None:
            return keyring.open_for_school(self.sealed_key, school_key_id=self.school_key_id)
        mine = self.personal_keys.get(str(keyring.person_id))
        if mine is None:
            raise NotForThisKey
        return keyring.open_for_person(b64decode(mine.partition(".")[0]))

    def write(self, fields: Mapping[str, Any], *, key: bytes) -> None:
        """Put the fields in as the row's sealed content (not saved)."""
        self.content = sealing.encrypt(fields, key=key, context=self.sealing_context())

    def read(self, keyring: Keyring) -> dict[str, Any]:
        """The row's content. Raises NotForThisKey."""
        return sealing.decrypt(
            self.content, key=self.content_key(keyring), context=self.sealing_context()
        )

    def read_or_none(self, keyring: Keyring) -> dict[str, Any] | None:
        """The row's content, or None where it is closed to this keyring."""
        try:
            return self.read(keyring)
        except NotForThisKey:
            return None
