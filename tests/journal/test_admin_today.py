"""The first page: counts, one button for each thing that waits, and never content."""

import datetime
import re

import pytest
from django.urls import reverse

from journal.models import Entry
from schools.models import Membership, School
from tests.factories import (
    TEXT,
    make_operator,
    make_person,
    make_school,
    open_box,
    registered_entry,
    send_letter,
    signed_in_client,
)

pytestmark = pytest.mark.django_db

TODAY = "admin:index"


def test_counts_and_buttons():
    school = make_school(reply_days=3)
    holder = make_person(school, "psychologist", with_key=True)
    late = registered_entry(school, by=holder)
    Entry.objects.filter(pk=late.pk).update(due_on=datetime.date(2020, 1, 1))
    registered_entry(school, by=holder)
    send_letter(school)
    opening = open_box(school, by=holder, paper_count=2)
    send_letter(school, danger=True)
    send_letter(school)
    response = signed_in_client(holder).get(reverse(TODAY))
    day = response.context["cards"][0].day
    assert (day.waiting, day.waiting_danger) == (2, 1)
    assert (day.unregistered, day.paper_left) == (3, 2)
    assert (day.in_work, day.due, day.overdue) == (2, 1, 1)
    page = response.content.decode()
    assert reverse("admin:journal_opening_open", args=[school.slug]) in page
    assert reverse("admin:journal_opening_change", args=[opening.pk]) in page
    assert f"?due=overdue&amp;school={school.pk}" in page
    assert TEXT not in page


def test_waiting_for_the_key_is_seen_by_both_sides():
    school = make_school()
    holder = make_person(school, "psychologist", with_key=True)
    waiting = make_person(school, "social_pedagogue")
    page = signed_in_client(waiting).get(reverse(TODAY)).content.decode()
    assert "You are waiting for the key." in page
    assert reverse("admin:journal_opening_open", args=[school.slug]) not in page
    page = signed_in_client(holder).get(reverse(TODAY)).content.decode()
    assert "Waiting for the key:" in page
    assert str(waiting.user) in page


def test_school_without_a_regulation_or_a_key():
    school = make_school()
    school.regulations.all().delete()
    page = signed_in_client(make_person(school, "psychologist")).get(reverse(TODAY))
    assert b"has no regulation yet" in page.content
    assert b"The box has no key yet." in page.content


def test_operator_and_administrator_see_no_letters():
    school = make_school()
    make_person(school, "psychologist", with_key=True)
    send_letter(school, danger=True)
    for person in (make_operator(), make_person(school, "administrator")):
        response = signed_in_client(person).get(reverse(TODAY))
        assert response.context["cards"] == []
        places = [place["address"] for place in response.context["staff_menu"]]
        assert reverse("admin:journal_entry_changelist") not in places
        assert reverse("admin:schools_user_changelist") in places


def test_queries_do_not_grow_with_schools(django_assert_max_num_queries):
    school = make_school()
    person = make_person(school, "psychologist", with_key=True)
    registered_entry(school, by=person)
    client = signed_in_client(person)
    counts = []
    for more in (range(0), range(2, 12)):
        for number in more:
            another = make_school(f"school-{number}")
            Membership.objects.create(user=person.user, school=another, role_id="psychologist")
        with django_assert_max_num_queries(50) as captured:
            cards = client.get(reverse(TODAY)).context["cards"]
        counts.append((len(cards), len(captured)))
    assert [count for count, _queries in counts] == [1, 11]
    # A second hand of schools needs no second hand of queries.
    assert counts[0][1] == counts[1][1]


def test_demonstration_is_said_on_every_page():
    school = make_school()
    person = make_person(school, "psychologist", with_key=True)
    client = signed_in_client(person)
    pages = [reverse(TODAY), reverse("admin:journal_entry_changelist"), reverse("admin:own")]
    assert all(b"Demonstration" not in client.get(page).content for page in pages)
    School.objects.update(is_demo=True)
    assert all(b"Demonstration" in client.get(page).content for page in pages)


def test_staff_pages_hold_no_inline_code():
    school = make_school()
    person = make_person(school, "psychologist", with_key=True)
    entry = registered_entry(school, by=person)
    client = signed_in_client(person)
    for page in (
        reverse(TODAY),
        reverse("admin:journal_entry_changelist"),
        reverse("admin:journal_entry_change", args=[entry.pk]),
        reverse("admin:journal_opening_open", args=[school.slug]),
        reverse("admin:keys", args=[school.slug]),
    ):
        text = client.get(page).content.decode()
        assert (
            re.findall(r"<script(?! src=\"/static/staff/[\w.-]+\.js\" defer></script>)", text) == []
        )
        assert "<style" not in text
        assert ' style="' not in text
        assert " onclick" not in text
