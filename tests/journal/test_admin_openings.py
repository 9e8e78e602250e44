"""Opening the box on the staff site, and the screen on which letters get their numbers."""

import pytest
from django.test import Client
from django.urls import reverse

from journal.models import Entry, Opening, TakenLetter, Trail
from schools.models import Category
from tests.factories import (
    TEXT,
    Person,
    make_operator,
    make_person,
    make_school,
    open_box,
    register,
    send_letter,
    signed_in_client,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def holder(school) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder) -> Client:
    return signed_in_client(holder)


def open_address(school) -> str:
    return reverse("admin:journal_opening_open", args=[school.slug])


def screen(opening) -> str:
    return reverse("admin:journal_opening_change", args=[opening.pk])


def register_address(taken) -> str:
    return reverse("admin:journal_opening_register", args=[taken.opening_id, taken.pk])


def aside_address(taken) -> str:
    return reverse("admin:journal_opening_aside", args=[taken.opening_id, taken.pk])


def opening_form(holder, **facts):
    return {
        "present": [str(holder.user.pk)],
        "others": "Aigul Serik, parent",
        "place": "Room 12",
        "kind": "scheduled",
        "reason": "",
        "paper_count": "1",
        "last_seen": "",
        **facts,
    }


def registration(taken, school, **facts):
    category = Category.objects.filter(school=school).first()
    fields = {"summary": "Money is taken.", "category": str(category.pk), "class_group": "7B"}
    return {f"register-{taken.pk}-{name}": value for name, value in (fields | facts).items()}


def paper(opening, school, **facts):
    fields = {
        "text": "A letter on paper.",
        "audience": "student",
        "signed": "no",
        "summary": "On paper.",
        "category": str(Category.objects.filter(school=school).first().pk),
        "class_group": "",
        "typed_before": "0",
    }
    return {f"paper-{name}": value for name, value in (fields | facts).items()}


class TestOpenBox:
    def test_opens_with_what_the_form_says(self, client, holder, school):
        send_letter(school)
        response = client.post(open_address(school), opening_form(holder))
        opening = Opening.objects.get()
        assert response.headers["Location"] == screen(opening)
        assert (opening.web_count, opening.paper_count) == (1, 1)
        assert opening.present == [
            {"name": str(holder.user), "role": "psychologist", "post": "", "confirmed": True},
            {"name": "Aigul Serik", "role": "", "post": "parent", "confirmed": False},
        ]
        assert opening.read(holder.keyring())["place"] == "Room 12"

    def test_out_of_turn_needs_a_reason_and_keeps_the_rest(self, client, holder, school):
        response = client.post(open_address(school), opening_form(holder, kind="out_of_turn"))
        assert not Opening.objects.exists()
        page = response.content.decode()
        assert "Say why the box is opened out of turn." in page
        assert "Aigul Serik, parent" in page

    def test_schedule_says_which_kind_is_offered(self, holder):
        for schedule, kind in (("daily", "scheduled"), ("monthly", "out_of_turn")):
            school = make_school(
                f"s-{schedule}", schedule=schedule, month_days=[], on_working_days=False
            )
            person = make_person(school, "psychologist", with_key=True)
            page = signed_in_client(person).get(open_address(school))
            assert page.context["form"]["kind"].value() == kind

    def test_second_press_is_told_who_was_first(self, client, holder, school):
        send_letter(school)
        client.post(open_address(school), opening_form(holder))
        response = client.post(open_address(school), opening_form(holder, place="Room 13"))
        assert response.status_code == 409
        assert Opening.objects.count() == 1
        page = response.content.decode()
        assert str(holder.user) in page
        assert screen(Opening.objects.get()) in page
        assert "Room 13" in page

    def test_without_key_nothing_is_opened(self, holder, school):
        colleague = signed_in_client(make_person(school, "social_pedagogue"))
        assert b"You do not hold the key" in colleague.get(open_address(school)).content
        response = colleague.post(open_address(school), opening_form(holder))
        assert response.status_code == 403
        assert not Opening.objects.exists()

    def test_role_that_does_not_open(self, holder, school):
        director = signed_in_client(make_person(school, "director"))
        assert director.post(open_address(school), opening_form(holder)).status_code == 403
        assert not Opening.objects.exists()

    def test_other_schools_staff_and_operator_find_nothing(self, holder, school):
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        for person in (stranger, make_operator()):
            response = signed_in_client(person).post(open_address(school), opening_form(holder))
            assert response.status_code == 404
        assert not Opening.objects.exists()

    def test_school_without_regulation(self, client, school):
        school.regulations.all().delete()
        assert b"has no regulation yet" in client.get(open_address(school)).content


class TestScreen:
    def test_shows_letters_and_leaves_a_row(self, client, holder, school):
        send_letter(school)
        opening = open_box(school, by=holder)
        rows = Trail.objects.filter(step=Trail.Step.READ, opening=opening)
        before = rows.count()
        assert TEXT in client.get(screen(opening)).content.decode()
        assert rows.count() == before + 1

    def test_without_key_closed(self, holder, school):
        send_letter(school)
        opening = open_box(school, by=holder)
        page = signed_in_client(make_person(school, "social_pedagogue")).get(screen(opening))
        assert TEXT not in page.content.decode()
        assert b"This letter is closed to you." in page.content
        assert not Trail.objects.filter(step=Trail.Step.READ).exists()

    def test_other_school_finds_nothing(self, holder, school):
        opening = open_box(school, by=holder)
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        assert signed_in_client(stranger).get(screen(opening)).status_code == 404

    def test_queries_do_not_grow_with_letters(
        self, client, holder, school, django_assert_max_num_queries
    ):
        send_letter(school)
        small = open_box(school, by=holder)
        for _letter in range(50):
            send_letter(school)
        large = open_box(school, by=holder)
        counts = []
        for opening in (small, large):
            with django_assert_max_num_queries(60) as captured:
                client.get(screen(opening))
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestRegister:
    @pytest.fixture
    def taken(self, holder, school) -> TakenLetter:
        send_letter(school)
        send_letter(school)
        opening = open_box(school, by=holder)
        return TakenLetter.objects.filter(opening=opening).first()

    def test_gives_the_number_and_goes_to_the_next_letter(self, client, holder, school, taken):
        response = client.post(register_address(taken), registration(taken, school), follow=True)
        entry = Entry.objects.get()
        assert entry.number == 1
        assert entry.read(holder.keyring())["summary"] == "Money is taken."
        following = TakenLetter.objects.exclude(pk=taken.pk).get()
        assert response.redirect_chain[0][0].endswith(f"?letter={following.pk}")
        assert response.context["letters"][0]["taken"] == following
        assert "Registered as № 1." in response.content.decode()

    def test_refused_form_keeps_what_was_typed(self, client, school, taken):
        typed = registration(taken, school, summary="", class_group="9 Ә")
        response = client.post(register_address(taken), typed)
        assert not Entry.objects.exists()
        assert "9 Ә" in response.content.decode()
        assert "This field is required." in response.content.decode()

    def test_twice_is_a_conflict_that_keeps_the_words(self, client, school, taken):
        client.post(register_address(taken), registration(taken, school))
        again = registration(taken, school, summary="Typed again in vain.")
        response = client.post(register_address(taken), again)
        assert response.status_code == 409
        assert Entry.objects.count() == 1
        assert "Typed again in vain." in response.content.decode()

    def test_get_is_refused(self, client, taken):
        assert client.get(register_address(taken)).status_code == 405
        assert client.get(aside_address(taken)).status_code == 405
        assert not Entry.objects.exists()

    def test_who_may_not(self, holder, school, taken):
        director = make_person(school, "director")
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        keyless = make_person(school, "social_pedagogue")
        for person, status in ((director, 403), (stranger, 404), (keyless, 200)):
            response = signed_in_client(person).post(
                register_address(taken), registration(taken, school)
            )
            assert response.status_code == status
        assert not Entry.objects.exists()

    def test_letter_of_another_opening_is_not_found(self, client, school, taken):
        address = reverse("admin:journal_opening_register", args=[taken.opening_id + 1, taken.pk])
        assert client.post(address, registration(taken, school)).status_code == 404


class TestSetAside:
    def test_keeps_it_in_the_act_without_a_number(self, client, holder, school):
        send_letter(school)
        opening = open_box(school, by=holder)
        taken = TakenLetter.objects.get()
        data = {f"aside-{taken.pk}-kind": "other", f"aside-{taken.pk}-note": "A drawing."}
        response = client.post(aside_address(taken), data, follow=True)
        taken.refresh_from_db()
        assert taken.set_aside_as == "other"
        assert taken.read(holder.keyring()) == {"note": "A drawing."}
        assert not Entry.objects.exists()
        assert "A drawing." in response.content.decode()
        assert client.post(aside_address(taken), data).status_code == 409
        assert client.get(screen(opening)).context["left"] == 0

    def test_other_reason_needs_words(self, client, holder, school):
        send_letter(school)
        open_box(school, by=holder)
        taken = TakenLetter.objects.get()
        response = client.post(aside_address(taken), {f"aside-{taken.pk}-kind": "other"})
        assert "Say in a few words" in response.content.decode()
        taken.refresh_from_db()
        assert taken.is_waiting

    def test_registered_letter_is_not_set_aside(self, client, holder, school):
        send_letter(school)
        open_box(school, by=holder)
        taken = TakenLetter.objects.get()
        register(taken, by=holder)
        response = client.post(aside_address(taken), {f"aside-{taken.pk}-kind": "test"})
        assert response.status_code == 409
        assert "№ 1" in response.content.decode()


class TestPaper:
    @pytest.fixture
    def opening(self, holder, school) -> Opening:
        return open_box(school, by=holder, paper_count=2)

    def address(self, opening, name="paper"):
        return reverse(f"admin:journal_opening_{name}", args=[opening.pk])

    def test_anonymous_drops_who_wrote(self, client, holder, school, opening):
        data = paper(opening, school, full_name="Somebody", phone="+77010000000")
        client.post(self.address(opening), data)
        content = Entry.objects.get().read(holder.keyring())
        assert content["text"] == "A letter on paper."
        assert content["full_name"] == content["phone"] == ""

    def test_signed_needs_and_keeps_the_name(self, client, holder, school, opening):
        client.post(self.address(opening), paper(opening, school, signed="yes"))
        assert not Entry.objects.exists()
        data = paper(opening, school, signed="yes", full_name="Asel B.")
        client.post(self.address(opening), data)
        assert Entry.objects.get().read(holder.keyring())["full_name"] == "Asel B."

    def test_twice_asks_and_goes_on_when_meant(self, client, school, opening):
        client.post(self.address(opening), paper(opening, school))
        response = client.post(self.address(opening), paper(opening, school))
        assert response.status_code == 409
        assert Entry.objects.count() == 1
        assert "A letter on paper." in response.content.decode()
        again = response.context["paper"]["typed_before"].value()
        client.post(self.address(opening), paper(opening, school, typed_before=again))
        assert Entry.objects.count() == 2

    def test_set_aside_and_twice(self, client, opening):
        data = {"paper-aside-kind": "advertising", "paper-aside-typed_before": "0"}
        client.post(self.address(opening, "paper_aside"), data)
        assert client.post(self.address(opening, "paper_aside"), data).status_code == 409
        assert TakenLetter.objects.filter(set_aside_as="advertising").count() == 1

    def test_who_may_not(self, school, opening):
        stranger = make_person(make_school("school-2"), "psychologist", with_key=True)
        for person, status in ((make_person(school, "director"), 403), (stranger, 404)):
            for name in ("paper", "paper_aside"):
                response = signed_in_client(person).post(
                    self.address(opening, name), paper(opening, school)
                )
                assert response.status_code == status
        assert not TakenLetter.objects.exists()

    def test_get_is_refused(self, client, opening):
        assert client.get(self.address(opening)).status_code == 405
        assert client.get(self.address(opening, "paper_aside")).status_code == 405


def test_list_of_openings_is_narrowed(client, holder, school):
    open_box(school, by=holder, paper_count=3)
    other = make_school("school-2")
    open_box(other, by=make_person(other, "psychologist", with_key=True))
    page = client.get(reverse("admin:journal_opening_changelist"))
    assert [row.school_id for row in page.context["cl"].result_list] == [school.pk]
    assert client.get(reverse("admin:journal_opening_add")).status_code == 403
