"""Charts: what they say, what stands in them, and that nothing leaves the drawing."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reports.charts import Amount, Picture, Row
from reports.charts.amounts import ticks
from reports.charts.lettering import broken, width_of
from reports.charts.looks import LOOKS
from reports.charts.shapes import Box
from tests.reports.charts.drawn import KINDS, SVG, drawn, reach, read, said

pytestmark = pytest.mark.once("sqlite")

NASTY = '<script>alert(1)</script> & "quoted" ]]> \x07 Өтініш «ыстық» 😀'


@pytest.mark.parametrize("kind", KINDS)
def test_its_title_and_description_are_read_aloud(kind: str) -> None:
    svg = read(drawn(kind))
    title, desc = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert (svg.get("role"), title.text, desc.text) == (
        "img",
        "What the letters were about",
        "Two months beside each other.",
    )
    assert svg.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]


def test_ids_of_one_drawing_are_not_those_of_another() -> None:
    ids = [
        element.get("id")
        for kind in KINDS
        for element in read(drawn(kind)).iter()
        if element.get("id")
    ]
    assert len(ids) == len(set(ids)) == 2 * len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_needs_no_rule_of_its_own_for_it(kind: str) -> None:
    attributes = {name for element in read(drawn(kind)).iter() for name in element.attrib}
    assert "style" not in attributes
    assert not any(name.startswith("on") or "href" in name for name in attributes)
    tags = {element.tag.removeprefix(SVG) for element in read(drawn(kind)).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "circle", "polygon", "text"}


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_people_stay_words(kind: str) -> None:
    picture = drawn(
        kind,
        [Row(NASTY, (Amount(3), Amount(2)))],
        title=NASTY,
        description=NASTY,
        series=[NASTY, "b"],
    )
    tree = read(picture)
    assert tree.find(f"{SVG}title").text == NASTY.replace("\x07", " ")
    assert "<script" not in picture.svg
    assert "\x07" not in picture.svg
    assert picture.png()


@pytest.mark.parametrize("kind", ["bars", "spans"])
def test_every_number_stands_beside_what_it_draws(kind: str) -> None:
    rows = [Row("a", (Amount(3), Amount(1, 4))), Row("b", (None, Amount(2, said="2,5")))]
    texts = said(drawn(kind, rows))
    for number in ("3", "1–4", "–", "2,5"):
        assert number in texts
    assert {"a", "b", "September", "August"} <= set(texts)


def test_parts_are_as_wide_as_their_share() -> None:
    picture = drawn("shares", [Row("all", (Amount(30), Amount(10)))], width=401)
    widths = [
        shape.width
        for shape in picture.shapes
        if isinstance(shape, Box) and shape.height == 24 and shape.fill in ("#14505a", "#b9d6d8")
    ]
    assert widths == [pytest.approx(300), pytest.approx(100)]
    assert {"30", "10"} <= set(said(picture))


def test_a_whole_of_nothing_says_so() -> None:
    assert "0" in said(drawn("shares", [Row("all", (Amount(0), Amount(0)))]))


@pytest.mark.parametrize("amount", [None, Amount(1, 4)])
def test_parts_of_what_is_not_known_are_refused(amount: Amount | None) -> None:
    with pytest.raises(ValueError, match="known numbers"):
        drawn("shares", [Row("all", (Amount(3), amount))])


def test_bars_are_as_long_as_their_numbers() -> None:
    rows = [Row("a", (Amount(10),)), Row("b", (Amount(5),)), Row("c", (Amount(0),))]
    picture = drawn("bars", rows, series=[""])
    widths = [shape.width for shape in picture.shapes if isinstance(shape, Box)]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(2 * widths[1])


def test_a_covered_number_is_solid_to_the_least_and_dashed_to_the_most() -> None:
    (exact,) = [
        shape.width
        for shape in drawn("bars", [Row("a", (Amount(8),))], series=[""]).shapes
        if isinstance(shape, Box)
    ]
    covered = drawn("bars", [Row("a", (Amount(2, 8, said="8"),))], series=[""])
    (solid,) = [shape.width for shape in covered.shapes if isinstance(shape, Box)]
    assert solid == pytest.approx(exact / 4)
    unknown = drawn("bars", [Row("a", (Amount(0, 8),))], series=[""])
    assert not [shape for shape in unknown.shapes if isinstance(shape, Box)]
    assert "0–8" in said(unknown)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_looks_differ_without_any_colour() -> None:
    """By texture and by mark each; where grounds are near each other in grey, the textures tell them apart."""
    assert len({(look.texture, look.is_dotted) for look in LOOKS}) == len(LOOKS)
    assert len({(look.corners, look.turned) for look in LOOKS}) == len(LOOKS)
    for look in LOOKS:
        # Edges and textures are seen on white paper and on their own ground (WCAG 1.4.11: 3 to 1).
        ink, ground = _luminance(look.ink), _luminance(look.fill)
        assert 1.05 / (ink + 0.05) >= 3
        if look.texture or look.is_dotted:
            assert (ground + 0.05) / (ink + 0.05) >= 3


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80)
NUMBERS = st.integers(0, 10_000)
AMOUNTS = st.one_of(
    st.none(),
    st.builds(Amount, NUMBERS),
    st.builds(lambda low, more: Amount(low, low + more), NUMBERS, NUMBERS),
)


@st.composite
def charts(draw: st.DrawFn) -> Picture:
    kind = draw(st.sampled_from([*KINDS]))
    series = draw(st.lists(TEXTS, min_size=1, max_size=len(LOOKS)))
    known = st.builds(Amount, NUMBERS)
    amounts = st.tuples(*[known if kind == "shares" else AMOUNTS] * len(series))
    rows = st.builds(Row, TEXTS, amounts)
    return drawn(
        kind,
        draw(st.lists(rows, min_size=1, max_size=12)),
        series=series,
        width=draw(st.sampled_from([300.0, 380.0, 440.0, 640.0])),
    )


@settings(max_examples=150, deadline=None)
@given(charts())
def test_nothing_leaves_the_drawing(picture: Picture) -> None:
    for shape in picture.shapes:
        for x, y in reach(shape):
            assert -2 <= x <= picture.width + 2, shape
            assert -2 <= y <= picture.height + 2, shape
    assert read(picture).get("viewBox").startswith("0 0 ")


@given(TEXTS, st.integers(60, 400))
def test_lines_are_no_wider_than_their_room(text: str, room: int) -> None:
    lines = broken(text, 14, room)
    assert len(lines) <= 3
    assert all(width_of(line, 14) <= room for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.floats(0.5, 1e6), st.integers(2, 8))
def test_steps_are_round_and_reach_the_top(top: float, most: int) -> None:
    steps = ticks(top, most)
    assert steps[0] == 0
    assert steps[-1] >= top
    assert len(steps) <= most + 1
    step = steps[1]
    assert re.fullmatch("[125]0*", str(step))
    assert steps == list(range(0, steps[-1] + 1, step))


def test_a_picture_for_a_word_file_is_a_small_png() -> None:
    picture = drawn("bars")
    image = Image.open(io.BytesIO(picture.png(scale=2)))
    assert image.size == (round(picture.width * 2), round(picture.height * 2))
    colours = image.convert("RGB").getcolors(100_000)
    assert len(colours) > 3
    assert len(picture.png()) < 40_000
    assert picture.alt == "What the letters were about. Two months beside each other."


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(0), "0"),
        (Amount(2.5), "2.5"),
        (Amount(1, 4), "1–4"),
        (Amount(1_234_567), "1234567"),
        (Amount(1_000_000, 1_000_003), "1000000–1000003"),
    ],
)
def test_numbers_are_written_with_all_their_digits(amount: Amount, words: str) -> None:
    assert amount.words == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"series": []}, "series"),
        ({"series": ["a"] * 7}, "series"),
        ({"series": ["a"]}, "one amount"),
        ({"key": "By month"}, "plain word"),
    ],
)
def test_what_cannot_be_drawn_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        drawn("bars", **given)


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="side by side"):
        drawn("columns", [Row(str(place), (Amount(1), Amount(1))) for place in range(25)])


@pytest.mark.parametrize(("low", "high"), [(-1, None), (3, 2)])
def test_an_amount_runs_upwards(low: float, high: float | None) -> None:
    with pytest.raises(ValueError, match="upwards"):
        Amount(low, high)


def test_a_template_takes_it_for_a_drawing_and_not_for_text() -> None:
    from django.template import Context, Template

    html = Template("{{ picture }}").render(Context({"picture": drawn("columns")}))
    assert html == drawn("columns").svg
    assert html.startswith("<svg")
