from schools.models.bodies import Body
from schools.models.book_name import BookName
from schools.models.calendar import CalendarDay, Vacation
from schools.models.category import Category
from schools.models.cause import Cause
from schools.models.clause import Clause
from schools.models.first_answers import FirstAnswer
from schools.models.keys import KeyGrant, SchoolKey
from schools.models.lasting import Lasting
from schools.models.mail import Mail, SignOfLife
from schools.models.people import Invitation, Membership, Role, User
from schools.models.phones import TrustPhone
from schools.models.region import Region, RegionMembership
from schools.models.regulation import Regulation
from schools.models.school import ClassGroup, Logo, School
from schools.models.sealed import Sealed

__all__ = [
    "Body",
    "BookName",
    "CalendarDay",
    "Category",
    "Cause",
    "ClassGroup",
    "Clause",
    "FirstAnswer",
    "Invitation",
    "KeyGrant",
    "Lasting",
    "Logo",
    "Mail",
    "Membership",
    "Region",
    "RegionMembership",
    "Regulation",
    "Role",
    "School",
    "SchoolKey",
    "Sealed",
    "SignOfLife",
    "TrustPhone",
    "User",
    "Vacation",
]
