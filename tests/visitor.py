"""Somebody at a browser without JavaScript: keeps cookies, follows redirects, sends forms with their hidden fields."""

import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[given["name"]] = given.get("value") or ""


class Visitor:
    """One browser. Raises OSError when the server does not answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        """The page's HTML."""
        return self._read(urllib.request.Request(self.url + path))

    def post(self, path: str, fields: dict[str, Any]) -> str:
        """The HTML of the page that a form leads to."""
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._read(urllib.request.Request(self.url + path, data=body))

    def download(self, path: str, fields: dict[str, Any]) -> bytes:
        """The file that a form gives. Raises HTTPError where there is none."""
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        request = urllib.request.Request(self.url + path, data=body)
        with self._opener.open(request, timeout=120) as response:
            return response.read()

    def _read(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=30) as response:
                return response.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.read().decode()

    @staticmethod
    def hidden_fields(page: str) -> dict[str, str]:
        """Names and values of the hidden fields of a page's forms."""
        parser = _Hidden()
        parser.feed(page)
        return parser.fields
