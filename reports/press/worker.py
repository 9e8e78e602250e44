"""A process that sets the table of a book: ``python -m reports.press.worker``.

Like ``reports.render_worker`` it knows no database, no key and no Django, and writes nothing anywhere. The first
message is the table's style and where its sheets begin; each one after that holds rows, and is answered by the sheets
that are full by them.
"""

import sys

from reports.press.foreign import Foreign
from reports.press.sheet import Sheets
from reports.press.table import Table, TableStyle
from reports.render_worker import read_message, write_message
from reports.rendering import LibrariesMissing


def main() -> None:
    """Answer until the input ends."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    begin = read_message(questions)
    if begin is None:
        return
    style = TableStyle.from_json(begin["style"])
    with Foreign(style.language) as foreign:
        table = None
        while (question := read_message(questions)) is not None:
            try:
                if table is None:
                    table = Table(style, foreign, key=begin["key"], first_object=begin["first"])
                sheets = _set(table, question)
            except LibrariesMissing:
                write_message(answers, {"error": "libraries"})
                continue
            except Exception as error:
                # Its kind only: the text of an error could quote a letter.
                write_message(answers, {"error": type(error).__name__})
                continue
            answer = {**sheets.as_json(), "next": table.next_sheet, "length": len(sheets.data)}
            write_message(answers, answer, sheets.data)


def _set(table: Table, question: dict) -> Sheets:
    parts = [sheets for place, cells in question["rows"] for sheets in table.add(place, cells)]
    if question["last"]:
        parts += table.end()
    return Sheets.together(parts)


if __name__ == "__main__":
    main()
