"""Tokens of a form, and the pages they are put into."""

import re

import pytest
from django.http import HttpRequest
from django.middleware.csrf import _does_token_match

from box.csrf_tokens import csrf_token
from box.form_tokens import BadToken, mark_of, new_token, read_token, receipt_of
from box.kept_page import KeptPages, new_slot
from box.said import said

pytestmark = pytest.mark.once("sqlite")


def test_csrf_token_is_one_that_django_takes() -> None:
    request = HttpRequest()
    tokens = {csrf_token(request) for _time in range(200)}
    secret = request.META["CSRF_COOKIE"]
    assert re.fullmatch(r"[A-Za-z0-9]{32}", secret)
    assert len(tokens) == 200
    assert all(_does_token_match(token, secret) for token in tokens)


def test_known_browser_gets_no_new_cookie() -> None:
    request = HttpRequest()
    request.META["CSRF_COOKIE"] = "a" * 32
    csrf_token(request)
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META


def test_form_token_is_read_back() -> None:
    tokens = [read_token(new_token()) for _time in range(50)]
    assert len({token.nonce for token in tokens}) == 50
    assert all(0 <= token.age < 5 for token in tokens)


def test_altered_form_token() -> None:
    token = new_token()
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        altered = token[:place] + other + token[place + 1 :]
        with pytest.raises(BadToken):
            read_token(altered)


def test_mark_follows_from_form_browser_and_words() -> None:
    facts = {"nonce": b"n" * 16, "browser": b"b", "written": {"text": "x"}}
    mark = mark_of(**facts)
    assert mark == mark_of(**facts)
    others = [{"nonce": b"m" * 16}, {"browser": b"c"}, {"written": {"text": "y"}}]
    assert len({mark, *(mark_of(**{**facts, **other}) for other in others)}) == 4


def test_receipt_needs_the_browser() -> None:
    mark = mark_of(nonce=b"n" * 16, browser=b"b", written={})
    first, second = receipt_of(mark=mark, browser=b"b"), receipt_of(mark=mark, browser=b"c")
    assert first.code != second.code
    assert first.form_hash != second.form_hash
    with pytest.raises(BadToken):
        receipt_of(mark=mark, browser=b"")


def test_kept_page_is_rendered_once_and_filled_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = new_slot(), new_slot()
    pages, rendered = KeptPages((one, two)), []

    def render() -> str:
        rendered.append(1)
        return f"<{one}|{two}>"

    assert pages.filled("key", render, ("a", "b")) == b"<a|b>"
    assert pages.filled("key", render, ("ә", "d")) == "<ә|d>".encode()
    assert len(rendered) == 1
    assert pages.filled("other", render, ("a", "b")) == b"<a|b>"
    monkeypatch.setattr("box.kept_page.KEPT_SECONDS", -1.0)
    pages.forget()
    pages.filled("key", render, ("a", "b"))
    pages.filled("key", render, ("a", "b"))
    assert len(rendered) == 4


def test_kept_page_without_its_slot() -> None:
    with pytest.raises(ValueError, match="slot"):
        KeptPages((new_slot(),)).filled("key", lambda: "nothing", ("a",))


def test_kept_pages_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("box.kept_page.MOST_PAGES", 5)
    pages = KeptPages()
    for number in range(20):
        pages.filled(number, lambda: "page")
    assert len(pages._pages) == 5


def test_said_tells_its_language() -> None:
    texts = {"ky": "<Мектеп>", "ru": ""}
    assert said(texts, "ru").on_page_in("ru") == '<span lang="ky">&lt;Мектеп&gt;</span>'
    assert said(texts, "ky").on_page_in("ky") == "<Мектеп>"
    assert not said({}, "ru")
    assert not said(None, "ru").on_page_in("ru")
