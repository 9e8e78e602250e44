"""The first question of the form: whom to call, and honestly who will see the letter and when."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from box.models import Letter
from box.selectors import forget_boxes
from box.views import writing
from journal.models import Alert
from schools.models import Mail, School, SignOfLife, TrustPhone
from schools.services.being_there import be_seen
from tests import factories
from tests.box.author import Author, words
from tests.factories import Person

pytestmark = pytest.mark.django_db
FORM = "/en/school-1/write/"


@pytest.fixture
def told(school: School, keeper: Person) -> Person:
    """The one key holder has an address, and a worker sends."""
    be_seen()
    keeper.user.email = "keeper@example.org"
    keeper.user.save()
    _forget()
    return keeper


def _forget() -> None:
    forget_boxes()
    writing.kept_pages.forget()


def revealed(html: str) -> str:
    """What the tick shows, without markup."""
    block = html.partition('class="if-danger"')[2].partition("</fieldset>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", block.partition(">")[2]).split())


def test_it_is_the_first_question(told: Person) -> None:
    html = Client().get(FORM).content.decode()
    form = html.partition('<form id="form"')[2]
    first = re.search(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*>', form)
    assert 'type="checkbox" name="danger"' in first.group(0)
    assert "Is someone in danger right now?" in form


def test_the_tick_shows_numbers_phones_and_the_truth(told: Person, school: School) -> None:
    TrustPhone.objects.create(
        school=school, names={"en": "Psychologist"}, number="+7 715 200 00 33", hours={"en": "9–18"}
    )
    _forget()
    html = Client().get(FORM).content.decode()
    text = revealed(html)
    for number in ("111", "112", "150", "+7 715 200 00 33"):
        assert number in text
    assert 'href="tel:+77152000033"' in html
    assert "an e-mail goes to 1 person of the school who can open it" in text
    assert "it may be that nobody looks for hours" in text


def test_without_script_the_tick_alone_shows_it(told: Person) -> None:
    """The block follows the tick as its sibling; old phones know no more than that."""
    html = Client().get(FORM).content.decode()
    assert re.search(
        r'<input[^>]*id="id_danger"[^>]*>\s*<label[^>]*>[^<]*</label>\s*<div class="if-danger"',
        html,
    )
    with open("static/box/box.css", encoding="utf-8") as style:
        rules = style.read()
    assert ".danger .if-danger{display:none" in rules
    assert ".danger :checked~.if-danger{display:block}" in rules


@pytest.mark.parametrize("why", ["no address", "no server", "no worker", "no longer holds the key"])
def test_no_e_mail_is_promised_that_would_reach_nobody(
    told: Person, school: School, settings: object, why: str
) -> None:
    if why == "no address":
        told.user.email = ""
        told.user.save()
    elif why == "no server":
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    elif why == "no worker":
        SignOfLife.objects.all().delete()
    else:
        factories.make_person(school, "social_pedagogue", with_key=True)
        told.user.memberships.all().delete()
    _forget()
    text = revealed(Client().get(FORM).content.decode())
    assert "e-mail" not in text
    assert "see it when they next look into the trust box" in text


def test_the_form_asks_the_database_nothing_while_its_page_is_kept(
    told: Person, django_assert_num_queries: object
) -> None:
    client = Client()
    client.get(FORM)
    with django_assert_num_queries(0):
        client.get(FORM)


def test_after_sending_it_says_so_once_more(told: Person) -> None:
    author = Author()
    author.look()
    page = words(author.client.get(author.write(danger="on")["Location"]))
    assert "You wrote that somebody is in danger" in page
    assert "An e-mail went at once to 1 person" in page
    assert "112" in page
    assert Alert.objects.get().letter == Letter.objects.get()


def test_after_another_letter_it_does_not(told: Person) -> None:
    author = Author()
    author.look()
    page = words(author.client.get(author.write()["Location"]))
    assert "You wrote that somebody is in danger" not in page
    assert not Alert.objects.exists()


def test_of_a_letter_about_a_reader_it_counts_the_others_alone(
    told: Person, school: School
) -> None:
    for name in ("one", "two"):
        factories.make_person(
            school, "social_pedagogue", username=name, with_key=True, email=f"{name}@example.org"
        )
    _forget()
    author = Author()
    author.look()
    assert "an e-mail goes to 3 people" in revealed(Client().get(FORM).content.decode())
    page = words(author.client.get(author.write(danger="on", about="psychologist")["Location"]))
    assert "An e-mail went at once to 2 people" in page
    assert mail.outbox == []  # put down, and sent by the worker


def test_a_form_that_is_shown_again_keeps_the_tick_and_what_it_shows(told: Person) -> None:
    author = Author()
    author.look()
    html = author.write(danger="on", text="").content.decode()
    tick = re.search(r'<input[^>]*name="danger"[^>]*>', html).group(0)
    assert "checked" in tick
    assert "112" in revealed(html)


@pytest.mark.parametrize(
    ("due_in", "fault", "state", "promised"),
    [
        (1, "", Mail.State.WAITING, True),
        (-6, "", Mail.State.WAITING, False),  # nobody sends
        (1, "ConnectionRefusedError", Mail.State.WAITING, False),  # the mail server is away
        (1, "SMTPRecipientsRefused", Mail.State.WAITING, True),  # one address is wrong
        (-6, "ConnectionRefusedError", Mail.State.SENT, True),  # it is back
    ],
)
def test_no_email_is_promised_while_none_leaves(
    told: Person, due_in: int, fault: str, state: str, promised: bool
) -> None:
    now = timezone.now()
    Mail.objects.create(
        person=told.user,
        kind=Mail.Kind.DIGEST,
        occasion="digest:1",
        written_at=now,
        next_try_at=now + datetime.timedelta(minutes=due_in),
        state=state,
        fault=fault,
    )
    _forget()
    text = revealed(Client().get(FORM).content.decode())
    assert ("an e-mail goes to 1 person" in text) is promised


@pytest.mark.parametrize(("minutes", "promised"), [(4, True), (6, False)])
def test_a_worker_seen_long_ago_sends_nothing(told: Person, minutes: int, promised: bool) -> None:
    be_seen(timezone.now() - datetime.timedelta(minutes=minutes))
    _forget()
    text = revealed(Client().get(FORM).content.decode())
    assert ("an e-mail goes to 1 person" in text) is promised
