"""The page of the regulation: the whole text, for everybody, in every language, without a script."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from box.selectors import forget_boxes
from box.views import regulation as view
from schools.languages import LANGUAGES
from schools.models import Clause, Regulation, School
from schools.regulation_text import read_text
from tests.factories import Person, make_school

pytestmark = pytest.mark.django_db


def page_of(language: str, slug: str = "school-1", client: Client | None = None) -> str:
    response = (client or Client()).get(f"/{language}/{slug}/regulation/")
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    return response.content.decode()


def visible(page: str) -> str:
    """What is read on the page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_stands_on_it_with_its_numbers(school: School, language: str) -> None:
    text = read_text(school.regulations.get(), language)
    page = page_of(language)
    read = visible(page)
    for part in (text.title, text.subtitle, text.approved.word, text.approved.post):
        assert " ".join(part.split()) in read
    for section in text.sections:
        assert f"{section.number}. {section.title}" in read
        assert page.count(f'id="{section.anchor}"') == page.count(f'href="#{section.anchor}"') == 1
        for clause in section.clauses:
            assert f'id="{clause.anchor}"' in page
            assert f"{clause.number} {' '.join(clause.whole.split())}" in read


def test_it_needs_no_script_and_brings_nothing_of_its_own_to_run(school: School) -> None:
    page = page_of("ru")
    assert re.findall(r'<script src="([^"]+)"', page) == ["/static/box/box.js"]
    assert "style=" not in page
    assert "<form" not in page


def test_it_leads_to_its_copies_to_other_languages_and_back(school: School) -> None:
    page = page_of("ky")
    for form in ("pdf", "docx"):
        assert f'href="/ky/school-1/regulation.{form}"' in page
    for language in LANGUAGES:
        assert f'href="/{language}/school-1/regulation/"' in page
    assert 'href="/ky/school-1/"' in page


def test_the_schools_page_leads_there(keeper: Person) -> None:
    page = Client().get("/kk/school-1/").content.decode()
    assert 'href="/kk/school-1/regulation/"' in page


def test_own_words_stand_there_as_words_in_their_language(school: School) -> None:
    Clause.objects.create(
        regulation=school.regulations.get(),
        section="order",
        texts={"kk": "<b>Бірінші</b> жол.\nЕкінші жол."},
    )
    page = page_of("ru")
    assert (
        '<div lang="kk">\n            <p>&lt;b&gt;Бірінші&lt;/b&gt; жол.<br>Екінші жол.</p>' in page
    )


def test_the_page_is_that_of_the_rules_in_force(school: School) -> None:
    first = school.regulations.get()
    later = Regulation.objects.get(pk=first.pk)
    later.pk, later.reply_days = None, 7
    later.holds_from = school.today().replace(year=school.today().year + 1)
    later.save()
    assert "7 рабочих дней" not in page_of("ru")
    view.kept_pages.forget()
    forget_boxes()
    Regulation.objects.filter(pk=later.pk).update(holds_from=school.today())
    assert "7 рабочих дней" in page_of("ru")


def test_it_is_kept_for_some_seconds_and_asks_nothing_then(
    school: School, django_assert_num_queries: Any
) -> None:
    page_of("en")
    with django_assert_num_queries(0):
        page_of("en")


def test_a_box_without_rules_has_no_such_page() -> None:
    school = make_school("without-rules")
    school.regulations.all().delete()
    for end in ("regulation/", "regulation.pdf", "regulation.docx"):
        assert Client().get(f"/ru/without-rules/{end}").status_code == 404
        assert Client().get(f"/ru/no-such-school/{end}").status_code == 404


def test_nobody_sends_anything_there(school: School) -> None:
    for end in ("regulation/", "regulation.pdf", "regulation.docx"):
        assert Client().post(f"/ru/school-1/{end}").status_code == 405


def test_nothing_of_the_visit_is_kept(school: School) -> None:
    response = Client().get("/ru/school-1/regulation/")
    assert not response.cookies
    assert response.headers["Cache-Control"] == "no-store"
