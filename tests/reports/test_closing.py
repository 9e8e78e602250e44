"""The closing page of a closed volume: what it says, that it is issued once, and that a reprint says the same."""

import io

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from journal.models import Trail, Volume
from journal.services.verifying import verify_school
from journal.services.volumes import can_be_closed_from, close_volume, still_open
from reports.closing import Closing
from reports.models import Issued
from schools.models import Regulation, School, User
from schools.numerals import with_words
from tests import factories
from tests.factories import Person, make_person, signed_in_client
from tests.reports.reading import page_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def volume(school: School, holder: Person) -> Volume:
    for _ in range(3):
        factories.registered_entry(school, by=holder)
    return Volume.objects.get()


def closed(volume: Volume, by: Person) -> Volume:
    with time_machine.travel(str(can_be_closed_from(volume)) + "T12:00:00+05:00"):
        return close_volume(
            school=volume.school,
            volume=volume,
            expected_open=[entry.number for entry in still_open(volume)],
            by=by.fresh(),
        )


def printed(client: Client, volume: Volume, **typed: str) -> list[str]:
    address = reverse("admin:journal_volume_print", args=[volume.pk])
    answer = client.post(address, {"language": "en", "extent": "whole", **typed})
    assert answer["Content-Type"] == "application/pdf"
    assert PdfReader(io.BytesIO(answer.content), strict=True).outline
    return [" ".join(text.split()) for text in page_texts(answer.content)]


def test_it_says_what_is_in_the_volume_and_is_issued_once(
    school: School, holder: Person, volume: Volume
) -> None:
    director = make_person(school, "director", full_name="Прежний Директор")
    closed(volume, holder)
    client = signed_in_client(holder)
    first = printed(client, volume)
    last = first[-1]
    for said in (
        "Entries in the volume: 3 (three).",
        "Carried over into the next volume: 3 (three) (№ 1–3).",
        f"Numbered, stitched and sealed: {with_words(len(first), 'en')} sheets.",
        "Прежний Директор",
        "Place for the seal",
    ):
        assert said in last
    issued = Issued.objects.get()
    assert (issued.volume, issued.prints) == (volume, 1)
    User.objects.filter(pk=director.user.pk).update(full_name="Новый Директор")
    School.objects.filter(pk=school.pk).update(names={"en": "Another school"})
    again = printed(client, volume)
    assert again[-1].replace(" · reprint", "") == last
    assert "reprint" in again[-1]
    assert "Another school" not in again[0]
    assert Issued.objects.get().prints == 2
    steps = Trail.objects.filter(step=Trail.Step.DOCUMENT_ISSUED)
    assert steps.get().facts["what"] == "closing page 1"
    verify_school(school)
    shown = client.get(reverse("admin:journal_volume_change", args=[volume.pk])).content.decode()
    assert reverse("admin:journal_scan_attach", args=[issued.pk]) in shown


def test_an_open_volume_and_some_days_of_a_closed_one_have_none(
    holder: Person, volume: Volume
) -> None:
    client = signed_in_client(holder)
    assert "stitched" not in printed(client, volume)[-1]
    closed(volume, holder)
    day = volume.begun_on.isoformat()
    assert "stitched" not in printed(client, volume, extent="days", since=day, until=day)[-1]
    assert not Issued.objects.exists()


@pytest.mark.parametrize("language", ["kk", "ru", "ky"])
def test_every_language(holder: Person, volume: Volume, language: str) -> None:
    closed(volume, holder)
    pages = printed(signed_in_client(holder), volume, language=language)
    assert with_words(len(pages), language, masculine=True) in pages[-1]
    assert "sheets" not in pages[-1]


def test_heads_in_two_languages_as_the_volume_was_begun(school: School, holder: Person) -> None:
    Regulation.objects.filter(school=school).update(two_languages=True)
    factories.registered_entry(school, by=holder)
    Regulation.objects.filter(school=school).update(two_languages=False)
    volume = Volume.objects.get()
    assert volume.two_languages
    page = printed(signed_in_client(holder), volume, language="ru")[1]
    assert "Краткое содержание" in page
    assert "Қысқаша мазмұны" in page


def test_numbers_in_a_row_are_told_as_a_run() -> None:
    def runs(*numbers: int) -> str:
        return Closing({}, "", "", 0, numbers, reprint=False).runs

    assert runs() == ""
    assert runs(4) == "4"
    assert runs(1, 2, 3, 7, 9, 10) == "1–3, 7, 9–10"
    assert runs(*range(1, 2000, 2)).endswith(", 119 …")
    assert with_words(21, "ru", masculine=True) == "21 (двадцать один)"
