"""The protocol of a meeting of the commission."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.destroyed import Act, acts_of_entries, destroyed_by
from journal.models import Meeting
from journal.models.volume import in_book
from reports.documents.opening_act import frame_of
from reports.documents.paper import Block, Facts, Item, Items, Paper, Signer, Words
from reports.documents.signing import signatures
from schools.dates import long_date, short_date
from schools.languages import in_language, speaking
from schools.models import School
from schools.numerals import with_words
from schools.selectors import regulation_of
from vault.keyring import Keyring

BLANK_POINTS, BLANK_DECISIONS = 3, 4


def freeze_protocol(meeting: Meeting, *, keyring: Keyring) -> dict[str, Any]:
    """Everything that the protocol says, in no language. Raises NotForThisKey."""
    gone = {"place": "", "invited": []}
    content = gone if meeting.opens_to_nobody else meeting.read(keyring)
    rows = list(meeting.points.select_related("entry__volume"))
    acts = acts_of_entries(point.entry for point in rows if point.entry is not None)
    points = [
        (point, {"topic": "", "heard": []} if point.opens_to_nobody else point.read(keyring))
        for point in rows
    ]
    decisions = [
        (
            row,
            {"text": "", "who": "", "votes": {}} if row.opens_to_nobody else row.read(keyring),
        )
        for row in meeting.decisions.select_related("entry", "point")
    ]
    return {
        **frame_of(meeting.school, regulation_of(meeting.school, meeting.held_on)),
        "number": meeting.number,
        "school_year": meeting.school_year,
        "held_on": meeting.held_on.isoformat(),
        "place": content["place"],
        "chair": meeting.chair,
        "secretary": meeting.secretary,
        "elected_chair": meeting.elected_chair,
        "present": meeting.present,
        "absent": meeting.absent,
        "members": meeting.members_in_all,
        "quorum_met": meeting.quorum_met,
        "invited": content["invited"],
        "points": [
            {
                "topic": said["topic"],
                "entry": point.entry.number if point.entry_id else None,
                "book": point.entry.volume.book if point.entry_id else "",
                "heard": said["heard"],
                "destroyed": _act(acts.get(point.entry_id or 0)) if point.opens_to_nobody else None,
            }
            for point, said in points
        ],
        "decisions": [
            {
                "text": said["text"],
                "who": said["who"],
                "due_on": row.due_on.isoformat() if row.due_on else "",
                "votes": said["votes"],
                "destroyed": _act(acts.get(row.entry_id or 0)) if row.opens_to_nobody else None,
            }
            for row, said in decisions
        ],
    }


def _act(act: Act | None) -> list[Any]:
    """Number and day of the act by which what stood there was destroyed."""
    return [act[0], act[1].isoformat()] if act else []


def _destroyed(act: list[Any], language: str) -> str:
    found = (act[0], datetime.date.fromisoformat(act[1])) if act else None
    return destroyed_by(found, lambda day: short_date(day, language))


def blank_protocol(school: School) -> dict[str, Any]:
    """The protocol to be written by hand."""
    return {
        **frame_of(school, regulation_of(school)),
        "blank": True,
        "place": "",
        "chair": {},
        "secretary": {},
        "present": [],
        "absent": [],
        "invited": [],
        "points": [],
        "decisions": [],
    }


def initials(name: str) -> str:
    """«Ахметова Гүлнар Қайратқызы» as «А. Г. Қ.»; a name of one word keeps its first letter."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word)


def protocol_in(
    frozen: dict[str, Any], language: str, *, mark: str = "", short_names: bool = False
) -> Paper:
    """The protocol in a language. ``short_names``: who spoke and who was invited stand as initials."""
    main = frozen["main"]
    with speaking(language):
        blank = frozen.get("blank", False)
        heading = _("Protocol № %(number)s") % {"number": "______" if blank else frozen["number"]}
        day = (
            _("“____” ______________ 20____")
            if blank
            else long_date(datetime.date.fromisoformat(frozen["held_on"]), language)
        )
        return Paper(
            language=language,
            school=in_language(frozen["school"], language, main=main),
            short=heading,
            heading=heading,
            subheading=_("of the meeting of the commission of the trust box"),
            place_and_day=(frozen["place"], day),
            blocks=tuple(_blocks(frozen, language, short_names)),
            reprint=mark,
        )


def _blocks(frozen: dict[str, Any], language: str, short_names: bool) -> list[Block]:
    blank = frozen.get("blank", False)
    chair, secretary = (_named(frozen[name], language) for name in ("chair", "secretary"))
    blocks: list[Block] = [
        Facts(((_("Chair"), chair), (_("Secretary"), secretary))),
        Words(_many(frozen["present"], language), _("Members present"), blank_lines=3),
    ]
    if frozen["absent"] or blank:
        blocks.append(Words(_many(frozen["absent"], language), _("Absent"), blank_lines=1))
    if frozen["invited"] or blank:
        text = "\n".join(_invited(person, short_names) for person in frozen["invited"])
        blocks.append(Words(text, _("Invited"), blank_lines=2))
    if not blank:
        blocks.append(Words(_quorum(frozen, language), _("Quorum")))
    agenda = tuple(Item(_topic(point, language)) for point in frozen["points"])
    blocks.append(Items(_("Agenda"), agenda, blank_items=BLANK_POINTS))
    heard = tuple(
        Item(
            _topic(point, language),
            tuple((_name(one["speaker"], short_names), one["what"]) for one in point["heard"]),
        )
        for point in frozen["points"]
        if point["heard"]
    )
    blocks.append(Items(_heard_heading(), heard, blank_items=BLANK_POINTS))
    decided = tuple(
        Item(_decision(one, language), tuple(_about(one, language))) for one in frozen["decisions"]
    )
    if decided or blank:
        blocks.append(Items(_decided_heading(), decided, blank_items=BLANK_DECISIONS))
    else:
        blocks.append(Words(_("Nothing was decided."), _decided_heading()))
    blocks.append(
        signatures(
            (
                Signer(_("Chair"), frozen["chair"].get("name", "")),
                Signer(_("Secretary"), frozen["secretary"].get("name", "")),
            )
        )
    )
    return blocks


def _heard_heading() -> str:
    return pgettext("in a protocol", "HEARD")


def _decided_heading() -> str:
    return pgettext("in a protocol", "DECIDED")


def _named(person: dict[str, Any], language: str) -> str:
    post = in_language(person.get("posts") or {}, language)
    return ", ".join(filter(None, (person.get("name", ""), post)))


def _many(people: list[dict[str, Any]], language: str) -> str:
    return "\n".join(_named(person, language) for person in people)


def _name(name: str, short_names: bool) -> str:
    return initials(name) if short_names and name else name


def _invited(person: dict[str, str], short_names: bool) -> str:
    return ", ".join(filter(None, (_name(person["name"], short_names), person["who"])))


def _quorum(frozen: dict[str, Any], language: str) -> str:
    counted = _("Members: %(members)s, present: %(present)s.") % {
        "members": with_words(frozen["members"], language),
        "present": with_words(len(frozen["present"]), language),
    }
    met = _("There is a quorum.") if frozen["quorum_met"] else _("There is no quorum.")
    lines = [f"{counted} {met}"]
    if frozen["elected_chair"]:
        lines.append(
            _("Elected as chair of the commission: %(name)s.") % {"name": frozen["chair"]["name"]}
        )
    return "\n".join(lines)


def _decision(decision: dict[str, Any], language: str) -> str:
    gone = decision.get("destroyed")
    return decision["text"] if gone is None else _destroyed(gone, language)


def _topic(point: dict[str, Any], language: str) -> str:
    if point["entry"] is None:
        return point["topic"]
    gone = point.get("destroyed")
    return _("Letter № %(number)s: %(topic)s") % {
        "number": in_book(point["entry"], point.get("book", "")),
        "topic": point["topic"] if gone is None else _destroyed(gone, language),
    }


def _about(decision: dict[str, Any], language: str) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    if decision["who"]:
        lines.append((_("Responsible"), decision["who"]))
    if decision["due_on"]:
        day = long_date(datetime.date.fromisoformat(decision["due_on"]), language)
        lines.append((_("Deadline"), day))
    if decision["votes"]:
        votes = decision["votes"]
        text = _("for: %(yes)s, against: %(no)s, abstained: %(none)s") % {
            "yes": votes["for"],
            "no": votes["against"],
            "none": votes["abstained"],
        }
        lines.append((_("Votes"), text))
    return lines
