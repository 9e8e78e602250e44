"""Common first answers: what a school begins with, and how it changes them."""

import re

import pytest
from django.urls import reverse

from schools.languages import LANGUAGES, in_every_language
from schools.models import FirstAnswer
from schools.services.first_answers import give_first_answers
from schools.starting_answers import STARTING_ANSWERS
from tests.factories import make_person, make_school, signed_in_client

# Of the languages that have such; any other is known by its own words alone.
LETTERS_OF_NONE_OF_THEM = {"kk": "[ёщ]", "ru": "[әіңғүұқөһ]", "ky": "[әіғұқһё]", "en": "[а-я]"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_stands_in_each_language_and_in_no_other(language: str) -> None:
    assert 5 <= len(STARTING_ANSWERS) <= 7
    for answer in STARTING_ANSWERS:
        for said in (answer.title, answer.text):
            text = in_every_language(said)[language]
            assert text
            foreign = LETTERS_OF_NONE_OF_THEM.get(language, "(?!)")
            assert not re.search(foreign, text.casefold()), text
            if language in ("kk", "ru", "ky"):
                assert not re.search("[a-z]", text.casefold()), text


def test_the_texts_of_a_language_differ_and_ask_for_the_same() -> None:
    for language in LANGUAGES:
        said = [in_every_language(answer.text)[language] for answer in STARTING_ANSWERS]
        assert len(set(said)) == len(STARTING_ANSWERS)
    for answer in STARTING_ANSWERS:
        texts = in_every_language(answer.text)
        assert len({text.count("[…]") for text in texts.values()}) == 1, answer.title
        for number in ("111", "112"):
            assert len({number in text for text in texts.values()}) == 1


@pytest.mark.django_db
def test_given_once_and_never_over_the_schools_own() -> None:
    school = make_school()
    assert len(give_first_answers(school=school)) == len(STARTING_ANSWERS)
    FirstAnswer.objects.filter(school=school, order=0).update(names={"en": "Our own"})
    assert give_first_answers(school=school) == []
    assert FirstAnswer.objects.get(school=school, order=0).names == {"en": "Our own"}
    assert FirstAnswer(texts={"ru": "Ответ"}).text_in("ky") == "Ответ"


@pytest.mark.django_db
def test_an_administrator_changes_a_text_of_several_lines() -> None:
    school, other = make_school(), make_school("school-2")
    give_first_answers(school=school)
    (theirs, *_rest) = give_first_answers(school=other)
    client = signed_in_client(make_person(school, "administrator"))
    row = FirstAnswer.objects.filter(school=school).first()
    page = reverse("admin:schools_firstanswer_change", args=[row.pk])
    html = client.get(page).content.decode()
    assert html.count("<textarea") == len(LANGUAGES)
    sent = {
        **{f"names_{code}": f"Title {code}" for code in LANGUAGES},
        **{f"texts_{code}": "" for code in LANGUAGES},
        "texts_kk": "Бірінші жол.\r\n\r\nЕкінші жол.",
        "order": 3,
        "in_use": "on",
    }
    assert client.post(page, sent).status_code == 302
    row.refresh_from_db()
    assert row.texts == {"kk": "Бірінші жол.\n\nЕкінші жол."}
    too_long = client.post(page, {**sent, "texts_kk": "а" * 3001})
    assert too_long.status_code == 200
    listed = client.get(reverse("admin:schools_firstanswer_changelist")).content.decode()
    assert f"/firstanswer/{theirs.pk}/" not in listed
    psychologist = signed_in_client(make_person(school, "psychologist"))
    assert psychologist.get(reverse("admin:schools_firstanswer_changelist")).status_code == 403
    assert client.get(reverse("admin:schools_firstanswer_delete", args=[row.pk])).status_code == 403
