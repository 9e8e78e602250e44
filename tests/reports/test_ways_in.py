"""The poster and the cards: what stands on them, that a phone reads them in black and white, and that nobody can burden
the server with them."""

import io
import math
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from box.selectors import forget_boxes
from reports import kept_files as keeping
from reports import ways_in
from reports.documents import poster
from reports.kept_files import KeptFiles
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.languages import LANGUAGES
from schools.models import Logo, School, TrustPhone
from tests.factories import Person, give_key, make_person, make_school
from tests.portal import Portal
from tests.reports.reading import elements, page_texts
from tests.visitor import Visitor

# Drawing is the same on either engine, and takes its time.
pytestmark = pytest.mark.once("sqlite")
DOTS = 4 * 72
SCHOOLS = {
    "it-lyceum": ("kk", "ru"),
    "zheenbaev": ("ky", "ru"),
    "sport-college": ("kk", "ru"),
    "orozbekov": ("ky", "ru"),
}
LONG = "Областной специализированный колледж-интернат олимпийского резерва имени Бөгенбай батыра"
POSTS = ("Заместитель директора по воспитательной работе и дополнительному образованию", 3)
PHONES = [
    {"names": {"ru": f"{POSTS[0]} {place}"}, "number": f"+996 312 00 00 4{place}"}
    for place in range(POSTS[1])
]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_boxes()
    ways_in.drawings.forget()
    monkeypatch.setattr(ways_in, "kept_files", KeptFiles())


@pytest.fixture
def school(db: None) -> School:
    return make_school(names={"kk": "Бірінші мектеп", "ru": "Первая школа", "en": "First school"})


@pytest.fixture
def keeper(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


def picture(file: bytes) -> Image.Image:
    """The one page as a black-and-white printer leaves it."""
    pages = pypdfium2.PdfDocument(file)
    assert len(pages) == 1
    grey = pages[0].render(scale=DOTS / 72).to_pil().convert("L")
    return grey.point(lambda light: 255 if light > 127 else 0)


def squares(file: bytes) -> list[Any]:
    """The codes on the page as a phone finds them."""
    return zxingcpp.read_barcodes(picture(file), formats=zxingcpp.BarcodeFormat.QRCode)


def width_mm(code: Any) -> float:
    """How wide a code is on the paper."""
    left, right = code.position.top_left, code.position.top_right
    return math.hypot(right.x - left.x, right.y - left.y) / DOTS * 25.4


def text_of(file: bytes) -> str:
    """The words of the page, without their breaks."""
    return " ".join(" ".join(page_texts(file)).split())


def get(address: str, **more: Any) -> bytes:
    response = Client().get(address, **more)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    return response.content


# The real server with the four schools: each square leads there.


@pytest.fixture(scope="module")
def visitor(portal: Portal) -> Visitor:
    return Visitor(portal.url)


def _fetched(portal: Portal, address: str) -> bytes:
    with urllib.request.urlopen(f"{portal.url}{address}", timeout=60) as response:
        return response.read()


def _page_of(visitor: Visitor, link: str, language: str) -> str:
    page = visitor.get(link.removeprefix(visitor.url))
    assert f'<html lang="{language}"' in page
    return page


@pytest.mark.once("browser")
@pytest.mark.parametrize("slug", SCHOOLS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_square_leads_to_its_school_in_its_language(
    portal: Portal, visitor: Visitor, slug: str, language: str
) -> None:
    wanted = f"{portal.url}/{language}/{slug}/"
    for what, count, least in (("poster", 1, 60), ("cards", 8, 25)):
        file = _fetched(portal, f"/{language}/{slug}/{what}.pdf")
        found = squares(file)
        assert [code.text for code in found] == [wanted] * count, what
        assert all(width_mm(code) >= least for code in found), what
        assert all(code.ec_level in "MQH" for code in found), what
        assert text_of(file).count(f"{wanted.split('/')[2]}/{slug}") == count
    page = _page_of(visitor, found[0].text, language)
    assert f'href="/{language}/{slug}/write/"' in page


@pytest.mark.once("browser")
@pytest.mark.parametrize("slug", SCHOOLS)
def test_in_two_languages_each_has_its_square(portal: Portal, visitor: Visitor, slug: str) -> None:
    first, second = SCHOOLS[slug]
    file = _fetched(portal, f"/{first}/{slug}/poster.pdf?also={second}")
    found = squares(file)
    links = {f"{portal.url}/{code}/{slug}/": code for code in (first, second)}
    assert {code.text for code in found} == set(links)
    assert all(width_mm(code) >= 60 for code in found)
    for link, language in links.items():
        _page_of(visitor, link, language)
    cards = squares(_fetched(portal, f"/{first}/{slug}/cards.pdf?also={second}"))
    assert [code.text for code in cards] == [f"{portal.url}/{first}/{slug}/"] * 8
    # The address in words leads there too.
    assert f'href="/{first}/{slug}/write/"' in visitor.get(f"/{slug}/")


# What stands on them.


def test_what_the_poster_says(keeper: Person) -> None:
    TrustPhone.objects.create(
        school=keeper.user.memberships.get().school,
        names={"ru": "телефон доверия"},
        number="+7 715 200 00 33",
        hours={"ru": "по рабочим дням"},
    )
    for what in ("poster", "cards"):
        text = text_of(get(f"/ru/school-1/{what}.pdf"))
        for words in (
            "Ящик доверия",
            "Первая школа",
            "Вас что-то обижает, пугает или тревожит?",
            "Имя называть не обязательно.",
            "педагог-психолог",
            "111",
            "112",
            "150",
            "+7 715 200 00 33",
            "Телефон доверия",
            "testserver/school-1",
        ):
            assert words in text, (what, words)
        assert "Full name of" not in text, "who reads is named by the post: people change"
    assert "(по рабочим дням)" in text_of(get("/ru/school-1/poster.pdf"))


def test_before_anybody_holds_the_key_those_are_named_whom_the_rules_name(school: School) -> None:
    school.regulations.update(keepers=["social_pedagogue"])
    assert "социальный педагог" in text_of(get("/ru/school-1/poster.pdf"))


def test_a_school_without_rules_has_them_too(school: School) -> None:
    school.regulations.all().delete()
    text = text_of(get("/en/school-1/poster.pdf"))
    assert "Trust box" in text
    assert "Only these people" not in text


def test_in_two_languages_it_says_everything_twice(keeper: Person) -> None:
    for what in ("poster", "cards"):
        file = get(f"/kk/school-1/{what}.pdf?also=ru")
        text = text_of(file)
        for words in ("Сенім жәшігі", "Ящик доверия", "Бірінші мектеп", "Первая школа"):
            assert words in text
        sections = [tag for tag in elements(file) if tag["/S"] == "/Sect"]
        copies = 8 if what == "cards" else 1
        assert [tag["/Lang"] for tag in sections] == ["kk", "ru"] * copies
        assert PdfReader(io.BytesIO(file)).trailer["/Root"]["/Lang"] == "kk"
    once = get("/kk/school-1/poster.pdf?also=kk")
    assert len(squares(once)) == 1


@pytest.mark.parametrize("what", ["poster", "cards"])
@pytest.mark.parametrize("query", ["", "?also=kk"])
def test_long_names_and_many_phones_still_make_one_page(
    keeper: Person, what: str, query: str
) -> None:
    school = keeper.user.memberships.get().school
    School.objects.update(names={"ru": LONG, "kk": LONG})
    for phone in PHONES:
        TrustPhone.objects.create(school=school, **phone)
    file = get(f"/ru/school-1/{what}.pdf{query}")
    text = text_of(file)
    assert text.count("олимпийского") >= (8 if what == "cards" else 1)
    assert "+996 312 00 00 42" in text
    assert len(squares(file)) == (8 if what == "cards" else 1 + bool(query))


def test_what_a_card_cannot_bear_goes_without_the_school_s_own_phones(keeper: Person) -> None:
    school = keeper.user.memberships.get().school
    School.objects.update(names={"ru": f"{LONG} {LONG}", "kk": f"{LONG} {LONG}"})
    for phone in PHONES:
        TrustPhone.objects.create(school=school, **phone)
    file = get("/ru/school-1/cards.pdf?also=kk")
    text = text_of(file)
    assert "+996" not in text
    assert "112" in text
    assert len(squares(file)) == 8


def test_the_school_s_colour_and_logo(keeper: Person) -> None:
    school = keeper.user.memberships.get().school
    address = "/ru/school-1/poster.pdf"

    def shown() -> Image.Image:
        page = pypdfium2.PdfDocument(get(address))[0]
        return page.render(scale=2).to_pil().convert("RGB")

    def has(colour: tuple[int, int, int]) -> bool:
        return any(pixel == colour for _count, pixel in shown().getcolors(1 << 24))

    assert has((0x0F, 0x6B, 0x6B))
    School.objects.update(colour="#7a1f5a")
    made = io.BytesIO()
    Image.new("RGB", (64, 64), (250, 200, 10)).save(made, "PNG")
    Logo.objects.create(school=school, png=made.getvalue(), width=64, height=64, digest="0" * 64)
    forget_boxes()
    assert has((0x7A, 0x1F, 0x5A))
    assert has((250, 200, 10))
    assert not has((0x0F, 0x6B, 0x6B))
    assert squares(get(address))


def test_the_public_address_stands_on_it_wherever_it_is_asked_for(
    keeper: Person, settings: Any
) -> None:
    settings.BASE_URL = "https://box.example.kz"
    settings.ALLOWED_HOSTS = ["localhost"]
    file = get("/ru/school-1/poster.pdf", headers={"host": "localhost:8000"})
    assert [code.text for code in squares(file)] == ["https://box.example.kz/ru/school-1/"]
    assert "box.example.kz/school-1" in text_of(file)
    assert "localhost" not in text_of(file)


def test_its_file_tells_nothing_but_what_it_is(keeper: Person) -> None:
    response = Client().get("/en/school-1/poster.pdf")
    assert response.headers["Content-Disposition"] == 'inline; filename="poster.pdf"'
    assert "no-store" in response.headers["Cache-Control"]
    reader = PdfReader(io.BytesIO(response.content))
    assert reader.metadata.title == "Poster of the trust box"
    names = [tag["/S"] for tag in elements(response.content)]
    assert names.count("/H1") == 1
    figures = [tag["/Alt"] for tag in elements(response.content) if tag["/S"] == "/Figure"]
    assert figures == [
        "A letter goes into the box",
        "A square code that leads to http://testserver/en/school-1/",
    ]


def test_unknown_schools_and_languages(school: School) -> None:
    for address in (
        "/en/nowhere/poster.pdf",
        "/xx/school-1/poster.pdf",
        "/en/school-1/poster.pdf?also=xx",
    ):
        assert Client().get(address).status_code == 404
    assert Client().post("/en/school-1/poster.pdf").status_code == 405


# Nobody burdens the server with them.


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was drawn; drawing takes no time."""
    found: list[str] = []

    def draw(way: poster.WayIn, html: str) -> bytes:
        found.append(f"{way.kind} {[side.language for side in way.sides]}")
        return b"%PDF-1.7"

    monkeypatch.setattr(ways_in, "draw_way_in", draw)
    return found


def test_it_is_drawn_anew_only_when_something_on_it_changed(
    keeper: Person, drawn: list[str]
) -> None:
    for _time in range(3):
        get("/ru/school-1/poster.pdf")
    assert len(drawn) == 1
    get("/ru/school-1/cards.pdf")
    get("/ru/school-1/poster.pdf?also=kk")
    get("/kk/school-1/poster.pdf?also=ru")
    assert len(drawn) == 4
    School.objects.update(colour="#7a1f5a")
    forget_boxes()
    get("/ru/school-1/poster.pdf")
    school = keeper.user.memberships.get().school
    give_key(school, to=make_person(school, "director"), by=keeper)
    forget_boxes()
    get("/ru/school-1/poster.pdf")
    assert len(drawn) == 6


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Drawing that begins (the first is set) and goes on until the second is set."""
    begun, may_end = threading.Event(), threading.Event()

    def draw(_way: poster.WayIn, _html: str) -> bytes:
        begun.set()
        assert may_end.wait(30)
        return b"%PDF-1.7"

    monkeypatch.setattr(ways_in, "draw_way_in", draw)
    monkeypatch.setattr(keeping, "WAIT_SECONDS", 0.05)
    yield begun, may_end
    may_end.set()


def test_one_is_drawn_at_a_time_and_whoever_waits_too_long_is_told(
    keeper: Person, slow: tuple[threading.Event, threading.Event]
) -> None:
    begun, may_end = slow
    way = poster.WayIn(kind=poster.Kind.CARDS, sides=(), colour="#0f6b6b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways_in, "html_of", lambda _way: "another one")
        other = threading.Thread(target=ways_in.way_in_file, args=(way,))
        other.start()
        assert begun.wait(30)
    response = Client().get("/ru/school-1/poster.pdf")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "Попробуйте ещё раз через минуту" in response.content.decode()
    may_end.set()
    other.join()
    assert get("/ru/school-1/poster.pdf")


def test_strangers_have_them_drawn_only_so_often(
    keeper: Person, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    get("/ru/school-1/poster.pdf")
    monkeypatch.setattr(ways_in.drawings, "_at_once", lambda: 0)
    assert Client().get("/kk/school-1/poster.pdf").status_code == 503
    get("/ru/school-1/poster.pdf")
    assert len(drawn) == 1


@pytest.mark.parametrize("fault", [LibrariesMissing, RenderingFailed])
def test_what_cannot_be_drawn_is_said_and_not_kept(
    keeper: Person, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fail(_way: poster.WayIn, _html: str) -> bytes:
        raise fault("no")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways_in, "draw_way_in", fail)
        response = Client().get("/ru/school-1/poster.pdf")
        assert response.status_code == 503
        assert "Retry-After" in response.headers
        assert "<html" in response.content.decode()
    assert get("/ru/school-1/poster.pdf")


def test_what_fits_no_page_at_all_is_an_error(keeper: Person) -> None:
    School.objects.update(names={"ru": "Школа " * 1000})
    assert Client().get("/ru/school-1/cards.pdf").status_code == 503
