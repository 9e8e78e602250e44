"""Numbers in words of the four languages, as office papers put them in brackets: «4 (четыре)».

Russian words agree with what is counted in papers of a trust box, which is neuter («обращение», «вскрытие»).
"""

import re

LARGEST = 999_999

_ONES = {
    "kk": ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"),
    "ky": ("", "бир", "эки", "үч", "төрт", "беш", "алты", "жети", "сегиз", "тогуз"),
    "ru": ("", "одно", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
    "en": ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_TENS = {
    "kk": ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"),
    "ky": ("", "он", "жыйырма", "отуз", "кырк", "элүү", "алтымыш", "жетимиш", "сексен", "токсон"),
    "ru": (
        "",
        "десять",
        "двадцать",
        "тридцать",
        "сорок",
        "пятьдесят",
        "шестьдесят",
        "семьдесят",
        "восемьдесят",
        "девяносто",
    ),
    "en": (
        "",
        "ten",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ),
}
_TEENS = {
    "ru": (
        "десять",
        "одиннадцать",
        "двенадцать",
        "тринадцать",
        "четырнадцать",
        "пятнадцать",
        "шестнадцать",
        "семнадцать",
        "восемнадцать",
        "девятнадцать",
    ),
    "en": (
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ),
}
_RUSSIAN_HUNDREDS = (
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
)
_HUNDRED = {"kk": "жүз", "ky": "жүз", "en": "hundred"}
_THOUSAND = {"kk": "мың", "ky": "миң", "en": "thousand"}
_ZERO = {"kk": "нөл", "ky": "нөл", "ru": "ноль", "en": "zero"}


def in_words(number: int, language: str) -> str:
    """A number from 0 to 999,999 in words; an unknown language reads as English. Raises ValueError outside."""
    if not 0 <= number <= LARGEST:
        raise ValueError("There are no words for this number.")
    language = language if language in _ZERO else "en"
    if number == 0:
        return _ZERO[language]
    thousands, rest = divmod(number, 1000)
    words = [*_thousands(thousands, language), *_below_thousand(rest, language)]
    return " ".join(words)


def with_words(number: int, language: str, *, masculine: bool = False) -> str:
    """«4 (четыре)». ``masculine``: what is counted is so in Russian: «21 (двадцать один)» sheets."""
    words = in_words(number, language)
    if masculine and language == "ru":
        words = re.sub(r"\bодно$", "один", words)
    return f"{number} ({words})"


def _below_thousand(number: int, language: str) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words: list[str] = []
    if hundreds and language == "ru":
        words.append(_RUSSIAN_HUNDREDS[hundreds])
    elif hundreds:
        # «бір жүз», «one hundred»: an office does not leave the one out.
        words += [_ONES[language][hundreds], _HUNDRED[language]]
    if language in _TEENS and 10 <= rest <= 19:
        return [*words, _TEENS[language][rest - 10]]
    tens, ones = divmod(rest, 10)
    if language == "en" and tens and ones:
        return [*words, f"{_TENS['en'][tens]}-{_ONES['en'][ones]}"]
    return [*words, *(word for word in (_TENS[language][tens], _ONES[language][ones]) if word)]


def _thousands(number: int, language: str) -> list[str]:
    if not number:
        return []
    words = _below_thousand(number, language)
    if language != "ru":
        return [*words, _THOUSAND[language]]
    # A thousand is feminine.
    words[-1] = {"одно": "одна", "два": "две"}.get(words[-1], words[-1])
    last, before = number % 10, number % 100 // 10
    if before == 1 or last in (0, 5, 6, 7, 8, 9):
        return [*words, "тысяч"]
    return [*words, "тысяча" if last == 1 else "тысячи"]
