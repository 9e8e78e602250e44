"""A school's own clauses and the approving block on the page of its regulation."""

import pytest
from django.test import Client
from django.urls import reverse

from schools.models import Clause, Regulation, School
from tests.factories import make_person, make_school, open_box, signed_in_client
from tests.schools.test_admin_settings import regulation_form, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def client(school: School) -> Client:
    return signed_in_client(make_person(school, "administrator"))


def page_of(regulation: Regulation) -> str:
    return reverse("admin:schools_regulation_change", args=[regulation.pk])


def form_of(regulation: Regulation, *rows: dict[str, str], kept: int = 0, **facts: str) -> dict:
    """What the page sends with these rows of clauses, of which the first ``kept`` are there already."""
    sent = regulation_form(regulation.school, **facts)
    sent |= {"clauses-TOTAL_FORMS": str(len(rows)), "clauses-INITIAL_FORMS": str(kept)}
    for place, row in enumerate(rows):
        sent |= {f"clauses-{place}-{name}": value for name, value in row.items()}
        sent[f"clauses-{place}-regulation"] = str(regulation.pk)
    return sent


def row(section: str, russian: str, **facts: str) -> dict[str, str]:
    return {"section": section, "order": "1", **texts("texts", {"ru": russian}), **facts}


def test_a_clause_is_added_changed_and_taken_away(school: School, client: Client) -> None:
    regulation = school.regulations.get()
    empty = row("", "", order="0")
    response = client.post(
        page_of(regulation), form_of(regulation, row("tasks", "Наша задача.\r\nИ ещё."), empty)
    )
    assert response.status_code == 302
    clause = Clause.objects.get()
    assert (clause.section, clause.texts) == ("tasks", {"ru": "Наша задача.\nИ ещё."})
    public = Client().get(f"/ru/{school.slug}/regulation/").content.decode()
    assert "Наша задача.<br>И ещё." in public
    there = {"id": str(clause.pk)}
    client.post(page_of(regulation), form_of(regulation, row("order", "Иначе.", **there), kept=1))
    clause.refresh_from_db()
    assert (clause.section, clause.texts) == ("order", {"ru": "Иначе."})
    gone = row("order", "Иначе.", DELETE="on", **there)
    client.post(page_of(regulation), form_of(regulation, gone, kept=1))
    assert not Clause.objects.exists()


def test_a_clause_without_section_or_words_is_refused(school: School, client: Client) -> None:
    regulation = school.regulations.get()
    for broken in (row("", "Слова."), row("tasks", "")):
        response = client.post(page_of(regulation), form_of(regulation, broken))
        assert response.status_code == 200
        assert not Clause.objects.exists()


def test_the_head_of_the_document_is_kept(school: School, client: Client) -> None:
    regulation = school.regulations.get()
    facts = {
        **texts("approver_posts", {"ru": "Директор школы"}),
        "approver": "С. Сериков",
        "approved_on": "2026-09-01",
        **texts("answering_texts", {"ru": "Оставьте сообщение."}),
    }
    assert client.post(page_of(regulation), form_of(regulation, **facts)).status_code == 302
    regulation.refresh_from_db()
    assert regulation.approver_posts == {"ru": "Директор школы"}
    assert (regulation.approver, f"{regulation.approved_on}") == ("С. Сериков", "2026-09-01")
    assert regulation.answering_texts == {"ru": "Оставьте сообщение."}


def test_rules_that_were_worked_by_take_no_clause(school: School, client: Client) -> None:
    regulation = school.regulations.get()
    before = client.get(page_of(regulation)).content.decode()
    assert 'name="clauses-1-section"' in before
    open_box(school, by=make_person(school, "psychologist", with_key=True))
    after = client.get(page_of(regulation)).content.decode()
    assert 'name="clauses-0-section"' not in after
    client.post(page_of(regulation), form_of(regulation, row("tasks", "Поздно.")))
    assert not Clause.objects.exists()


def test_a_clause_of_another_school_is_out_of_reach(school: School, client: Client) -> None:
    other = make_school("school-2")
    theirs = Clause.objects.create(
        regulation=other.regulations.get(), section="tasks", texts={"ru": "Чужое."}
    )
    regulation = school.regulations.get()
    sent = form_of(regulation, row("tasks", "Моё.", id=str(theirs.pk)), kept=1)
    client.post(page_of(regulation), sent)
    theirs.refresh_from_db()
    assert theirs.texts == {"ru": "Чужое."}
    assert client.get(page_of(other.regulations.get())).status_code == 302
