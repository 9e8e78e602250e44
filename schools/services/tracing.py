"""Who changed what of a school's settings and public words: a row of the admin's log, without what it holds.

Letters have their own, stricter trail (``journal.services.trail``): nothing of theirs comes here.
"""

import json

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from schools.models import User


def note_change(*, row: Model, fields: list[str], by: User) -> LogEntry:
    """Somebody changed these fields of a row, or made it (no fields). In the caller's transaction."""
    message = json.dumps([{"changed": {"fields": fields}} if fields else {"added": {}}])
    return LogEntry.objects.create(
        user_id=by.pk,
        content_type_id=ContentType.objects.get_for_model(row).pk,
        object_id=row.pk,
        object_repr=f"№ {row.pk}",
        action_flag=CHANGE if fields else ADDITION,
        change_message=message,
    )
