"""The database itself refuses what no program may do to the book."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from box.models import Letter
from journal import bound
from journal.models import Book, Entry, Opening, TakenLetter, Trail, Volume
from schools.models import School
from tests import factories


@pytest.fixture
def school(db: None) -> School:
    school = factories.make_school()
    holder = factories.make_person(school, "psychologist", with_key=True)
    factories.registered_entry(school, by=holder)
    factories.registered_entry(school, by=holder)
    return school


def raw_delete(model: type) -> int:
    return model.objects.all()._raw_delete("default")


FORBIDDEN: dict[str, Callable[[], object]] = {
    "deleting entries": lambda: raw_delete(Entry),
    "deleting letters": lambda: raw_delete(Letter),
    "deleting the trail": lambda: raw_delete(Trail),
    "deleting openings": lambda: raw_delete(Opening),
    "deleting volumes": lambda: raw_delete(Volume),
    "deleting what was taken out": lambda: raw_delete(TakenLetter),
    "deleting the book": lambda: raw_delete(Book),
    "renumbering": lambda: Entry.objects.filter(number=2).update(number=7),
    "another date taken out": lambda: Entry.objects.update(taken_on="2020-01-01"),
    "another author": lambda: Entry.objects.update(signed=True),
    "another original letter": lambda: Letter.objects.update(content=b"x"),
    "another arrival": lambda: Letter.objects.update(arrived_hour="2020-01-01T00:00Z"),
    "another number for the author": lambda: Letter.objects.update(number="9"),
    "a trail row changed": lambda: Trail.objects.filter(position=1).update(facts={"x": 1}),
    "the counter turned back": lambda: Volume.objects.update(last_number=0),
    "other columns of a begun volume": lambda: Volume.objects.update(columns=["number"]),
    "the end of the chain turned back": lambda: Book.objects.update(rows=0),
    "an opening changed": lambda: Opening.objects.update(web_count=9),
    "a registered letter set aside": lambda: TakenLetter.objects.filter(position=1).update(
        entry=None
    ),
}


@pytest.mark.parametrize("deed", list(FORBIDDEN))
def test_the_database_refuses(school: School, deed: str) -> None:
    with pytest.raises(DatabaseError, match="the book is bound"), transaction.atomic():
        FORBIDDEN[deed]()


def test_every_trigger_is_in_place_and_a_missing_one_is_named(db: None) -> None:
    assert bound.missing(connection) == []
    bound.unbind(connection)
    assert "journal_entry_kept" in bound.missing(connection)
    bound.bind(connection)
    assert bound.missing(connection) == []
