from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(bind_the_book, sender=self)


def bind_the_book(using: str, **kwargs: Any) -> None:
    """After every migration the triggers stand again."""
    from journal.bound import bind

    connection = connections[using]
    if "journal_trail" in connection.introspection.table_names():
        bind(connection)
