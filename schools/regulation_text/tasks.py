"""The tasks of the box."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    yield Said(
        "aim",
        (),
        _(
            "The box is there so that everybody for whom it is kept can tell the school, without fear, "
            "what troubles them, be heard and get help."
        ),
    )
    yield Said("tasks", (), _("The tasks of the box are:"), _tasks())
    if rules.categories:
        yield Said(
            "categories",
            ("category.names", "category.order", "category.in_use"),
            _("By their subject, letters are counted under these categories:"),
            tuple(rules.own(category.names) for category in rules.categories),
        )


def _tasks() -> tuple[str, ...]:
    return (
        pgettext("task of the box", "to take every letter and keep what it says secret"),
        pgettext("task of the box", "to register letters and to look into them"),
        pgettext("task of the box", "to act at once where somebody is in danger"),
        pgettext("task of the box", "to answer the author, also an anonymous one"),
        pgettext(
            "task of the box", "to send on to other bodies what the school cannot decide itself"
        ),
    )
