"""Charts made on the server: pure functions from numbers to a drawing that stands in a page, a PDF or a Word file.

    from reports.charts import Amount, Row, bars, columns, shares, spans

    picture = bars(
        key="by-category",             # unique on its page; Latin letters, digits and hyphens
        title=…, description=…,        # in the language of the page; the description says what the drawing shows
        series=["September", "August", "September 2025"],
        rows=[Row("Bullying", (Amount(7), Amount(5), Amount(1, 4)))],   # one amount for each series; None: not known
    )

- ``bars``: lines under each other, for any division, with long names;
- ``columns``: side by side along time, for months; at most 24 rows;
- ``shares``: each row is one whole in parts (``series`` are the parts); amounts must be exact;
- ``spans``: from the middle one to what nine in ten do not exceed: ``Amount(median, ninetieth, said="3 / 8")``.

``Amount(low, high)`` with two bounds is a number that is covered: drawn solid to the one, dashed to the other, and
written «1–4»; ``said`` writes it otherwise. All four take ``width`` (drawing units; about a px of a page) and return a
``Picture``: in a template ``{{ picture }}`` is the inline SVG (``<svg class="chart" role="img">`` with ``<title>`` and
``<desc>``, no style, no script, no id but its own; WeasyPrint makes a tagged figure of it), ``picture.svg`` the same as
text, and ``picture.png(scale=3)`` a PNG for files that take no SVG (Word), ``picture.alt`` its words there.

Series are told apart by texture and shape as well as by lightness and colour, so they survive a black-and-white printer
and colour blindness; numbers are written beside what they draw. A table with the same numbers belongs beside each.
"""

from reports.charts.amounts import Amount, Row
from reports.charts.bars import bars
from reports.charts.columns import columns
from reports.charts.picture import Picture
from reports.charts.shares import shares
from reports.charts.spans import spans

__all__ = ["Amount", "Picture", "Row", "bars", "columns", "shares", "spans"]
