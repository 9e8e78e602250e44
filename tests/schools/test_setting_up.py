"""A school is made whole or not at all, from any of the starting regulations."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from schools.countries import COUNTRIES
from schools.emergency import EMERGENCY_NUMBERS
from schools.errors import Conflict, Refused
from schools.languages import LANGUAGES
from schools.models import (
    Body,
    CalendarDay,
    Category,
    FirstAnswer,
    Invitation,
    Membership,
    Regulation,
    School,
    TrustPhone,
    User,
    Vacation,
)
from schools.selectors import regulation_of
from schools.services.hiring import Newcomer, PersonFault, hire, people_in_school
from schools.services.inviting import accept
from schools.services.setting_up import Phone, set_up_school
from schools.starting_regulations import STARTING_REGULATIONS
from tests import factories
from trustbox.demo.loading import add_school
from trustbox.demo.schools import SCHOOLS, rules_of

pytestmark = pytest.mark.django_db

FACTS = {
    "slug": "school-12",
    "names": {"kk": "№ 12 мектеп", "ru": "Школа № 12"},
    "country": "KZ",
    "template": "weekly-psychologist",
}
TABLES = (
    School,
    Regulation,
    Category,
    TrustPhone,
    Body,
    FirstAnswer,
    Vacation,
    CalendarDay,
)


def make(**facts: object) -> School:
    return set_up_school(**{**FACTS, "by": None, **facts})


@pytest.mark.parametrize("template", STARTING_REGULATIONS)
@pytest.mark.parametrize("country", COUNTRIES)
def test_each_start_makes_a_whole_school_in_each_country(template: str, country: str) -> None:
    school = make(template=template, country=country)
    start, facts = STARTING_REGULATIONS[template], COUNTRIES[country]
    assert school.time_zone == facts.time_zones[0]
    assert school.languages == list(facts.languages)
    regulation = regulation_of(school)
    for name, value in start.settings.items():
        assert getattr(regulation, name) == value, name
    assert regulation.holds_from == school.today()
    assert regulation.counted_from.month == 9
    assert regulation.counted_from <= school.today()
    rows = Category.objects.filter(school=school)
    assert [(row.slug, row.names) for row in rows] == list(start.categories)
    assert Body.objects.filter(school=school).exists()
    assert FirstAnswer.objects.filter(school=school).exists()
    assert not school.is_demo


def test_every_start_speaks_four_languages() -> None:
    for start in STARTING_REGULATIONS.values():
        texts = [names for _slug, names in start.categories]
        texts += [start.settings["box_names"], start.settings["place"]]
        assert all(set(text) >= {"kk", "ru", "ky", "en"} and all(text.values()) for text in texts)


def test_each_country_of_a_school_has_its_facts() -> None:
    assert set(COUNTRIES) == set(School.Country.values) == set(EMERGENCY_NUMBERS)
    for facts in COUNTRIES.values():
        assert set(facts.languages) <= set(LANGUAGES)


def test_the_demonstration_is_made_by_it_from_each_start() -> None:
    assert [data["template"] for data in SCHOOLS] == list(STARTING_REGULATIONS)
    for data in SCHOOLS:
        school = add_school(data)
        regulation = regulation_of(school)
        assert school.is_demo
        assert {name: getattr(regulation, name) for name in rules_of(data)} == rules_of(data)
        assert school.trust_phones.count() == len(data["phones"])


def test_what_is_given_goes_before_what_is_usual() -> None:
    day = datetime.date(2026, 12, 12)
    school = make(
        languages=["ru", "kk", "en"],
        time_zone="Asia/Oral",
        working_week=6,
        box_names={"ru": "Синий ящик"},
        settings={"opens_at": "09:30", "reply_days": 3, "counted_from": "2026-10-01"},
        categories=[("study", {"ru": "Учёба"})],
        phones=[
            Phone(
                names={"ru": "Психолог"},
                number="111",
                weekdays=(0, 1),
                answered_from=datetime.time(9),
                answered_to=datetime.time(12),
            )
        ],
        vacations=[(day, day + datetime.timedelta(days=9))],
        special_days={day: True},
    )
    regulation = regulation_of(school)
    assert (school.main_language, school.time_zone, school.working_week) == ("ru", "Asia/Oral", 6)
    assert regulation.box_names == {"ru": "Синий ящик"}
    assert (regulation.opens_at, regulation.reply_days) == (datetime.time(9, 30), 3)
    assert regulation.counted_from == datetime.date(2026, 10, 1)
    assert [row.slug for row in school.categories.all()] == ["study"]
    assert school.trust_phones.get().weekdays == [0, 1]
    assert school.vacations.get().first_day == school.calendar_days.get().day == day


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"template": "monthly"}, "template"),
        ({"country": "UZ"}, "country"),
        ({"slug": "admin"}, "slug"),
        ({"slug": "Школа"}, "slug"),
        ({"names": {}}, "names"),
        ({"names": {"tlh": "DuSaQ"}}, "names"),
        ({"time_zone": "Asia/Atlantis"}, "time_zone"),
        ({"languages": ["kk", "kk"]}, "languages"),
        ({"working_week": 7}, "working_week"),
        ({"site": "not a site"}, "site"),
        ({"settings": {"weekday": 9}}, "weekday"),
        ({"settings": {"school": 1}}, "school"),
        ({"settings": {"no_such": 1}}, "no_such"),
        ({"settings": {"columns": ["summary"]}}, "columns"),
        ({"settings": {"schedule": "monthly"}}, "month_days"),
        ({"categories": []}, "categories"),
        ({"categories": [("a", {"ru": "А"}), ("a", {"ru": "Б"})]}, "category"),
        ({"categories": [("a b", {"ru": "А"})]}, "slug"),
        ({"phones": [Phone(names={"ru": "П"}, number="1", weekdays=(9,))]}, "weekdays"),
        ({"phones": [Phone(names={"ru": "П"}, number="1", weekdays=(1,))]}, "__all__"),
        ({"vacations": [(datetime.date(2026, 2, 2), datetime.date(2026, 2, 1))]}, "last_day"),
    ],
)
def test_a_fault_is_named_by_its_field_and_nothing_half_is_made(facts: dict, field: str) -> None:
    with pytest.raises(ValidationError) as fault:
        make(**facts)
    assert field in fault.value.message_dict
    assert [table.objects.count() for table in TABLES] == [0] * len(TABLES)


def test_a_second_one_with_the_short_name_is_a_conflict() -> None:
    make()
    before = [table.objects.count() for table in TABLES]
    with pytest.raises(Conflict):
        make(template="weekly-commission")
    assert [table.objects.count() for table in TABLES] == before


def test_a_twin_made_at_the_same_moment_is_a_conflict_too(monkeypatch: pytest.MonkeyPatch) -> None:
    first = make()
    # The other request had looked before the first was stored.
    monkeypatch.setattr("schools.services.setting_up._taken_of", lambda slugs: False)
    with pytest.raises(Conflict):
        make()
    assert list(School.objects.all()) == [first]
    assert Regulation.objects.count() == 1


def test_the_starts_are_not_changed_by_the_schools_made_from_them() -> None:
    regulation = regulation_of(make())
    regulation.columns.append("age")
    regulation.save()
    assert "age" not in STARTING_REGULATIONS[FACTS["template"]].settings["columns"]


def test_only_who_may_add_schools() -> None:
    school = factories.make_school()
    administrator = factories.make_person(school, "administrator")
    with pytest.raises(Refused):
        make(by=administrator.user)
    assert School.objects.count() == 1
    assert make(by=factories.make_operator().user).slug == "school-12"


class TestHiring:
    def test_each_comes_in_by_their_own_link(self) -> None:
        school = make()
        newcomers = [
            Newcomer(full_name="Айгүл", roles=["psychologist"], email="a@b.kz"),
            Newcomer(full_name="Данияр", roles=["psychologist"], language="ru"),
            Newcomer(full_name="Әсел", roles=["deputy_director", "commission_member"]),
        ]
        hired = hire(school=school, people=newcomers, by=None)
        assert [row.user.username for row in hired] == [
            "psychologist.school-12",
            "psychologist2.school-12",
            "deputy.school-12",
        ]
        assert [row.user.language for row in hired] == ["kk", "ru", "kk"]
        assert hired[2].user.roles_by_school == {
            school.pk: {"deputy_director", "commission_member"}
        }
        assert not any(row.user.has_usable_password() for row in hired)
        user, _pair = accept(token=hired[1].token, password="a long one to keep in mind")
        assert user == hired[1].user
        assert user.has_pair

    @pytest.mark.parametrize(
        ("newcomer", "field"),
        [
            ({"roles": []}, "roles"),
            ({"roles": ["boss"]}, "roles"),
            ({"full_name": ""}, "full_name"),
            ({"email": "nowhere"}, "email"),
            ({"language": "tlh"}, "language"),
            ({"username": "a b"}, "username"),
            ({"username": "taken"}, "username"),
            ({"roles": ["administrator"], "called_in_danger": True}, "called_in_danger"),
        ],
    )
    def test_one_fault_and_nobody_is_hired(self, newcomer: dict, field: str) -> None:
        school = make()
        User.objects.create_user("taken", full_name="Taken")
        good = Newcomer(full_name="Айгүл", roles=["director"])
        bad = Newcomer(**{"full_name": "Данияр", "roles": ["psychologist"], **newcomer})
        with pytest.raises(PersonFault) as fault:
            hire(school=school, people=[good, bad], by=None)
        assert fault.value.place == 1
        assert list(fault.value.faults) == [field]
        assert not Membership.objects.exists()
        assert not Invitation.objects.exists()

    def test_a_form_sent_twice_adds_nobody_again(self) -> None:
        school = make()
        newcomer = Newcomer(full_name="Айгүл", roles=["director"])
        before = people_in_school(school)
        hire(school=school, people=[newcomer], by=None, people_before=before)
        with pytest.raises(Conflict):
            hire(school=school, people=[newcomer], by=None, people_before=before)
        assert people_in_school(school) == 1

    def test_only_who_manages_people_there(self) -> None:
        school, other = make(), factories.make_school()
        stranger = factories.make_person(other, "administrator")
        newcomer = Newcomer(full_name="Айгүл", roles=["director"])
        for by in (stranger, factories.make_person(school, "psychologist")):
            with pytest.raises(Refused):
                hire(school=school, people=[newcomer], by=by.user)
        administrator = factories.make_person(school, "administrator")
        assert len(hire(school=school, people=[newcomer], by=administrator.user)) == 1
        assert Invitation.objects.get().made_by == administrator.user

    def test_a_free_user_name_of_another_school_is_no_twin(self) -> None:
        school = make()
        factories.make_person(factories.make_school("old-school-12"), "psychologist")
        newcomer = Newcomer(full_name="Айгүл", roles=["psychologist"])
        (hired,) = hire(school=school, people=[newcomer], by=None)
        assert hired.user.username == "psychologist.school-12"
