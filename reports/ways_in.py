"""Posters and cards for anybody who asks, without being a way to burden the server.

What was drawn is kept in memory by what stands on it, and one is drawn at a time (``reports.kept_files``). Staff print
by the same process, and so strangers may have it drawn only so often.
"""

import hashlib

from box import limits
from reports.documents.poster import WayIn, draw_way_in, html_of
from reports.kept_files import Busy, KeptFiles

_EVERYBODY = b"everybody"

drawings = limits.Buckets(at_once=lambda: 100, a_minute=lambda: 20)
kept_files = KeptFiles()


def way_in_file(way: WayIn) -> bytes:
    """The PDF of a poster or of cards. Raises Busy, LibrariesMissing and RenderingFailed."""
    html = html_of(way)
    content = (way.kind, way.colour, html, hashlib.sha256(way.logo).digest())
    return kept_files.get(content, lambda: _drawn(way, html))


def _drawn(way: WayIn, html: str) -> bytes:
    if not drawings.take(_EVERYBODY):
        raise Busy
    return draw_way_in(way, html)
