"""Checking rows by django-import-export's fields and widgets, every error by its row and its column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.widgets import Widget
from openpyxl.utils import get_column_letter

from journal.importing.columns import Target
from journal.importing.words import NOTHING

Rows = Sequence[tuple[int, list[str]]]

# What a spreadsheet shows where a formula has failed.
_FORMULA_ERRORS = frozenset(
    ("#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#ССЫЛКА!", "#ИМЯ?", "#ЗНАЧ!",
     "#ДЕЛ/0!", "#Н/Д", "#ЧИСЛО!", "#ПУСТО!", "Err:502", "Err:508")
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """Something wrong: the row as the file counts them, the column's label, the cell (``C14``), and what it is."""

    row: int
    column: str
    cell: str
    text: str


@dataclass(frozen=True)
class Layout:
    """Where things stand in a file: the place of the row with the heads, and of each column by its target's name."""

    head: int
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Checked:
    """What came of it: the rows as objects, in the order of the file, and all that is wrong."""

    rows: list[Any] = field(default_factory=list, repr=False)
    # Those with errors too, with what could be read of them.
    all_rows: list[Any] = field(default_factory=list, repr=False)
    findings: list[Finding] = field(default_factory=list)


class Words(Widget):
    """A text: not longer than so many characters, on one line or several."""

    def __init__(self, most: int, *, needed: bool = False, one_line: bool = True) -> None:
        super().__init__()
        self.most, self.needed, self.one_line = most, needed, one_line

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        text = " ".join(value.split()) if self.one_line else value.strip()
        if text in NOTHING:
            text = ""
        if not text and self.needed:
            raise ValueError(_("This has to be filled in."))
        if text in _FORMULA_ERRORS:
            raise ValueError(_("This cell holds the error of a formula, and no value."))
        if len(text) > self.most:
            raise ValueError(
                _("This is longer than %(most)s characters: %(count)s.")
                % {"most": self.most, "count": len(text)}
            )
        return self.made_of(text, **kwargs) if text else self.nothing(**kwargs)

    def made_of(self, text: str, **kwargs: Any) -> Any:
        """The value of a text that is not empty. Raises ValueError, its text for the person."""
        return text

    def nothing(self, **kwargs: Any) -> Any:
        """The value where nothing stands."""
        return ""


def column(name: str, widget: Widget, *, attribute: str = "") -> Field:
    """A field of a resource that is read from the column of that name; its errors are told under the same name."""
    return Field(attribute=attribute or str(name), column_name=str(name), widget=widget)


class RowsResource(Resource):
    """Makes an object of each row, and stores nothing: that is for a service, once all of them are right."""

    class Meta:
        force_init_instance = True
        import_id_fields = ()
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        use_transactions = False

    makes: type

    def init_instance(self, row: Mapping[str, Any] | None = None) -> Any:
        return self.makes()

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self.made.append(instance)

    def _check_import_id_fields(self, headers: list[str]) -> None:
        """A list of this kind has nothing to find former rows by."""

    def import_field(
        self, field: Field, instance: Any, row: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> None:
        if field.column_name in row:
            super().import_field(field, instance, row, *args, **kwargs)

    def validate_instance(
        self,
        instance: Any,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """What the cells of a row say together, besides what each says."""
        heads = {field.attribute: field.column_name for field in self.fields.values()}
        errors = {heads[name]: why for name, why in (import_validation_errors or {}).items()}
        for name, text in self.contradictions(instance, frozenset(errors)):
            errors.setdefault(name, ValidationError(text, code="row"))
        if errors:
            raise ValidationError(errors)

    def contradictions(self, instance: Any, wrong: frozenset[str]) -> Iterable[tuple[str, str]]:
        """Pairs of a column's name and what is wrong there. ``wrong``: columns that have an error already."""
        return ()

    def save_instance(self, instance: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing is stored here."""

    def checked(
        self, rows: Rows, layout: Layout, targets: Sequence[Target], **terms: Any
    ) -> Checked:
        """The rows under the heads. ``terms`` go to every widget."""
        names = [target.name for target in targets if target.name in layout.columns]
        width = max(layout.columns.values(), default=-1) + 1
        data = tablib.Dataset(headers=names)
        for _number, cells in rows:
            padded = [*cells, *[""] * (width - len(cells))]
            data.append([padded[layout.columns[name]] for name in names])
        self.made: list[Any] = []
        # ``import_data`` itself would first ask the database whether it knows transactions.
        result = self.import_data_inner(
            data,
            dry_run=True,
            raise_errors=False,
            using_transactions=False,
            collect_failed_rows=False,
            **terms,
        )
        for broken in (*result.base_errors, *(row.errors[0] for row in result.error_rows)):
            raise broken.error
        wrong = {row.number: row for row in result.invalid_rows}
        checked = Checked(all_rows=self.made)
        for place, (number, _cells) in enumerate(rows, start=1):
            instance = self.made[place - 1]
            instance.row = number
            if place not in wrong:
                checked.rows.append(instance)
                continue
            checked.findings += [
                finding(number, name, text, layout, targets)
                for name, texts in wrong[place].error_dict.items()
                for text in texts
            ]
        return checked


def finding(row: int, name: str, text: str, layout: Layout, targets: Sequence[Target]) -> Finding:
    """What is wrong in the column of that name, with the cell's place; of a whole row without one."""
    label = next((str(target.label) for target in targets if target.name == name), "")
    place = layout.columns.get(name)
    cell = f"{get_column_letter(place + 1)}{row}" if place is not None else ""
    return Finding(row=row, column=label, cell=cell, text=text)
