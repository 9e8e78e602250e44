"""A letter in any language and script: read as it was written, found, answered; none of it leaves by mail or a name."""

import re
import unicodedata

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.html import escape, linebreaks

from box.models import Letter
from journal.forms import RegistrationForm
from journal.models import Entry, TakenLetter
from journal.selectors import matching
from journal.services import answering, reviewing
from journal.services.reminding import remind
from schools.models import School
from schools.searching import as_searched
from tests import factories
from tests.box.author import Author
from tests.box.test_reply import look_up
from tests.factories import Person
from tests.journal.answering.case import acting

pytestmark = pytest.mark.django_db

LETTERS = {
    "Arabic": "في المدرسة يضربني ولد كبير كل يوم!",
    "Hebrew": "בכיתה ח׳ לוקחים לי את הכסף.",
    "Chinese": "在学校里，有人每天抢我的钱。",
    "Uzbek": "Maktabda oʻqituvchi menga baqiradi, gʻazablanadi.",
    "Tajik": "Дар мактаб маро ҳар рӯз мезананд, ҷойи гурез нест.",
    "emoji": "😢😡🙏🏽 👩‍👧 ❤️",
    "mixed": "Он сказал «مرحبا»\nи ушёл, שלום 再见 – oʻzing bilasan 😀",
}
# What a person who looks for it types, with another keyboard.
TYPED = {
    "Arabic": "المَدرسة ولد",
    "Hebrew": "הכֶּסֶף",
    "Chinese": "抢我的钱",
    "Uzbek": "o'qituvchi G’azab",
    "Tajik": unicodedata.normalize("NFD", "ҷойи рӯз"),
    "emoji": "❤ 😡",
    "mixed": "ушел oʻZING 再见",
}
BOTH = pytest.mark.parametrize("script", LETTERS)


@BOTH
def test_from_the_form_to_the_answer(school: School, keeper: Person, script: str) -> None:
    text = LETTERS[script]
    author = Author(slug=school.slug)
    code = author.code_after(author.write(text=text))
    letter = Letter.objects.get()
    assert letter.read(keeper.keyring())["text"] == text
    factories.open_box(school, by=keeper)
    entry = factories.register(TakenLetter.objects.get(letter=letter), by=keeper, summary=text)
    page = _page(keeper, entry)
    shown = re.findall(r'<(?:p|div) class="written" dir="auto"[^>]*>([^<]*)<', page)
    assert shown.count(escape(text)) == 2, "the letter and its summary"
    reviewing.take_into_review(reviewer=keeper.fresh(), **acting(entry, keeper))
    answering.answer_by_code(text=text, **acting(entry, keeper))
    read = look_up(code).content.decode()
    assert (
        read.count(f'<div class="words" dir="auto">{linebreaks(text, autoescape=True)}</div>') == 1
    )
    assert re.search(r'<textarea(?=[^>]*name="text")(?=[^>]*dir="auto")', read)
    summary = str(RegistrationForm(categories=[])["summary"])
    assert re.search(r'<textarea(?=[^>]*name="summary")(?=[^>]*dir="auto")', summary)


def _page(person: Person, entry: Entry) -> str:
    address = reverse("admin:journal_entry_change", args=[entry.pk])
    return factories.signed_in_client(person).get(address).content.decode()


@BOTH
def test_it_is_found_however_it_is_typed(school: School, keeper: Person, script: str) -> None:
    entry = factories.registered_entry(school, by=keeper, text=LETTERS[script])
    others = [
        factories.registered_entry(school, by=keeper, text=text)
        for name, text in LETTERS.items()
        if name not in (script, "mixed")
    ]
    assert matching([entry, *others], TYPED[script], keeper.keyring()) == [entry.pk]
    listed = factories.signed_in_client(keeper).post(
        reverse("admin:journal_entry_changelist"), {"words": TYPED[script]}
    )
    assert [found.pk for found in listed.context["cl"].result_list] == [entry.pk]


@BOTH
def test_no_mail_carries_any_of_it(
    school: School, keeper: Person, script: str, django_capture_on_commit_callbacks: object
) -> None:
    keeper.user.email = "keeper@school.example"
    keeper.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        Author(slug=school.slug).write(text=LETTERS[script], danger="on")
    remind()
    words = [word for word in re.split(r"\s+", LETTERS[script]) if len(word) > 1]
    assert mail.outbox, "a danger is told"
    for sent in mail.outbox:
        assert not [word for word in words if word in f"{sent.subject}{sent.body}"]


def test_one_form_for_what_is_written_in_two_ways() -> None:
    assert as_searched("Oʻzbek oʼzbek O'ZBEK o’zbek") == "o'zbek o'zbek o'zbek o'zbek"
    assert as_searched("Ёлка") == as_searched("елка")
    assert as_searched(unicodedata.normalize("NFD", "Ұйқы, май, Ӣ")) == as_searched("ұйқы, май, ӣ")
    assert as_searched("شَمْس شمـس") == "شمس شمس"
    assert as_searched("мой") != as_searched("мои")
