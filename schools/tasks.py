"""What the worker does beside the requests. Arguments are numbers of rows: no name, no content."""

from django_tasks import task

from schools.services.sending import send


@task()
def send_mail(mail: int) -> str:
    """One mail by its number; returns how it went. What a mail server says is never raised: it could name people."""
    return send(mail).value
