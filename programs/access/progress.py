"""Who sees, files, signs and reviews progress. `kpis` registers the same rules for its readings."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import EntryState, ReportScope
from programs.models import PaperSignature, Programme, ProgressEntry, ProgressReport, Task
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from .documents import manage_programme, report_on_programme
from .ground import (
    FILERS,
    OFFICE,
    OVERSIGHT,
    READERS,
    UNIT,
    granted_programmes,
    granted_tasks,
    in_territory,
    office_grant,
    offices,
    unit_grant,
)

REPORTED = tuple(EntryState.reported())


def filed_scope(actor: ActorContext, *, department: str, programme: str) -> Q:
    """Filed rows one sees. `department` and `programme` are lookups, e.g. "part__department", "part__task__programme".

    The unit sees its own; the office that runs the programme sees what was handed in (drafts are the unit's own
    affair, unless the office typed them); everybody else in charge sees what left the unit signed.
    """
    wanted = Q(**{f"{department}_id__in": actor.departments(*UNIT)})
    wanted |= Q(**{f"{programme}__jurisdiction_id__in": offices(actor)}) & (
        ~Q(state=EntryState.DRAFT) | Q(on_behalf=True)
    )
    signed = Q(state__in=REPORTED)
    wanted |= in_territory(actor, f"{programme}__", *OFFICE, Role.DISTRICT_OFFICE, *READERS) & signed
    wanted |= Q(**{f"{programme}_id__in": granted_programmes(actor)}) & signed
    return wanted


def entries_scope(actor: ActorContext) -> Q:
    return filed_scope(actor, department="part__department", programme="part__task__programme") | (
        Q(part__task_id__in=granted_tasks(actor)) & Q(state__in=REPORTED)
    )


def view_filed(actor: ActorContext, obj: Any) -> Decision:
    if obj.department_id in actor.departments(*UNIT):
        return allow()
    programme: Programme = obj.programme
    if office_grant(actor, programme) and (obj.state != EntryState.DRAFT or obj.on_behalf):
        return allow()
    if obj.state not in REPORTED:
        return deny()
    if actor.sees_territory(programme.jurisdiction.path, *OFFICE, Role.DISTRICT_OFFICE, *READERS):
        return allow()
    if granted_programmes(actor).filter(content_object_id=programme.pk).exists():
        return allow()
    return deny()


def view_entry(actor: ActorContext, obj: ProgressEntry) -> Decision:
    decision = view_filed(actor, obj)
    if decision or obj.state not in REPORTED:
        return decision
    task: Task = obj.part.task
    return allow() if granted_tasks(actor).filter(content_object_id=task.pk).exists() else deny()


def file_line(actor: ActorContext, obj: Any) -> Decision:
    """填报 by the unit's liaison (or the district office for its government)."""
    grant = unit_grant(actor, obj.department_id, *FILERS)
    return allow(grant) if grant else deny(_("Only the unit's liaison files this line."))


def file_on_behalf(actor: ActorContext, obj: Any) -> Decision:
    """代填 by the office that runs the programme."""
    grant = office_grant(actor, obj.programme)
    return allow(grant) if grant else deny()


def file_any(actor: ActorContext, obj: Any) -> Decision:
    return file_line(actor, obj) or file_on_behalf(actor, obj)


def sign_line(actor: ActorContext, obj: Any) -> Decision:
    grant = unit_grant(actor, obj.department_id, Role.UNIT_HEAD)
    return allow(grant) if grant else deny(_("Only the head of the unit signs."))


def review_line(actor: ActorContext, obj: Any) -> Decision:
    grant = office_grant(actor, obj.programme)
    return allow(grant) if grant else deny(_("Only the office that runs the programme reviews."))


def register_filed(model: Any, scope: Any, view: Any) -> None:
    """The rules of a filed model; `kpis` calls this for its readings, so that the rules stand here alone."""
    register_scope(model, scope)
    register_rule(model, "view", view)
    register_rule(model, "file", file_any)
    register_rule(model, "file_own", file_line)
    register_rule(model, "sign", sign_line)
    register_rule(model, "review", review_line)


register_filed(ProgressEntry, entries_scope, view_entry)


def papers_scope(actor: ActorContext) -> Q:
    return in_territory(actor, "window__programme__", *OVERSIGHT) | Q(
        department_id__in=actor.departments(*UNIT)
    )


def view_paper(actor: ActorContext, obj: PaperSignature) -> Decision:
    if actor.sees_territory(obj.window.programme.jurisdiction.path, *OVERSIGHT):
        return allow()
    return allow() if obj.department_id in actor.departments(*UNIT) else deny()


register_scope(PaperSignature, papers_scope)
register_rule(PaperSignature, "view", view_paper)


def reports_scope(actor: ActorContext) -> Q:
    """A unit reads the reports about itself; those in charge read all of their territory."""
    return in_territory(actor, "programme__", *OVERSIGHT) | Q(
        scope=ReportScope.DEPARTMENT, department_id__in=actor.departments(*UNIT)
    )


def view_report(actor: ActorContext, obj: ProgressReport) -> Decision:
    if actor.sees_territory(obj.programme.jurisdiction.path, *OVERSIGHT):
        return allow()
    if obj.scope == ReportScope.DEPARTMENT and obj.department_id in actor.departments(*UNIT):
        return allow()
    return deny(_("This report is not meant for your role."))


def build_report(actor: ActorContext, obj: ProgressReport) -> Decision:
    """Asked of the row that is about to be made."""
    decision = report_on_programme(actor, obj.programme)
    if decision:
        return decision
    grant = unit_grant(actor, obj.department_id)
    if obj.scope == ReportScope.DEPARTMENT and grant:
        return allow(grant)
    return deny()


register_scope(ProgressReport, reports_scope)
register_rule(ProgressReport, "view", view_report)
register_rule(ProgressReport, "build", build_report)
register_rule(ProgressReport, "manage", lambda actor, obj: manage_programme(actor, obj.programme))
