"""How many matters somebody, or the people of a group, were reminded of on a day: all that is said outside."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from programs.models import ReminderDelivery
from taskforce.choices import Role
from taskforce.models import Membership, Robot

UNIT = (Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)
OFFICE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE)


def count_for_person(person: int, day: date) -> int:
    return ReminderDelivery.objects.filter(recipient_id=person, digest_on=day).count()


def count_for_group(robot: Robot, day: date) -> int:
    """Matters told that day to people of the unit, or of the office: one that several were told of counts once."""
    members = Membership.objects.current(day)
    if robot.department_id:
        members = members.filter(department_id=robot.department_id, role__in=UNIT)
    else:
        members = members.filter(jurisdiction_id=robot.jurisdiction_id, role__in=OFFICE)
    told = ReminderDelivery.objects.filter(digest_on=day, recipient_id__in=members.values("user_id"))
    return told.order_by().values("subject", "url", "due_on").distinct().count()


def groups_of(people: Collection[int], day: date) -> QuerySet[Robot, int]:
    """Keys of the robots that are on and stand for some of these people; one query."""
    members = Membership.objects.current(day).filter(user_id__in=list(people))
    unit = Exists(members.filter(department_id=OuterRef("department_id"), role__in=UNIT))
    office = Exists(members.filter(jurisdiction_id=OuterRef("jurisdiction_id"), role__in=OFFICE))
    mine = (Q(department__isnull=False) & Q(unit)) | (Q(department__isnull=True) & Q(office))
    return Robot.objects.filter(mine, active=True).order_by("pk").values_list("pk", flat=True)
