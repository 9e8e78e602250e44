"""What the check found and why it happened; the year of study; the school's own list of causes."""

from typing import Any

import pytest
from django.urls import reverse

from journal.history import sentences
from journal.models import Entry, Trail
from journal.rules import can_take
from journal.selectors import history_of
from journal.services import registering, reviewing, verifying
from schools.class_levels import class_level
from schools.errors import Refused
from schools.languages import LANGUAGES
from schools.models import Cause, ClassGroup, School
from schools.services.causes import give_causes, usual_causes
from schools.starting_causes import STARTING_CAUSES
from tests import factories
from tests.factories import Person

Finding = Entry.Finding


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("7 «Б»", 7),
        ("7-Б", 7),
        ("7Б", 7),
        ("11А", 11),
        (' 11 "A"', 11),
        ("2 курс", 2),
        ("2-курс, ИС-21", 2),
        ("5-сынып", 5),
        ("0 класс", 0),
        ("12", 12),
        ("13", None),
        ("21-ИС", None),
        ("1998 ж.", None),
        ("ИС-21", None),
        ("", None),
        ("  ", None),
        ("класс 7", None),
        ("СПОРТ — бокс", 3),
        ("спортбокс", 3),
        ("7 хор", None),
        ("7хор", None),
    ],
)
def test_the_year_of_study_of_what_people_type(text: str, level: int | None) -> None:
    groups = [("Спорт-бокс", 3), ("7 «Хор»", None), ("", 9)]
    assert class_level(text, groups) == level


def test_each_starting_cause_is_named_in_every_language_and_once() -> None:
    for slug, names in usual_causes():
        assert set(names) == set(LANGUAGES), slug
        assert all(name.strip() and name[0].isupper() for name in names.values())
    for code in LANGUAGES:
        assert len({names[code] for _slug, names in usual_causes()}) == len(STARTING_CAUSES)


@pytest.fixture
def school(db) -> School:
    made = factories.make_school(reply_days=5)
    give_causes(school=made)
    ClassGroup.objects.create(school=made, name="Олимп", level=10)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return factories.make_person(school, "psychologist", with_key=True)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    """In review and answered."""
    made = factories.registered_entry(school, by=holder)
    made = reviewing.take_into_review(reviewer=holder.fresh(), **acting(made, holder))
    return reviewing.record_answer(
        answered_on=school.today(), way="on_stand", measures="", **acting(made, holder)
    )


@pytest.fixture
def cause(school: School) -> Cause:
    return Cause.objects.get(school=school, slug="supervision")


def acting(entry: Entry, person: Person) -> dict[str, Any]:
    entry.refresh_from_db()
    return {
        "entry": entry,
        "version": entry.version,
        "by": person.fresh(),
        "keyring": person.keyring(),
    }


class TestClosing:
    @pytest.mark.parametrize("finding", ["justified", "partly", "not_justified", ""])
    def test_what_was_found_is_kept_and_told(
        self, school: School, holder: Person, entry: Entry, cause: Cause, finding: str
    ) -> None:
        after = reviewing.close(
            outcome="Settled.", finding=finding, cause=cause, **acting(entry, holder)
        )
        entry.refresh_from_db()
        assert (entry.finding, entry.cause, entry.closed_on) == (finding, cause, school.today())
        assert after.closed_on == school.today()
        row = Trail.objects.get(step=Trail.Step.CLOSED)
        assert (row.facts["finding"], row.facts["cause"]) == (finding, "supervision")
        told = sentences(entry, history_of(entry), holder.keyring())[-1].text
        assert str(cause) in told
        labels = [str(one.label) for one in Finding if f": {one.label}." in told]
        assert labels == ([str(Finding(finding).label)] if finding else [])
        assert verifying.verify_school(school)

    @pytest.mark.parametrize("finding", ["justified", "partly"])
    @pytest.mark.parametrize("answered", [True, False])
    def test_what_was_justified_has_a_cause(
        self, holder: Person, school: School, entry: Entry, finding: str, answered: bool
    ) -> None:
        if answered:
            close, facts = reviewing.close, {"outcome": "Settled."}
        else:
            entry = factories.registered_entry(school, by=holder)
            reviewing.take_into_review(reviewer=holder.fresh(), **acting(entry, holder))
            close, facts = reviewing.close_without_reply, {"outcome": "", "reason": "Gone."}
        with pytest.raises(Refused):
            close(finding=finding, **facts, **acting(entry, holder))
        entry.refresh_from_db()
        assert (entry.finding, entry.closed_on) == ("", None)
        cause = Cause.objects.filter(school=school).last()
        done = close(finding=finding, cause=cause, **facts, **acting(entry, holder))
        assert (done.finding, done.cause, done.closed_on) == (finding, cause, school.today())

    def test_a_school_without_causes_is_not_held_up(self, holder: Person, entry: Entry) -> None:
        Cause.objects.filter(school=entry.school).update(in_use=False)
        done = reviewing.close(outcome="So.", finding="justified", **acting(entry, holder))
        assert (done.finding, done.cause) == ("justified", None)

    def test_no_other_findings_and_no_cause_of_another_school(
        self, holder: Person, entry: Entry
    ) -> None:
        other = factories.make_school("school-2")
        (theirs, *_rest) = give_causes(school=other)
        for finding, cause in (("guilty", None), ("justified", theirs), ("", theirs)):
            with pytest.raises(Refused):
                reviewing.close(
                    outcome="So.", finding=finding, cause=cause, **acting(entry, holder)
                )
        entry.refresh_from_db()
        assert entry.state == "answered"

    def test_what_is_returned_is_found_anew(
        self, school: School, holder: Person, entry: Entry, cause: Cause
    ) -> None:
        reviewing.close(outcome="So.", finding="justified", cause=cause, **acting(entry, holder))
        back = reviewing.return_to_review(reason="Not so.", **acting(entry, holder))
        assert (back.closed_on, back.finding, back.cause) == (None, "", None)
        assert Trail.objects.get(step=Trail.Step.CLOSED).facts["cause"] == "supervision"
        assert verifying.verify_school(school)


class TestCorrecting:
    def correct(self, entry: Entry, person: Person, **facts: Any) -> Entry:
        return reviewing.correct(
            category=entry.category,
            corrected={},
            reason="A slip.",
            **facts,
            **acting(entry, person),
        )

    def test_finding_and_cause_of_a_finished_entry(
        self, school: School, holder: Person, entry: Entry, cause: Cause
    ) -> None:
        other = Cause.objects.get(school=school, slug="rules")
        reviewing.close(outcome="So.", finding="justified", cause=cause, **acting(entry, holder))
        after = self.correct(entry, holder, finding="partly", cause=other)
        assert (after.finding, after.cause, after.closed_on) == ("partly", other, school.today())
        facts = Trail.objects.get(step=Trail.Step.CORRECTED).facts
        assert facts["finding"] == ["justified", "partly"]
        assert facts["cause"] == ["supervision", "rules"]
        told = sentences(entry, history_of(entry), holder.keyring())[-1].text
        assert str(other) in told
        assert str(Finding.PARTLY.label) in told
        assert verifying.verify_school(school)
        with pytest.raises(Refused):
            self.correct(entry, holder, finding="justified", cause=None)

    def test_not_before_it_is_finished(self, holder: Person, entry: Entry, cause: Cause) -> None:
        for facts in ({"finding": "justified", "cause": cause}, {"cause": cause}):
            with pytest.raises(Refused):
                self.correct(entry, holder, **facts)
        assert self.correct(entry, holder, class_level=3).class_level == 3

    def test_only_by_those_who_finish_the_work(
        self, school: School, holder: Person, entry: Entry, cause: Cause
    ) -> None:
        reviewing.close(outcome="So.", finding="justified", cause=cause, **acting(entry, holder))
        officer = factories.make_person(school, "phone_officer", with_key=True)
        entry.refresh_from_db()
        assert can_take(Trail.Step.CORRECTED, entry, officer.fresh())
        with pytest.raises(Refused):
            self.correct(entry, officer, finding="not_justified", cause=None)
        # What they may correct stays theirs, also when the form sends the finding as it stands.
        after = self.correct(entry, officer, class_level=2, finding="justified", cause=cause)
        assert (after.class_level, after.finding, after.cause) == (2, "justified", cause)

    def test_the_year_follows_a_corrected_class_unless_it_is_given(
        self, holder: Person, entry: Entry
    ) -> None:
        assert entry.class_level == 7
        facts = {"category": None, "reason": "A slip."}
        after = reviewing.correct(
            corrected={"class_group": "олимп"}, **facts, **acting(entry, holder)
        )
        assert after.class_level == 10
        after = reviewing.correct(
            corrected={"class_group": "9А"}, class_level=8, **facts, **acting(entry, holder)
        )
        assert after.class_level == 8
        after = reviewing.correct(
            corrected={"summary": "Other words"}, **facts, **acting(entry, holder)
        )
        assert after.class_level == 8
        assert self.correct(entry, holder, class_level=None).class_level is None


class TestRegistering:
    @pytest.mark.parametrize(
        ("class_group", "level"), [("8 «В»", 8), ("олимп", 10), ("", None), ("кружок", None)]
    )
    def test_the_year_of_study_is_found(
        self, school: School, holder: Person, class_group: str, level: int | None
    ) -> None:
        entry = registering.register_paper(
            school=school,
            opening=None,
            paper=registering.PaperLetter(text="A", audience="student", signed=False),
            registration=registering.Registration(
                summary="S", category=None, class_group=class_group
            ),
            by=holder.fresh(),
            keyring=holder.keyring(),
        )
        entry.refresh_from_db()
        assert entry.class_level == level
        assert verifying.verify_school(school)

    def test_a_group_of_another_school_decides_nothing(
        self, school: School, holder: Person
    ) -> None:
        other = factories.make_school("school-2")
        ClassGroup.objects.create(school=other, name="Заря", level=4)
        factories.send_letter(school)
        opening = factories.open_box(school, by=holder)
        entry = factories.register(
            opening.taken_letters.select_related("opening__school", "letter").get(),
            by=holder,
            class_group="Заря",
        )
        assert entry.class_level is None


class TestPages:
    def test_the_form_asks_and_the_page_shows(
        self, school: School, holder: Person, entry: Entry, cause: Cause
    ) -> None:
        client = factories.signed_in_client(holder)
        page = reverse("admin:journal_entry_change", args=[entry.pk])
        step = reverse("admin:journal_entry_step", args=[entry.pk, "closed"])

        def sent(**fields: Any) -> Any:
            entry.refresh_from_db()
            typed = {"version": entry.version, "outcome": "Settled.", **fields}
            return client.post(step, {f"closed-{name}": value for name, value in typed.items()})

        html = client.get(page).content.decode()
        assert html.count('name="closed-finding"') == 4
        assert (
            " checked" not in html.split('name="closed-finding"', 1)[1].split("</fieldset>", 1)[0]
        )
        for fields in ({}, {"finding": "justified"}, {"finding": "guilty"}, {"finding": ""}):
            assert sent(**fields).status_code == 200, fields
        entry.refresh_from_db()
        assert entry.state == "answered"
        assert sent(finding="justified", cause=cause.pk).status_code == 302
        entry.refresh_from_db()
        assert (entry.finding, entry.cause, entry.state) == ("justified", cause, "closed")
        html = client.get(page).content.decode()
        assert f"<dd><bdi>{cause.name_in('en')}</bdi></dd>" in html
        assert "<dd><bdi>justified</bdi></dd>" in html

        # Corrected on the page: the cause out of use can stay, and what is left alone stays.
        cause.in_use = False
        cause.save()
        step = reverse("admin:journal_entry_step", args=[entry.pk, "corrected"])
        typed = {
            "summary": "Lunch money is taken from a pupil.",
            "category": entry.category_id,
            "class_group": "7Б",
            "class_level": 6,
            "finding": "partly",
            "cause": cause.pk,
            "reason": "A slip.",
            "version": entry.version,
        }
        response = client.post(step, {f"corrected-{name}": value for name, value in typed.items()})
        assert response.status_code == 302
        entry.refresh_from_db()
        assert (entry.class_level, entry.finding, entry.cause) == (6, "partly", cause)
        assert entry.closed_on == school.today()

    def test_the_year_of_study_of_one_letter_is_for_key_holders(
        self, school: School, holder: Person
    ) -> None:
        factories.send_letter(school)
        opening = factories.open_box(school, by=holder)
        taken = opening.taken_letters.select_related("opening__school", "letter").get()
        entry = factories.register(taken, by=holder, class_group="7Б")
        page = reverse("admin:journal_entry_change", args=[entry.pk])
        assert "Year of study" in factories.signed_in_client(holder).get(page).content.decode()
        director = factories.make_person(school, "director")
        html = factories.signed_in_client(director).get(page).content.decode()
        assert "Year of study" not in html
        assert "Who writes" in html

    def test_nothing_to_check_is_a_choice_of_its_own(self, holder: Person, entry: Entry) -> None:
        client = factories.signed_in_client(holder)
        step = reverse("admin:journal_entry_step", args=[entry.pk, "closed"])
        typed = {"version": entry.version, "outcome": "Thanked.", "finding": "nothing", "cause": ""}
        client.post(step, {f"closed-{name}": value for name, value in typed.items()})
        entry.refresh_from_db()
        assert (entry.state, entry.finding, entry.cause) == ("closed", "", None)


class TestTheList:
    def test_it_is_given_once(self, school: School) -> None:
        assert Cause.objects.filter(school=school).count() == len(STARTING_CAUSES)
        Cause.objects.filter(school=school).first().delete()
        assert give_causes(school=school) == []
        assert Cause.objects.filter(school=school).count() == len(STARTING_CAUSES) - 1

    def test_an_administrator_keeps_it_and_nobody_else(self, school: School) -> None:
        client = factories.signed_in_client(factories.make_person(school, "administrator"))
        typed = {
            "school": school.pk,
            "slug": "canteen",
            "names_kk": "Асхана",
            "names_ru": "Столовая",
            "names_ky": "",
            "names_en": "",
            "order": 3,
            "in_use": "on",
        }
        assert client.post(reverse("admin:schools_cause_add"), typed).status_code == 302
        cause = Cause.objects.get(school=school, slug="canteen")
        assert cause.names == {"kk": "Асхана", "ru": "Столовая"}
        change = reverse("admin:schools_cause_change", args=[cause.pk])
        client.post(change, {**typed, "in_use": "", "slug": "other-word"})
        cause.refresh_from_db()
        assert (cause.in_use, cause.slug) == (False, "canteen")
        client.post(reverse("admin:schools_cause_delete", args=[cause.pk]), {"post": "yes"})
        assert Cause.objects.filter(pk=cause.pk).exists()
        other = factories.make_school("school-2")
        (theirs, *_rest) = give_causes(school=other)
        client.post(
            reverse("admin:schools_cause_change", args=[theirs.pk]),
            {**typed, "names_ru": "Не наше"},
        )
        theirs.refresh_from_db()
        assert "Не наше" not in theirs.names.values()
        psychologist = factories.signed_in_client(factories.make_person(school, "psychologist"))
        assert psychologist.get(reverse("admin:schools_cause_changelist")).status_code == 403
