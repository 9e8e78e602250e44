"""People and settings on the staff site, each person's own schools only."""

from schools.admin.bodies import BodyAdmin
from schools.admin.calendar import CalendarDayAdmin, VacationAdmin
from schools.admin.causes import CauseAdmin
from schools.admin.classes import ClassGroupAdmin
from schools.admin.first_answers import FirstAnswerAdmin
from schools.admin.people import MembershipAdmin, UserAdmin
from schools.admin.phones import TrustPhoneAdmin
from schools.admin.regions import RegionAdmin
from schools.admin.regulations import CategoryAdmin, RegulationAdmin
from schools.admin.schools import SchoolAdmin

__all__ = [
    "BodyAdmin",
    "CalendarDayAdmin",
    "CategoryAdmin",
    "CauseAdmin",
    "ClassGroupAdmin",
    "FirstAnswerAdmin",
    "MembershipAdmin",
    "RegionAdmin",
    "RegulationAdmin",
    "SchoolAdmin",
    "TrustPhoneAdmin",
    "UserAdmin",
    "VacationAdmin",
]
