"""Classes and groups of a school on the staff site."""

from django.contrib import admin

from schools.admin.regulations import OfASchoolAdmin
from schools.models import ClassGroup


@admin.register(ClassGroup)
class ClassGroupAdmin(OfASchoolAdmin):
    """They are offered wherever a class is typed in; what was typed before stays as it is."""

    list_display = ["name", "level", "school"]
    fields = ["school", "name", "level"]
    search_fields = ["name"]
