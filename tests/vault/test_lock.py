"""Sealing: what goes in comes out for the right key, and for no other."""

import nacl.bindings
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vault import content, pairs, passwords
from vault.errors import LockError, NotForThisKey, WrongPassword
from vault.keyring import EMPTY_KEYRING, Keyring

pytestmark = pytest.mark.once("sqlite")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)
FIELDS = st.dictionaries(st.sampled_from(["text", "full_name", "phone", "summary"]), TEXTS)


@given(fields=FIELDS, context=TEXTS)
def test_content_comes_back_word_for_word(fields: dict[str, str], context: str) -> None:
    key = content.new_content_key()
    sealed = content.encrypt(fields, key=key, context=context)
    assert content.decrypt(sealed, key=key, context=context) == fields


@given(fields=FIELDS)
def test_sealed_length_tells_only_the_block(fields: dict[str, str]) -> None:
    sealed = content.encrypt(fields, key=content.new_content_key(), context="letter 1")
    overhead = content.NONCE_BYTES + 16
    assert (len(sealed) - overhead) % content.BLOCK_BYTES == 0


def test_a_line_and_a_page_of_one_block_look_alike() -> None:
    key = content.new_content_key()
    lengths = {
        len(content.encrypt({"text": "x" * size}, key=key, context="letter 1"))
        for size in (1, 50, 200)
    }
    assert lengths == {content.BLOCK_BYTES + content.NONCE_BYTES + 16}


@settings(max_examples=60)
@given(position=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_one_altered_bit_and_nothing_opens(position: int, bit: int) -> None:
    key = content.new_content_key()
    sealed = bytearray(content.encrypt({"text": "They laugh at me."}, key=key, context="letter 1"))
    sealed[position % len(sealed)] ^= 1 << bit
    with pytest.raises(NotForThisKey):
        content.decrypt(bytes(sealed), key=key, context="letter 1")


@pytest.mark.parametrize("cut", [0, 1, 23, 24, 39, 40, 100])
def test_a_torn_text_does_not_open(cut: int) -> None:
    key = content.new_content_key()
    sealed = content.encrypt({"text": "x"}, key=key, context="letter 1")
    with pytest.raises(NotForThisKey):
        content.decrypt(sealed[:cut], key=key, context="letter 1")


def test_content_does_not_open_in_another_row_or_under_another_key() -> None:
    key = content.new_content_key()
    sealed = content.encrypt({"text": "x"}, key=key, context="letter 1 a")
    with pytest.raises(NotForThisKey):
        content.decrypt(sealed, key=key, context="letter 1 b")
    with pytest.raises(NotForThisKey):
        content.decrypt(sealed, key=content.new_content_key(), context="letter 1 a")


def test_the_same_words_never_look_the_same() -> None:
    key = content.new_content_key()
    first, second = (content.encrypt({"text": "x"}, key=key, context="c") for _ in range(2))
    assert first != second


def test_the_cipher_is_the_published_one() -> None:
    """draft-irtf-cfrg-xchacha-03, A.3.1: our format is its nonce, ciphertext and tag in a row."""
    key = bytes.fromhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
    nonce = bytes.fromhex("404142434445464748494a4b4c4d4e4f5051525354555657")
    extra = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    plain = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
        b"future, sunscreen would be it."
    )
    tag = bytes.fromhex("c0875924c1c7987947deafd8780acf49")
    sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, extra, nonce, key)
    assert sealed[:4] == bytes.fromhex("bd6d179d")
    assert sealed[-16:] == tag
    own = content.encrypt_bytes(plain, key=key, context="letter 1")
    opened = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        own[24:], b"letter 1", own[:24], key
    )
    assert opened == plain


@given(data=st.binary(max_size=300))
def test_a_sealed_box_opens_for_its_pair_alone(data: bytes) -> None:
    pair = pairs.new_pair()
    sealed = pairs.seal(data, to=pair.public)
    assert len(sealed) == len(data) + 48
    assert pairs.open_sealed(sealed, pair=pair) == data
    with pytest.raises(NotForThisKey):
        pairs.open_sealed(sealed, pair=pairs.new_pair())


@pytest.mark.parametrize("sealed", [b"", b"x", bytes(48), bytes(100)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(NotForThisKey):
        pairs.open_sealed(sealed, pair=pairs.new_pair())


def test_public_half_follows_from_the_private_one() -> None:
    """RFC 7748, 6.1: Bob's pair."""
    private = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    public = bytes.fromhex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    assert pairs.pair_of_private(private).public == public


def test_private_half_never_shows() -> None:
    pair = pairs.new_pair()
    ring = Keyring(person_id=1, person=pair, schools={7: pair})
    for shown in (repr(pair), str(pair), repr(ring), str(ring)):
        assert repr(pair.private) not in shown
        assert pair.private.hex() not in shown


def test_a_password_wraps_and_unwraps() -> None:
    pair = pairs.new_pair()
    wrapped = passwords.wrap(pair, "құпия сөз")
    assert passwords.unwrap(wrapped, "құпия сөз") == pair
    assert pair.private not in wrapped
    assert passwords.wrap(pair, "құпия сөз") != wrapped
    for wrong in ("құпия соз", "", "құпия сөз "):
        with pytest.raises(WrongPassword):
            passwords.unwrap(wrapped, wrong)


def test_an_altered_wrapped_key_is_a_wrong_password() -> None:
    wrapped = bytearray(passwords.wrap(pairs.new_pair(), "password"))
    for place in (0, passwords.SALT_BYTES, len(wrapped) - 1):
        altered = bytearray(wrapped)
        altered[place] ^= 1
        with pytest.raises(WrongPassword):
            passwords.unwrap(bytes(altered), "password")


def test_a_session_key_opens_only_its_own_session() -> None:
    pair, key = pairs.new_pair(), passwords.new_session_key()
    wrapped = passwords.wrap_for_session(pair, key)
    assert passwords.unwrap_from_session(wrapped, key) == pair
    for other in (passwords.new_session_key(), b"", b"short"):
        with pytest.raises(NotForThisKey):
            passwords.unwrap_from_session(wrapped, other)
    # Wrapped for a session is not wrapped by a password, though the cipher is the same.
    with pytest.raises(NotForThisKey):
        content.decrypt_bytes(wrapped, key=key, context="private key under a password")


def test_a_keyring_opens_what_its_holder_holds() -> None:
    person, school, other = pairs.new_pair(), pairs.new_pair(), pairs.new_pair()
    ring = Keyring(person_id=3, person=person, schools={10: school})
    assert ring.opens_school_key(10)
    assert not ring.opens_school_key(11)
    assert not ring.opens_school_key(None)
    assert ring.open_for_school(pairs.seal(b"k", to=school.public), school_key_id=10) == b"k"
    assert ring.open_for_person(pairs.seal(b"k", to=person.public)) == b"k"
    for school_key_id in (11, None):
        with pytest.raises(NotForThisKey):
            ring.open_for_school(pairs.seal(b"k", to=school.public), school_key_id=school_key_id)
    with pytest.raises(NotForThisKey):
        ring.open_for_school(pairs.seal(b"k", to=other.public), school_key_id=10)
    with pytest.raises(NotForThisKey):
        EMPTY_KEYRING.open_for_person(pairs.seal(b"k", to=person.public))


def test_every_refusal_of_the_lock_is_one_kind() -> None:
    assert issubclass(NotForThisKey, LockError)
    assert issubclass(WrongPassword, LockError)
