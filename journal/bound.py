"""The thread and the seal of the book: database triggers that refuse what no program may do to it.

They stand in the database itself, on PostgreSQL and SQLite alike, because a mistake (or a person at the database's
own console) does not ask Python. They are put back after every ``migrate``: SQLite loses them when a table is remade.
"""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

REFUSAL = "trustbox: the book is bound"

# Rows that are never deleted.
KEPT = (
    "journal_alert",
    "journal_book",
    "journal_casehold",
    "journal_decision",
    "journal_destruction",
    "journal_doomed",
    "journal_entry",
    "journal_entryfile",
    "journal_escalation",
    "journal_forwarding",
    "journal_meeting",
    "journal_opening",
    "journal_takenletter",
    "journal_trail",
    "journal_volume",
    "box_attachment",
    "box_letter",
    "box_message",
    "reports_issued",
    "reports_scan",
)

# Columns that never change once the row is there.
FROZEN = {
    "journal_entry": (
        "school_id",
        "volume_id",
        "number",
        "source",
        "letter_id",
        "opening_id",
        "taken_on",
        "received_at",
        "audience",
        "signed",
        "registered_at",
        "registered_by_id",
        "imported",
    ),
    "journal_destruction": ("school_id", "number", "drawn_up_on", "drawn_up_by_id"),
    "journal_doomed": ("destruction_id", "entry_id", "taken_id", "file_id"),
    "journal_entryfile": ("entry_id", "position", "kind", "stored_as", "digest", "content"),
    "journal_alert": ("uid", "school_id", "letter_id", "message_id", "raised_at"),
    "journal_casehold": ("uid", "escalation_id", "begins", "content"),
    "journal_escalation": ("uid", "school_id", "letter_id", "entry_id", "reason", "reached_hour"),
    "journal_forwarding": (
        "uid",
        "entry_id",
        "school_id",
        "year",
        "number",
        "body_id",
        "body_names",
        "way",
        "sent_on",
        "out_of_competence",
        "sent_by_id",
    ),
    "journal_opening": (
        "uid",
        "school_id",
        "year",
        "number",
        "opened_at",
        "opened_by_id",
        "kind",
        "present",
        "web_count",
        "paper_count",
        "act_number",
        "missed",
        "content",
    ),
    "reports_issued": (
        "uid",
        "school_id",
        "kind",
        "opening_id",
        "meeting_id",
        "volume_id",
        "issued_on",
        "issued_by_id",
        "content",
    ),
    "journal_meeting": ("uid",),
    "reports_scan": ("issued_id", "position", "stored_as", "digest", "content"),
    "journal_takenletter": ("opening_id", "position", "source", "letter_id"),
    "journal_trail": (
        "school_id",
        "position",
        "at",
        "by_id",
        "by_name",
        "about",
        "step",
        "entry_id",
        "opening_id",
        "facts",
        "former",
        "digest",
        "previous_hash",
        "row_hash",
    ),
    "journal_volume": (
        "uid",
        "school_id",
        "number",
        "book",
        "period_from",
        "period_to",
        "columns",
        "anonymous_marks",
        "two_languages",
        "begun_on",
    ),
    "box_attachment": (
        "letter_id",
        "message_id",
        "position",
        "kind",
        "stored_as",
        "digest",
        "content",
    ),
    "box_message": (
        "letter_id",
        "position",
        "kind",
        "sent_hour",
        "danger",
        "content",
        "form_hash",
    ),
    "box_letter": (
        "school_id",
        "arrived_hour",
        "language",
        "audience",
        "signed",
        "danger",
        "category_id",
        "content",
        "receipt_hash",
        "author_key",
        "form_hash",
    ),
}

# What may move one way only.
ONE_WAY = {
    "journal_volume": (
        "NEW.last_number < OLD.last_number OR (OLD.finished_on IS NOT NULL AND (NEW.finished_on IS NULL"
        " OR NEW.finished_on <> OLD.finished_on OR NEW.last_number <> OLD.last_number))"
    ),
    # A protocol that has its number is not written anew.
    "journal_meeting": (
        "OLD.number IS NOT NULL AND (NEW.number IS NULL OR NEW.number <> OLD.number OR NEW.content <> OLD.content"
        " OR NEW.held_on <> OLD.held_on OR NEW.school_id <> OLD.school_id)"
    ),
    "journal_decision": "OLD.done_on IS NOT NULL AND (NEW.done_on IS NULL OR NEW.done_on <> OLD.done_on)",
    "journal_book": "NEW.rows < OLD.rows",
    # What is held is not destroyed; what was destroyed does not come back.
    "journal_entry": (
        "(NEW.destroyed_on IS NOT NULL AND NEW.held) OR (OLD.destroyed_on IS NOT NULL AND (NEW.destroyed_on IS NULL"
        " OR NEW.destroyed_on <> OLD.destroyed_on OR length(NEW.sealed_key) > 0))"
    ),
    "journal_destruction": (
        "(OLD.done_on IS NOT NULL AND (NEW.done_on IS NULL OR NEW.done_on <> OLD.done_on"
        " OR NEW.meeting_id <> OLD.meeting_id)) OR (NEW.done_on IS NOT NULL AND NEW.called_off_on IS NOT NULL)"
    ),
    "journal_takenletter": (
        "(OLD.entry_id IS NOT NULL AND (NEW.entry_id IS NULL OR NEW.entry_id <> OLD.entry_id))"
        " OR (OLD.set_aside_as <> '' AND NEW.set_aside_as <> OLD.set_aside_as)"
        " OR (OLD.destroyed_on IS NOT NULL AND (NEW.destroyed_on IS NULL OR NEW.destroyed_on <> OLD.destroyed_on))"
    ),
    "box_letter": (
        "(OLD.number <> '' AND NEW.number <> OLD.number) OR (OLD.taken_away AND NOT NEW.taken_away)"
    ),
    # An alert whose person has left waits again; nobody else is ever put in their place, and what is over stays so.
    "journal_alert": (
        "(OLD.answered_at IS NOT NULL AND NEW.answered_by_id <> OLD.answered_by_id)"
        " OR (OLD.outcome <> '' AND NEW.answered_at IS NULL)"
        " OR (OLD.outcome <> '' AND NEW.outcome <> OLD.outcome)"
    ),
    "journal_escalation": (
        "(NEW.destroyed_on IS NOT NULL AND NEW.held) OR (OLD.destroyed_on IS NOT NULL AND (NEW.destroyed_on IS NULL"
        " OR NEW.destroyed_on <> OLD.destroyed_on))"
    ),
    "journal_forwarding": "OLD.answered_on IS NOT NULL AND NEW.answered_on IS NULL",
}


def _triggers(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Name, table and the event with its condition, of every trigger."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    for table in KEPT:
        yield f"{table}_kept", table, "BEFORE DELETE ON {table} FOR EACH ROW"
    for table, columns in FROZEN.items():
        # JSON has no equality of its own on PostgreSQL unless it is jsonb, which Django makes it.
        changed = " OR ".join(
            f"OLD.{_name(column)} {differs} NEW.{_name(column)}" for column in columns
        )
        yield (
            f"{table}_frozen",
            table,
            f"BEFORE UPDATE ON {{table}} FOR EACH ROW WHEN ({changed})",
        )
    for table, wrong in ONE_WAY.items():
        yield (
            f"{table}_one_way",
            table,
            f"BEFORE UPDATE ON {{table}} FOR EACH ROW WHEN ({wrong})",
        )


def _name(column: str) -> str:
    return f'"{column}"'


def bind(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place (again)."""
    unbind(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION trustbox_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{REFUSAL} (%)', TG_NAME USING ERRCODE = '23001'; END $$"
            )
            body = "EXECUTE FUNCTION trustbox_refuse()"
        else:
            body = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for name, table, event in _triggers(connection.vendor):
            cursor.execute(f"CREATE TRIGGER {name} {event.format(table=table)} {body}")


def unbind(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away; for tests, and for whoever carries a whole database over."""
    with connection.cursor() as cursor:
        for name, table, _event in _triggers(connection.vendor):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are not in place, sorted."""
    with connection.cursor() as cursor:
        found = _found(cursor, connection.vendor)
    return sorted({name for name, _table, _event in _triggers(connection.vendor)} - found)


def _found(cursor: CursorWrapper, vendor: str) -> set[str]:
    if vendor == "postgresql":
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return {row[0] for row in cursor.fetchall()}
