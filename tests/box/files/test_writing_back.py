"""Files that an author adds to the conversation, by the receipt code."""

import pytest

from box.models import Attachment, Letter, Message
from box.services.attaching import open_file
from schools.models import School
from tests.box.author import Author, hidden, words
from tests.box.files.samples import HIDDEN
from tests.box.files.test_sending import chosen
from tests.factories import Person, send_letter

pytestmark = pytest.mark.django_db

CODE = "K7QX-9M2T-4HWD-PZ3A"


def test_a_photo_comes_with_a_message(school: School, keeper: Person) -> None:
    send_letter(school, code=CODE)
    author = Author()
    page = author.client.get("/en/reply/")
    opened = author.client.post(
        "/en/reply/",
        {"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "code": CODE},
    )
    assert 'enctype="multipart/form-data"' in words(opened)
    fields = {name: hidden(opened, name) for name in ("csrfmiddlewaretoken", "token", "code")}
    sent = author.client.post(
        "/en/reply/",
        {**fields, "do": "write", "text": "Here is a photo.", "attachments": chosen("jpeg")},
    )
    assert sent.status_code in (200, 302, 303)
    message, row = Message.objects.get(), Attachment.objects.get()
    assert row.message_id == message.pk and row.letter_id == Letter.objects.get().pk
    data = b"".join(open_file(attachment=row, keyring=keeper.keyring()).chunks)
    assert data.startswith(b"\xff\xd8\xff") and HIDDEN not in data
