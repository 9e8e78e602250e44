"""What no honest browser sends: values and bodies that programs stumble over, from a fixed seed."""

import random
from urllib.parse import quote_from_bytes

from tests.factories import PASSWORD
from tests.walls.forms_found import FoundForm

VALUES = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "007",
    "99999999999999999999999999",
    "9223372036854775808",
    "-9223372036854775809",
    "1e400",
    "NaN",
    "٣",
    "½",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "31.12.2026",
    "99:99",
    "\x00",
    "a\x00b",
    "\x1b[2J\x07",
    "\ud800",
    "\ufffd",
    "\u202eabc\u200b",
    "\r\n\r\n",
    "\u2028",
    "🏳️‍🌈" * 40,
    "e" + "\u0301" * 300,
    "ә" * 30_000,
    "'; DROP TABLE journal_entry; --",
    '" OR 1=1 --',
    "%s %d %(x)s {0} {x.__class__}",
    "{{ 7 }}{% include 'x' %}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "https://evil.example/",
    "javascript:alert(1)",
    "null",
    "[]",
    '{"a": 1}',
    "on",
    "true",
    "qwerty",
    "K7QX-9M2T-4HWD-PZ3A",
]
BODIES = [
    (b"%", "application/x-www-form-urlencoded"),
    (b"\xff\xfe=%FF&text=\xff", "application/x-www-form-urlencoded"),
    (b"&&==&=", "application/x-www-form-urlencoded"),
    (b"text=1&" * 5000, "application/x-www-form-urlencoded"),
    (b'{"text": 1}', "application/json"),
    (b"", "multipart/form-data"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="text"; filename="../a"\r\n\r\nz\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (b"x", "text/plain; charset=utf-7"),
    (b"text=1", "application/x-www-form-urlencoded; charset=no-such-charset"),
]
FORM = "application/x-www-form-urlencoded"


class Nasty:
    """Inputs one after another; the same ones in every run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self) -> str:
        """One value."""
        if self.random.random() < 0.8:
            return self.random.choice(VALUES)
        length = self.random.choice((1, 10, 200, 11_000))
        signs = "aЯқ 1-+.,;:'\"<>&%\\/\t\n\u0301😀"
        return "".join(self.random.choices(signs, k=length))

    def number(self) -> str:
        """A number for an address."""
        return self.random.choice(("0", "1", "2", "3", "7", "999999", "9" * 19, "9" * 40))

    def pairs(self, form: FoundForm) -> list[tuple[str, str]]:
        """The form as it stands, with the right password, and with a few fields spoiled, left out or sent twice."""
        sent: list[tuple[str, str]] = []
        for name, values in form.fields.items():
            if name in form.unticked and self.random.random() < 0.9:
                continue
            if name.endswith("password"):
                sent.append((name, PASSWORD))
            elif name.endswith(("text", "summary", "measures", "outcome", "reason", "note")):
                sent.append((name, "A few words about it."))
            elif values:
                sent.append((name, values[0]))
        for _spoiled in range(self.random.choice((0, 1, 1, 1, 2, 3))):
            at = self.random.randrange(len(sent)) if sent else 0
            name = sent[at][0] if sent else "text"
            way = self.random.random()
            if way < 0.1 and sent:
                del sent[at]
            elif way < 0.2 and sent:
                sent.append((name, self.value()))
            elif way < 0.4 and sent and form.fields.get(name):
                sent[at] = (name, self.random.choice(form.fields[name]))
            elif sent:
                sent[at] = (name, self.value())
            else:
                sent.append((name, self.value()))
        if self.random.random() < 0.03:
            sent.append((self.value()[:50], self.value()))
        return sent

    def body(self, form: FoundForm) -> tuple[bytes, str]:
        """A whole body with its content type."""
        if self.random.random() < 0.03:
            return self.random.choice(BODIES)
        return encoded(self.pairs(form)), FORM


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """As a browser would, and with halves of characters, which no browser sends."""

    def part(text: str) -> str:
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")

    return "&".join(f"{part(name)}={part(value)}" for name, value in pairs).encode()
