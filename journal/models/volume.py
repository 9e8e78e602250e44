"""A volume of the journal: one numbering period of one school."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schools.models import Lasting, School
from schools.models.regulation import Source

BOOK_TITLES = {
    "": pgettext_lazy("of the journal", "Journal of letters"),
    Source.WEB: _("Journal of letters from the site"),
    Source.PAPER: _("Journal of letters from the paper box"),
    Source.PHONE: _("Journal of calls to the trust phone"),
    Source.EMAIL: _("Journal of letters by e-mail"),
    Source.PERSON: _("Journal of letters brought in person"),
}
# Beside a number or a volume, where the school keeps several books.
BOOK_MARKS = {
    Source.WEB: pgettext_lazy("one of several books", "site"),
    Source.PAPER: pgettext_lazy("one of several books", "paper box"),
    Source.PHONE: pgettext_lazy("one of several books", "phone"),
    Source.EMAIL: pgettext_lazy("one of several books", "e-mail"),
    Source.PERSON: pgettext_lazy("one of several books", "in person"),
}


def in_book(number: int | str, book: str) -> str:
    """A number as people say it: with the book where there are several."""
    return f"{number} ({BOOK_MARKS[Source(book)]})" if book else str(number)


class Volume(Lasting):
    """Numbers run from 1 inside a volume. Its columns and marks are those of the day it was begun."""

    school = models.ForeignKey(
        School, verbose_name=_("school"), on_delete=models.PROTECT, related_name="volumes"
    )
    number = models.PositiveIntegerField(pgettext_lazy("of the journal", "volume №"))
    # Empty: one book for letters from everywhere; else the way in whose letters alone stand here.
    book = models.CharField(
        pgettext_lazy("of letters that came by one way", "book"),
        max_length=10,
        choices=Source.choices,
        blank=True,
        editable=False,
    )
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    # The one counter that numbers come from; changed only under a lock.
    last_number = models.PositiveIntegerField(_("entries"), default=0, editable=False)
    columns = models.JSONField(editable=False)
    anonymous_marks = models.JSONField(default=dict, editable=False)
    begun_on = models.DateField(_("begun"))
    finished_on = models.DateField(_("finished"), null=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("finished by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    # Numbers of the entries still open when it was closed: work on them goes on, and the next volume names them.
    carried_over = models.JSONField(default=list, editable=False)
    # Heads in two languages, as the regulation said when the volume was begun.
    two_languages = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("of the journal", "volume")
        verbose_name_plural = pgettext_lazy("of the journal", "volumes")
        ordering = ["school", "-number"]
        permissions = [("close_volume", "Can close volumes of the journal")]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="volume_number_once"),
            models.UniqueConstraint(
                fields=["school", "book", "period_from"], name="volume_period_once"
            ),
            models.CheckConstraint(
                condition=models.Q(period_to__gt=models.F("period_from")),
                name="volume_period_forward",
            ),
        ]

    def __str__(self) -> str:
        years = {self.period_from.year, self.period_to.year}
        shown = f"{self.number} ({'/'.join(str(year) for year in sorted(years))})"
        return f"{shown}, {BOOK_MARKS[Source(self.book)]}" if self.book else shown

    @property
    def title(self) -> str:
        """What the book is called in the language that is spoken."""
        return str(BOOK_TITLES[self.book])

    @property
    def is_closed(self) -> bool:
        """Whether the volume takes no entry any more."""
        return self.finished_on is not None

    def anonymous_mark_in(self, language: str) -> str:
        """The mark for an anonymous author as it was when the volume was begun."""
        return (self.anonymous_marks or {}).get(language, "")
