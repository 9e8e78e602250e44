"""The history of an entry as sentences, in the language that is active."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from journal.alert_history import ALERT_SENTENCES
from journal.keeping_history import KEEPING_SENTENCES
from journal.models import Entry, Forwarding, Trail
from journal.written import FIELD_NAMES
from schools.book_names import people_called
from schools.languages import in_language
from schools.models import Cause
from schools.models.sealed import not_withheld_from
from vault import content as sealing
from vault.errors import NotForThisKey
from vault.keyring import Keyring

Step = Trail.Step

# What is readable without a key; a correction's facts have it as [before, after].
OPEN_NAMES = {
    "category": pgettext_lazy("of a letter", "Category"),
    "class_level": gettext_lazy("Year of study"),
    "finding": gettext_lazy("What the check found"),
    "cause": gettext_lazy("Why it happened"),
}


@dataclass(frozen=True)
class Sentence:
    """One step in words: when, by whom, what, and the words it added (empty without the key)."""

    at: datetime.datetime
    who: str
    text: str
    added: str = field(default="", repr=False)


def sentences(entry: Entry, rows: Iterable[Trail], keyring: Keyring) -> list[Sentence]:
    """The rows of an entry's trail, in order, as sentences. Two queries for the names that facts mention."""
    rows = list(rows)
    names = _names(
        entry,
        {row.facts.get("reviewer") for row in rows}
        | {row.facts.get("to") for row in rows if row.step == Step.SHARED},
    )
    names |= _entries_named(entry, rows, keyring)
    names |= _causes_named(entry, rows)
    before, after = _contents(entry, rows, keyring)
    return [
        Sentence(
            at=row.at,
            who=str(row.by) if row.by else row.by_name,
            text=_SENTENCES[row.step](row.facts, names, before[at], after[at])
            if row.step in _SENTENCES
            else str(Step(row.step).label).capitalize() + ".",
            added=_added(row, before[at], after[at]),
        )
        for at, row in enumerate(rows)
    ]


def _names(entry: Entry, usernames: set[str | None]) -> dict[str, str]:
    named = {name for name in usernames if name}
    found = people_called(entry.school_id, named)
    return {name: str(person) for name, person in found.items()}


def _entries_named(entry: Entry, rows: list[Trail], keyring: Keyring) -> dict[str, str]:
    """By volume and number, the entries that links name; none that is withheld from the reader."""
    linked = {tuple(row.facts["repeat_of"]) for row in rows if row.facts.get("repeat_of")}
    if not linked:
        return {}
    numbers = {number for _volume, number in linked}
    known = Entry.objects.filter(
        not_withheld_from(keyring.person_id or 0), school=entry.school_id, number__in=numbers
    ).select_related("volume")
    return {f"entry {row.volume.number}/{row.number}": str(row) for row in known}


def _causes_named(entry: Entry, rows: list[Trail]) -> dict[str, str]:
    """By «cause» and short name, the causes that steps name, in the language that is active."""
    slugs = {row.facts.get("cause") for row in rows if row.step == Step.CLOSED}
    for row in rows:
        if row.step == Step.CORRECTED:
            slugs |= set(row.facts.get("cause", ()))
    slugs.discard(None)
    if not slugs:
        return {}
    causes = Cause.objects.filter(school=entry.school_id, slug__in=slugs)
    return {f"cause {cause.slug}": str(cause) for cause in causes}


def _contents(
    entry: Entry, rows: list[Trail], keyring: Keyring
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What the entry said before and after each row; empty where it is closed to this keyring."""
    empty: list[dict[str, Any]] = [{} for _row in rows]
    try:
        key = entry.content_key(keyring)
        current = entry.read(keyring)
        before, after = list(empty), list(empty)
        for at in range(len(rows) - 1, -1, -1):
            after[at] = current
            if rows[at].former:
                current = sealing.decrypt(rows[at].former, key=key, context=entry.sealing_context())
            before[at] = current
    except NotForThisKey:
        return empty, empty
    return before, after


def _added(row: Trail, before: dict[str, Any], after: dict[str, Any]) -> str:
    """The words a step added: measures, the outcome, the reason of a correction."""
    if not row.former or not after:
        return ""
    if row.step == Step.CLOSED:
        return _closing_words(row, before, after)
    if row.step == Step.CORRECTED:
        return after.get("correction", "")
    if row.step == Step.DUE_EXTENDED:
        return after.get("extension", "")
    if row.step in (Step.FORWARDED, Step.BODY_ANSWERED):
        return _words_of_sending(row, before, after)
    return _gained("hold" if row.step in KEEPING_SENTENCES else "measures", before, after)


def _closing_words(row: Trail, before: dict[str, Any], after: dict[str, Any]) -> str:
    reason = after.get("no_reply_reason", "") if row.facts.get("no_reply") else ""
    return "\n".join(text for text in (reason, _gained("outcome", before, after)) if text)


def _words_of_sending(row: Trail, before: dict[str, Any], after: dict[str, Any]) -> str:
    measures = _gained("measures", before, after)
    if row.step == Step.BODY_ANSWERED:
        return _gained("outcome", before, after) or measures
    # The sentence says whom it was sent to already; what is left is why it is late.
    sent = _gained("sent_to", before, after)
    return "\n".join(line for line in measures.splitlines() if not line.endswith(sent))


def _gained(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """What a step added at the end of a text; the whole text when it was written anew."""
    former, now = before.get(name, ""), after.get(name, "")
    return now.removeprefix(former).lstrip("\n") if now.startswith(former) else now


Facts = dict[str, Any]


def _registered(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The letter was registered under № %(number)s.") % {"number": facts.get("number", "")}


def _into_review(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    reviewer = facts.get("reviewer", "")
    return _("The letter was taken into review. Reviewer: %(person)s.") % {
        "person": names.get(reviewer, reviewer)
    }


def _measures(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("Measures taken were written down.")


def _answered(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    day = datetime.date.fromisoformat(facts["answered_on"])
    return _("The author was answered on %(date)s: %(way)s.") % {
        "date": formats.date_format(day, "DATE_FORMAT"),
        "way": Entry.ReplyWay(facts["way"]).label,
    }


def _closed(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    if facts.get("no_reply"):
        said = [_("The work on the letter was finished without a reply.")]
    else:
        said = [_("The work on the letter was finished.")]
    return " ".join([*said, *_found(facts.get("finding", ""), facts.get("cause"), names)])


def _found(finding: str, cause: str | None, names: dict[str, str]) -> list[str]:
    """What the check found and why it happened, as sentences of their own."""
    said: list[str] = []
    if finding:
        said.append(_("The check found: %(finding)s.") % {"finding": Entry.Finding(finding).label})
    if cause:
        said.append(
            _("Why it happened: %(cause)s.") % {"cause": names.get(f"cause {cause}", cause)}
        )
    return said


def _written_to(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("A message was sent to the author.")


def _author_wrote(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The author wrote back.")


def _author_left(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The author took the conversation away from the site.")


def _extended(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    if not facts["due_before"]:
        return _("The reply is due on %(date)s now.") % {"date": _day(facts["due_on"])}
    return _("The reply is due on %(date)s now, and no more on %(before)s.") % {
        "date": _day(facts["due_on"]),
        "before": _day(facts["due_before"]),
    }


def _linked(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    if facts["repeat_of"] is None:
        return _("The link to an earlier entry was taken away.")
    volume, number = facts["repeat_of"]
    earlier = names.get(f"entry {volume}/{number}")
    if earlier is None:
        return _("The letter was linked to an earlier entry.")
    return _("The letter was linked to an earlier entry: %(entry)s.") % {"entry": earlier}


def _decided(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    year = facts["year"]
    return _("The commission decided about the letter: protocol № %(number)s (%(years)s).") % {
        "number": facts["protocol"],
        "years": f"{year}/{year + 1}",
    }


def _returned(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The letter went back to review.")


def _corrected(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    changed = [
        str(label) for name, label in FIELD_NAMES.items() if before.get(name) != after.get(name)
    ]
    # The year of study that followed the class is no correction of its own.
    followed = {"class_level"} if before.get("class_group") != after.get("class_group") else set()
    changed += [
        str(label) for name, label in OPEN_NAMES.items() if name in facts and name not in followed
    ]
    said = [_("A slip of the pen was corrected.")]
    if changed:
        said = [
            _("A slip of the pen was corrected in: %(fields)s.")
            % {"fields": get_text_list(changed, pgettext("between the last two of a list", "and"))}
        ]
    finding, cause = facts.get("finding", ("", "")), facts.get("cause", (None, None))
    return " ".join([*said, *_found(finding[1], cause[1], names)])


def _shared(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    colleague = facts.get("to", "")
    return _("The entry was opened to a colleague: %(person)s.") % {
        "person": names.get(colleague, colleague)
    }


def _forwarded(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("The letter was sent on to %(body)s (%(way)s). The answer is due on %(date)s.") % {
        "body": in_language(facts["body"], get_language() or ""),
        "way": Forwarding.Way(facts["way"]).label,
        "date": _day(facts["due_on"]),
    }


def _body_answered(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("%(body)s answered on %(date)s.") % {
        "body": in_language(facts["body"], get_language() or ""),
        "date": _day(facts["answered_on"]),
    }


def _printed(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    match facts.get("what"):
        case "notice":
            return _("A notice for the author was printed.")
        case "register card" if facts.get("identity"):
            return _("The register card was printed, with who wrote the letter.")
        case "register card":
            return _("The register card was printed, without who wrote the letter.")
        case "registration slip":
            return _("The registration slip was printed.")
    return _("The forwarding sheet %(number)s was printed.") % {"number": facts["forwarding"]}


def _day(text: str) -> str:
    return formats.date_format(datetime.date.fromisoformat(text), "DATE_FORMAT")


def _refused(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("Somebody to whom the entry is closed tried to work on it, and was refused.")


def _taken_over(facts: Facts, names: dict[str, str], before: Facts, after: Facts) -> str:
    return _("Taken over with its number from a journal kept before.")


_SENTENCES: dict[str, Callable[[Facts, dict[str, str], Facts, Facts], str]] = {
    Step.REGISTERED: _registered,
    Step.TAKEN_OVER: _taken_over,
    Step.TAKEN_INTO_REVIEW: _into_review,
    Step.MEASURES_RECORDED: _measures,
    Step.ANSWERED: _answered,
    Step.CLOSED: _closed,
    Step.DECIDED: _decided,
    Step.RETURNED: _returned,
    Step.CORRECTED: _corrected,
    Step.WRITTEN_TO: _written_to,
    Step.AUTHOR_WROTE: _author_wrote,
    Step.AUTHOR_LEFT: _author_left,
    Step.DUE_EXTENDED: _extended,
    Step.LINKED: _linked,
    Step.FORWARDED: _forwarded,
    Step.BODY_ANSWERED: _body_answered,
    Step.PRINTED: _printed,
    Step.SHARED: _shared,
    Step.REFUSED: _refused,
    **ALERT_SENTENCES,
    **KEEPING_SENTENCES,
}
