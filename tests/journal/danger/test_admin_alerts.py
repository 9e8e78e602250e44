"""The bar over every staff page, the list, the page of an alert, answering and closing there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from journal.models import Alert, Opening, TakenLetter
from journal.services import alerting
from tests import factories
from tests.factories import signed_in_client
from tests.journal.danger.school import Staffed, staffed_school

pytestmark = pytest.mark.django_db
LIST, TODAY = reverse("admin:journal_alert_changelist"), reverse("admin:index")
NOTE = "The girl is with her mother now."
BAR = 'class="danger-bar" role="alert"'


@pytest.fixture
def staffed() -> Staffed:
    return staffed_school()


@pytest.fixture
def alert(staffed: Staffed) -> Alert:
    factories.send_letter(staffed.school, danger=True)
    return Alert.objects.get()


def page(alert: Alert) -> str:
    return reverse("admin:journal_alert_change", args=[alert.pk])


def answer(alert: Alert) -> str:
    return reverse("admin:journal_alert_answer", args=[alert.pk])


def close(alert: Alert, outcome: str = "helped") -> str:
    return reverse("admin:journal_alert_close", args=[alert.pk, outcome])


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


class TestBar:
    @pytest.mark.parametrize("who", ["holder", "second", "deputy", "director"])
    def test_on_every_page_until_somebody_answers(
        self, staffed: Staffed, alert: Alert, who: str
    ) -> None:
        client = signed_in_client(getattr(staffed, who))
        places = [
            TODAY,
            LIST,
            page(alert),
            reverse("admin:journal_entry_changelist"),
            reverse("admin:journal_opening_changelist"),
            reverse("admin:journal_volume_changelist"),
            reverse("admin:keys", args=[staffed.school.slug]),
            reverse("admin:own"),
            reverse("admin:password_change"),
        ]
        for place in places:
            html = shown(client, place)
            assert html.count(BAR) == 1, place
            assert f'action="{answer(alert)}"' in html
        alerting.answer(alert=alert, by=staffed.director.fresh())
        for place in places:
            assert BAR not in shown(client, place)

    @pytest.mark.parametrize("role", ["administrator", "commission_member", "region_analyst"])
    def test_not_for_whom_it_does_not_concern(
        self, staffed: Staffed, alert: Alert, role: str
    ) -> None:
        client = signed_in_client(factories.make_person(staffed.school, role))
        assert BAR not in shown(client, TODAY)
        assert client.get(LIST).status_code == 403
        assert client.get(page(alert)).status_code == 404
        assert client.post(answer(alert)).status_code == 404

    def test_nor_for_the_operator_or_another_school(self, alert: Alert) -> None:
        other = staffed_school("school-2")
        for person in (factories.make_operator(), other.holder):
            client = signed_in_client(person)
            assert BAR not in shown(client, TODAY)
            assert client.get(page(alert)).status_code == 404
            assert client.post(answer(alert)).status_code == 404
            assert client.post(close(alert), {"helped-note": NOTE}).status_code == 404
        alert.refresh_from_db()
        assert alert.waits

    def test_says_nothing_that_needs_a_key(self, staffed: Staffed, alert: Alert) -> None:
        html = shown(signed_in_client(staffed.director), TODAY)
        assert factories.TEXT not in html
        minute = f"{alert.next_stage_at:%H:%M}"
        assert minute not in html

    def test_asks_once_however_many_wait(self, staffed: Staffed) -> None:
        client = signed_in_client(staffed.holder)
        counts = []
        for letters in (1, 49):
            for _letter in range(letters):
                factories.send_letter(staffed.school, danger=True)
            asked = []
            for place in (TODAY, LIST, reverse("admin:own")):
                with CaptureQueriesContext(connection) as queries:
                    html = shown(client, place)
                asked.append(len(queries))
            counts.append(asked)
        assert Alert.objects.count() == 50
        assert counts[0] == counts[1]
        assert html.count('class="danger-line"') == 2
        assert "And 48 more" in html

    def test_costs_nothing_for_whom_it_does_not_concern(self, staffed: Staffed) -> None:
        client = signed_in_client(factories.make_person(staffed.school, "administrator"))
        with CaptureQueriesContext(connection) as queries:
            shown(client, reverse("admin:own"))
        assert not [query for query in queries if "journal_alert" in query["sql"]]


class TestWithheld:
    @pytest.fixture
    def about(self, staffed: Staffed) -> Alert:
        factories.send_letter(staffed.school, danger=True, about=["psychologist"])
        return Alert.objects.get()

    @pytest.mark.parametrize("who", ["holder", "deputy", "director"])
    def test_no_bar_no_row_no_page_no_count(self, staffed: Staffed, about: Alert, who: str) -> None:
        client = signed_in_client(getattr(staffed, who))
        today, rows = shown(client, TODAY), shown(client, LIST)
        assert BAR not in today + rows
        assert f"/alert/{about.pk}/" not in today + rows
        for answered in (client.get(page(about)), client.post(answer(about))):
            assert answered.status_code == 404
        alerting.answer(alert=about, by=staffed.second.fresh())
        assert "dealing with it" not in shown(client, TODAY)
        alerting.close(alert=about, outcome="false_alarm", note=NOTE, by=staffed.second.fresh())
        assert "false alarms" not in shown(client, TODAY)
        for state in ("waiting", "in_hand", "helped", "false_alarm", ""):
            assert f"/alert/{about.pk}/" not in shown(client, f"{LIST}?state={state}")

    def test_who_reads_it_sees_it(self, staffed: Staffed, about: Alert) -> None:
        client = signed_in_client(staffed.second)
        assert BAR in shown(client, TODAY)
        assert f"/alert/{about.pk}/" in shown(client, LIST)

    def test_the_box_is_not_offered_to_be_opened_for_it(
        self, staffed: Staffed, about: Alert
    ) -> None:
        form = reverse("admin:journal_opening_open", args=[staffed.school.slug])
        for person, offered in ((staffed.holder, False), (staffed.second, True)):
            html = shown(signed_in_client(person), form)
            assert ('value="danger"' in html) == offered
            assert ("is in danger" in html.partition('id="content"')[2]) == offered


class TestPage:
    def test_leads_to_the_letter_wherever_it_lies(self, staffed: Staffed, alert: Alert) -> None:
        client = signed_in_client(staffed.holder)
        form = reverse("admin:journal_opening_open", args=[staffed.school.slug])
        assert f'<a class="button primary" href="{form}">' in shown(client, page(alert))
        opening = factories.open_box(staffed.school, by=staffed.holder, kind="danger")
        taken = TakenLetter.objects.get()
        screen = reverse("admin:journal_opening_change", args=[opening.pk])
        assert f'href="{screen}?letter={taken.pk}"' in shown(client, page(alert))
        entry = factories.register(taken, by=staffed.holder)
        address = reverse("admin:journal_entry_change", args=[entry.pk])
        assert f'href="{address}"' in shown(client, page(alert))
        assert page(alert) in shown(client, address)

    def test_without_the_key_it_names_who_can_open(self, staffed: Staffed, alert: Alert) -> None:
        html = shown(signed_in_client(staffed.director), page(alert))
        main = html.partition('id="content"')[2]
        assert staffed.holder.user.full_name in main
        assert staffed.second.user.full_name in main
        assert "/opening/open/" not in main
        assert "I am dealing with it" in main

    def test_says_who_was_told(self, staffed: Staffed, alert: Alert) -> None:
        staffed.second.user.email = ""
        staffed.second.user.save()
        factories.send_letter(staffed.school, danger=True)
        newest = Alert.objects.latest("pk")
        main = shown(signed_in_client(staffed.holder), page(newest)).partition('id="content"')[2]
        assert "an e-mail waits to be sent" in main
        assert "there is no e-mail address" in main

    def test_its_form_does_not_show_the_minute(self, staffed: Staffed, alert: Alert) -> None:
        html = shown(signed_in_client(staffed.holder), page(alert))
        for moment in (alert.next_stage_at, alert.next_stage_at.astimezone(staffed.school.zone)):
            assert f"{moment:%H:%M}" not in html


class TestAnswering:
    def test_by_the_button_of_the_bar(self, staffed: Staffed, alert: Alert) -> None:
        client = signed_in_client(staffed.director)
        response = client.post(answer(alert))
        assert (response.status_code, response["Location"]) == (302, page(alert))
        alert.refresh_from_db()
        assert alert.answered_by == staffed.director.user
        today = shown(signed_in_client(staffed.holder), TODAY)
        assert f"{staffed.director.user.full_name} is dealing with it since" in today
        assert "not answered" not in shown(client, page(alert))

    def test_twice_is_told_as_a_conflict(self, staffed: Staffed, alert: Alert) -> None:
        signed_in_client(staffed.director).post(answer(alert))
        response = signed_in_client(staffed.holder).post(answer(alert))
        assert response.status_code == 409
        assert staffed.director.user.full_name in response.content.decode()

    def test_get_changes_nothing(self, staffed: Staffed, alert: Alert) -> None:
        client = signed_in_client(staffed.holder)
        for address in (answer(alert), close(alert)):
            assert client.get(address).status_code == 405
        assert client.post(page(alert)).status_code == 405
        alert.refresh_from_db()
        assert alert.waits


class TestClosing:
    @pytest.mark.parametrize(
        ("outcome", "count"), [("helped", "acted upon: 1"), ("false_alarm", "false alarms: 1")]
    )
    def test_ends_with_a_note_and_counts_apart(
        self, staffed: Staffed, alert: Alert, outcome: str, count: str
    ) -> None:
        client = signed_in_client(staffed.holder)
        client.post(answer(alert))
        assert client.post(close(alert, outcome), {f"{outcome}-note": NOTE}).status_code == 302
        alert.refresh_from_db()
        assert (alert.outcome, alert.answered_by) == (outcome, staffed.holder.user)
        assert NOTE in shown(client, page(alert))
        assert NOTE not in shown(signed_in_client(staffed.director), page(alert))
        today = shown(client, TODAY)
        assert "is dealing with it" not in today
        assert count in " ".join(today.split())
        other = "false_alarm" if outcome == "helped" else "helped"
        assert f"/alert/{alert.pk}/" in shown(client, f"{LIST}?state={outcome}")
        for state in (other, "waiting", "in_hand"):
            assert f"/alert/{alert.pk}/" not in shown(client, f"{LIST}?state={state}")

    @pytest.mark.parametrize("typed", ["nonsense", "%00", "x" * 5000])
    def test_a_state_that_there_is_not_finds_nothing(
        self, staffed: Staffed, alert: Alert, typed: str
    ) -> None:
        response = signed_in_client(staffed.holder).get(f"{LIST}?state={typed}")
        assert response.context["cl"].result_count == 0

    def test_without_words_the_form_asks_for_them(self, staffed: Staffed, alert: Alert) -> None:
        client = signed_in_client(staffed.holder)
        client.post(answer(alert))
        response = client.post(close(alert, "false_alarm"), {"false_alarm-note": " "})
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()
        alert.refresh_from_db()
        assert alert.outcome == ""

    def test_not_before_it_is_answered_twice_or_in_another_way(
        self, staffed: Staffed, alert: Alert
    ) -> None:
        client = signed_in_client(staffed.holder)
        refused = client.post(close(alert), {"helped-note": NOTE})
        assert "First say that you are dealing with it." in refused.content.decode()
        client.post(answer(alert))
        assert client.post(close(alert, "open"), {"open-note": NOTE}).status_code == 403
        client.post(close(alert), {"helped-note": NOTE})
        conflict = client.post(close(alert, "false_alarm"), {"false_alarm-note": "Other words."})
        assert conflict.status_code == 409
        assert "Other words." in conflict.content.decode()


class TestOpeningAtOnce:
    @pytest.fixture
    def form(self, staffed: Staffed) -> str:
        return reverse("admin:journal_opening_open", args=[staffed.school.slug])

    def test_the_act_says_so_by_itself(self, staffed: Staffed, alert: Alert, form: str) -> None:
        client = signed_in_client(staffed.holder)
        html = shown(client, form)
        assert "checked" in html.partition('value="danger"')[2].partition(">")[0]
        response = client.post(
            form,
            {"present": [staffed.holder.user.pk], "kind": "danger", "paper_count": 0},
        )
        assert response.status_code == 302, response.content.decode()
        screen = shown(client, response["Location"])
        assert "at once: somebody is in danger" in screen
        staffed.holder.user.language = "ky"
        staffed.holder.user.save()
        with translation.override("ky"):
            said = str(Opening.Kind.DANGER.label)
        assert said in shown(client, response["Location"])  # each reader in their own words

    def test_without_such_a_letter_it_is_neither_offered_nor_taken(
        self, staffed: Staffed, form: str
    ) -> None:
        factories.send_letter(staffed.school)
        client = signed_in_client(staffed.holder)
        assert 'value="danger"' not in shown(client, form)
        refused = client.post(
            form, {"present": [staffed.holder.user.pk], "kind": "danger", "paper_count": 0}
        )
        assert refused.status_code == 200
        assert not staffed.school.openings.exists()
