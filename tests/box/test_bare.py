"""The form without a cookie: a letter through a frame and at a computer that everybody uses, and what is refused."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from box import limits
from box.models import Letter
from box.selectors import forget_boxes
from box.ways import origin_of
from schools.models import School
from tests.box.author import LETTER, SIGNED, code_on, hidden, words
from tests.box.files.samples import every_kind
from tests.factories import Person

SITE = "https://school.example.kz/news/?page=1"
BARE = pytest.mark.parametrize("way", ["embed", "kiosk"])


@pytest.fixture
def school(school: School) -> School:
    """With a site of its own."""
    school.site = SITE
    school.save(update_fields=["site"])
    return school


def photo() -> SimpleUploadedFile:
    """A photo as a browser sends it."""
    return SimpleUploadedFile("photo.jpg", every_kind()["jpeg"], "image/jpeg")


class Guest:
    """A browser that takes no cookie; ``way`` is ``embed`` or ``kiosk``."""

    def __init__(self, way: str) -> None:
        self.way = way

    @property
    def client(self) -> Client:
        """A new one for each request: nothing is carried over."""
        return Client(enforce_csrf_checks=True)

    def address(self, language: str = "en", page: str = "") -> str:
        return f"/{language}/school-1/{self.way}/{page}"

    def look(self, language: str = "en") -> HttpResponse:
        return self.client.get(self.address(language))

    def press(self, form: HttpResponse, **typed: Any) -> HttpResponse:
        headers = typed.pop("headers", {})
        data = {"token": hidden(form, "token"), **LETTER, **typed}
        return self.client.post(self.address(), data, headers=headers)

    def write(self, **typed: Any) -> HttpResponse:
        return self.press(self.look(), **typed)

    def follow(self, response: HttpResponse) -> HttpResponse:
        assert response.status_code == 303
        return self.client.get(response.headers["Location"])


@pytest.mark.django_db
@BARE
class TestSending:
    def test_a_letter_comes_into_the_box_and_its_code_is_shown_once(
        self, keeper: Person, way: str
    ) -> None:
        guest = Guest(way)
        form = guest.look()
        assert not form.cookies
        assert "csrfmiddlewaretoken" not in form.content.decode()
        sent = guest.press(form)
        shown = guest.follow(sent)
        assert code_on(shown)
        assert not sent.cookies
        assert not shown.cookies
        letter = Letter.objects.get()
        assert letter.read(keeper.keyring())["text"] == LETTER["text"]
        again = guest.follow(sent)
        assert code_on(again) is None
        assert "The code is shown only once" in words(again)

    def test_the_code_opens_the_letter(self, keeper: Person, way: str) -> None:
        guest = Guest(way)
        code = code_on(guest.follow(guest.write()))
        reader = Client()
        page = reader.post("/en/reply/", {"code": code})
        assert "It is in the box" in words(page)

    def test_the_note_is_checked_and_the_language_is_switched(
        self, keeper: Person, way: str
    ) -> None:
        guest = Guest(way)
        page = guest.follow(guest.write())
        code = code_on(page)
        kept = {"f": hidden(page, "f"), "t": hidden(page, "t"), "code": code}
        place = guest.address(page="sent/")
        wrong = guest.follow(guest.client.post(place, {**kept, "do": "check", "typed": "x"}))
        assert "This is not the code." in words(wrong)
        assert code_on(wrong) == code
        in_russian = guest.client.post(guest.address("ru", "sent/"), {**kept, "switch": "ru"})
        assert code_on(guest.follow(in_russian)) == code
        right = guest.follow(guest.client.post(place, {**kept, "do": "check", "typed": code}))
        assert "Right. You have kept your code." in words(right)
        assert code_on(right) is None

    def test_what_is_wrong_is_said_and_the_words_stay(self, keeper: Person, way: str) -> None:
        guest = Guest(way)
        page = guest.write(**{**SIGNED, "age": "many"})
        assert page.status_code == 200
        assert "Please write your age as a number" in words(page)
        assert LETTER["text"] in words(page)
        assert f'action="{guest.address()}"' in words(page)
        in_kazakh = guest.client.post(
            guest.address("kk"), {**LETTER, "token": hidden(page, "token"), "switch": "kk"}
        )
        assert in_kazakh.status_code == 200
        assert LETTER["text"] in words(in_kazakh)
        assert hidden(in_kazakh, "token") == hidden(page, "token")
        assert not Letter.objects.exists()

    @pytest.mark.parametrize("token", ["", "nonsense", "AAAA" * 13])
    def test_a_form_that_is_none_of_ours_is_refused_with_its_words(
        self, keeper: Person, way: str, token: str
    ) -> None:
        guest = Guest(way)
        page = guest.write(token=token)
        assert page.status_code == 403
        assert LETTER["text"] in words(page)
        assert "press “Send the letter” once more" in words(page)
        assert not Letter.objects.exists()
        assert guest.press(page).status_code == 303

    @pytest.mark.parametrize(
        "header",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_a_form_sent_by_another_site_is_refused(
        self, keeper: Person, way: str, header: dict[str, str]
    ) -> None:
        guest = Guest(way)
        page = guest.write(headers=header)
        assert page.status_code == 403
        assert not Letter.objects.exists()
        own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        assert guest.write(headers=own).status_code == 303

    def test_a_code_is_shown_to_no_page_of_another_site(self, keeper: Person, way: str) -> None:
        guest = Guest(way)
        page = guest.follow(guest.write())
        kept = {"f": hidden(page, "f"), "t": hidden(page, "t"), "code": code_on(page)}
        place = guest.address(page="sent/")
        for data, headers in (
            (kept, {"Origin": "https://evil.example"}),
            ({**kept, "t": "nonsense"}, {}),
        ):
            refused = guest.client.post(place, data, headers=headers)
            assert refused.status_code == 403
            assert code_on(refused) is None
            assert kept["code"] not in words(refused)

    def test_another_form_s_token_shows_no_code(self, keeper: Person, way: str) -> None:
        guest = Guest(way)
        sent = guest.write()
        other = hidden(guest.look(), "token")
        start, _token, _rest = sent.headers["Location"].partition("&t=")
        assert code_on(guest.client.get(f"{start}&t={other}")) is None
        assert code_on(guest.follow(sent)), "the one time is not used up"

    def test_too_many_letters_wait(
        self, keeper: Person, way: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits.letters, "take", lambda _sender: False)
        page = Guest(way).write()
        assert page.status_code == 429
        assert LETTER["text"] in words(page)

    def test_a_box_that_is_not_open(self, school: School, way: str) -> None:
        page = Guest(way).look()
        assert page.status_code == 200
        assert "This box is not open yet." in words(page)
        assert f'href="{Guest(way).address("ru")}"' in words(page)


@pytest.mark.django_db(transaction=True)
@BARE
def test_the_same_form_twice_is_one_letter_with_one_code(keeper: Person, way: str) -> None:
    guest = Guest(way)
    form = guest.look()
    first = code_on(guest.follow(guest.press(form)))
    assert code_on(guest.follow(guest.press(form))) == first
    assert Letter.objects.count() == 1
    assert code_on(guest.follow(guest.write())) != first
    assert Letter.objects.count() == 2


@pytest.mark.django_db
class TestEmbed:
    def policy(self, response: HttpResponse) -> str:
        parts = response.headers["Content-Security-Policy"].split(";")
        return next(part.strip() for part in parts if "frame-ancestors" in part)

    def test_every_answer_of_it_stands_in_the_school_s_own_site_alone(self, keeper: Person) -> None:
        guest = Guest("embed")
        sent = guest.write()
        too_big = guest.client.post(guest.address(), {"text": "x" * 2_000_000})
        answers = [guest.look(), sent, guest.follow(sent), guest.write(text=""), too_big]
        assert [one.status_code for one in answers] == [200, 303, 200, 200, 413]
        for answer in answers:
            assert self.policy(answer) == "frame-ancestors https://school.example.kz"
            assert "X-Frame-Options" not in answer.headers

    def test_without_a_site_it_stands_in_no_frame(self, keeper: Person, school: School) -> None:
        school.site = ""
        school.save(update_fields=["site"])
        forget_boxes()
        answer = Guest("embed").look()
        assert self.policy(answer) == "frame-ancestors 'none'"
        assert answer.headers["X-Frame-Options"] == "DENY"

    def test_a_file_comes_with_it(self, keeper: Person) -> None:
        guest = Guest("embed")
        shown = guest.follow(guest.write(attachments=photo()))
        assert code_on(shown)
        assert Letter.objects.get().attachments.count() == 1

    def test_what_leads_away_opens_outside_of_the_frame(self, keeper: Person) -> None:
        guest = Guest("embed")
        for page in (guest.look(), guest.follow(guest.write())):
            text = words(page)
            assert '<header class="ways-out">' in text
            for piece in text.split("<a ")[1:]:
                link = piece.partition(">")[0]
                inside = 'href="#' in link or 'href="tel:' in link
                assert (
                    inside
                    or 'target="_blank" rel="noopener"' in link
                    or ('target="_top"' in link and "noreferrer" in link)
                )


@pytest.mark.django_db
class TestKiosk:
    def test_the_browser_is_asked_to_keep_nothing(self, keeper: Person) -> None:
        guest = Guest("kiosk")
        sent = guest.write()
        for answer in (guest.look(), sent, guest.follow(sent)):
            assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
            assert "no-store" in answer.headers["Cache-Control"]
            assert answer.headers["X-Frame-Options"] == "DENY"
        text = words(guest.look())
        for offered in ('autocomplete="on"', 'autocomplete="name"', 'autocomplete="tel"'):
            assert offered not in text
        assert 'autocomplete="off"' in text
        assert 'autocomplete="name"' in words(Client().get("/en/school-1/write/"))

    def test_nothing_leads_away(self, keeper: Person) -> None:
        guest = Guest("kiosk")
        for page in (guest.look(), guest.follow(guest.write(danger="on"))):
            text = words(page)
            links = [piece.partition('"')[0] for piece in text.split('href="')[1:]]
            own = ("/static/", "#", "/en/school-1/kiosk/", "/kk/school-1/kiosk/")
            assert [link for link in links if not link.startswith(own)] == []
            assert "112" in text

    def test_it_takes_no_files(self, keeper: Person) -> None:
        guest = Guest("kiosk")
        assert 'type="file"' not in words(guest.look())
        guest.follow(guest.write(attachments=photo()))
        assert Letter.objects.get().attachments.count() == 0

    def test_without_a_script_it_leads_back_after_a_time_for_a_letter(self, keeper: Person) -> None:
        guest = Guest("kiosk")
        assert 'content="1200; url=/kk/school-1/kiosk/"' in words(guest.look())
        page = words(guest.follow(guest.write()))
        assert 'content="120; url=/kk/school-1/kiosk/"' in page
        assert "testserver/reply" in page


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("https://school.kz", "https://school.kz"),
        ("http://School.KZ:8080/a/b?c#d", "http://school.kz:8080"),
        ("https://мектеп.қаз/", "https://xn--e1aaogsq.xn--80ao21a"),
        ("", ""),
        ("ftp://school.kz/", ""),
        ("https://", ""),
        ("https://a;b.kz/", ""),
        ("https://a b.kz/", ""),
        ("https://school.kz:99999/", ""),
        ("https://*.kz/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_the_origin_of_a_site(site: str, origin: str) -> None:
    assert origin_of(site) == origin
