"""The whole way of a call for help: a letter over HTTP to the portal as ``make run`` starts it, a mail at a server."""

import time
from pathlib import Path

import pytest

from tests.mail_server import mail_server
from tests.portal import serving
from tests.visitor import Visitor

pytestmark = pytest.mark.once("browser")

SCHOOL = "it-lyceum"
WORDS = "They beat him behind the gym right now."
# From the sending of the form to the mail at the server, on a machine with other work.
WITHIN_SECONDS = 10.0
GIVE_ADDRESSES = """
from schools.models import User
for user in User.objects.filter(username__endswith=".it-lyceum"):
    user.email = user.username + "@school.example"
    user.save()
"""


def cry(url: str) -> None:
    visitor = Visitor(url)
    path = f"/ru/{SCHOOL}/write/"
    page = visitor.get(path)
    time.sleep(1.1)  # a form sent within a second was not read by a person
    fields = {**visitor.hidden_fields(page), "audience": "student", "signed": "no", "text": WORDS}
    visitor.post(path, {**fields, "danger": "on"})


def test_a_cry_for_help_is_at_the_mail_server_within_seconds(tmp_path: Path) -> None:
    with mail_server() as server, serving(tmp_path, EMAIL_URL=server.url) as portal:
        portal.manage("shell", "-v0", "-c", GIVE_ADDRESSES)
        cry(portal.url)
        begun = time.monotonic()
        server.wait_for(1, seconds=WITHIN_SECONDS)
        print(f"The first mail came {time.monotonic() - begun:.1f} s after the letter.")
        time.sleep(2)
        told = list(server.told)
        assert len(told) == len(set(told)) >= 2, "each key holder once"
        assert all(address.endswith(f".{SCHOOL}@school.example") for address in told)
        for message in server.taken:
            whole = message.as_string() + message.get_content()
            assert "Сенім жәшігі" in message["Subject"] or "Ящик доверия" in message["Subject"]
            for word in (WORDS, WORDS[:12], SCHOOL):
                assert word not in whole.replace(message["To"], "")
        counted = portal.manage(
            "shell",
            "-v0",
            "-c",
            "from schools.models import Mail; print(Mail.objects.exclude(state='sent').count())",
        )
        assert counted.split() == ["0"]
    log = (tmp_path / "server.log").read_text()
    assert "school.example" not in log
    assert WORDS not in log
