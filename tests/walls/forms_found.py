"""Every form on a page, with what it would send as it stands: what the fuzz begins from."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class FoundForm:
    """Where it is sent, how, and each field's values: the one it has first, then the others it offers.

    ``unticked``: fields that a browser leaves out as the form stands.
    """

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    unticked: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """Forms alike in this are the same form."""
        return (self.method, self.action, frozenset(self.fields))


class _Forms(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at
        self.found: list[FoundForm] = []
        self._form: FoundForm | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.at, given.get("action") or self.at)).path
            self._form = FoundForm(action, given.get("method", "get").lower())
            self.found.append(self._form)
        elif self._form is None:
            return
        elif tag in ("input", "button", "textarea", "select") and given.get("name"):
            values = self._form.fields.setdefault(given["name"], [])
            if tag == "select":
                self._select = given["name"]
            elif given.get("type") in ("checkbox", "radio"):
                values.insert(0 if "checked" in given else len(values), given.get("value", "on"))
                if "checked" in given:
                    self._form.unticked.discard(given["name"])
                elif given["type"] == "checkbox" and len(values) == 1:
                    self._form.unticked.add(given["name"])
            elif tag != "button":
                values.append(given.get("value", ""))
        elif tag == "option" and self._select:
            values = self._form.fields[self._select]
            values.insert(0 if "selected" in given else len(values), given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def forms_on(page: str, at: str) -> list[FoundForm]:
    """The forms of the page that stands at the address ``at``."""
    parser = _Forms(at)
    parser.feed(page)
    return parser.found
