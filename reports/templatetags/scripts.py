"""On paper: each line in the direction of its own script. What draws the pages knows no ``dir="auto"``."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from schools.scripts import runs_from_right

register = template.Library()


@register.filter
def by_script(text: object) -> str | SafeString:
    """The text, those of its lines that run from the right marked so. For a place that keeps line breaks."""
    words = str(text)
    if not any(map(runs_from_right, words.split("\n"))):
        return words
    lines = [(line, runs_from_right(line)) for line in words.split("\n")]
    ends = [after for _line, after in lines[1:]]
    return format_html_join(
        "",
        "{}",
        (
            (_marked(line),)
            if from_right
            # A marked line is a block of its own: a break before it would be an empty line.
            else (line if at == len(ends) or ends[at] else f"{line}\n",)
            for at, (line, from_right) in enumerate(lines)
        ),
    )


def _marked(line: str) -> SafeString:
    return format_html('<span class="from-right">{}</span>', line)
