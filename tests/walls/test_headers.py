"""Every answer, whatever it is, carries the headers that shut other sites and slipped-in scripts out."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from box import form_tokens
from box.selectors import forget_boxes
from schools.models import School
from tests.box.author import LETTER, Author
from tests.factories import (
    Person,
    make_person,
    make_school,
    registered_entry,
    signed_in_client,
)
from tests.portal import Portal, serving
from tests.visitor import Visitor

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE = {**ALWAYS, "X-Frame-Options": "DENY"}
DIRECTIVES = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
CLOSED_FEATURES = {"camera", "microphone", "geolocation", "display-capture", "usb", "payment"}


def assert_strict(response: HttpResponse) -> None:
    headers = response.headers
    assert {name: headers.get(name) for name in PAGE} == PAGE
    policy = headers["Content-Security-Policy"]
    assert {part.strip() for part in policy.split(";") if part.strip()} == DIRECTIVES
    assert "Content-Security-Policy-Report-Only" not in headers
    features = dict(part.split("=") for part in headers["Permissions-Policy"].split(", "))
    assert set(features) >= CLOSED_FEATURES
    assert set(features.values()) == {"()"}


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Person:
    forget_boxes()
    monkeypatch.setattr(form_tokens, "TOO_QUICK_SECONDS", 0.0)
    school = make_school()
    make_school("school-2")
    return make_person(school, "psychologist", with_key=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/en/", 200),
        ("/en/school-1/", 200),
        ("/en/school-1/write/", 200),
        ("/en/school-1/sent/", 200),
        # In no frame while the school names no site of its own.
        ("/en/school-1/embed/", 200),
        ("/en/school-1/embed/sent/", 200),
        ("/en/school-1/kiosk/", 200),
        ("/en/school-1/kiosk/sent/", 200),
        ("/en/school-1/poster.pdf", 200),
        ("/en/school-1/cards.pdf", 200),
        ("/en/no-such-school/embed/", 404),
        ("/en/reply/", 200),
        ("/healthz", 200),
        ("/admin/login/", 200),
        ("/admin/", 302),
        ("/school-1/", 302),
        ("/en/no-such-school/", 404),
        ("/no/such/page/", 404),
        ("/admin/no/such/page/", 302),
    ],
)
def test_public_answers(keeper: Person, path: str, status: int) -> None:
    response = Client().get(path)
    assert response.status_code == status
    assert_strict(response)


@pytest.mark.django_db
def test_the_form_for_a_frame_names_the_school_s_own_site_and_is_strict_in_all_else(
    keeper: Person,
) -> None:
    """What may stand in the frame differs by two headers alone; no other answer of the school's does."""
    School.objects.filter(slug="school-1").update(site="https://school.example.kz/contacts/")
    own = DIRECTIVES - {"frame-ancestors 'none'"} | {"frame-ancestors https://school.example.kz"}
    client = Client(enforce_csrf_checks=True)
    framed = [
        client.get("/en/school-1/embed/"),
        client.post("/en/school-1/embed/", {"text": "x"}),
        client.get("/en/school-1/embed/sent/"),
        client.post("/en/school-1/embed/sent/"),
        client.get("/kk/school-1/embed/"),
    ]
    assert [answer.status_code for answer in framed] == [200, 403, 200, 403, 200]
    for answer in framed:
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert "X-Frame-Options" not in answer.headers
        policy = answer.headers["Content-Security-Policy"]
        assert {part.strip() for part in policy.split(";") if part.strip()} == own
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert not answer.cookies
    for path in ("", "write/", "sent/", "kiosk/", "kiosk/sent/", "poster.pdf", "cards.pdf"):
        assert_strict(client.get(f"/en/school-1/{path}"))
    assert_strict(client.get("/en/school-2/embed/"))
    assert_strict(client.delete("/en/school-2/embed/"))


@pytest.mark.django_db
def test_staff_pages_and_printed_pages(keeper: Person) -> None:
    entry = registered_entry(keeper.user.memberships.get().school, by=keeper)
    client = signed_in_client(keeper)
    pages = ["/admin/", f"/admin/journal/entry/{entry.pk}/change/", "/admin/journal/entry/"]
    for path in (*pages, "/admin/no/such/page/", "/admin/jsi18n/"):
        assert_strict(client.get(path))
    form = {"language": "ru", "extent": "whole"}
    printed = client.post(f"/admin/journal/volume/{entry.volume_id}/print/", form)
    assert printed.headers["Content-Type"] == "application/pdf"
    assert_strict(printed)


@pytest.mark.django_db
def test_refusals_and_faults(keeper: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = {
        400: Client().get("/", headers={"host": "evil.example"}),
        403: strict.post("/en/reply/", {"code": "x"}),
        405: Client().delete("/en/reply/"),
        413: Client().post("/en/school-1/write/", {"text": "x" * 2_000_000}),
    }

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("An unforeseen fault.")

    monkeypatch.setattr("box.views.school.page_of", fail)
    monkeypatch.setattr("box.views.school.kept_pages.filled", fail)
    refused[500] = Client(raise_request_exception=False).get("/en/school-1/")
    for status, response in refused.items():
        assert response.status_code == status
        assert_strict(response)


def test_an_answer_keeps_a_header_it_has_set_itself() -> None:
    from trustbox.middleware import HeadersMiddleware

    def own(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    response = HeadersMiddleware(own)(HttpRequest())
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_no_page_has_a_script_or_a_style_of_its_own(keeper: Person) -> None:
    entry = registered_entry(keeper.user.memberships.get().school, by=keeper)
    client = signed_in_client(keeper)
    paths = [
        *("/en/", "/en/school-1/", "/en/school-1/write/", "/en/reply/", "/no/such/page/"),
        *("/admin/", "/admin/journal/entry/", f"/admin/journal/entry/{entry.pk}/change/"),
        *("/admin/keys/school-1/", "/admin/journal/opening/open/school-1/", "/admin/own/"),
    ]
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I)
    for path in paths:
        page = client.get(path).content.decode()
        assert "<html" in page
        assert inline.findall(page) == [], path


@pytest.mark.django_db
def test_public_pages_set_no_cookie_but_the_one_a_form_needs(keeper: Person) -> None:
    author = Author()
    for path in ("/", "/en/", "/en/school-1/", "/healthz", "/en/nowhere/"):
        assert not author.client.get(path).cookies, path
    response = author.write(LETTER)
    assert response.status_code == 303
    author.client.get(response.headers["Location"])
    author.client.get("/en/reply/")
    assert set(author.client.cookies) == {"csrftoken"}
    cookie = author.client.cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == cookie["expires"] == ""


@pytest.mark.django_db
def test_cookies_of_the_staff_site(keeper: Person) -> None:
    cookies = signed_in_client(keeper).cookies
    assert {"sessionid", "trustbox_key"} <= set(cookies)
    for name, cookie in cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        # A browser known to its people must be known tomorrow too; the cookie opens nothing.
        outlives = cookie["expires"] != "" or cookie["max-age"] != ""
        assert outlives is (name == "trustbox_known"), f"{name} outlives the browser's visit"
    assert cookies["trustbox_key"]["samesite"] == "Strict"
    assert cookies["trustbox_key"]["path"] == "/admin/"


# Over https, as behind the proxy of a school: the settings come from TRUSTBOX_URL, so a server of its own is asked.


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("https")
    with serving(folder, TRUSTBOX_URL="https://box.example.kz") as running:
        yield running


def _ask(portal: Portal, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(portal.url).netloc, timeout=30)
    headers = {"Host": "box.example.kz", "X-Forwarded-Proto": "https"}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.page = response.read()
    connection.close()
    return response


@pytest.mark.once("sqlite")
def test_over_https_cookies_are_secure_and_the_browser_stays_with_https(
    behind_https: Portal,
) -> None:
    for path in ("/ru/it-lyceum/write/", "/admin/login/"):
        response = _ask(behind_https, path)
        assert response.status == 200
        hsts = response.headers["Strict-Transport-Security"]
        assert "max-age=31536000" in hsts
        assert "includeSubDomains" in hsts
        cookies = response.headers.get_all("Set-Cookie")
        assert len(cookies) == 1
        for word in ("csrftoken=", "Secure", "HttpOnly", "SameSite=Lax"):
            assert word in cookies[0]


@pytest.mark.once("sqlite")
def test_files_carry_the_headers_too(behind_https: Portal) -> None:
    page = _ask(behind_https, "/ru/it-lyceum/write/").page.decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert {Path(name).suffix for name in files} == {".css", ".js", ".svg"}
    for name in files:
        response = _ask(behind_https, name)
        assert response.status == 200
        assert {header: response.headers[header] for header in ALWAYS} == ALWAYS
        assert "camera=()" in response.headers["Permissions-Policy"]


@pytest.mark.once("sqlite")
def test_the_deploy_check_is_silent(behind_https: Portal) -> None:
    said = behind_https.manage("check", "--deploy", "--fail-level", "DEBUG")
    assert said.startswith("System check identified no issues")


@pytest.mark.once("browser")
def test_over_http_nothing_claims_https(portal: Portal) -> None:
    visitor = Visitor(portal.url)
    visitor.get("/ru/it-lyceum/write/")
    assert [cookie.secure for cookie in visitor.cookies] == [False]
