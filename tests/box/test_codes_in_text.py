"""A text with a code in it is refused; ordinary text, account numbers and bank cards are not."""

import pytest

from box.codes_in_text import holds_code
from box.models import Letter
from tests.box.author import LETTER, Author, words
from tests.factories import Person
from vault.receipts import code_from, new_code

CODES = [
    "K7QX-9M2T-4HWD-PZ3A",
    "k7qx-9m2t-4hwd-pz3a",
    "K7QX 9M2T 4HWD PZ3A",
    "K7QX9M2T4HWDPZ3A",
    "K7QX–9M2T–4HWD–PZ3A",
    "K7QX\n9M2T\n4HWD\nPZ3A",
    "K7QX - 9M2T - 4HWD - PZ3A",
    "K7QX9M2T 4HWDPZ3A",
    "K7QX.9M2T.4HWD.PZ3A.",
    "KOQX-9M2T-4HWD-PZIA",
]
ORDINARY = [
    "They take my lunch money every day.",
    "When they come here they hit Anna from 2019 they have been like this",
    "that room 2020 2021 they have been here",
    "Я пишу вам 12.09.2026 из 7Б класса, мой номер 8 701 123 45 67.",
    "Аударым жасаңыз: 4400 4301 2345 6789",
    "4400430123456789",
    "KZ86 125K ZT50 0410 0100",
    "KZ86125KZT5004100100",
    "KG12 3456 7890 1234 5678",
    "https://example.kz/a/very/long/path?with=many&parts=123",
    "aaaaaaaaaaaaaaaa",
    "test test test test",
    "",
]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "around", ["{}", "Мой код {} не потеряйте", "my code is {} help me", "({}), жаз!", "7Б {}"]
)
def test_a_code_is_seen(code: str, around: str) -> None:
    assert holds_code(around.format(code))


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_passes(text: str) -> None:
    assert not holds_code(text)


def test_nearly_all_codes_are_seen() -> None:
    """All but those without a group that mixes digits and letters: some three in a thousand."""
    codes = [code_from(b"a secret of the test", str(place).encode()) for place in range(4000)]
    missed = [code for code in codes if not holds_code(f"Here: {code}")]
    assert len(missed) < 4000 * 0.006
    assert all(not any(_mixed(group) for group in code.split("-")) for code in missed)


def _mixed(group: str) -> bool:
    return not (group.isdigit() or group.isalpha())


@pytest.mark.parametrize("long", ["k" * 10_000, "- " * 5000, "ab cd " * 1600, "2026 " * 2000])
def test_in_a_long_text(long: str) -> None:
    assert not holds_code(long)
    assert holds_code(f"{long}, {CODES[0]}, {long}")


@pytest.mark.django_db
def test_the_letter_is_kept_on_the_screen_whether_the_code_exists_or_not(keeper: Person) -> None:
    author = Author()
    real = author.code_after(author.write())
    pages = []
    for code in (real, new_code()):
        answer = author.write(text=f"{LETTER['text']} {code}")
        assert answer.status_code == 200
        assert "There seems to be a code in your text" in words(answer)
        assert code in words(answer)
        page = words(answer).replace(code, "")
        for name in author.form.values():
            page = page.replace(name, "")
        pages.append(page)
    assert pages[0] == pages[1]
    assert Letter.objects.count() == 1
