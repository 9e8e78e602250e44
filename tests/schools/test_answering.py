"""What the answering machine says: the school's own words, or ours with the hours of its phones."""

import datetime
from typing import Any

import pytest
from django.test import Client

from journal.models import Trail
from reports.documents.answering_text import read_answering_text
from schools.answering import answering_text
from schools.models import Regulation, School, TrustPhone
from schools.selectors import regulation_of
from schools.working_days import calendar_of
from tests import factories
from tests.factories import make_operator, make_person, signed_in_client

LANGUAGES = ("kk", "ru", "ky", "en")
OWN = {"ru": "Сейчас никого нет.\nОставьте сообщение."}
PAGE = "/admin/answering/college/"


@pytest.fixture
def school(db: None) -> School:
    return factories.make_school("college", sources=["web", "phone"])


def phone(school: School, number: str = "111-22-33", **facts: Any) -> TrustPhone:
    hours = {
        "weekdays": [0, 1, 2, 3, 4],
        "answered_from": datetime.time(9),
        "answered_to": datetime.time(18, 30),
    }
    return TrustPhone.objects.create(school=school, number=number, **{**hours, **facts})


def said(school: School, language: str) -> str:
    regulation = regulation_of(school)
    return answering_text(
        school=school,
        regulation=regulation,
        phones=list(TrustPhone.objects.filter(school=school)),
        calendar=calendar_of(school, regulation),
        language=language,
    )


def test_asks_for_all_that_the_regulation_asks_for_and_says_the_hours(school: School) -> None:
    phone(school)
    text = said(school, "en")
    for word in ("name", "address", "phone number", "question", "working days, 9:00–18:30", "112"):
        assert word in text
    assert school.name_in("en") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_is_whole_in_every_language(school: School, language: str) -> None:
    phone(school)
    text = said(school, language)
    assert "9:00–18:30" in text and text.count("\n") == 3
    others = {said(school, other) for other in LANGUAGES if other != language}
    assert text not in others
    if language != "en":
        assert "please" not in text and "answer" not in text


def test_the_hours_follow_the_phones(school: School) -> None:
    one = phone(school)
    one.answered_to = datetime.time(20)
    one.save()
    assert "9:00–20:00" in said(school, "en")


def test_the_same_hours_of_several_phones_are_said_once_others_with_the_number(
    school: School,
) -> None:
    phone(school)
    phone(school, "444-55-66")
    assert said(school, "en").count("9:00–18:30") == 1
    TrustPhone.objects.filter(number="444-55-66").update(answered_from=datetime.time(14))
    text = said(school, "en")
    assert "111-22-33: working days, 9:00–18:30; 444-55-66: working days, 14:00–18:30" in text


def test_hours_that_nobody_wrote_down_are_not_made_up(school: School) -> None:
    none = {"weekdays": [], "answered_from": None, "answered_to": None}
    phone(school, **none)
    assert "We answer" not in said(school, "en")
    TrustPhone.objects.update(hours={"en": "after lessons"})
    assert "We answer: after lessons." in said(school, "en")


def test_the_schools_own_words_are_said_as_they_are_and_others_elsewhere(school: School) -> None:
    phone(school)
    Regulation.objects.update(answering_texts=OWN)
    assert said(school, "ru") == OWN["ru"]
    assert "9:00–18:30" in said(school, "kk")


def test_the_sheet_says_the_same_line_by_line(school: School) -> None:
    phone(school)
    paper = read_answering_text(school, regulation_of(school), "ru")
    words = [block.text for block in paper.blocks if hasattr(block, "text")]
    assert words == said(school, "ru").split("\n")
    assert paper.blocks[-1].rows[0][1] == "111-22-33"


class TestThePage:
    @pytest.mark.parametrize("role", ["psychologist", "phone_officer", "administrator"])
    def test_is_read_by_who_takes_calls_or_keeps_the_phones(
        self, school: School, role: str
    ) -> None:
        phone(school)
        page = signed_in_client(make_person(school, role)).get(PAGE).content.decode()
        for language in school.languages:
            assert f'lang="{language}"' in page
            for line in said(school, language).split("\n"):
                assert line in page

    def test_the_operator_comes_too_and_others_do_not(self, school: School) -> None:
        assert signed_in_client(make_operator()).get(PAGE).status_code == 200
        stranger = signed_in_client(make_person(school, "director"))
        assert stranger.get(PAGE).status_code == 404
        assert stranger.post(f"{PAGE}print/").status_code == 404

    def test_a_print_is_a_file_and_a_row(self, school: School) -> None:
        phone(school)
        client = signed_in_client(make_person(school, "phone_officer"))
        assert client.get(f"{PAGE}print/").status_code == 405
        answer = client.post(f"{PAGE}print/", {"language": "kk", "file": "docx"})
        assert answer["Content-Disposition"] == 'attachment; filename="answering-text.docx"'
        facts = Trail.objects.get(step=Trail.Step.PRINTED).facts
        assert facts == {"what": "answering text", "language": "kk", "form": "docx"}

    def test_stands_also_before_there_are_rules(self, school: School) -> None:
        Regulation.objects.all().delete()
        page = signed_in_client(make_person(school, "phone_officer")).get(PAGE)
        assert page.status_code == 200

    def test_the_way_there_from_the_settings(self, school: School) -> None:
        client: Client = signed_in_client(make_person(school, "administrator"))
        assert PAGE in client.get("/admin/settings/").content.decode()
        Regulation.objects.update(sources=["web"])
        assert PAGE not in client.get("/admin/settings/").content.decode()
