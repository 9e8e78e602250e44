"""Printing what goes with an entry: who may, what stays in the trail, and that a reprint says the same."""

import io
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from journal.models import Entry, Forwarding, Trail
from journal.services.forwarding import Signer
from reports.documents import author_notice, forwarding_sheet
from reports.rendering import LibrariesMissing, RenderingFailed
from schools.models import Body, School
from schools.services.bodies import give_bodies
from tests import factories
from tests.factories import IDENTITY, TEXT, Person, make_person, signed_in_client
from tests.reports.reading import page_texts

pytestmark = pytest.mark.django_db
PLACE = {"en": "Room 12", "kk": "12-кабинет", "ru": "Кабинет 12"}


@pytest.fixture
def school() -> School:
    made = factories.make_school(keepers=["psychologist", "social_pedagogue"])
    give_bodies(school=made)
    return made


@pytest.fixture
def holder(school: School) -> Person:
    return make_person(school, "psychologist", with_key=True)


@pytest.fixture
def client(holder: Person) -> Client:
    return signed_in_client(holder)


@pytest.fixture
def entry(school: School, holder: Person) -> Entry:
    return factories.registered_entry(school, by=holder, signed=True)


@pytest.fixture
def sent(entry: Entry, holder: Person) -> Forwarding:
    return factories.forwarded(
        entry,
        by=holder,
        parts=["summary", "phone"],
        covering="Помогите, пожалуйста, этой семье.",
        signer=Signer(role="deputy_director", name="Сағынтаева Мәдина"),
    )


def print_sheet(client: Client, sent: Forwarding, language: str = "ru"):
    address = reverse("admin:journal_forwarding_print", args=[sent.pk])
    return client.post(address, {"language": language})


def plain(file: bytes) -> str:
    return " ".join(" ".join(page_texts(file)).replace("\u00a0", " ").split())


def text_of(response) -> str:
    main = response.content.decode().partition('id="content"')[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def prints() -> list[dict]:
    rows = Trail.objects.filter(step=Trail.Step.PRINTED).order_by("position")
    return [row.facts for row in rows]


class TestSheet:
    def test_holds_what_was_ticked_and_leaves_a_row(self, client, entry, holder, sent):
        response = print_sheet(client, sent)
        assert response["Content-Type"] == "application/pdf"
        assert "no-store" in response["Cache-Control"]
        name = f"sheet-1-{sent.year}.pdf"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        text = plain(response.content)
        for said in (
            f"Сопроводительный лист {sent}",
            "Отдел образования",
            "Помогите, пожалуйста, этой семье.",
            "Lunch money is taken from a pupil.",
            IDENTITY["phone"],
            "Запись в журнале № 1",
            "Заместитель директора",
            "Сағынтаева Мәдина",
        ):
            assert said in text
        for kept_back in (IDENTITY["full_name"], IDENTITY["address"], TEXT, "повторная"):
            assert kept_back not in text
        assert prints() == [
            {
                "what": "forwarding sheet",
                "forwarding": str(sent),
                "language": "ru",
                "reprint": False,
            }
        ]
        row = Trail.objects.get(step=Trail.Step.PRINTED)
        assert (row.entry, row.by) == (entry, holder.user)
        page = reverse("admin:journal_entry_change", args=[entry.pk])
        assert f"The forwarding sheet {sent} was printed." in text_of(client.get(page))

    def test_printed_again_it_says_the_same_whatever_has_changed(
        self, client, school, entry, holder, sent
    ):
        first = plain(print_sheet(client, sent).content)
        School.objects.filter(pk=school.pk).update(names={"ru": "Другая школа"}, phone="000")
        Body.objects.filter(school=school).update(names={"ru": "Другой орган"}, address="Там")
        again = print_sheet(client, sent)
        assert plain(again.content).replace(" · повторная печать", "") == first
        assert "повторная печать" in plain(again.content)
        assert [facts["reprint"] for facts in prints()] == [False, True]

    def test_two_prints_at_one_moment_are_one_print_and_one_reprint(
        self, client, sent, monkeypatch
    ):
        """Both ask before either has its row; the later one is drawn once more."""
        monkeypatch.setattr(forwarding_sheet, "was_printed", lambda _sent: False)
        texts = [plain(print_sheet(client, sent).content) for _one in range(2)]
        assert ["повторная печать" in text for text in texts] == [False, True]

    def test_a_language_nobody_offers_is_the_school_s_own(self, client, sent):
        response = print_sheet(client, sent, language="xx")
        assert PdfReader(io.BytesIO(response.content)).trailer["/Root"]["/Lang"] == "kk"

    def test_get_is_refused(self, client, sent):
        address = reverse("admin:journal_forwarding_print", args=[sent.pk])
        assert client.get(address).status_code == 405

    def test_who_may(self, school, holder, sent):
        director = make_person(school, "director")
        factories.give_key(school, to=director, by=holder)
        officer = make_person(school, "phone_officer")
        factories.give_key(school, to=officer, by=holder)
        people = [
            (director, 200),
            (officer, 404),
            (make_person(school, "social_pedagogue"), 403),
            (make_person(school, "administrator"), 404),
            (make_person(factories.make_school("school-2"), "psychologist", with_key=True), 404),
        ]
        for person, status in people:
            assert print_sheet(signed_in_client(person), sent).status_code == status
        assert len(prints()) == 1

    @pytest.mark.parametrize("fault", [RenderingFailed("no"), LibrariesMissing()])
    def test_what_cannot_be_drawn_leaves_no_row(self, client, entry, sent, monkeypatch, fault):
        def fail(_sheet):
            raise fault

        monkeypatch.setitem(forwarding_sheet.FORMS, "pdf", fail)
        response = print_sheet(client, sent)
        assert response.status_code == 503
        assert reverse("admin:journal_entry_change", args=[entry.pk]) in response.content.decode()
        assert prints() == []


class TestNotice:
    def address(self, entry: Entry) -> str:
        return reverse("admin:journal_entry_notice", args=[entry.pk])

    def typed(self, **changed) -> dict[str, str]:
        return {
            "kind": "answer",
            "languages": "both",
            "whom": "psychologist",
            "size": "A4",
            **{f"where_{code}": place for code, place in PLACE.items()},
            "when_kk": "жұма, 14:00",
            "when_ru": "пятница, 14:00",
            **changed,
        }

    def test_names_the_letter_by_its_number_alone(self, client, school, holder):
        entry = factories.registered_entry(school, by=holder)
        response = client.post(self.address(entry), self.typed())
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'attachment; filename="notice-1.pdf"'
        text = plain(response.content)
        for said in (
            "№ 1 өтініштің авторына",
            "Автору обращения № 1",
            "Ответ на ваше обращение готов.",
            "12-кабинет",
            "Кабинет 12",
            "пятница, 14:00",
            "Педагог-психолог",
            "Имя можно не называть.",
        ):
            assert said in text
        for kept_back in ("Lunch", "Травля", "7Б", str(entry.taken_on.year)):
            assert kept_back not in text
        assert prints() == [{"what": "notice", "kind": "answer", "languages": ["kk", "ru"]}]
        page = reverse("admin:journal_entry_change", args=[entry.pk])
        assert "A notice for the author was printed." in text_of(client.get(page))

    def test_one_language_and_an_invitation_to_a_signed_author(self, client, entry):
        typed = self.typed(languages="ru", kind="invitation", where_kk="", when_kk="")
        text = plain(client.post(self.address(entry), typed).content)
        assert "Приходите, пожалуйста, поговорить с нами." in text
        assert "өтініш" not in text
        assert "Имя можно не называть." not in text

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, client, entry):
        response = client.post(self.address(entry), self.typed(where_kk=""))
        assert response.status_code == 200
        assert "Fill this in: it stands on the notice." in text_of(response)
        assert "пятница, 14:00" in response.content.decode()
        assert prints() == []

    def test_the_form_says_what_a_notice_is(self, client, entry):
        page = text_of(client.get(self.address(entry)))
        assert "by its number alone" in page
        assert "Қазақша + Русский" in page

    def test_who_may(self, school, holder, entry):
        people = [
            (make_person(school, "social_pedagogue"), 403),
            (make_person(school, "administrator"), 404),
            (make_person(factories.make_school("school-2"), "psychologist", with_key=True), 404),
        ]
        for person, status in people:
            client = signed_in_client(person)
            assert client.get(self.address(entry)).status_code == status
            assert client.post(self.address(entry), self.typed()).status_code == status
        assert prints() == []

    def test_whom_to_ask_is_nobody_whom_the_letter_is_about(self, school, holder):
        deputy = make_person(school, "deputy_director")
        factories.give_key(school, to=deputy, by=holder)
        sealed = factories.registered_entry(school, by=deputy, about=["psychologist"])
        page = signed_in_client(deputy).get(self.address(sealed))
        assert [key for key, _label in page.context["form"].fields["whom"].choices] == [
            "deputy_director"
        ]
        assert signed_in_client(holder).get(self.address(sealed)).status_code == 403

    def test_what_cannot_be_drawn_leaves_no_row(self, client, entry, monkeypatch):
        def fail(_notice):
            raise RenderingFailed("no")

        monkeypatch.setattr(author_notice, "draw_notice", fail)
        response = client.post(self.address(entry), self.typed())
        assert response.status_code == 503
        assert "пятница, 14:00" in response.content.decode()
        assert prints() == []
