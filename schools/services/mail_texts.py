"""The text of a mail, written when it is sent: in the person's language, with counts and a link, and no name at all."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from schools.addresses import address_for, address_of
from schools.languages import speaking
from schools.models import Mail, School, User
from schools.services.inviting import invite

# How a line of a list begins.
ITEM = "– "
# Where the link of a kind of mail leads; of the others, to the first page.
PLACES = {Mail.Kind.REPORT: "admin:reports"}


def written(mail: Mail) -> EmailMessage:
    """The mail as it leaves. Its Message-ID is the same at each try, so that a copy is known as a copy."""
    with speaking(mail.person.language):
        words = _words(mail)
        subject = render_to_string(f"schools/mail/{mail.kind}.subject.txt", words)
        text = render_to_string(f"schools/mail/{mail.kind}.txt", words)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=_tidy(text),
        to=[mail.person.email],
        headers={
            "Message-ID": message_id(mail),
            # No «I am on holiday» comes back for it.
            "Auto-Submitted": "auto-generated",
        },
    )


def message_id(mail: Mail) -> str:
    """Stable for one mail, and telling nothing: not even how many mails there were."""
    # Each try brings another link, and the last one opens: no copy of those before.
    copy = f"{mail.pk}:{mail.tries}" if mail.kind == Mail.Kind.INVITATION else f"{mail.pk}"
    token = salted_hmac("schools.Mail", copy, algorithm="sha256").hexdigest()[:32]
    return f"<{token}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def _words(mail: Mail) -> dict[str, Any]:
    """For the template: the figures, and each school's name where the person has several."""
    if mail.kind == Mail.Kind.INVITATION:
        return _invitation(mail.person)
    ids = mail.person.memberships.order_by().values_list("school_id", flat=True).distinct()
    several = len(ids) > 1
    schools = School.objects.in_bulk(list(ids))
    names = {pk: str(school) for pk, school in schools.items()}
    # Who works in several schools signs in at the portal's own address.
    portal = settings.BASE_URL if several else address_of(next(iter(schools.values()), None))
    link = f"{portal}{reverse(PLACES.get(mail.kind, 'admin:index'))}" if portal else ""
    own = [
        {**figures, "name": names.get(figures["school"], "") if several else ""}
        for figures in mail.figures.get("schools", [])
    ]
    return {
        **mail.figures,
        "schools": own,
        "school": names.get(mail.school_id, "") if several else "",
        "link": link,
    }


def _invitation(person: User) -> dict[str, Any]:
    """The link, made now, so that it stands nowhere else; and nothing about school, box or letters."""
    address = reverse("admin:welcome_link", args=[invite(user=person, by=None)])
    return {"link": f"{address_for(person)}{address}", "username": person.username}


def _tidy(text: str) -> str:
    """Without what a template leaves between its lines: paragraphs apart, a list close to its heading."""
    kept: list[str] = []
    for line in (line.strip() for line in text.strip().splitlines()):
        if line.startswith(ITEM) and not kept[-1]:
            kept.pop()
        if line or kept[-1]:
            kept.append(line)
    return "\n".join(kept) + "\n"
