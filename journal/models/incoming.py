"""A journal kept before, between its preview and its taking over."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models import School, Sealed


class Incoming(Sealed):
    """The rows of a file that somebody looks through before they become entries; gone after that, or after a day.

    Sealed content: ``heads`` (list of columns of the file), ``rows`` (lists of texts as they stood there), ``columns``
    (which head is which column of the journal).
    """

    # None: a list of schools, or the links to be given out to their people.
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    # Not a list, but the links of people that were hired from one, until they are given out.
    links = models.BooleanField(default=False, editable=False)
    # Random: the seal binds the content to it.
    mark = models.CharField(max_length=32, unique=True, editable=False)

    class Meta:
        verbose_name = _("journal to be taken over")
        verbose_name_plural = _("journals to be taken over")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.pk)

    def sealing_context(self) -> str:
        return f"incoming {self.mark}"
