"""Who sees and moves tasks, parts, milestones, deliverables, and what was said about them."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import OpeningStep, TaskState
from programs.models import (
    Consultation,
    ConsultationReply,
    Deliverable,
    LeaderRemark,
    Milestone,
    OpeningState,
    Responsibility,
    Task,
)
from qualitycity.access import ActorContext, Decision, allow, deny, register_rule, register_scope
from taskforce.choices import Role

from .documents import (
    decide_programme,
    manage_programme,
    of_programme_scope,
    remark_on_programme,
    shown_parts,
    view_through_programme,
)
from .ground import (
    OVERSIGHT,
    UNIT,
    archived,
    granted_programmes,
    granted_tasks,
    has_business_role,
    in_territory,
    unit_grant,
)


def tasks_scope(actor: ActorContext) -> Q:
    wanted = (
        in_territory(actor, "programme__", *OVERSIGHT)
        | Q(pk__in=granted_tasks(actor))
        | Q(programme_id__in=granted_programmes(actor))
    )
    if has_business_role(actor):
        wanted |= archived("programme__")
    if actor.departments(*UNIT):
        wanted |= Q(pk__in=shown_parts(actor).values("task_id"))
    return wanted


def view_task(actor: ActorContext, obj: Task) -> Decision:
    if actor.sees_territory(obj.programme.jurisdiction.path, *OVERSIGHT):
        return allow()
    if obj.programme.historical and has_business_role(actor):
        return allow()
    mine = actor.departments(*UNIT)
    if mine and obj.state != TaskState.DRAFT and any(part.department_id in mine for part in obj.parts.all()):
        return allow()
    if granted_tasks(actor).filter(content_object_id=obj.pk).exists():
        return allow()
    if granted_programmes(actor).filter(content_object_id=obj.programme_id).exists():
        return allow()
    return deny()


register_scope(Task, tasks_scope)
register_rule(Task, "view", view_task)
register_rule(Task, "manage", lambda actor, obj: manage_programme(actor, obj.programme))
register_rule(Task, "decide", lambda actor, obj: decide_programme(actor, obj.programme))
register_rule(Task, "remark", lambda actor, obj: remark_on_programme(actor, obj.programme))


def of_task_scope(actor: ActorContext) -> Q:
    return Q(task__in=Task.objects.filter(tasks_scope(actor)).values("pk"))


def sign_for(actor: ActorContext, obj: Responsibility) -> Decision:
    grant = unit_grant(actor, obj.department_id)
    return allow(grant) if grant else deny(_("Only the unit itself signs for its task."))


register_scope(Responsibility, of_task_scope)
register_rule(Responsibility, "view", lambda actor, obj: view_task(actor, obj.task))
register_rule(Responsibility, "sign_for", sign_for)
register_rule(Responsibility, "manage", lambda actor, obj: manage_programme(actor, obj.task.programme))
register_rule(Responsibility, "decide", lambda actor, obj: decide_programme(actor, obj.task.programme))


def propose_opening(actor: ActorContext, obj: Responsibility) -> Decision:
    grant = unit_grant(actor, obj.department_id, Role.LIAISON, Role.DISTRICT_OFFICE)
    return allow(grant) if grant else deny(_("The state before the portal is recorded by the office or by the unit."))


def openings_scope(actor: ActorContext) -> Q:
    """What stands is seen with the task; what is only proposed by the unit itself and whoever oversees it."""
    stands = Q(state=OpeningStep.ACCEPTED) & Q(part__task__in=Task.objects.filter(tasks_scope(actor)).values("pk"))
    return stands | Q(part__in=shown_parts(actor)) | in_territory(actor, "part__task__programme__", *OVERSIGHT)


def view_opening(actor: ActorContext, obj: OpeningState) -> Decision:
    if actor.sees_territory(obj.part.task.programme.jurisdiction.path, *OVERSIGHT):
        return allow()
    own = obj.part.department_id in actor.departments(*UNIT) and obj.part.task.state != TaskState.DRAFT
    if own or obj.state == OpeningStep.ACCEPTED:
        return allow() if own else view_task(actor, obj.part.task)
    return deny()


register_rule(Responsibility, "propose_opening", propose_opening)
register_scope(OpeningState, openings_scope)
register_rule(OpeningState, "view", view_opening)


def task_or_programme_scope(actor: ActorContext) -> Q:
    """Rows of a task follow the task, rows of the programme alone follow the programme."""
    return (Q(task__isnull=False) & of_task_scope(actor)) | (Q(task__isnull=True) & of_programme_scope(actor))


def view_task_or_programme(actor: ActorContext, obj: Any) -> Decision:
    return view_task(actor, obj.task) if obj.task_id else view_through_programme(actor, obj)


for model in (Milestone, Deliverable):
    register_scope(model, task_or_programme_scope)
    register_rule(model, "view", view_task_or_programme)
    register_rule(model, "manage", lambda actor, obj: manage_programme(actor, obj.programme))


def remarks_scope(actor: ActorContext) -> Q:
    """A remark on a task reaches its units; one on the whole programme stays with those who oversee it."""
    return in_territory(actor, "programme__", *OVERSIGHT) | (Q(task__isnull=False) & of_task_scope(actor))


def view_remark(actor: ActorContext, obj: LeaderRemark) -> Decision:
    if actor.sees_territory(obj.programme.jurisdiction.path, *OVERSIGHT):
        return allow()
    return view_task(actor, obj.task) if obj.task else deny()


register_scope(LeaderRemark, remarks_scope)
register_rule(LeaderRemark, "view", view_remark)

register_scope(Consultation, of_programme_scope)
register_rule(Consultation, "view", view_through_programme)
register_rule(Consultation, "manage", lambda actor, obj: manage_programme(actor, obj.programme))


def replies_scope(actor: ActorContext) -> Q:
    return in_territory(actor, "consultation__programme__", *OVERSIGHT) | Q(
        department_id__in=actor.departments(*UNIT)
    )


def view_reply(actor: ActorContext, obj: ConsultationReply) -> Decision:
    if actor.sees_territory(obj.consultation.programme.jurisdiction.path, *OVERSIGHT):
        return allow()
    return allow() if obj.department_id in actor.departments(*UNIT) else deny()


def reply(actor: ActorContext, obj: ConsultationReply) -> Decision:
    grant = unit_grant(actor, obj.department_id)
    return allow(grant) if grant else deny()


register_scope(ConsultationReply, replies_scope)
register_rule(ConsultationReply, "view", view_reply)
register_rule(ConsultationReply, "reply", reply)
