"""Bodies outside the school on the staff site."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.narrowing import in_words
from schools.admin.regulations import OfASchoolAdmin
from schools.models import Body


@admin.register(Body)
class BodyAdmin(OfASchoolAdmin):
    """To whom letters are sent on. One that is not wanted any more is taken out of use, never deleted."""

    list_display = ["name", "kind", "school", "order", in_words(Body, "in_use")]
    fields = ["school", "kind", "names", "address", "phone", "email", "order", "in_use"]

    def has_delete_permission(self, request: HttpRequest, obj: Body | None = None) -> bool:
        return False

    @admin.display(description=_("name"), ordering="order")
    def name(self, body: Body) -> str:
        return str(body)
