"""The questions that all rules of this app are made of. Nothing here asks the database about single rows."""

from typing import Any, Protocol

from django.db.models import Q

from programs.choices import ProgrammeState
from programs.models import ProgrammeUserObjectPermission, TaskUserObjectPermission
from qualitycity.access import ActorContext, Grant
from taskforce.choices import Role

OFFICE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK)
#: Read everything in their territory and below it.
OVERSIGHT = (*OFFICE, Role.LEADER, Role.SECRETARY, Role.SUPERVISOR, Role.AUDITOR, Role.DISTRICT_OFFICE)
#: Read only what left the unit with its signature.
READERS = (Role.LEADER, Role.SECRETARY, Role.SUPERVISOR, Role.AUDITOR)
#: Act in a unit.
UNIT = (Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)
#: Enter figures and text for a unit.
FILERS = (Role.LIAISON, Role.DISTRICT_OFFICE)
BUSINESS = (*OVERSIGHT, Role.LIAISON, Role.UNIT_HEAD)


class Governed(Protocol):
    """Whatever an office runs: a programme, a supervised item, a register of papers."""

    @property
    def jurisdiction_id(self) -> int: ...


def has_business_role(actor: ActorContext) -> bool:
    return bool(actor.holding(*BUSINESS))


def in_territory(actor: ActorContext, prefix: str, *roles: str) -> Q:
    """Rows whose jurisdiction (reached by `prefix`, e.g. "programme__") lies in the territory of a role held."""
    wanted = Q(pk__in=[])
    for path in actor.paths(*roles):
        wanted |= Q(**{f"{prefix}jurisdiction__path__startswith": path})
    return wanted


def office_grant(actor: ActorContext, programme: Governed) -> Grant | None:
    """The grant by which the person belongs to the office that runs this very programme or item (not one above it)."""
    for grant in actor.holding(*OFFICE, Role.DISTRICT_OFFICE):
        if grant.jurisdiction_id == programme.jurisdiction_id:
            return grant
    return None


def director_grant(actor: ActorContext, programme: Governed) -> Grant | None:
    """As `office_grant`, for acts kept to the office administrator (a district office decides for its district)."""
    for grant in actor.holding(Role.OFFICE_ADMIN, Role.DISTRICT_OFFICE):
        if grant.jurisdiction_id == programme.jurisdiction_id:
            return grant
    return None


def unit_grant(actor: ActorContext, department_id: int | None, *roles: str) -> Grant | None:
    """The grant by which the person acts in this unit."""
    for grant in actor.holding(*(roles or UNIT)):
        if department_id in grant.departments:
            return grant
    return None


def offices(actor: ActorContext) -> list[int]:
    """Jurisdictions whose office the person belongs to."""
    return list(actor.jurisdictions(*OFFICE, Role.DISTRICT_OFFICE))


def archived(prefix: str) -> Q:
    """历史档案 are public documents: everybody with a business role may read them."""
    return Q(**{f"{prefix}state": ProgrammeState.ARCHIVED})


def granted_programmes(actor: ActorContext) -> Any:
    """Primary keys of programmes to which this person was added (专班); a sub-query, never a loop."""
    return ProgrammeUserObjectPermission.objects.filter(
        user_id=actor.person_id, permission__codename="work_on_programme"
    ).values("content_object_id")


def granted_tasks(actor: ActorContext) -> Any:
    return TaskUserObjectPermission.objects.filter(
        user_id=actor.person_id, permission__codename="work_on_task"
    ).values("content_object_id")
