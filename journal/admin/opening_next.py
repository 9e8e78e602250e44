"""Where the staff goes from an opening, and what it is told there."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.models import Opening, TakenLetter
from journal.services import registering
from schools.models import User
from schools.models.sealed import not_withheld_from


def screen_of(opening: Opening) -> str:
    """The address of the opening's own screen."""
    return reverse("admin:journal_opening_change", args=[opening.pk])


def next_letter(opening: Opening, *, by: User, after: int = 0) -> str:
    """The screen, at the letter that comes next; after the last one, at the first that was passed over."""
    waiting = list(
        TakenLetter.objects.filter(
            not_withheld_from(by.pk, "letter__"),
            opening=opening,
            entry__isnull=True,
            set_aside_as="",
        )
        .order_by("position")
        .values_list("pk", "position")
    )
    following = [pk for pk, position in waiting if position > after] or [pk for pk, _at in waiting]
    if following:
        # Begun with that letter, and without a fragment: the message of the number given stays in sight.
        return f"{screen_of(opening)}?letter={following[0]}"
    if registering.paper_typed_in(opening) < opening.paper_count:
        return f"{screen_of(opening)}#paper"
    return screen_of(opening)


def opened_message(opening: Opening) -> str:
    """How many letters were taken out, in words."""
    total = opening.web_count + opening.paper_count
    if not total:
        return _("The box is opened: no letters found. The opening is written down.")
    return ngettext(
        "The box is opened: %(count)s letter taken out.",
        "The box is opened: %(count)s letters taken out.",
        total,
    ) % {"count": total}
