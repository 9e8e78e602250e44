"""Pages set without a browser's layout: a book's table line by line, straight into PDF.

A thousand entries take WeasyPrint's boxes ten seconds, and these lines a tenth of one: the table of the journal is a
fixed grid of plain text, so all it needs is where lines break. Letters that our font lacks (an emoji, another
script) are still drawn by WeasyPrint (``foreign.py``), and nothing else of it is needed here.
"""
