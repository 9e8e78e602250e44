"""The shades of a school's colour keep what is written on them readable."""

from hypothesis import assume, given
from hypothesis import strategies as st

from schools.colours import contrast, shades_of
from schools.models.school import LEAST_CONTRAST, contrast_with_white

PARTS = st.integers(0, 255)


@given(PARTS, PARTS, PARTS)
def test_every_allowed_colour_stays_readable_in_every_shade(
    red: int, green: int, blue: int
) -> None:
    colour = f"#{red:02x}{green:02x}{blue:02x}"
    assume(contrast_with_white(colour) >= LEAST_CONTRAST)
    shades = shades_of(colour)
    assert shades.own == colour
    for shade in (shades.own, shades.hover, shades.pressed):
        assert contrast_with_white(shade) >= LEAST_CONTRAST
    assert contrast(shades.pressed, shades.pale) >= LEAST_CONTRAST
    # Under the pointer it darkens, or is black already.
    assert contrast_with_white(shades.pressed) >= contrast_with_white(shades.hover)
    assert contrast_with_white(shades.hover) >= contrast_with_white(shades.own)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
    assert contrast("#123456", "#123456") == 1


def test_shades_of_one() -> None:
    shades = shades_of("#1F5FA8")
    assert (shades.own, shades.hover, shades.pressed) == ("#1f5fa8", "#194d89", "#133a68")
    assert shades.pale == "#e4ebf4"
