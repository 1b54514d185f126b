"""Closed vocabularies of `taskforce`: the field's terms, Chinese through gettext."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JurisdictionLevel(models.TextChoices):
    """行政层级. A county may be the root of an installation."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County / district")
    TOWN = "town", _("Town / subdistrict")
    ZONE = "zone", _("Development zone")


class DepartmentKind(models.TextChoices):
    """单位类别."""

    PARTY = "party_dept", _("Party department")
    GOVERNMENT = "government_dept", _("Government department")
    VERTICAL = "vertical", _("Vertically managed unit")
    INSTITUTION = "institution", _("Public institution")
    ENTERPRISE = "enterprise", _("Enterprise")
    MASS = "mass_org", _("Mass organisation")
    COUNTY_GOVERNMENT = "county_government", _("District / county government")
    TOWN_GOVERNMENT = "town_government", _("Town government")
    ZONE_COMMITTEE = "zone_committee", _("Development zone committee")


class BodyKind(models.TextChoices):
    """领导机构."""

    LEADING_GROUP = "leading_group", _("Leading group")
    COMMITTEE = "committee", _("Promotion committee")
    JOINT_MEETING = "joint_meeting", _("Joint meeting")


class SeatRole(models.TextChoices):
    """席位, in the body's own words; `printed_role` of a seat keeps the exact wording."""

    HEAD = "head", _("Head of the group")
    EXECUTIVE_DEPUTY = "executive_deputy", _("Executive deputy head")
    DEPUTY = "deputy", _("Deputy head")
    MEMBER = "member", _("Member")
    OFFICE_DIRECTOR = "office_director", _("Office director")
    OFFICE_DEPUTY = "office_deputy", _("Office deputy director")


class Role(models.TextChoices):
    """角色 of an account. The system administrator has no business right."""

    SYSTEM_ADMIN = "system_admin", _("System administrator")
    OFFICE_ADMIN = "office_admin", _("Office administrator")
    OFFICE_CLERK = "office_clerk", _("Office clerk")
    LIAISON = "liaison", _("Liaison")
    UNIT_HEAD = "unit_head", _("Unit head")
    LEADER = "leader", _("Leader")
    SECRETARY = "secretary", _("Leader's secretary")
    SUPERVISOR = "supervisor", _("Joint supervising office")
    DISTRICT_OFFICE = "district_office", _("District office")
    AUDITOR = "auditor", _("Auditor")

    @classmethod
    def unit_roles(cls) -> set[str]:
        """Roles that are held in a department and therefore need one."""
        return {cls.LIAISON, cls.UNIT_HEAD, cls.DISTRICT_OFFICE}

    @classmethod
    def office_roles(cls) -> set[str]:
        return {cls.OFFICE_ADMIN, cls.OFFICE_CLERK}


class Origin(models.TextChoices):
    """出处: what the document prints is never mixed with what the office adds."""

    PRINTED = "printed", _("Printed in the document")
    OFFICE = "office", _("Office breakdown")


class PutAway(models.TextChoices):
    """What a person has put away once it was read; brought back on the page of the account."""

    HINTS = "hints", _("First steps on the start page")
    SAMPLE = "sample", _("Examples beside the filing form")


class ImportState(models.TextChoices):
    """导入: looked at, carried out, or thrown away."""

    OPEN = "open", _("Being looked at")
    DONE = "done", _("Brought in")
    DISCARDED = "discarded", _("Thrown away")
