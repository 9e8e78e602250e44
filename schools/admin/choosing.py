"""A list of schools from which one is chosen: page by page and by name, however many there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from schools.finding import named_like, typed_words
from schools.models import School

ON_A_PAGE = 30


@dataclass(frozen=True)
class SchoolsFound:
    """A page of schools. ``words``: by which they were looked for."""

    words: str
    page: Page

    @property
    def schools(self) -> list[School]:
        """Those of the page."""
        return list(self.page.object_list)

    @property
    def is_many(self) -> bool:
        """Whether they are more than a person looks through."""
        return bool(self.words) or self.page.has_other_pages()

    @property
    def before(self) -> str:
        """The address of the page before; empty where there is none."""
        return self._address(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        """The address of the next page; empty where there is none."""
        return self._address(self.page.number + 1) if self.page.has_next() else ""

    def _address(self, number: int) -> str:
        words = {"q": self.words} if self.words else {}
        return f"?{urlencode({**words, 'page': number})}"

    def __iter__(self) -> Iterator[School]:
        return iter(self.page.object_list)


def schools_found(request: HttpRequest, schools: QuerySet[School]) -> SchoolsFound:
    """Those that the address asks for (``q``: words of a name, ``page``): two queries, with words three."""
    words = typed_words(request.GET.get("q", ""))
    page = Paginator(named_like(schools, words), ON_A_PAGE).get_page(request.GET.get("page"))
    return SchoolsFound(words, page)


def the_only(schools: QuerySet[School]) -> School | None:
    """The school, where there is one alone."""
    first = list(schools[:2])
    return first[0] if len(first) == 1 else None
