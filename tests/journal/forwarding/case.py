"""What the tests of sending on share: columns of the book, and a body that answered."""

from journal.models import Entry, Forwarding
from journal.services.forwarding import record_outcome
from tests.factories import Person

COLUMNS = ["number", "received_at", "name", "summary", "sent_to", "outcome"]


def answered(forwarding: Forwarding, by: Person, **facts) -> Forwarding:
    entry = Entry.objects.get(pk=forwarding.entry_id)
    return record_outcome(
        **{
            "forwarding": forwarding,
            "answered_on": entry.school.today(),
            "outcome": "They spoke with the family.",
            "by": by.fresh(),
            "keyring": by.keyring(),
            "version": entry.version,
            **facts,
        }
    )
