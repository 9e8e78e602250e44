"""What the worker does beside the requests. Arguments are numbers of rows: no name, no content."""

import logging

from django.db import DatabaseError
from django_tasks import task

from schools.services.sending import Sent, send

log = logging.getLogger(__name__)


@task()
def send_mail(mail: int) -> str:
    """One mail by its number; returns how it went. Raises nothing: the text of an error, kept, could name people."""
    try:
        return send(mail).value
    except DatabaseError:
        # The reminder tries it again.
        log.exception("A mail could not be tried.")
        return Sent.LATER.value
