"""The journal on the staff site: its list, its search, an entry's page and its steps."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from journal.models import Entry, Trail
from journal.services import reviewing
from schools.models import Category
from tests.factories import (
    TEXT,
    Person,
    make_operator,
    make_person,
    make_school,
    registered_entry,
    signed_in_client,
)

pytestmark = pytest.mark.django_db

LIST = "admin:journal_entry_changelist"


@pytest.fixture
def school():
    return make_school(reply_days=5, anonymous_marks={"en": "nameless", "kk": "жасырын"})


@pytest.fixture
def holder(school) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder) -> Client:
    return signed_in_client(holder)


@pytest.fixture
def entry(school, holder) -> Entry:
    return registered_entry(school, by=holder)


def page_of(entry) -> str:
    return reverse("admin:journal_entry_change", args=[entry.pk])


def step_of(entry, step) -> str:
    return reverse("admin:journal_entry_step", args=[entry.pk, step])


def post_step(client, entry, step, **fields):
    data = {"version": entry.version, **fields}
    return client.post(
        step_of(entry, step), {f"{step}-{name}": value for name, value in data.items()}
    )


def in_review(entry, holder) -> Entry:
    return reviewing.take_into_review(
        entry=entry, reviewer=holder.user, by=holder.fresh(), keyring=holder.keyring(), version=1
    )


class TestList:
    def test_shows_authors_to_a_holder(self, client, school, holder, entry):
        registered_entry(school, by=holder, signed=True)
        page = client.get(reverse(LIST)).content.decode()
        assert "nameless" in page
        assert "Айгүл Серікқызы" in page
        assert "7Б" in page

    def test_without_key_no_name(self, school, holder):
        registered_entry(school, by=holder, signed=True)
        page = signed_in_client(make_person(school, "director")).get(reverse(LIST))
        assert "Айгүл" not in page.content.decode()
        assert "closed to you" in page.content.decode()

    def test_other_schools_entries_are_not_there(self, client, entry):
        other = make_school("school-2")
        theirs = registered_entry(other, by=make_person(other, "psychologist", with_key=True))
        page = client.get(reverse(LIST))
        shown = [row.pk for row in page.context["cl"].result_list]
        assert shown == [entry.pk]
        assert theirs.pk not in shown
        titles = {
            spec.parameter_name
            for spec in page.context["cl"].filter_specs
            if not hasattr(spec, "is_dates")
        }
        assert "school" not in titles

    def test_operator_sees_no_journal(self, entry):
        assert signed_in_client(make_operator()).get(reverse(LIST)).status_code == 403

    def test_queries_are_the_same_for_one_row_and_for_fifty(
        self, client, school, holder, entry, django_assert_max_num_queries
    ):
        counts = []
        for more in (0, 49):
            for _entry in range(more):
                registered_entry(school, by=holder, signed=True)
            with django_assert_max_num_queries(40) as captured:
                client.get(reverse(LIST))
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_overdue_is_said_in_words(self, client, school, holder, entry):
        late = registered_entry(school, by=holder)
        Entry.objects.filter(pk=late.pk).update(due_on=datetime.date(2020, 1, 1))
        page = client.get(reverse(LIST), {"due": "overdue"})
        assert [row.pk for row in page.context["cl"].result_list] == [late.pk]
        assert "overdue</span>" in page.content.decode()
        page = client.get(reverse(LIST), {"due": "due"})
        assert [row.pk for row in page.context["cl"].result_list] == [entry.pk]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"state": "registered"}, [2]),
            ({"state": "in_review"}, [1]),
            ({"state": "open"}, [2, 1]),
            ({"danger": "yes"}, [2]),
            ({"source": "paper"}, []),
            ({"source": "web"}, [2, 1]),
            ({"since": "2999-01-01"}, []),
            ({"until": "2999-01-01"}, [2, 1]),
            ({"since": "never"}, [2, 1]),
        ],
    )
    def test_filters(self, client, school, holder, entry, query, expected):
        in_review(entry, holder)
        registered_entry(school, by=holder, danger=True)
        page = client.get(reverse(LIST), query)
        assert [row.number for row in page.context["cl"].result_list] == expected

    def test_filters_by_category_and_volume(self, client, school, holder, entry):
        other = registered_entry(school, by=holder, category="requests")
        for query in (
            {"category": other.category_id},
            {"category": other.category_id, "volume": other.volume_id},
        ):
            page = client.get(reverse(LIST), query)
            assert [row.pk for row in page.context["cl"].result_list] == [other.pk]

    def test_category_choices_are_the_schools_own(self, client, entry):
        make_school("school-2")
        page = client.get(reverse(LIST))
        spec = next(
            s
            for s in page.context["cl"].filter_specs
            if getattr(s, "parameter_name", "") == "category"
        )
        mine = {
            str(pk)
            for pk in Category.objects.filter(school=entry.school).values_list("pk", flat=True)
        }
        assert {value for value, _label in spec.lookup_choices} == mine

    def test_nothing_is_added_changed_or_deleted_past_the_services(self, client, entry):
        assert client.get(reverse("admin:journal_entry_add")).status_code == 403
        assert (
            client.post(reverse("admin:journal_entry_delete", args=[entry.pk])).status_code == 403
        )
        assert client.post(page_of(entry), {"number": 9}).status_code == 405
        client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": entry.pk})
        entry.refresh_from_db()
        assert entry.number == 1
        assert not LogEntry.objects.exists()


class TestSearch:
    def found(self, response) -> list[int]:
        return [row.number for row in response.context["cl"].result_list]

    def test_finds_words_of_letter_and_summary(self, client, school, holder, entry):
        registered_entry(school, by=holder, summary="Терезе сынған", text="Свет не горит")
        assert self.found(client.post(reverse(LIST), {"words": "lunch GYM"})) == [1]
        assert self.found(client.post(reverse(LIST), {"words": "ТЕРЕЗЕ свет"})) == [2]
        assert self.found(client.post(reverse(LIST), {"words": "nowhere"})) == []

    def test_words_stand_in_no_address(self, client, entry):
        response = client.post(reverse(LIST), {"words": "Lunch", "state": "registered"})
        assert response.status_code == 200
        assert self.found(response) == [1]
        page = response.content.decode()
        assert 'value="Lunch"' in page
        assert "q=Lunch" not in page
        assert "words=" not in page.replace('name="words"', "")

    def test_filters_narrow_what_is_searched(self, client, entry):
        assert self.found(client.post(reverse(LIST), {"words": "lunch", "state": "closed"})) == []

    def test_without_words_leads_to_the_filters(self, client, entry):
        response = client.post(reverse(LIST), {"words": " ", "state": "open", "csrf": "x"})
        assert response.headers["Location"] == f"{reverse(LIST)}?state=open"

    def test_without_key_finds_nothing_sealed(self, school, entry):
        director = signed_in_client(make_person(school, "director"))
        assert self.found(director.post(reverse(LIST), {"words": "lunch"})) == []

    def test_never_in_another_school(self, entry):
        other = make_school("school-2")
        stranger = signed_in_client(make_person(other, "psychologist", with_key=True))
        assert self.found(stranger.post(reverse(LIST), {"words": "1"})) == []


class TestPage:
    def test_shows_letter_and_leaves_a_row(self, client, entry):
        reads = Trail.objects.filter(step=Trail.Step.READ, entry=entry)
        before = reads.count()
        page = client.get(page_of(entry)).content.decode()
        assert TEXT in page
        assert "Lunch money is taken from a pupil." in page
        assert reads.count() == before + 1

    def test_without_key_closed_and_without_steps(self, school, entry):
        colleague = signed_in_client(make_person(school, "social_pedagogue"))
        response = colleague.get(page_of(entry))
        assert TEXT not in response.content.decode()
        assert b"Closed to you" in response.content
        assert response.context["steps"] == []
        assert not Trail.objects.filter(step=Trail.Step.READ).exists()

    def test_other_school_and_nonsense_find_nothing(self, client, entry):
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        assert signed_in_client(stranger).get(page_of(entry)).status_code == 404
        assert client.get("/admin/journal/entry/nonsense/change/").status_code == 404

    @pytest.mark.parametrize("typed", ["nonsense", "%00", "x" * 5000, "%F0%9F%98%80"])
    @pytest.mark.parametrize("name", ["state", "source", "due", "category", "volume"])
    def test_a_filter_s_choice_that_nobody_offered_is_no_fault(self, client, entry, name, typed):
        response = client.get(f"{reverse(LIST)}?{name}={typed}", follow=True)
        assert response.status_code == 200
        found = response.context["cl"].result_count
        assert found == (1 if name == "due" else 0)

    def test_history_speaks_in_sentences(self, client, holder, entry):
        reviewed = in_review(entry, holder)
        post_step(client, reviewed, "measures_recorded", measures="Talked to the class.")
        page = client.get(page_of(entry)).content.decode()
        assert "The letter was registered under № 1." in page
        assert f"The letter was taken into review. Reviewer: {holder.user}." in page
        assert "Measures taken were written down." in page
        assert "Talked to the class." in page

    def test_neighbours(self, client, school, holder, entry):
        second = registered_entry(school, by=holder)
        response = client.get(page_of(entry))
        assert (response.context["before"], response.context["after"]) == (None, second)
        assert client.get(page_of(second)).context["before"] == entry

    def test_queries_do_not_grow_with_history(
        self, client, holder, entry, django_assert_max_num_queries
    ):
        entry = in_review(entry, holder)
        counts = []
        for more in (1, 12):
            for line in range(more):
                entry = reviewing.record_measures(
                    entry=entry,
                    measures=f"Line {line}",
                    by=holder.fresh(),
                    keyring=holder.keyring(),
                    version=entry.version,
                )
            with django_assert_max_num_queries(60) as captured:
                client.get(page_of(entry))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestSteps:
    def test_the_whole_way(self, client, holder, entry):
        post_step(client, entry, "taken_into_review", reviewer=holder.user.pk)
        entry.refresh_from_db()
        assert (entry.state, entry.reviewer) == ("in_review", holder.user)
        post_step(client, entry, "measures_recorded", measures="First.")
        entry.refresh_from_db()
        post_step(
            client,
            entry,
            "answered",
            answered_on=entry.taken_on,
            way="on_stand",
            measures="Second.",
        )
        entry.refresh_from_db()
        assert (entry.state, entry.reply_way) == ("answered", "on_stand")
        post_step(client, entry, "closed", outcome="It stopped.", finding="nothing")
        entry.refresh_from_db()
        assert entry.state == "closed"
        content = entry.read(holder.keyring())
        assert content["measures"] == "First.\nSecond."
        assert content["outcome"] == "It stopped."
        post_step(client, entry, "returned", reason="It began again.")
        entry.refresh_from_db()
        assert entry.state == "in_review"
        assert entry.read(holder.keyring())["measures"].endswith("It began again.")

    def test_correction_changes_only_what_was_typed(self, client, holder, entry):
        response = post_step(
            client,
            entry,
            "corrected",
            summary="Lunch money is taken.",
            class_group="7Б",
            category=entry.category_id,
            reason="A slip.",
        )
        assert response.status_code == 302
        entry.refresh_from_db()
        assert entry.read(holder.keyring())["summary"] == "Lunch money is taken."
        page = client.get(page_of(entry)).content.decode()
        assert "A slip of the pen was corrected in: Summary." in page
        assert "A slip." in page

    def test_correction_without_a_change_is_refused(self, client, entry):
        response = post_step(
            client,
            entry,
            "corrected",
            summary="Lunch money is taken from a pupil.",
            class_group="7Б",
            category=entry.category_id,
            reason="Nothing.",
        )
        assert "Nothing was changed." in response.content.decode()
        entry.refresh_from_db()
        assert entry.version == 1

    def test_stale_form_is_a_conflict_that_keeps_the_words(self, client, holder, entry):
        reviewed = in_review(entry, holder)
        post_step(client, reviewed, "measures_recorded", measures="First.")
        response = post_step(client, reviewed, "measures_recorded", measures="Typed meanwhile.")
        assert response.status_code == 409
        assert "Typed meanwhile." in response.content.decode()
        entry.refresh_from_db()
        assert entry.read(holder.keyring())["measures"] == "First."

    def test_wrong_state_is_a_conflict(self, client, entry):
        assert (
            post_step(client, entry, "closed", outcome="Too early.", finding="nothing").status_code
            == 409
        )
        entry.refresh_from_db()
        assert entry.state == "registered"

    def test_refused_form_keeps_what_was_typed(self, client, holder, entry):
        reviewed = in_review(entry, holder)
        response = post_step(
            client, reviewed, "answered", answered_on="2001-01-01", way="on_stand", measures="Met."
        )
        assert response.status_code == 200
        assert "Met." in response.content.decode()
        assert "The date of the reply lies between" in response.content.decode()
        entry.refresh_from_db()
        assert entry.state == "in_review"

    @pytest.mark.parametrize("step", ["taken_into_review", "corrected", "closed"])
    def test_get_is_refused(self, client, entry, step):
        assert client.get(step_of(entry, step)).status_code == 405

    def test_who_may_not(self, school, holder, entry):
        director = make_person(school, "director")
        keyless = make_person(school, "social_pedagogue")
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        for person, status in ((director, 403), (keyless, 403), (stranger, 404)):
            response = post_step(
                signed_in_client(person), entry, "taken_into_review", reviewer=holder.user.pk
            )
            assert response.status_code == status
        entry.refresh_from_db()
        assert entry.state == "registered"

    def test_reviewer_of_another_school_cannot_be_chosen(self, client, entry):
        stranger = make_person(make_school("school-2"), "psychologist")
        post_step(client, entry, "taken_into_review", reviewer=stranger.user.pk)
        entry.refresh_from_db()
        assert entry.state == "registered"

    def test_unknown_step(self, client, entry):
        assert client.post(step_of(entry, "registered")).status_code == 403


def test_volume_page_and_list_are_narrowed(client, entry):
    other = make_school("school-2")
    theirs = registered_entry(other, by=make_person(other, "psychologist", with_key=True))
    page = client.get(reverse("admin:journal_volume_changelist"))
    assert [row.pk for row in page.context["cl"].result_list] == [entry.volume_id]
    own = client.get(reverse("admin:journal_volume_change", args=[entry.volume_id]))
    assert "nameless" in own.content.decode()
    address = reverse("admin:journal_volume_change", args=[theirs.volume_id])
    assert client.get(address).status_code == 404
