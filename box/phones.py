"""Phone numbers as people in Kazakhstan and Kyrgyzstan type them."""

import re

_NOT_DIALLED = re.compile(r"[\s()\-–—.]")
# What a local number begins with when it is dialled at home, and what stands there from abroad.
_TRUNK = {"KZ": ("8", "+7", 11), "KG": ("0", "+996", 10)}


def phone_in_full(typed: str, country: str) -> str | None:
    """The number as ``+77011234567``; None when it is no possible number.

    ``country`` (KZ or KG) says how a number without a country code is read: ``8 701 …``, ``0555 …``.
    A number of any country is taken with its ``+``.
    """
    import phonenumbers  # its tables are large, and most letters bring no phone

    digits = _NOT_DIALLED.sub("", typed)
    trunk, prefix, length = _TRUNK.get(country, ("", "", 0))
    if trunk and digits.startswith(trunk) and len(digits) == length and digits.isdigit():
        digits = prefix + digits[len(trunk) :]
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
