"""Finding some among thousands of schools by the words of a name."""

from django.db.models import QuerySet

from schools.models import School
from schools.searching import as_searched

LONGEST_WORDS = 100


def typed_words(text: str) -> str:
    """What somebody typed, without what no name has, and no longer than a name."""
    return " ".join(text.replace("\0", "")[:LONGEST_WORDS].split())


def named_like(schools: QuerySet[School], words: str) -> QuerySet[School]:
    """Schools in whose names (in any language), or short name, each word is found; all where there is no word.

    One query, and none without a word. Looked through here: not every database (SQLite) knows that «ШКОЛА» and
    «школа» are one word.
    """
    wanted = as_searched(words).split()
    if not wanted:
        return schools
    rows = schools.order_by().values_list("pk", "names", "slug")
    return School.objects.filter(
        pk__in=[
            pk
            for pk, names, slug in rows
            if all(word in as_searched(f"{' '.join(names.values())} {slug}") for word in wanted)
        ]
    )
