"""Letters with a conversation, for measuring how fast their authors read it. Runs inside the portal's environment."""

from django.db import transaction

from box.form_tokens import Receipt
from box.models import Message
from box.services import messaging
from box.services.submitting import submit
from schools.models import School
from schools.selectors import key_in_use
from vault.keyring import Keyring
from vault.receipts import lookup_hash, new_code

MESSAGES = 4
TEXT = "Рахмет, жазғаныңыз үшін. Ертеңнен бастап екінші қабатта кезекші мұғалім тұрады. " * 4


@transaction.atomic
def make_talks(school: School, keyring: Keyring, count: int) -> list[str]:
    """So many letters with messages of both sides; their codes."""
    return [_talk(school, keyring) for _place in range(count)]


def _talk(school: School, keyring: Keyring) -> str:
    code = new_code()
    submit(
        school=school,
        school_key=key_in_use(school),
        language=school.main_language,
        audience="student",
        signed=False,
        danger=False,
        category=None,
        content={"text": TEXT},
        receipt=Receipt(code=code, form_hash=lookup_hash(new_code())),
    )
    letter = school.letters.get(receipt_hash=lookup_hash(code))
    for place in range(MESSAGES):
        if place % 2:
            form_hash = lookup_hash(new_code())
            messaging.write_back(letter=letter, text=TEXT, danger=False, form_hash=form_hash)
        else:
            messaging.add_from_school(
                letter=letter,
                kind=Message.Kind.MESSAGE,
                text=TEXT,
                role="psychologist",
                keyring=keyring,
            )
    return code
