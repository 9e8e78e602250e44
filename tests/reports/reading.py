"""What a reader finds in a PDF."""

import io
from collections import Counter

import pdfplumber
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


def page_texts(file: bytes) -> list[str]:
    """The text of each page."""
    with pdfplumber.open(io.BytesIO(file)) as pdf:
        return [page.extract_text() or "" for page in pdf.pages]


def tables(file: bytes) -> list[list[list[str]]]:
    """The table of each page after the cover: rows of cells, a line's end read as a space."""
    with pdfplumber.open(io.BytesIO(file)) as pdf:
        return [
            [[" ".join((cell or "").split()) for cell in row] for row in page.extract_table() or []]
            for page in pdf.pages[1:]
        ]


def words(file: bytes) -> Counter[str]:
    """How often each word stands in the file."""
    return Counter(word for text in page_texts(file) for word in text.split())


def elements(file: bytes) -> list[DictionaryObject]:
    """Every element of the tag tree in order. Fails on one that does not hang where it says."""
    root = PdfReader(io.BytesIO(file), strict=True).trailer["/Root"]["/StructTreeRoot"]
    found: list[DictionaryObject] = []

    def walk(element: DictionaryObject) -> None:
        found.append(element)
        kids = element.get("/K", ArrayObject())
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            child = kid.get_object()
            if isinstance(child, DictionaryObject):
                if child["/P"].get_object() is not element:
                    raise AssertionError("A tag hangs elsewhere than it says.")
                walk(child)

    for top in root["/K"]:
        walk(top.get_object())
    return found
