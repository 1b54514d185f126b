from .bodies import Body, Seat, SeatSupervision
from .channels import CalendarFeed, Robot
from .departments import Department, DepartmentAlias, DepartmentGroup, DepartmentName, GroupMember
from .imports import PeopleImport
from .jurisdictions import Jurisdiction
from .people import Contact, Delegation, Membership, User

__all__ = [
    "Body",
    "CalendarFeed",
    "Contact",
    "Delegation",
    "Department",
    "DepartmentAlias",
    "DepartmentGroup",
    "DepartmentName",
    "GroupMember",
    "Jurisdiction",
    "Membership",
    "PeopleImport",
    "Robot",
    "Seat",
    "SeatSupervision",
    "User",
]
