"""The history of an entry reads as sentences, in four languages, whoever took the steps."""

import datetime
import re

import pytest
from django.utils import translation

from journal.history import sentences
from journal.models import Entry, TakenLetter, Trail
from journal.selectors import history_of
from journal.services import refusing, reviewing, sharing
from schools.languages import LANGUAGES
from schools.models import School
from tests import factories
from tests.factories import Person, make_person

pytestmark = pytest.mark.django_db

ENGLISH = [
    "The letter was registered under № 1.",
    "The letter was taken into review. Reviewer: Full name of deputy_director.school-1.",
    "Measures taken were written down.",
    "The author was answered on {today}: by phone.",
    "The work on the letter was finished.",
    "The letter went back to review.",
    "A slip of the pen was corrected in: Summary and Class or group.",
    "The entry was opened to a colleague: Full name of social_pedagogue.school-1.",
    "Somebody to whom the entry is closed tried to work on it, and was refused.",
]
ADDED = ["", "", "Talked.", "Called.", "Helped.", "Again.", "Misspelt.", "", ""]


@pytest.fixture
def school() -> School:
    return factories.make_school()


@pytest.fixture
def reader(school: School) -> Person:
    make_person(school, "psychologist", with_key=True)
    return make_person(school, "deputy_director", with_key=True)


@pytest.fixture
def entry(school: School, reader: Person) -> Entry:
    """An entry with which everything was done that can be done."""
    letter = factories.send_letter(school, about=["psychologist"])
    factories.open_box(school, by=reader)
    entry = factories.register(TakenLetter.objects.get(letter=letter), by=reader)

    def doing() -> dict[str, object]:
        entry.refresh_from_db()
        return {
            "entry": entry,
            "by": reader.fresh(),
            "keyring": reader.keyring(),
            "version": entry.version,
        }

    reviewing.take_into_review(reviewer=reader.user, **doing())
    reviewing.record_measures(measures="Talked.", **doing())
    reviewing.record_answer(
        answered_on=school.today(), way="by_phone", measures="Called.", **doing()
    )
    reviewing.close(outcome="Helped.", **doing())
    reviewing.return_to_review(reason="Again.", **doing())
    reviewing.correct(
        category=entry.category,
        corrected={"summary": "Lunch money.", "class_group": "8A"},
        reason="Misspelt.",
        **doing(),
    )
    colleague = make_person(school, "social_pedagogue")
    sharing.share(entry=entry, to=colleague.fresh(), by=reader.fresh(), keyring=reader.keyring())
    stranger = make_person(school, "director")
    refusing.note_step_refused(entry=entry, step="closed", by=stranger.user)
    entry.refresh_from_db()
    return entry


def said(entry: Entry, person: Person, language: str) -> list[str]:
    with translation.override(language):
        return [line.text for line in sentences(entry, history_of(entry), person.keyring())]


def test_every_step_is_a_sentence_with_the_words_it_added(
    school: School, entry: Entry, reader: Person
) -> None:
    today = school.today().strftime("%d.%m.%Y")
    assert said(entry, reader, "en") == [text.format(today=today) for text in ENGLISH]
    lines = sentences(entry, history_of(entry), reader.keyring())
    assert [line.added for line in lines] == ADDED
    assert {line.who for line in lines[:-1]} == {reader.user.full_name}
    assert all(isinstance(line.at, datetime.datetime) for line in lines)


def test_every_step_that_an_entry_can_have_is_told(entry: Entry) -> None:
    told = set(history_of(entry).values_list("step", flat=True))
    of_no_entry = {
        step
        for step in Trail.Step.values
        if step.startswith(("key_", "sheet_"))
        or step in ("arrived", "box_opened", "set_aside", "printed", "sign_in_failed", "read")
    }
    assert set(Trail.Step.values) == told | of_no_entry


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_it_is_told_in_each_language(entry: Entry, reader: Person, language: str) -> None:
    lines = said(entry, reader, language)
    english = said(entry, reader, "en")
    names = re.compile(r"Full name of \S+")
    for line, in_english in zip(lines, english, strict=True):
        assert line != in_english
        assert line[0].isupper()
        assert line.endswith(".")
        assert not re.search("[A-Za-z_%{}]", names.sub("", line)), line


def test_without_the_key_the_steps_are_told_and_no_word_of_them(
    entry: Entry, school: School
) -> None:
    director = make_person(school, "director", username="keyless")
    lines = sentences(entry, history_of(entry), director.keyring())
    assert len(lines) == len(ENGLISH)
    assert all(line.added == "" for line in lines)
