"""The pages that anybody can come to, and how."""

from tests.browser import ways_places as ways
from tests.browser.coming import Way, at, unfold
from tests.browser.destruction_places import destroy_newest_letter
from tests.browser.kept_places import AUTHORS
from tests.browser.visits import READING_SECONDS, Visit, send, write_letter

LETTER = "Бұл сынақ хаты: оны ешкім оқымайды, ол тек бет үшін жазылды."
NOT_OPEN, LEFT = "quiet-school", "moved-school"
LEFT_CODE = "M4RX-7K2T-5HWD-QZ8A"

# A school whose box nobody can open yet, beside the demonstration ones.
MAKE_NOT_OPEN = f"""
from schools.models import School
School.objects.get_or_create(slug="{NOT_OPEN}", defaults=dict(
    names={{"kk": "Тыныш мектеп", "ru": "Тихая школа", "ky": "Тынч мектеп", "en": "Quiet school"}},
    country="KZ", time_zone="Asia/Almaty", languages=["kk", "ru", "ky", "en"], is_demo=True))
"""
# One that has left, with a letter from before.
MAKE_LEFT = f"""
from tests import factories
from schools.models import School
if not School.objects.filter(slug="{LEFT}").exists():
    school = factories.make_school("{LEFT}", names={{
        "kk": "Көшкен мектеп", "ru": "Переехавшая школа", "ky": "Көчкөн мектеп", "en": "Moved school"}})
    factories.make_person(school, "psychologist", with_key=True, full_name="Көшербаева Айгүл")
    factories.send_letter(school, code="{LEFT_CODE}")
    School.objects.filter(pk=school.pk).update(
        is_demo=True, left_on="2026-11-02", new_address="https://box.moved.kz/", phone="8 7272 11 22 33")
"""


def with_errors(visit: Visit, language: str, school: str) -> None:
    """Everything wrong at once."""
    page = visit.page
    visit.go(f"/{language}/{school}/write/")
    page.check("input[name=signed][value=yes]")
    page.fill("[name=age]", "many")
    page.fill("[name=phone]", "12")
    page.fill("[name=text]", "short")
    page.click("form.letter button.btn-primary")
    page.wait_for_selector(".summary")


def after_sending(visit: Visit, language: str, school: str) -> None:
    write_letter(visit, school, language, LETTER)
    send(visit)


def signed_form(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/{language}/{school}/write/")
    visit.page.check("input[name=signed][value=yes]")
    unfold(visit)


def in_danger(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/{language}/{school}/write/")
    visit.page.check("[name=danger]")


def wrong_code(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/{language}/reply/")
    visit.page.fill("[name=code]", "K7QX-9M2T-4HWD-PZ3A")
    visit.page.click("form.letter button.btn-primary")
    visit.page.wait_for_selector(".summary")


def letter_left(visit: Visit, language: str, school: str) -> None:
    visit.go(f"/{language}/reply/")
    visit.page.fill("[name=code]", LEFT_CODE)
    visit.page.click("form.letter button.btn-primary")
    visit.page.wait_for_selector(".notice")


def state_of_letter(visit: Visit, language: str, school: str) -> None:
    write_letter(visit, school, language, LETTER)
    code = send(visit)
    visit.go(f"/{language}/reply/")
    visit.page.fill("[name=code]", code)
    visit.page.click("form.letter button.btn-primary")
    visit.page.wait_for_selector("h2#state")


def note_wrong(visit: Visit, language: str, school: str) -> None:
    after_sending(visit, language, school)
    visit.page.fill("[name=typed]", "0000")
    visit.page.click("button[value=check]")
    visit.page.wait_for_selector(".summary")


def note_right(visit: Visit, language: str, school: str) -> None:
    write_letter(visit, school, language, LETTER)
    visit.page.fill("[name=typed]", send(visit))
    visit.page.click("button[value=check]")
    visit.page.wait_for_url("**checked=right")


# The school has asked something, wants more time, and is late: all that a conversation can show.
_MAKE_TALK = """
import datetime
from django.db import transaction
from box.models import Letter
from box.services import messaging
from schools.models import User
from schools.selectors import keyring_of
from schools.services.signing_in import open_pair
user = User.objects.get(username="psychologist.{school}")
keyring = keyring_of(user, open_pair(user=user, password="{password}"))
letter = Letter.objects.filter(school__slug="{school}").order_by("-pk")[0]
day = datetime.date(2026, 2, 3)
Letter.objects.filter(pk=letter.pk).update(state="in_review", number="17", taken_on=day, due_on=day)
for kind in ("message", "extension", "answer"):
    with transaction.atomic():
        messaging.add_from_school(
            letter=letter, kind=kind, text="{text}", role="psychologist", keyring=keyring)
"""


def conversation(visit: Visit, language: str, school: str) -> None:
    """Both sides have written; the author's last message cries for help."""
    state_of_letter(visit, language, school)
    facts = {"school": school, "password": visit.portal.password, "text": LETTER}
    visit.portal.manage("shell", "-c", _MAKE_TALK.format(**facts))
    page = visit.page
    page.fill("[name=text]", LETTER)
    page.check("[name=danger]")
    page.wait_for_timeout(READING_SECONDS * 1000)
    page.click("button[value=write]")
    page.wait_for_selector(".notice")
    unfold(visit)


def message_errors(visit: Visit, language: str, school: str) -> None:
    state_of_letter(visit, language, school)
    visit.page.click("button[value=write]")
    visit.page.wait_for_selector(".summary")


def leaving(visit: Visit, language: str, school: str) -> None:
    state_of_letter(visit, language, school)
    unfold(visit)
    visit.page.click("button[value=leave]")
    visit.page.wait_for_selector("button[value=left]")


def left(visit: Visit, language: str, school: str) -> None:
    leaving(visit, language, school)
    visit.page.click("button[value=left]")
    visit.page.wait_for_selector("p.lead")


def erased(visit: Visit, language: str, school: str) -> None:
    leaving(visit, language, school)
    visit.page.click("button[value=erase]")
    visit.page.wait_for_selector("p.lead")


def destroyed(visit: Visit, language: str, school: str) -> None:
    """The time of keeping is over."""
    state_of_letter(visit, language, school)
    destroy_newest_letter(visit, school)
    unfold(visit)
    visit.page.click("button[value=leave]")
    visit.page.wait_for_selector("h2#state")


PUBLIC: dict[str, Way] = {
    "list": at("/{language}/"),
    "list-nothing-found": at("/{language}/?q=zzz"),
    "school": at("/{language}/{school}/"),
    "regulation": at("/{language}/{school}/regulation/"),
    "changes": at("/{language}/{school}/changes/"),
    "school-not-open": at(f"/{{language}}/{NOT_OPEN}/"),
    "school-left": at(f"/{{language}}/{LEFT}/"),
    "write": at("/{language}/{school}/write/"),
    "write-signed": signed_form,
    "write-danger": in_danger,
    "write-errors": with_errors,
    "write-not-open": at(f"/{{language}}/{NOT_OPEN}/write/"),
    "sent": after_sending,
    "sent-again": at("/{language}/{school}/sent/"),
    "reply": at("/{language}/reply/"),
    "reply-errors": wrong_code,
    "state": state_of_letter,
    "sent-note-wrong": note_wrong,
    "sent-note-right": note_right,
    "conversation": conversation,
    "conversation-errors": message_errors,
    "conversation-leaving": leaving,
    "conversation-left": left,
    "letter-erased": erased,
    "letter-destroyed": destroyed,
    "letter-left": letter_left,
    **AUTHORS,
    "embed": at("/{language}/{school}/embed/"),
    "embed-errors": ways.embed_errors,
    "embed-sent": ways.embed_sent,
    "embed-sent-again": at("/{language}/{school}/embed/sent/"),
    "kiosk": at("/{language}/{school}/kiosk/"),
    "kiosk-errors": ways.kiosk_errors,
    "kiosk-sent": ways.kiosk_sent,
    "kiosk-sent-again": at("/{language}/{school}/kiosk/sent/"),
    "kiosk-asks": ways.kiosk_asks,
    "kiosk-not-open": at(f"/{{language}}/{NOT_OPEN}/kiosk/"),
    "kiosk-left": at(f"/{{language}}/{LEFT}/kiosk/"),
    "not-found": at("/{language}/no-such-school/"),
}
