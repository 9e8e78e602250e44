"""Other words under which people keep what the portal has a name of its own for; each language has its own list."""

from django.utils.translation import pgettext_lazy

from journal.models import Entry
from schools.models.regulation import Audience, Source

AUDIENCES = {
    Audience.STUDENT: pgettext_lazy(
        "words for a pupil, parted by |", "pupil|student|learner|schoolboy|schoolgirl|child"
    ),
    Audience.PARENT: pgettext_lazy(
        "words for a parent, parted by |", "parent|guardian|mother|father|grandmother"
    ),
    Audience.TEACHER: pgettext_lazy(
        "words for a teacher, parted by |", "teacher|staff|employee|tutor"
    ),
    Audience.OTHER: pgettext_lazy(
        "words for somebody else who writes, parted by |", "other|somebody else|anonymous|unknown"
    ),
}
SOURCES = {
    Source.WEB: pgettext_lazy(
        "words for the web form, parted by |", "web|site|website|online|internet|qr"
    ),
    Source.PAPER: pgettext_lazy(
        "words for the paper box, parted by |", "box|paper|paper box|trust box|letter|in writing"
    ),
    Source.PHONE: pgettext_lazy(
        "words for the trust phone, parted by |", "phone|call|trust phone|by phone|hotline"
    ),
    Source.EMAIL: pgettext_lazy("words for e-mail, parted by |", "e-mail|mail|by e-mail"),
    Source.PERSON: pgettext_lazy(
        "words for coming in person, parted by |", "in person|orally|visit|personally"
    ),
}
STATES = {
    Entry.State.REGISTERED: pgettext_lazy(
        "words for a registered letter, parted by |", "registered|new|received|open"
    ),
    Entry.State.IN_REVIEW: pgettext_lazy(
        "words for a letter in review, parted by |",
        "in review|in work|being looked at|under control",
    ),
    Entry.State.ANSWERED: pgettext_lazy(
        "words for an answered letter, parted by |", "answered|reply given|explained"
    ),
    Entry.State.CLOSED: pgettext_lazy(
        "words for a closed letter, parted by |", "closed|done|finished|carried out|solved"
    ),
}
ROLES = {
    "psychologist": pgettext_lazy(
        "words for a psychologist, parted by |", "psychologist|school psychologist"
    ),
    "social_pedagogue": pgettext_lazy(
        "words for a social pedagogue, parted by |", "social pedagogue|social teacher|social worker"
    ),
    "deputy_director": pgettext_lazy(
        "words for a deputy director, parted by |",
        "deputy director|deputy director for upbringing|deputy head",
    ),
    "director": pgettext_lazy(
        "words for a director, parted by |", "director|head|principal|head teacher"
    ),
    "commission_member": pgettext_lazy(
        "words for a member of the commission, parted by |", "commission member|commission"
    ),
    "phone_officer": pgettext_lazy(
        "words for who answers the trust phone, parted by |", "trust phone officer|operator|phone"
    ),
    "administrator": pgettext_lazy(
        "words for an administrator, parted by |", "administrator|it teacher|informatics teacher"
    ),
}
