"""Numbers in words."""

import pytest

from schools.languages import LANGUAGES
from schools.numerals import LARGEST, in_words, with_words

pytestmark = pytest.mark.once("sqlite")


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [
        (0, "ru", "ноль"),
        (1, "ru", "одно"),
        (2, "ru", "два"),
        (12, "ru", "двенадцать"),
        (21, "ru", "двадцать одно"),
        (200, "ru", "двести"),
        (348, "ru", "триста сорок восемь"),
        (1001, "ru", "одна тысяча одно"),
        (2000, "ru", "две тысячи"),
        (5012, "ru", "пять тысяч двенадцать"),
        (11_000, "ru", "одиннадцать тысяч"),
        (122_000, "ru", "сто двадцать две тысячи"),
        (0, "kk", "нөл"),
        (7, "kk", "жеті"),
        (19, "kk", "он тоғыз"),
        (40, "kk", "қырық"),
        (108, "kk", "бір жүз сегіз"),
        (2026, "kk", "екі мың жиырма алты"),
        (3, "ky", "үч"),
        (55, "ky", "элүү беш"),
        (1200, "ky", "бир миң эки жүз"),
        (13, "en", "thirteen"),
        (40, "en", "forty"),
        (74, "en", "seventy-four"),
        (1105, "en", "one thousand one hundred five"),
        (8, "de", "eight"),
    ],
)
def test_in_words(number: int, language: str, words: str) -> None:
    assert in_words(number, language) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_has_words_of_its_own(language: str) -> None:
    assert len({in_words(number, language) for number in range(3000)}) == 3000


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_what_has_no_words(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        in_words(number, "ru")


def test_with_words() -> None:
    assert with_words(4, "ru") == "4 (четыре)"
    assert with_words(21, "ru") == "21 (двадцать одно)"
    assert with_words(21, "ru", masculine=True) == "21 (двадцать один)"
    assert with_words(11, "ru", masculine=True) == "11 (одиннадцать)"
    assert with_words(1001, "ru", masculine=True) == "1001 (одна тысяча один)"
