"""Confidentiality: who reads a letter and who never does, and what is kept of its author."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from schools.regulation_text import wording
from schools.regulation_text.document import Said
from schools.regulation_text.rules import Rules
from schools.roles import ROLE_PERMISSIONS


def clauses(rules: Rules) -> Iterator[Said]:
    """In the language that is spoken."""
    if rules.has_site:
        yield from _of_the_site()
    else:
        yield Said(
            "anonymous_kept",
            ("regulation.sources",),
            _(
                "Anonymous means: nobody is asked for a name, and of an anonymous letter neither name nor address, "
                "age or phone are entered in the journal."
            ),
        )
    yield Said(
        "journal_sealed",
        (),
        _(
            "What the journal says of a letter and its author is kept locked (encrypted). It is opened by the "
            "holders of the key alone; the technical operator of the portal holds no key and reads no letter."
        ),
    )
    reads = ("schools.hold_key", "journal.view_entry")
    never = [role for role, held in ROLE_PERMISSIONS.items() if not set(reads) & set(held)]
    yield Said(
        "never_read",
        ("roles",),
        _(
            "In the portal these read neither letters nor the journal, unless they also hold one of the posts named "
            "above:"
        ),
        tuple(wording.post(role) for role in never),
    )
    yield Said(
        "reading_recorded",
        (),
        _(
            "Who has read, printed or copied out an entry of the journal, and when, is recorded and cannot be "
            "deleted."
        ),
    )
    yield Said(
        "sent_on",
        (),
        _(
            "To another body goes only what is needed for its decision. Of an anonymous letter nothing about its "
            "author is sent on; of a signed one only what whoever sends it on has chosen expressly."
        ),
    )
    yield Said(
        "notice",
        (),
        _(
            "A notice on the stand has the number of the letter and the words of the reply, and neither the day nor "
            "the subject nor the way in which the letter came."
        ),
    )


def _of_the_site() -> Iterator[Said]:
    sources = ("regulation.sources",)
    yield Said(
        "sealed",
        sources,
        _(
            "A letter from the site is locked (encrypted) the moment it is sent. Only those read it who hold the key "
            "of the box."
        ),
    )
    yield Said(
        "anonymous_kept",
        sources,
        _(
            "Anonymous means: nobody is asked for a name. If somebody has typed in a name, address, age, class or "
            "phone and sends the letter without a name, these are not kept."
        ),
    )
    yield Said(
        "never_kept",
        sources,
        _(
            "Of whoever writes on the site neither the internet address, nor the device, nor the exact time is kept, "
            "whether the letter is signed or not; of the time the hour alone is kept."
        ),
    )
    yield Said(
        "files",
        sources,
        _(
            "Pictures, documents and sound that are sent with a letter are freed of what tells the device, the "
            "place, the time or the author, and are locked like the letter."
        ),
    )
    yield Said(
        "signed",
        sources,
        _(
            "A letter on the site is signed only with the consent of its author that the school keeps the name and "
            "what else was given, to answer."
        ),
    )
    yield Said(
        "about_reader",
        sources,
        _(
            "If a letter on the site is about somebody who reads letters and its author has marked that, it is "
            "closed to that person: they see its number and date alone. If there is nobody else to read it, it is "
            "not taken, and its author is told where to turn outside the school."
        ),
    )
    yield Said(
        "conversation",
        sources,
        _(
            "Who writes with the code stays as unknown as before. In the conversation the school is named by posts, "
            "not by names."
        ),
    )
