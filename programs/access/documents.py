"""Who sees and runs documents and programmes."""

from typing import Any

from django.db.models import Q

from programs.choices import TaskState
from programs.models import (
    AssessmentRule,
    Duty,
    Phase,
    PolicyDocument,
    Programme,
    ReportingWindow,
    Responsibility,
    Section,
)
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from .ground import (
    OVERSIGHT,
    UNIT,
    archived,
    director_grant,
    granted_programmes,
    has_business_role,
    in_territory,
    office_grant,
)


def documents_scope(actor: ActorContext) -> Q:
    """Policy documents are public: everybody with a business role reads them."""
    return Q() if has_business_role(actor) else Q(pk__in=[])


def view_document(actor: ActorContext, obj: PolicyDocument) -> Decision:
    return allow() if has_business_role(actor) else deny()


def manages_territory(actor: ActorContext, obj: PolicyDocument) -> Decision:
    for grant in actor.holding(Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE):
        if grant.jurisdiction_id == obj.jurisdiction_id:
            return allow(grant)
    return deny()


def shown_parts(actor: ActorContext) -> Any:
    """Parts of the person's units in tasks that have left the office (or belong to a historical record)."""
    return Responsibility.objects.filter(department_id__in=actor.departments(*UNIT)).exclude(
        task__state=TaskState.DRAFT
    )


def programmes_scope(actor: ActorContext) -> Q:
    wanted = in_territory(actor, "", *OVERSIGHT) | Q(pk__in=granted_programmes(actor))
    if has_business_role(actor):
        wanted |= archived("")
    if actor.departments(*UNIT):
        wanted |= Q(pk__in=shown_parts(actor).values("task__programme_id"))
    return wanted


def view_programme(actor: ActorContext, obj: Programme) -> Decision:
    if actor.sees_territory(obj.jurisdiction.path, *OVERSIGHT):
        return allow()
    if obj.historical and has_business_role(actor):
        return allow()
    if actor.departments(*UNIT) and shown_parts(actor).filter(task__programme_id=obj.pk).exists():
        return allow()
    if granted_programmes(actor).filter(content_object_id=obj.pk).exists():
        return allow()
    return deny()


def manage_programme(actor: ActorContext, obj: Programme) -> Decision:
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny()


def decide_programme(actor: ActorContext, obj: Programme) -> Decision:
    grant = director_grant(actor, obj)
    return allow(grant) if grant else deny()


def remark_on_programme(actor: ActorContext, obj: Programme) -> Decision:
    """批示: by a leader, or recorded for him by his secretary (代录)."""
    for grant in actor.holding(Role.LEADER, Role.SECRETARY):
        if grant.covers(obj.jurisdiction.path):
            return allow(grant)
    return deny()


def report_on_programme(actor: ActorContext, obj: Programme) -> Decision:
    """Build a report of the whole programme or a section."""
    for grant in actor.holding(*OVERSIGHT):
        if grant.role != Role.AUDITOR and grant.covers(obj.jurisdiction.path):
            return allow(grant)
    return deny()


register_scope(PolicyDocument, documents_scope)
register_rule(PolicyDocument, "view", view_document)
register_rule(PolicyDocument, "edit", manages_territory)
register_scope(Programme, programmes_scope)
register_rule(Programme, "view", view_programme)
register_rule(Programme, "manage", manage_programme)
register_rule(Programme, "decide", decide_programme)
register_rule(Programme, "remark", remark_on_programme)
register_rule(Programme, "report", report_on_programme)


def of_programme_scope(actor: ActorContext) -> Q:
    """Rows that are seen by whoever sees their programme."""
    return Q(programme__in=Programme.objects.filter(programmes_scope(actor)).values("pk"))


def view_through_programme(actor: ActorContext, obj: Any) -> Decision:
    return view_programme(actor, obj.programme)


def manage_through_programme(actor: ActorContext, obj: Any) -> Decision:
    return manage_programme(actor, obj.programme)


for model in (ReportingWindow, Section, Phase, Duty, AssessmentRule):
    register_scope(model, of_programme_scope)
    register_rule(model, "view", view_through_programme)
    register_rule(model, "edit", manage_through_programme)
register_rule(ReportingWindow, "decide", lambda actor, obj: decide_programme(actor, obj.programme))
