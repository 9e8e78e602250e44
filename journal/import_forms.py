"""Forms of taking a list over: the file, what its columns are, and the words that only a person can tell."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl.utils import get_column_letter

from box.files.field import FilesInput
from box.files.uploads import SealedUpload
from journal.importing.checking import Layout, Rows
from journal.importing.columns import Target
from journal.importing.entries import Choices, Unfinished
from journal.importing.refusals import NotRead, Why
from journal.importing.words import plain
from journal.importing.worker import Table, read_upload
from schools.models import Category
from schools.models.regulation import Audience, Column, Source

ACCEPTED = (".xlsx", ".xlsm", ".ods", ".csv", ".txt", "text/csv")
# Among so many first rows the one with the heads can be chosen.
MOST_HEADS = 20
MOST_CATEGORIES = 40
_SHOWN = 60  # characters of a head, or of a name that the file has

REASONS = {
    Why.TOO_BIG: gettext_lazy("The file is larger than 10 MB. Part it in two."),
    Why.EMPTY: gettext_lazy("There is nothing in this file."),
    Why.UNKNOWN: gettext_lazy(
        "This is no table that can be read here. Save it as XLSX, ODS or CSV."
    ),
    Why.BROKEN: gettext_lazy(
        "The file is damaged, or holds what no table needs. Save it anew as XLSX and choose it again."
    ),
    Why.OLD_OR_LOCKED: gettext_lazy(
        "The file is of an old kind (.xls), or locked by a password. Save it as XLSX without a password."
    ),
    Why.UNPACKS_TOO_BIG: gettext_lazy(
        "The file grows too large when it is opened. Keep the table alone, without pictures."
    ),
    Why.TOO_MANY_ROWS: gettext_lazy("The table has more than 20,000 rows. Part it in two."),
    Why.TOO_MANY_COLUMNS: gettext_lazy(
        "The table has more than 60 columns. Keep those that are needed."
    ),
    Why.TOO_LONG: gettext_lazy(
        "Reading the file took too long. Keep the table alone and save it anew."
    ),
    Why.BUSY: gettext_lazy(
        "Many files are being read just now. Wait a minute, then choose it again."
    ),
    Why.NO_ROOM: gettext_lazy("There is no room for files just now. Try again later."),
}


class TableField(forms.Field):
    """One file with a table; the value is what was read of it."""

    widget = FilesInput(attrs={"accept": ",".join(ACCEPTED)})

    def clean(self, value: list[SealedUpload] | None) -> Table:
        if not value:
            raise ValidationError(_("Choose a file."), code="required")
        if len(value) > 1:
            raise ValidationError(_("Choose one file alone."), code="too_many")
        try:
            return read_upload(value[0])
        except NotRead as refusal:
            raise ValidationError(REASONS[refusal.why], code=refusal.why.name.lower()) from None


class FileForm(forms.Form):
    """The file."""

    attachments = TableField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "XLSX, ODS or CSV, up to 10 MB and 20,000 rows. The first sheet is read. Formulas are not computed: their "
            "values are taken. If letters such as ә, қ or ө turned into question marks, save the file as XLSX."
        ),
    )


class ColumnsForm(forms.Form):
    """Which column is what. ``guessed``: the columns told by their heads."""

    head = forms.TypedChoiceField(label=gettext_lazy("The heads stand in row"), coerce=int)

    def __init__(
        self, *args: Any, rows: Rows, layout: Layout, targets: Sequence[Target], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.targets = targets
        self.fields["head"].choices = [
            (place, f"{number}: {_short(' | '.join(cell for cell in cells if cell))}")
            for place, (number, cells) in enumerate(rows[:MOST_HEADS])
        ]
        self.fields["head"].initial = layout.head
        choices = [
            ("", pgettext_lazy("a column of a file", "— is not taken over —")),
            *((target.name, target.label) for target in targets),
        ]
        named = {place: name for name, place in layout.columns.items()}
        self.places = range(len(rows[layout.head][1]))
        for place in self.places:
            head = rows[layout.head][1][place]
            field = forms.ChoiceField(
                label=f"{get_column_letter(place + 1)}: {_short(head) or '—'}",
                choices=choices,
                required=False,
                initial=named.get(place, ""),
            )
            field.asked = True
            self.fields[f"column-{place}"] = field

    def columns(self) -> dict[str, int]:
        """Of a valid form: the place of each column by its name."""
        told = {place: self.cleaned_data.get(f"column-{place}", "") for place in self.places}
        return {name: place for place, name in told.items() if name}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        told: dict[str, int] = {}
        for place in self.places:
            name = cleaned.get(f"column-{place}")
            if name and name in told:
                self.add_error(
                    f"column-{place}",
                    ValidationError(_("Another column is this already."), code="twice"),
                )
            elif name:
                told[name] = place
        for target in self.targets:
            if target.needed and target.name not in told:
                text = _("Say which column this is: %(column)s.")
                self.add_error(
                    None, ValidationError(text, code="needed", params={"column": target.label})
                )
        return cleaned


class JournalColumnsForm(ColumnsForm):
    """The columns of a former journal, and what holds for all its rows."""

    source = forms.ChoiceField(
        label=gettext_lazy("Letters of which the file does not say how they came"),
        choices=Source.choices,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Letters of which the file does not say who wrote"),
        choices=Audience.choices,
    )
    unfinished = forms.ChoiceField(
        label=gettext_lazy("Letters of which the file does not say that they were answered"),
        help_text=gettext_lazy(
            "An open letter stands among those that wait for a reply. A deadline that has passed is not given to it."
        ),
        choices=[
            (Unfinished.OPEN, gettext_lazy("are still open: the work on them goes on here")),
            (Unfinished.CLOSED, gettext_lazy("are finished: nobody works on them any more")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        choices: Choices,
        unknown: Sequence[str],
        categories: Sequence[Category],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "audience", "unfinished"):
            self.fields[name].initial = getattr(choices, name)
        self.category_place = kwargs["layout"].columns.get(Column.CATEGORY)
        # Those that were told before stay, to be changed.
        self.unknown = list(unknown[:MOST_CATEGORIES])
        offered = [
            ("", "—"),
            *((str(one.pk), str(one)) for one in categories),
            ("none", pgettext_lazy("a category", "no category")),
        ]
        for place, name in enumerate(self.unknown):
            known = choices.categories.get(plain(name), "")
            self.fields[f"category-{place}"] = forms.ChoiceField(
                label=_("In the file: %(name)s") % {"name": _short(name)},
                choices=offered,
                initial="none" if known is None else str(known),
                required=False,
            )
            self.fields[f"category-{place}"].asked = True
        self.order_fields(["head", *(f"column-{place}" for place in self.places)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        told = {cleaned.get(f"column-{place}") for place in self.places}
        if cleaned.get(f"column-{self.category_place}") == Column.CATEGORY:
            for place in range(len(self.unknown)):
                if not cleaned.get(f"category-{place}"):
                    text = _("Choose which of the school’s categories this is.")
                    self.add_error(f"category-{place}", ValidationError(text, code="required"))
        if not told & {Column.TAKEN_ON, Column.RECEIVED_AT}:
            self.add_error(
                None, ValidationError(_("Say in which column the day stands."), code="needed")
            )
        return cleaned

    def choices(self) -> dict[str, Any]:
        """Of a valid form: the fields of ``Choices``."""
        given = [self.cleaned_data[f"category-{place}"] for place in range(len(self.unknown))]
        categories = {
            plain(name): None if chosen == "none" else int(chosen)
            for name, chosen in zip(self.unknown, given, strict=True)
            if chosen
        }
        return {
            **{name: self.cleaned_data[name] for name in ("source", "audience", "unfinished")},
            "categories": categories,
        }


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
