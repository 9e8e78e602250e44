"""Somebody who writes a letter, in a browser that checks CSRF as life does."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

LETTER = {
    "audience": "student",
    "signed": "no",
    "category": "bullying",
    "text": "They take my lunch money every day behind the gym.",
}
SIGNED = {
    **LETTER,
    "signed": "yes",
    "full_name": "Айгүл Серікқызы",
    "address": "Абай көшесі 5",
    "age": "13",
    "class_group": "7Б",
    "phone": "8 701 123 45 67",
    "consent": "on",
}
_CODE = re.compile(
    r'<p class="code" translate="no"><span>([0-9A-Z-]{10})</span><span>([0-9A-Z-]{9})</span></p>'
)


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field on the page."""
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode()).group(1)


def code_on(response: HttpResponse) -> str | None:
    """The receipt code on the page, if it shows one."""
    found = _CODE.search(response.content.decode())
    return found and found[1] + found[2]


def words(response: HttpResponse) -> str:
    """The page as text with its entities read."""
    return unescape(response.content.decode())


class Author:
    """A browser at a school's form. ``form`` is what the form on the screen carries."""

    def __init__(self, slug: str = "school-1", language: str = "en", **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True, headers=headers)
        self.slug, self.language = slug, language
        self.form: dict[str, str] = {}

    def address(self, page: str = "write", language: str | None = None) -> str:
        """One of the school's pages."""
        return f"/{language or self.language}/{self.slug}/{page}/"

    def look(self) -> HttpResponse:
        """Open the form."""
        return self._on_screen(self.client.get(self.address()))

    def _on_screen(self, response: HttpResponse) -> HttpResponse:
        if b'name="token"' in response.content:
            names = ("csrfmiddlewaretoken", "token")
            self.form = {name: hidden(response, name) for name in names}
        return response

    def press(
        self, letter: dict[str, Any] | None = None, *, to: str | None = None, **changes: Any
    ) -> HttpResponse:
        """Send the form that is on the screen."""
        data = {**self.form, **(LETTER if letter is None else letter), **changes}
        return self._on_screen(self.client.post(to or self.address(), data))

    def write(self, letter: dict[str, Any] | None = None, **changes: Any) -> HttpResponse:
        """Open the form and send it."""
        self.look()
        return self.press(letter, **changes)

    def code_after(self, response: HttpResponse) -> str | None:
        """Follow to the page with the code."""
        return code_on(self.client.get(response.headers["Location"]))
