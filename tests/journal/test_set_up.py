"""The guided set-up: what is missing, and who is told of it on Today."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from box.selectors import box_of, forget_boxes
from journal.models import TakenLetter
from journal.services import registering
from journal.set_up import DONE_BY, STEP_OF, Need, Step, set_up_of, set_ups_of
from journal.set_up_words import said
from schools.models import Category, Membership, Regulation, School, SchoolKey, User
from tests import factories
from tests.factories import Person
from tests.journal.set_up_schools import keepers, make, print_sheet

pytestmark = pytest.mark.django_db

NEW = "admin:set_up_new"


@pytest.fixture
def school() -> School:
    return make()


@pytest.fixture
def operator() -> Client:
    return factories.signed_in_client(factories.make_operator())


def missing(school: School) -> set[Need]:
    return set(set_up_of(School.objects.get(pk=school.pk)).missing)


class TestWhatIsMissing:
    def test_one_after_another_until_nothing_is(self, school: School) -> None:
        letter = {Need.LETTER_SENT}
        assert missing(school) == {Need.KEEPERS, Need.KEY, Need.SHEET, Need.APPROVED, *letter}
        psychologist = factories.make_person(school, "psychologist")
        assert set_up_of(school).keepers_missing == ("social_pedagogue",)
        invited = User.objects.create_user("new", full_name="Әсел")
        Membership.objects.create(user=invited, school=school, role_id="social_pedagogue")
        assert Need.KEEPERS not in missing(school)
        assert set_up_of(school).not_come == ("Әсел",)
        invited.public_key = psychologist.user.public_key
        invited.save()
        assert missing(school) == {Need.KEY, Need.SHEET, Need.APPROVED, *letter}
        factories.give_key(school, to=psychologist)
        assert missing(school) == {Need.SHEET, Need.APPROVED, *letter}
        print_sheet(school)
        Regulation.objects.update(approved_on=school.today())
        assert missing(school) == letter
        sent = factories.send_letter(school, category=None)
        assert missing(school) == {Need.LETTER_TAKEN}
        factories.open_box(school, by=psychologist, few_reason="Проверка")
        assert missing(school) == {Need.LETTER_ASIDE}
        registering.set_aside(
            taken=TakenLetter.objects.get(letter=sent),
            kind="test",
            note="",
            by=psychologist.fresh(),
            keyring=psychologist.keyring(),
        )
        assert missing(school) == set()
        assert set_up_of(school).is_done
        assert set_up_of(school).first_step() is None

    def test_what_ends_is_missing_again(self, school: School) -> None:
        psychologist, _colleague = keepers(school)
        print_sheet(school)
        Category.objects.update(in_use=False)
        School.objects.update(names={"ru": "Школа"})
        SchoolKey.objects.update(retired_at=timezone.now())
        found = missing(school)
        assert {Need.CATEGORIES, Need.NAMES, Need.KEY, Need.SHEET} <= found
        User.objects.filter(pk=psychologist.user.pk).update(is_active=False)
        assert set_up_of(school).keepers_missing == ("psychologist",)
        Regulation.objects.all().delete()
        assert Need.RULES in missing(school)
        assert set_up_of(School.objects.get()).first_step() is Step.SCHOOL

    def test_a_letter_set_aside_for_another_reason_is_no_test(self, school: School) -> None:
        psychologist, _colleague = keepers(school)
        factories.send_letter(school, category=None)
        factories.open_box(school, by=psychologist, few_reason="Проверка")
        registering.set_aside(
            taken=TakenLetter.objects.get(),
            kind="advertising",
            note="",
            by=psychologist.fresh(),
            keyring=psychologist.keyring(),
        )
        assert Need.LETTER_ASIDE in missing(school)

    def test_a_letter_in_earnest_has_gone_the_whole_way_too(self, school: School) -> None:
        psychologist, _colleague = keepers(school)
        factories.send_letter(school, category=None)
        factories.open_box(school, by=psychologist, few_reason="Болезнь")
        factories.register(TakenLetter.objects.get(), by=psychologist)
        assert not missing(school) & {Need.LETTER_SENT, Need.LETTER_TAKEN, Need.LETTER_ASIDE}

    def test_open_as_the_public_page_says_it(self, school: School) -> None:
        def agree() -> bool:
            forget_boxes()
            found = set_up_of(School.objects.get()).is_open
            assert found is box_of(school.slug).is_open
            page = Client().get(f"/ru/{school.slug}/write/").content.decode()
            assert ('name="text"' in page) is found
            return found

        assert not agree()
        psychologist, _colleague = keepers(school)
        assert agree()
        User.objects.filter(pk=psychologist.user.pk).update(is_active=False)
        assert not agree()

    def test_every_need_has_its_step_its_people_and_its_words(self, school: School) -> None:
        assert set(STEP_OF) == set(DONE_BY) == set(Need)
        assert set(STEP_OF.values()) == set(Step)
        assert len({said(need, set_up_of(school)) for need in Need}) == len(Need)

    def test_as_many_queries_for_fifty_schools(self, django_assert_num_queries: object) -> None:
        schools = [make()]
        with django_assert_num_queries(5):
            assert len(set_ups_of(schools)) == 1
        schools += [make(f"other-{number}") for number in range(50)]
        with django_assert_num_queries(5):
            assert len(set_ups_of(schools)) == 51


class TestToday:
    def lines(self, person: Person) -> str:
        page = factories.signed_in_client(person).get(reverse("admin:index"))
        return " ".join(line.text for card in page.context["set_ups"] for line in card["lines"])

    def test_each_is_told_what_they_can_do(self, school: School) -> None:
        psychologist, _colleague = keepers(school)
        administrator = factories.make_person(school, "administrator")
        assert "recovery sheet" in self.lines(psychologist)
        assert "approved" not in self.lines(psychologist)
        assert "approved" in self.lines(administrator)
        assert "recovery sheet" not in self.lines(administrator)

    def test_not_those_of_another_school_nor_who_only_looks(self, school: School) -> None:
        stranger = factories.make_person(make("other"), "administrator")
        page = factories.signed_in_client(stranger).get(reverse("admin:index"))
        assert {card["school"].slug for card in page.context["set_ups"]} == {"other"}
        member = factories.make_person(school, "commission_member")
        assert self.lines(member) == ""

    def test_nothing_when_all_is_done_and_nothing_of_a_demonstration(self, school: School) -> None:
        psychologist, _colleague = keepers(school)
        administrator = factories.make_person(school, "administrator")
        make("demo", is_demo=True)
        print_sheet(school)
        Regulation.objects.update(approved_on=school.today())
        factories.send_letter(school, category=None)
        factories.open_box(school, by=psychologist, few_reason="Проверка")
        factories.register(TakenLetter.objects.get(), by=psychologist)
        for person in (psychologist, administrator, factories.make_operator()):
            assert self.lines(person) == ""

    def test_a_fresh_installation_leads_to_its_first_school(self, operator: Client) -> None:
        page = operator.get(reverse("admin:index"))
        assert page.context["begins_set_up"]
        assert reverse(NEW) in page.content.decode()
        make()
        assert "begins_set_up" not in operator.get(reverse("admin:index")).context

    def test_of_many_schools_the_first_are_named(self, operator: Client) -> None:
        for number in range(12):
            make(f"other-{number:02d}")
        context = operator.get(reverse("admin:index")).context
        assert len(context["set_ups"]) == 10
        assert context["more_set_ups"] == 2
