"""The page of one entry: the letter, what the journal says, the history, and the steps now possible."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from journal.admin.alert_page import alert_lines
from journal.admin.entry_steps import steps_context
from journal.admin.files import files_of_entry
from journal.admin.forwardings import sent_on_context
from journal.admin.pages import day_of, moment_at, staff_page
from journal.conversation import conversation_of, mark_seen, repeats_of
from journal.days import horizons_of
from journal.destroyed import acts_of_entries, destroyed_by
from journal.forms import ShareForm, StepForm
from journal.forwarding_forms import OutcomeForm
from journal.history import sentences
from journal.models import Entry
from journal.selectors import entries_for, history_of, sharing_of
from journal.services.reading import note_entry_read
from schools.languages import in_language
from schools.models import User
from schools.roles import ROLE_NAMES
from vault.keyring import Keyring

Line = tuple[str, str]


def _deadline(entry: Entry) -> str:
    """``overdue``, ``today`` or ``soon`` by the school's own date and working days; empty otherwise."""
    if not entry.is_open or entry.due_on is None:
        return ""
    horizon = horizons_of([entry.school])[entry.school_id]
    if entry.due_on < horizon.today:
        return "overdue"
    if entry.due_on == horizon.today:
        return "today"
    return "soon" if entry.due_on <= horizon.soon else ""


def entry_page(
    request: HttpRequest,
    entry: Entry,
    *,
    bound: dict[str, StepForm] | None = None,
    share: ShareForm | None = None,
    outcome: OutcomeForm | None = None,
) -> TemplateResponse:
    """The page, with forms that were refused (``bound``, ``share``, ``outcome``) as they were typed.

    Reading it leaves a row.
    """
    if entry.is_withheld_from(request.user.pk):
        return _closed_page(request, entry)
    content = entry.read_or_none(request.keyring)
    if content is not None and request.method == "GET":
        note_entry_read(entry=entry, by=request.user)
    letter = entry.letter.read_or_none(request.keyring) if entry.letter else None
    reads = letter is not None or (entry.letter_id is None and content is not None)
    files = files_of_entry(entry, request.keyring) if reads else {}
    said = conversation_of(entry, request.keyring) if content is not None else []
    if request.method == "GET":
        mark_seen(said)
    history = sentences(entry, history_of(entry), request.keyring)
    context = {
        "title": _("Entry %(entry)s") % {"entry": entry},
        "entry": entry,
        "school": entry.school,
        "content": content,
        "destroyed": _destroyed(entry),
        "text": (letter or content or {}).get("text", ""),
        "reads_letter": reads,
        "open_lines": [*_open_lines(entry, request.keyring), *_sent_on_lines(entry)],
        "sealed_lines": _sealed_lines(entry, content) + _about_lines(letter),
        "measures": (content or {}).get("measures", ""),
        "outcome": (content or {}).get("outcome", ""),
        "alerts": alert_lines(entry, user=request.user),
        "history": [{"when": moment_at(line.at, entry.school), "line": line} for line in history],
        "files": files.get(None, []),
        "conversation": [
            {
                "turn": turn,
                "when": moment_at(turn.message.sent_hour, entry.school),
                "files": files.get(turn.message.pk, []),
            }
            for turn in said
        ],
        "repeats": repeats_of(entry, request.user) if content is not None else None,
        "no_reply_reason": (content or {}).get("no_reply_reason", "") if entry.no_reply else "",
        **steps_context(
            entry,
            content,
            user=request.user,
            keyring=request.keyring,
            said=said,
            bound=bound or {},
        ),
        "deadline": _deadline(entry),
        "due": day_of(entry.due_on),
        **(
            sent_on_context(entry, by=request.user, keyring=request.keyring, refused=outcome)
            if content is not None
            else {}
        ),
        **_sharing(entry, content, letter, request.user, share),
        **_neighbours(request.user, entry),
    }
    return staff_page(request, "journal/entry.html", context)


def _closed_page(request: HttpRequest, entry: Entry) -> TemplateResponse:
    """Of an entry withheld from this person: its number and its date."""
    context = {
        "title": _("Entry %(entry)s") % {"entry": entry},
        "school": entry.school,
        "taken_on": day_of(entry.taken_on),
        **_neighbours(request.user, entry),
    }
    return staff_page(request, "journal/entry_withheld.html", context)


def share_form(
    entry: Entry, written: dict[str, Any], *, by: User, data: Any = None
) -> ShareForm | None:
    """The form by which an entry sealed in person is opened to a colleague; None where there is nobody."""
    sharing = sharing_of(entry, written)
    colleagues = [person for person in sharing.colleagues if person != by]
    if not colleagues:
        return None
    return ShareForm(data, prefix="share", by=by, colleagues=colleagues, open_to=sharing.open_to)


def _sharing(
    entry: Entry,
    content: dict[str, Any] | None,
    letter: dict[str, Any] | None,
    user: User,
    bound: ShareForm | None,
) -> dict[str, Any]:
    """To whom an entry sealed in person is open; for those who read it."""
    if entry.school_key_id is not None or content is None:
        return {}
    return {
        "open_to": sharing_of(entry, letter or {}).open_to,
        "share": bound or share_form(entry, letter or {}, by=user),
    }


def _about_lines(letter: dict[str, Any] | None) -> list[Line]:
    """Which readers the letter is about."""
    roles = [str(ROLE_NAMES.get(role, role)) for role in (letter or {}).get("about", ())]
    return (
        [(pgettext("which readers a letter is about", "About"), ", ".join(roles))] if roles else []
    )


def _open_lines(entry: Entry, keyring: Keyring) -> list[Line]:
    """What is readable without a key; the year of study of a single letter is told to its key holders alone."""
    counted = None if _is_outside(entry, keyring) else entry.class_level
    lines = [
        (_("Taken out"), day_of(entry.taken_on)),
        (_("Received"), moment_at(entry.received_at, entry.school) if entry.received_at else ""),
        (_("Source"), entry.get_source_display()),
        (_("Who writes"), entry.get_audience_display()),
        (pgettext("of a letter", "Category"), str(entry.category or "")),
        (_("Year of study"), "" if counted is None else str(counted)),
        (_("Reviewer"), str(entry.reviewer or "")),
        (_("Date of the reply"), day_of(entry.answered_on)),
        (_("Way of reply"), entry.get_reply_way_display() if entry.reply_way else ""),
        (_("Work finished"), day_of(entry.closed_on)),
        (_("What the check found"), entry.get_finding_display() if entry.finding else ""),
        (_("Why it happened"), str(entry.cause or "")),
        (
            _("Taken over from a former journal by") if entry.imported else _("Registered by"),
            f"{entry.registered_by}, {moment_at(entry.registered_at, entry.school)}",
        ),
        (pgettext("of the journal", "Volume"), str(entry.volume)),
    ]
    return [(label, text) for label, text in lines if text]


def _is_outside(entry: Entry, keyring: Keyring) -> bool:
    """Whether it is closed to this person, and was before its key was destroyed."""
    return entry.is_closed_to(keyring) and not keyring.opens_school_key(entry.school_key_id)


def _destroyed(entry: Entry) -> str:
    """By which act and when its content was destroyed; empty while it is kept."""
    if entry.destroyed_on is None:
        return ""
    return destroyed_by(acts_of_entries([entry]).get(entry.pk), day_of)


def _sent_on_lines(entry: Entry) -> list[Line]:
    """To whom an entry was sent on whose content is destroyed; before that a section of the page says it."""
    if entry.destroyed_on is None:
        return []
    language = get_language() or ""
    return [
        (
            _("Sent on"),
            f"{row}: {in_language(row.body_names, language)}, {day_of(row.sent_on)} – {day_of(row.answered_on)}",
        )
        for row in entry.forwardings.order_by("pk")
    ]


def _sealed_lines(entry: Entry, content: dict[str, Any] | None) -> list[Line]:
    """Who wrote, for those who hold the key."""
    if content is None:
        return []
    lines = [(_("Class or group"), content.get("class_group", ""))]
    if entry.signed:
        lines = [
            (_("Full name"), content.get("full_name", "")),
            (_("Age"), content.get("age", "")),
            *lines,
            (_("Address"), content.get("address", "")),
            (_("Phone"), content.get("phone", "")),
        ]
    else:
        mark = entry.volume.anonymous_mark_in(get_language() or "")
        lines = [(_("Author"), mark or pgettext("author", "anonymous")), *lines]
    return [(label, text) for label, text in lines if text]


def _neighbours(user: User, entry: Entry) -> dict[str, Entry | None]:
    """The entries before and after in the volume."""
    near = {
        row.number: row
        for row in entries_for(user)
        .select_related(None)
        .only("pk", "number", "volume")
        .filter(Q(number=entry.number - 1) | Q(number=entry.number + 1), volume_id=entry.volume_id)
    }
    for row in near.values():
        row.volume = entry.volume
    return {"before": near.get(entry.number - 1), "after": near.get(entry.number + 1)}
