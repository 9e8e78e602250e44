"""Numbers in words of a language, as office papers put them in brackets: «4 (четыре)». The words are the catalogue's.

Russian words agree with what is counted in papers of a trust box, which is neuter («обращение», «вскрытие»).
"""

from django.utils.functional import Promise
from django.utils.translation import npgettext, pgettext, pgettext_lazy

from schools.languages import words_of

LARGEST = 999_999

# From one to nineteen.
_ONES: tuple[Promise, ...] = (
    pgettext_lazy("number in words", "one"),
    pgettext_lazy("number in words", "two"),
    pgettext_lazy("number in words", "three"),
    pgettext_lazy("number in words", "four"),
    pgettext_lazy("number in words", "five"),
    pgettext_lazy("number in words", "six"),
    pgettext_lazy("number in words", "seven"),
    pgettext_lazy("number in words", "eight"),
    pgettext_lazy("number in words", "nine"),
    pgettext_lazy("number in words", "ten"),
    pgettext_lazy("number in words", "eleven"),
    pgettext_lazy("number in words", "twelve"),
    pgettext_lazy("number in words", "thirteen"),
    pgettext_lazy("number in words", "fourteen"),
    pgettext_lazy("number in words", "fifteen"),
    pgettext_lazy("number in words", "sixteen"),
    pgettext_lazy("number in words", "seventeen"),
    pgettext_lazy("number in words", "eighteen"),
    pgettext_lazy("number in words", "nineteen"),
)
# From twenty to ninety, and from one hundred to nine hundred: as the number's end, and with more after them.
_TENS: tuple[Promise, ...] = (
    pgettext_lazy("number in words", "twenty"),
    pgettext_lazy("number in words", "thirty"),
    pgettext_lazy("number in words", "forty"),
    pgettext_lazy("number in words", "fifty"),
    pgettext_lazy("number in words", "sixty"),
    pgettext_lazy("number in words", "seventy"),
    pgettext_lazy("number in words", "eighty"),
    pgettext_lazy("number in words", "ninety"),
)
_TENS_BEFORE: tuple[Promise, ...] = (
    pgettext_lazy("number in words, more follows", "twenty"),
    pgettext_lazy("number in words, more follows", "thirty"),
    pgettext_lazy("number in words, more follows", "forty"),
    pgettext_lazy("number in words, more follows", "fifty"),
    pgettext_lazy("number in words, more follows", "sixty"),
    pgettext_lazy("number in words, more follows", "seventy"),
    pgettext_lazy("number in words, more follows", "eighty"),
    pgettext_lazy("number in words, more follows", "ninety"),
)
_HUNDREDS: tuple[Promise, ...] = (
    pgettext_lazy("number in words", "one hundred"),
    pgettext_lazy("number in words", "two hundred"),
    pgettext_lazy("number in words", "three hundred"),
    pgettext_lazy("number in words", "four hundred"),
    pgettext_lazy("number in words", "five hundred"),
    pgettext_lazy("number in words", "six hundred"),
    pgettext_lazy("number in words", "seven hundred"),
    pgettext_lazy("number in words", "eight hundred"),
    pgettext_lazy("number in words", "nine hundred"),
)
_HUNDREDS_BEFORE: tuple[Promise, ...] = (
    pgettext_lazy("number in words, more follows", "one hundred"),
    pgettext_lazy("number in words, more follows", "two hundred"),
    pgettext_lazy("number in words, more follows", "three hundred"),
    pgettext_lazy("number in words, more follows", "four hundred"),
    pgettext_lazy("number in words, more follows", "five hundred"),
    pgettext_lazy("number in words, more follows", "six hundred"),
    pgettext_lazy("number in words, more follows", "seven hundred"),
    pgettext_lazy("number in words, more follows", "eight hundred"),
    pgettext_lazy("number in words, more follows", "nine hundred"),
)
# As they count thousands, feminine in Russian; and «one» of what is masculine there.
_BEFORE_THOUSANDS: dict[int, Promise] = {
    1: pgettext_lazy("number in words, of thousands", "one"),
    2: pgettext_lazy("number in words, of thousands", "two"),
}
_MASCULINE: dict[int, Promise] = {1: pgettext_lazy("number in words, masculine", "one")}


def in_words(number: int, language: str, *, masculine: bool = False) -> str:
    """A number from 0 to 999,999 in words; an unknown language reads as English. Raises ValueError outside.

    ``masculine``: what is counted is so in Russian.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError("There are no words for this number.")
    with words_of(language):
        if number == 0:
            return pgettext("number in words", "zero")
        thousands, rest = divmod(number, 1000)
        words = [_thousands(thousands, more_follows=bool(rest))] if thousands else []
        words += _below_thousand(rest, _MASCULINE if masculine else {})
        return " ".join(words)


def with_words(number: int, language: str, *, masculine: bool = False) -> str:
    """«4 (четыре)»; masculine «21 (двадцать один)», of sheets."""
    return f"{number} ({in_words(number, language, masculine=masculine)})"


def _below_thousand(number: int, instead: dict[int, Promise]) -> list[str]:
    """The words in their order; ``instead``: other words for the last digit."""
    hundreds, rest = divmod(number, 100)
    words: list[str] = []
    if hundreds:
        words.append(str((_HUNDREDS_BEFORE if rest else _HUNDREDS)[hundreds - 1]))
    tens, ones = divmod(rest, 10)
    if 0 < rest < 20:
        return [*words, str(instead.get(rest) or _ONES[rest - 1])]
    if tens and ones:
        # Translators: twenty-one. In most languages with a space.
        pattern = pgettext("number in words", "{tens}-{ones}")
        one = str(instead.get(ones) or _ONES[ones - 1])
        return [*words, pattern.format(tens=_TENS_BEFORE[tens - 2], ones=one)]
    return [*words, str(_TENS[tens - 2])] if tens else words


def _thousands(number: int, *, more_follows: bool) -> str:
    count = " ".join(_below_thousand(number, _BEFORE_THOUSANDS))
    if more_follows:
        return npgettext(
            "number in words, more follows", "{count} thousand", "{count} thousand", number
        ).format(count=count)
    return npgettext("number in words", "{count} thousand", "{count} thousand", number).format(
        count=count
    )
