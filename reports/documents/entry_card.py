"""The register card: one entry with its whole history, for an inspector; and the slip for who brought a letter."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journal.history import sentences
from journal.models import Entry, Trail
from reports.documents.opening_act import frame_of
from reports.documents.paper import Block, Facts, Item, Items, Paper, Signer, Words
from reports.documents.signing import signatures
from schools.dates import date_and_time, long_date
from schools.languages import in_language, speaking
from schools.models import School
from schools.selectors import regulation_of
from vault.keyring import Keyring


def read_card(
    entry: Entry,
    *,
    rows: Iterable[Trail],
    hash_of_book: str,
    language: str,
    keyring: Keyring,
    identity: bool,
) -> Paper:
    """The card of an entry. ``rows``: its trail; ``identity``: whether it says who wrote. Raises NotForThisKey."""
    content = entry.read(keyring)
    school = entry.school
    with speaking(language):
        blocks: list[Block] = [Facts(tuple(_facts(entry, content, language, identity)))]
        for heading, name in (
            (_("Summary"), "summary"),
            (_("Measures taken"), "measures"),
            (_("Outcome"), "outcome"),
            (_("Why no reply was given"), "no_reply_reason"),
        ):
            if content.get(name):
                blocks.append(Words(content[name], heading))
        blocks.append(Items(_("History"), _history(entry, rows, language, keyring)))
        blocks.append(Facts(((_("Last hash of the book"), hash_of_book),)))
        blocks.append(signatures((Signer("", ""),)))
        return _paper(
            school,
            language,
            heading=_("Register card, entry %(entry)s") % {"entry": entry},
            subheading=_("%(journal)s. Volume %(number)s")
            % {"journal": entry.volume.title, "number": entry.volume.number},
            blocks=tuple(blocks),
        )


def _facts(
    entry: Entry, content: dict[str, str], language: str, identity: bool
) -> list[tuple[str, str]]:
    who = entry.volume.anonymous_mark_in(language) or pgettext("author", "anonymous")
    if entry.signed:
        names = ("full_name", "age", "class_group", "address", "phone")
        who = ", ".join(content[name] for name in names if content.get(name))
        who = who if identity else pgettext("author", "signed; the name is not told here")
    facts = [
        (_("Taken out"), long_date(entry.taken_on, language)),
        (_("Source"), str(entry.get_source_display())),
        (_("Author"), who),
        (_("Scans of the letter"), str(entry.files.count() or "")),
        (pgettext("of a letter", "Category"), _category(entry, language)),
        (_("State"), str(entry.get_state_display())),
        (_("Reply due"), long_date(entry.due_on, language) if entry.due_on else ""),
        (
            _("Date of the reply"),
            long_date(entry.answered_on, language) if entry.answered_on else "",
        ),
        (_("Way of reply"), str(entry.get_reply_way_display()) if entry.reply_way else ""),
    ]
    return [(label, text) for label, text in facts if text]


def _category(entry: Entry, language: str) -> str:
    return entry.category.name_in(language) if entry.category else ""


def _history(
    entry: Entry, rows: Iterable[Trail], language: str, keyring: Keyring
) -> tuple[Item, ...]:
    zone = entry.school.zone
    return tuple(
        Item(
            f"{date_and_time(line.at, language, zone)}, {line.who}".rstrip(", "),
            tuple(("", text) for text in (line.text, line.added) if text),
        )
        for line in sentences(entry, rows, keyring)
    )


def read_slip(entry: Entry, *, language: str, whom: str) -> Paper:
    """The slip for who brought a letter: number, date, where to ask. Nothing of what it says, nor who it is from."""
    school = entry.school
    with speaking(language):
        return _paper(
            school,
            language,
            heading=_("Registration slip"),
            subheading="",
            blocks=(
                Facts(
                    (
                        (_("Your letter is registered under"), str(entry)),
                        (
                            _("Date"),
                            long_date(entry.registered_at.astimezone(school.zone).date(), language),
                        ),
                        (_("Whom to ask"), whom),
                        (_("Phone"), school.phone),
                        (_("Address"), school.address_in(language)),
                        *(
                            ((_("Answer by"), long_date(entry.due_on, language)),)
                            if entry.due_on
                            else ()
                        ),
                    )
                ),
                signatures((Signer("", ""),)),
            ),
        )


def _paper(
    school: School, language: str, *, heading: str, subheading: str, blocks: tuple[Block, ...]
) -> Paper:
    frame = frame_of(school, regulation_of(school))
    return Paper(
        language=language,
        school=in_language(frame["school"], language, main=frame["main"]),
        short=heading,
        heading=heading,
        subheading=subheading,
        place_and_day=("", long_date(school.today(), language)),
        blocks=blocks,
    )
