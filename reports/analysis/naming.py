"""What a line of a frozen report is called."""

from reports.analysis.freezing import Told
from reports.showing.lines import line_name


def label_of(told: Told, split: str, key: str, language: str) -> str:
    """A line's label in the language that is spoken (``language``): names of the school's own as they were then."""
    return line_name(split, key, told.name_of(split, key, language))
