"""People and settings on the staff site, each person's own schools only."""

from django.contrib import admin
from django.contrib.auth.models import Group

from schools.admin.people import MembershipAdmin, UserAdmin
from schools.admin.regulations import CategoryAdmin, RegulationAdmin, TrustPhoneAdmin
from schools.admin.schools import SchoolAdmin

__all__ = [
    "CategoryAdmin",
    "MembershipAdmin",
    "RegulationAdmin",
    "SchoolAdmin",
    "TrustPhoneAdmin",
    "UserAdmin",
]

# Roles say what a person may do; Django's groups say nothing here, and have no pages.
admin.site.unregister(Group)
