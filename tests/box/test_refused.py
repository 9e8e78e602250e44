"""What does not arrive as it should gets a clear page in the right language; nothing is stored."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from box.models import Letter
from box.views import page as page_view
from box.views import refused
from tests.box.author import LETTER, Author, words
from tests.factories import Person

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def is_clear_page(response: HttpResponse, status: int, language: str = "en") -> None:
    assert response.status_code == status
    assert f'<html lang="{language}">' in words(response)
    assert "<h1>" in words(response)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/en/nowhere/",
        "/en/nowhere/write/",
        "/en/nowhere/sent/",
        "/en/a/b/c/",
        "/en/school-1/regulations/",
    ],
)
def test_unknown_address(keeper: Person, path: str) -> None:
    is_clear_page(Client().get(path), 404)


def test_language_of_the_browser_where_the_path_has_none() -> None:
    is_clear_page(Client(headers={"accept-language": "ky-KG,ru;q=0.5"}).get("/no/such/"), 404, "ky")


@pytest.mark.parametrize("cookies", [True, False])
def test_forged_form_keeps_the_words(keeper: Person, cookies: bool) -> None:
    author = Author(language="kk")
    if cookies:
        author.look()
    author.form["csrfmiddlewaretoken"] = "x" * 64
    response = author.press()
    is_clear_page(response, 403, "kk")
    assert LETTER["text"] in words(response)
    assert author.press().status_code == 303


def test_forged_switch_keeps_the_words_in_the_other_language(keeper: Person) -> None:
    response = Author().press(to="/ru/school-1/write/", switch="ru")
    is_clear_page(response, 403, "ru")
    assert LETTER["text"] in words(response)


@pytest.mark.parametrize("path", ["/en/reply/", "/en/school-1/sent/", "/en/nowhere/write/"])
def test_other_forged_forms(keeper: Person, path: str) -> None:
    response = Client(enforce_csrf_checks=True).post(path, {"code": "x"})
    is_clear_page(response, 403)


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=edge"])
def test_ten_megabytes(keeper: Person, content_type: str) -> None:
    author = Author()
    author.look()
    if content_type == FORM:
        body = b"text=" + b"x" * 10_000_000
    else:
        part = b'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        body = part + b"x" * 10_000_000 + b"\r\n--edge--\r\n"
    is_clear_page(author.client.post(author.address(), body, content_type=content_type), 413)


def test_too_many_fields(keeper: Person) -> None:
    body = "&".join(f"f{number}=1" for number in range(5000))
    is_clear_page(Author().client.post("/en/school-1/write/", body, content_type=FORM), 400)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"text=\xff\xfe&%ff=%c3%28", FORM),
        (b"text=abc", f"{FORM}; charset=utf-16"),
        (b"text=abc", f"{FORM}; charset=no-such-charset"),
        (b"\xff\xd8\xff", "multipart/form-data; boundary=edge"),
        (b"\xff\xd8\xff", "multipart/form-data"),
        (b"--edge\r\n\r\n", "multipart/form-data; boundary=edge; charset=idna"),
        (b'{"text": "abc"}', "application/json"),
        (b"", ""),
        (b"\x00" * 100, "text/plain"),
    ],
)
def test_broken_bodies(keeper: Person, body: bytes, content_type: str) -> None:
    author = Author()
    author.look()
    response = author.client.generic(
        "POST",
        author.address(),
        body,
        content_type=content_type,
        headers={"x-csrftoken": author.form["csrfmiddlewaretoken"]},
    )
    assert response.status_code in {200, 400, 403}
    is_clear_page(response, response.status_code)


def test_bytes_that_are_no_text_name_the_field(keeper: Person) -> None:
    author = Author()
    author.look()
    fields = {**author.form, **LETTER}
    body = b"&".join(f"{name}={value}".encode() for name, value in fields.items() if name != "text")
    percent = body + b"&text=It was very bad %d0 and sad"
    response = author.client.post(author.address(), percent, content_type=FORM)
    is_clear_page(response, 200)
    assert "type them again" in words(response)
    raw = body + b"&text=It was very bad \xd0 and sad"
    is_clear_page(author.client.generic("POST", author.address(), raw, content_type=FORM), 400)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods(keeper: Person, method: str) -> None:
    author = Author()
    author.look()
    token = {"x-csrftoken": author.form["csrfmiddlewaretoken"]}
    response = getattr(author.client, method)(author.address(), headers=token)
    assert response.status_code == 405


def test_fault_of_ours(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the text of a letter")

    monkeypatch.setattr("box.views.writing.submit", fail)
    author = Author(language="ru")
    author.client.raise_request_exception = False
    response = author.write()
    is_clear_page(response, 500, "ru")
    assert "the text of a letter" not in words(response)


def test_fault_page_stands_without_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(page_view, "render_to_string", fail)
    response = refused.broken(RequestFactory().get("/kk/"))
    assert response.status_code == 500
    assert response.content.startswith(b"500. Something broke")


def test_forbidden_page() -> None:
    response = refused.forbidden(RequestFactory().get("/ru/x/"), PermissionError())
    is_clear_page(response, 403, "ru")
