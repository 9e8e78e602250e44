from schools.models.keys import KeyGrant, SchoolKey
from schools.models.people import Invitation, Membership, Role, User
from schools.models.phones import TrustPhone
from schools.models.regulation import Category, Regulation
from schools.models.school import School
from schools.models.sealed import Sealed

__all__ = [
    "Category",
    "Invitation",
    "KeyGrant",
    "Membership",
    "Regulation",
    "Role",
    "School",
    "SchoolKey",
    "Sealed",
    "TrustPhone",
    "User",
]
