"""What a signed-in person can open: their own pair, and the pairs of the schools whose key they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vault.errors import NotForThisKey
from vault.pairs import KeyPair, open_sealed


@dataclass(frozen=True)
class Keyring:
    """Opens content keys. ``schools`` maps the id of a school's key to its pair."""

    person_id: int | None = None
    person: KeyPair | None = field(default=None, repr=False)
    schools: Mapping[int, KeyPair] = field(default_factory=dict, repr=False)

    def opens_school_key(self, school_key_id: int | None) -> bool:
        """Whether this person holds that school key."""
        return school_key_id in self.schools

    def open_for_school(self, sealed: bytes, *, school_key_id: int | None) -> bytes:
        """What was sealed to a school's key. Raises NotForThisKey."""
        pair = self.schools.get(school_key_id) if school_key_id is not None else None
        if pair is None:
            raise NotForThisKey
        return open_sealed(sealed, pair=pair)

    def open_for_person(self, sealed: bytes) -> bytes:
        """What was sealed to this person. Raises NotForThisKey."""
        if self.person is None:
            raise NotForThisKey
        return open_sealed(sealed, pair=self.person)


@dataclass(frozen=True)
class FreshKey(Keyring):
    """Opens one row alone: whoever has just sealed it knows its content key, and no other."""

    sealed: bytes = b""
    content_key: bytes = field(default=b"", repr=False)

    def open_for_school(self, sealed: bytes, *, school_key_id: int | None) -> bytes:
        if bytes(sealed) != self.sealed:
            raise NotForThisKey
        return self.content_key


EMPTY_KEYRING = Keyring()
