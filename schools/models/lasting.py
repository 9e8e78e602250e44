"""A name for a row that stays what it is when a school's book is carried to another installation."""

import uuid

from django.db import models


class Lasting(models.Model):
    """A row with a name of its own, besides the id that this database happens to give it.

    What is sealed or chained is bound to names alone, never to ids: another database has other ids.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
