"""Receipt codes: read as people type them, and always the same two values from one code."""

import hashlib
import hmac
from base64 import b32encode

import nacl.bindings
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import base32, receipts
from vault.errors import BadReceiptCode, LockError
from vault.pairs import open_sealed, seal

pytestmark = pytest.mark.once("sqlite")

CODE = "K7QX-9M2T-4HWD-PZ3A"
PLAIN = "K7QX9M2T4HWDPZ3A"
CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", base32.ALPHABET)


def test_a_code_has_four_groups_of_four_of_crockfords_letters() -> None:
    code = receipts.new_code()
    groups = code.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(base32.ALPHABET)
    assert len({receipts.new_code() for _ in range(1000)}) == 1000


def test_the_alphabet_has_no_letters_taken_for_others() -> None:
    assert len(set(base32.ALPHABET)) == 32
    assert not set("ILOU") & set(base32.ALPHABET)


@given(secret=st.binary(min_size=1, max_size=40), part=st.binary(max_size=40))
def test_a_code_is_base32_of_the_first_80_bits_of_the_mac(secret: bytes, part: bytes) -> None:
    mac = hmac.new(secret, len(part).to_bytes(4, "big") + part, hashlib.sha256).digest()
    expected = b32encode(mac[:10]).decode().translate(CROCKFORD)
    assert receipts.normalise(receipts.code_from(secret, part)) == expected


def test_the_same_form_gives_the_same_code_and_no_other_form_does() -> None:
    code = receipts.code_from(b"secret", b"form", b"school")
    assert receipts.code_from(b"secret", b"form", b"school") == code
    assert receipts.code_from(b"secret", b"forms", b"chool") != code
    assert receipts.code_from(b"secret", b"school", b"form") != code
    assert receipts.code_from(b"secrets", b"form", b"school") != code


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        PLAIN,
        "k7qx-9m2t-4hwd-pz3a",
        "  K7QX 9M2T 4HWD PZ3A\n",
        "K7QX–9M2T—4HWD−PZ3A",
        "K7QX‑9M2T‐4HWD-PZ3A",
        "K 7 Q X . 9 M 2 T _ 4HWDPZ3A",
        "K7QX\u00a09M2T\u00a04HWD\u00a0PZ3A",
    ],
)
def test_case_spaces_and_dashes_do_not_matter(typed: str) -> None:
    assert receipts.normalise(typed) == PLAIN
    assert receipts.lookup_hash(typed) == receipts.lookup_hash(CODE)
    assert receipts.author_pair(typed) == receipts.author_pair(CODE)


def test_letters_taken_for_digits_are_read_as_digits() -> None:
    assert receipts.normalise("OoIi-Ll01-0000-0000") == "0011110100000000"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "K7QX-9M2T-4HWD-PZ3",
        "K7QX-9M2T-4HWD-PZ3AA",
        "K7QX-9M2T-4HWD-PZ3U",
        "K7QX-9M2T-4HWD-PZ3Ж",
        "K7QX-9M2T-4HWD-PZ3А",  # a Cyrillic А
        "K7QX/9M2T/4HWD/PZ3A",
        "٣" * 16,
    ],
)
def test_anything_else_is_no_code(typed: str) -> None:
    for read in (receipts.normalise, receipts.lookup_hash, receipts.author_pair):
        with pytest.raises(BadReceiptCode):
            read(typed)
    assert issubclass(BadReceiptCode, LockError)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_refused(typed: str) -> None:
    try:
        plain = receipts.normalise(typed)
    except BadReceiptCode:
        return
    assert len(plain) == receipts.CODE_LENGTH
    assert receipts.normalise(plain) == plain


def test_known_answers() -> None:
    """Codes printed on slips must find their letters for as long as the letters are kept."""
    expected = hashlib.blake2b(PLAIN.encode(), digest_size=32, person=b"trustbox find").digest()
    assert receipts.lookup_hash(CODE) == expected
    assert (
        receipts.lookup_hash(CODE).hex()
        == "6628f73301a4aa3590457a1e607f765c33e7ab9705de2e48611816f95a540fd4"
    )
    seed = hashlib.blake2b(PLAIN.encode(), digest_size=32, person=b"trustbox author").digest()
    public, private = nacl.bindings.crypto_box_seed_keypair(seed)
    pair = receipts.author_pair(CODE)
    assert (pair.public, pair.private) == (public, private)
    assert pair.public.hex() == "caeba815a452d06d92549836a4068545731824ace8838394dab3bd4a66f3bd44"


def test_the_hash_kept_by_the_server_opens_nothing() -> None:
    pair = receipts.author_pair(CODE)
    reply = seal(b"Come and talk to me.", to=pair.public)
    assert open_sealed(reply, pair=receipts.author_pair(CODE.lower())) == b"Come and talk to me."
    kept = receipts.lookup_hash(CODE)
    assert kept not in (pair.public, pair.private)
    assert nacl.bindings.crypto_box_seed_keypair(kept)[1] != pair.private
