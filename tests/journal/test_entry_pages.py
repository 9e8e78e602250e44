"""Pages of the journal's list that is not narrowed: the same as by counting, whatever the volumes."""

import datetime
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.urls import reverse

from journal.admin.entry_pages import VolumesPaginator, paginator_for
from journal.models import Entry, Volume
from journal.selectors import entries_for
from schools.models import Membership, Regulation, School
from tests import factories
from tests.factories import Person
from trustbox.demo.synthetic import Filler

pytestmark = pytest.mark.django_db
PER_PAGE = 3


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


def fill(school: School, *counts: int) -> None:
    """Volumes of so many entries, the newest one last."""
    for ago, count in reversed(list(enumerate(reversed(counts)))):
        Filler(school, school.today().year - ago).fill(count)


def list_of(person: Person) -> QuerySet[Entry]:
    """All the person sees, as the list orders it."""
    request = RequestFactory().get("/")
    request.user = person.fresh()
    order = admin.site.get_model_admin(Entry).get_ordering(request)
    return entries_for(request.user).order_by(*order, "-pk")


def pages(paginator: Paginator) -> Iterator[list[int]]:
    for page in paginator:
        yield [entry.pk for entry in page.object_list]


def by_volumes(person: Person) -> VolumesPaginator:
    request = RequestFactory().get("/", {"p": "1"})
    request.user = person.fresh()
    paginator = paginator_for(request, list_of(person), PER_PAGE)
    assert isinstance(paginator, VolumesPaginator)
    return paginator


def is_as_counted(person: Person) -> bool:
    counted = Paginator(list_of(person), PER_PAGE)
    told = by_volumes(person)
    return (told.count, list(pages(told))) == (counted.count, list(pages(counted)))


@pytest.mark.parametrize(
    "counts", [(1,), (3,), (7,), (3, 3), (7, 2), (1, 1, 1), (2, 5, 4), (8, 1, 7)]
)
def test_pages_are_the_same_as_by_counting(
    school: School, holder: Person, counts: tuple[int, ...]
) -> None:
    fill(school, *counts)
    assert Volume.objects.count() == len(counts)
    assert by_volumes(holder).count == sum(counts)
    assert is_as_counted(holder)


def test_an_empty_volume_and_no_volume_at_all(school: School, holder: Person) -> None:
    assert by_volumes(holder).count == 0
    assert [list(page.object_list) for page in by_volumes(holder)] == [[]]
    fill(school, 4)
    first = Volume.objects.get()
    Volume.objects.create(
        school=school,
        number=2,
        period_from=datetime.date(2031, 1, 1),
        period_to=datetime.date(2031, 12, 31),
        columns=first.columns,
        begun_on=datetime.date(2031, 1, 1),
    )
    assert is_as_counted(holder)


def test_several_books(school: School, holder: Person) -> None:
    Regulation.objects.filter(school=school).update(
        books=Regulation.Books.BY_SOURCE, sources=["web", "paper"]
    )
    fill(school, 7)
    assert Volume.objects.exclude(book="").count() == 2
    assert is_as_counted(holder)


def test_several_schools(school: School, holder: Person) -> None:
    other = factories.make_school("another")
    factories.make_person(other, "psychologist", with_key=True)
    fill(school, 5, 2)
    fill(other, 4)
    assert by_volumes(holder).count == 7
    Membership.objects.create(user=holder.user, school=other, role_id="psychologist")
    assert by_volumes(holder).count == 11
    assert is_as_counted(holder)


def test_a_page_that_is_not_there(school: School, holder: Person) -> None:
    fill(school, 4)
    for number in (0, 3, "x"):
        with pytest.raises(InvalidPage):
            by_volumes(holder).page(number)


@pytest.mark.parametrize("query", [{"state": "closed"}, {"o": "1"}, {"since": "2026-01-01"}])
def test_a_narrowed_or_sorted_list_is_counted(
    school: School, holder: Person, query: dict[str, str]
) -> None:
    request = RequestFactory().get("/", query)
    request.user = holder.fresh()
    assert type(paginator_for(request, list_of(holder), PER_PAGE)) is Paginator


def test_found_words_are_counted(school: School, holder: Person) -> None:
    fill(school, 6)
    client = factories.signed_in_client(holder)
    words = {"words": Entry.objects.first().read(holder.keyring())["summary"]}
    found = client.post(reverse("admin:journal_entry_changelist"), words).context_data["cl"]
    assert found.result_count == len(found.result_list) < 6


def numbers(client: Client, query: str = "") -> list[int]:
    shown = client.get(reverse("admin:journal_entry_changelist") + query).context_data["cl"]
    return [entry.number for entry in shown.result_list]


def test_the_list_leafs_through_all_volumes(
    school: School, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site.get_model_admin(Entry), "list_per_page", PER_PAGE)
    fill(school, 2, 4)
    client = factories.signed_in_client(holder)
    assert numbers(client) == [4, 3, 2]
    assert numbers(client, "?p=2") == [1, 2, 1]
    assert numbers(client, "?all=") == [4, 3, 2, 1, 2, 1]
