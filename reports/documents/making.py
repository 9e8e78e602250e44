"""A paper as a file of either form."""

from collections.abc import Callable

from reports.documents.drawing import draw
from reports.documents.paper import Paper
from reports.documents.word_file import CONTENT_TYPE, word_file

FORMS: dict[str, Callable[[Paper], bytes]] = {"pdf": draw, "docx": word_file}
TYPES = {
    "pdf": "application/pdf",
    "docx": CONTENT_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
