"""The act of an opening of the box (of a withdrawal of letters), also of an empty box."""

import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.models import Opening, TakenLetter
from journal.models.volume import in_book
from reports.documents.paper import (
    Block,
    Facts,
    Paper,
    Signer,
    Table,
    Words,
)
from reports.documents.signing import approval, signatures
from schools.dates import long_date
from schools.languages import in_language, speaking
from schools.models import Regulation, School
from schools.models.regulation import Source
from schools.numerals import with_words
from schools.roles import ROLE_NAMES
from schools.selectors import regulation_of
from vault.keyring import Keyring

BLANK_ROWS, BLANK_SIGNERS = 5, 3
WIDTHS = (10, 22, 22, 46)


def freeze_act(opening: Opening, *, keyring: Keyring) -> dict[str, Any]:
    """Everything that the act of an opening says, in no language. Raises NotForThisKey.

    Of a letter that was sealed to some readers in person it tells the number alone: everybody present signs the act.
    """
    content = opening.read(keyring)
    school = opening.school
    regulation = regulation_of(school, opening.opened_at.astimezone(school.zone).date())
    taken = opening.taken_letters.select_related("entry__volume", "letter").order_by("position")
    return {
        **frame_of(school, regulation),
        "number": opening.act_number,
        "opening": opening.number,
        "year": opening.year,
        "kind": opening.kind,
        "withdrawal": regulation.acts == Regulation.Acts.WITH_LETTERS,
        "at": opening.opened_at.astimezone(school.zone).strftime("%Y-%m-%dT%H:%M"),
        "place": place_of(content["place"], regulation),
        "reason": content["reason"],
        "few_reason": content["few_reason"],
        "missed": opening.missed,
        "missed_reason": content["missed_reason"],
        "present": opening.present,
        "web": opening.web_count,
        "paper": max(opening.paper_count, sum(letter.source == Source.PAPER for letter in taken)),
        "letters": [_letter(letter, keyring) for letter in taken],
    }


def frame_of(school: School, regulation: Regulation) -> dict[str, Any]:
    """What stands around every paper of a school: its names, the box's names, and who approves."""
    director = school.memberships.filter(role_id="director", user__is_active=True).first()
    return {
        "school": school.names,
        "main": school.main_language,
        "box": regulation.box_names,
        "director": str(director.user) if director else "",
    }


def place_of(typed: str, regulation: Regulation) -> str | dict[str, str]:
    """The place as it was typed; in every language where it is the regulation's own."""
    known = regulation.place or {}
    return known if typed and typed in known.values() else typed


def _letter(taken: TakenLetter, keyring: Keyring) -> dict[str, Any]:
    in_person = taken.letter is not None and taken.letter.school_key_id is None
    note = "" if in_person else (taken.read_or_none(keyring) or {}).get("note", "")
    return {
        "position": taken.position,
        "source": "" if in_person else taken.source,
        "signed": None if in_person else taken.signed,
        "entry": taken.entry.number if taken.entry_id else None,
        "book": taken.entry.volume.book if taken.entry_id else "",
        "aside": "" if in_person else taken.set_aside_as,
        "note": note if taken.set_aside_as else "",
        "in_person": in_person,
    }


def is_finished(opening: Opening) -> bool:
    """Whether every letter of the opening has its number or its reason: before that the act is a draft."""
    typed = opening.taken_letters.filter(source=Source.PAPER).count()
    waiting = opening.taken_letters.filter(entry__isnull=True, set_aside_as="").exists()
    return not waiting and typed >= opening.paper_count


def blank_act(school: School) -> dict[str, Any]:
    """The act of a day without electricity: what is known of the school, and lines for the rest."""
    regulation = regulation_of(school)
    return {
        **frame_of(school, regulation),
        "blank": True,
        "withdrawal": regulation.acts == Regulation.Acts.WITH_LETTERS,
        "place": regulation.place or "",
        "present": [],
        "letters": [],
    }


def act_in(frozen: dict[str, Any], language: str, *, mark: str = "") -> Paper:
    """The act in a language, from its frozen data."""
    main = frozen["main"]
    with speaking(language):
        box = in_language(frozen["box"], language, main=main)
        blank = frozen.get("blank", False)
        number = "" if blank else str(frozen["number"] or frozen["opening"])
        heading = (
            _("Act of withdrawal № %(number)s")
            if frozen["withdrawal"]
            else _("Act of opening № %(number)s")
        ) % {"number": number or "______"}
        day = "" if blank else long_date(_moment(frozen).date(), language)
        return Paper(
            language=language,
            school=in_language(frozen["school"], language, main=main),
            short=heading,
            heading=heading,
            subheading=box,
            place_and_day=("", day or _("“____” ______________ 20____")),
            approval=approval(frozen["director"]),
            blocks=tuple(_blocks(frozen, language)),
            reprint=mark,
        )


def _moment(frozen: dict[str, Any]) -> datetime.datetime:
    return datetime.datetime.fromisoformat(frozen["at"])


def _blocks(frozen: dict[str, Any], language: str) -> list[Block]:
    blank = frozen.get("blank", False)
    place = frozen["place"]
    if isinstance(place, dict):
        place = in_language(place, language, main=frozen["main"])
    facts = [(_("Place"), place)]
    if blank:
        facts += [(_("Time"), ""), (_("On schedule, or out of turn and why"), "")]
    else:
        facts += [
            (_("Time"), f"{_moment(frozen):%H:%M}"),
            (pgettext("of an opening", "Kind"), _kind(frozen)),
        ]
    blocks: list[Block] = [
        Facts(tuple(facts)),
        Words(_people(frozen), _("Present"), blank_lines=3),
    ]
    for label, text in _reasons(frozen, language):
        blocks.append(Words(text, label))
    blocks.append(
        Words(_found(frozen, language), _("Found in the box"), strong=True, blank_lines=1)
    )
    if frozen["letters"] or blank:
        blocks.append(
            Table(
                heading=_("Letters taken out"),
                head=(
                    pgettext("of a letter", "№"),
                    _("By which way"),
                    _("Signed or anonymous"),
                    _("Number in the journal, or why it was set aside"),
                ),
                widths=WIDTHS,
                rows=tuple(_row(letter) for letter in frozen["letters"]),
                blank_rows=BLANK_ROWS if blank else 0,
            )
        )
    signers = tuple(
        Signer(
            post=capfirst(_post(person)),
            name=person["name"],
            note=_("confirmed by sign-in") if person.get("confirmed") else "",
        )
        for person in frozen["present"]
    )
    blocks.append(signatures(signers or (Signer("", ""),) * BLANK_SIGNERS))
    return blocks


def _kind(frozen: dict[str, Any]) -> str:
    label = str(Opening.Kind(frozen["kind"]).label)
    return f"{label}: {frozen['reason']}" if frozen["reason"] else label


def _post(person: dict[str, Any]) -> str:
    role = person.get("role")
    return str(ROLE_NAMES.get(role, role)) if role else person.get("post", "")


def _people(frozen: dict[str, Any]) -> str:
    return "\n".join(
        ", ".join(filter(None, (person["name"], _post(person)))) for person in frozen["present"]
    )


def _reasons(frozen: dict[str, Any], language: str) -> list[tuple[str, str]]:
    reasons: list[tuple[str, str]] = []
    if frozen.get("few_reason"):
        reasons.append(
            (_("Why fewer were present than the regulation asks for"), frozen["few_reason"])
        )
    if frozen.get("missed"):
        days = ", ".join(
            long_date(datetime.date.fromisoformat(day), language) for day in frozen["missed"]
        )
        text = f"{days}. {frozen['missed_reason']}".strip()
        reasons.append((_("Openings missed before this one"), text))
    return reasons


def _found(frozen: dict[str, Any], language: str) -> str:
    if frozen.get("blank"):
        return ""
    total = frozen["web"] + frozen["paper"]
    if not total:
        return _("No letters found.")
    return _("Letters: %(total)s, of them from the site: %(web)s, on paper: %(paper)s.") % {
        "total": with_words(total, language),
        "web": frozen["web"],
        "paper": frozen["paper"],
    }


def _number(letter: dict[str, Any]) -> str:
    return f"№ {in_book(letter['entry'], letter.get('book', ''))}"


def _row(letter: dict[str, Any]) -> tuple[str, ...]:
    position = str(letter["position"])
    if letter["in_person"]:
        number = _number(letter) if letter["entry"] else _("open to some readers only")
        return (position, "—", "—", number)
    signed = {
        True: pgettext("letter", "signed"),
        False: pgettext("letter", "anonymous"),
        None: "—",
    }[letter["signed"]]
    if letter["entry"]:
        fate = _number(letter)
    elif letter["aside"]:
        reason = str(TakenLetter.SetAside(letter["aside"]).label)
        fate = _("set aside: %(reason)s") % {
            "reason": ", ".join(filter(None, (reason, letter["note"])))
        }
    else:
        fate = _("not registered yet")
    return (position, str(Source(letter["source"]).label), signed, fate)
