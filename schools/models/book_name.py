"""How people are called in a book that came from another installation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models.people import User
from schools.models.school import School


class BookName(models.Model):
    """Somebody's user name in the trail of a school that came from an archive, where the name was another's here.

    The trail is chained: its words cannot be changed, and must not be read as the name of somebody else.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="book_names")
    name = models.CharField(max_length=100)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="book_names")

    class Meta:
        verbose_name = _("name in a book taken in")
        verbose_name_plural = _("names in books taken in")
        ordering = ["school", "name"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="book_name_once")]

    def __str__(self) -> str:
        return self.name
