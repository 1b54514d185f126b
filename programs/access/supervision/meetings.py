"""Who prepares 领导小组会议, who is invited, who reads agenda, papers, 纪要 and decisions."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import MeetingState
from programs.models import AgendaItem, Attendance, Decision, Meeting, MeetingPaper, MeetingPdf
from qualitycity.access import ActorContext, allow, deny, register_rule, register_scope
from qualitycity.access import Decision as Answer
from taskforce.choices import Role

from ..ground import OFFICE, OVERSIGHT, UNIT, in_territory, office_grant, unit_grant

#: Prepare meetings, or read papers that have not gone out yet.
PREPARING = (*OFFICE, Role.DISTRICT_OFFICE)


def invitation_of(actor: ActorContext, prefix: str = "") -> Q:
    """Attendances by which this person is invited: his unit's, his seat's, his own."""
    return Q(**{f"{prefix}department_id__in": actor.departments(*UNIT)}) | Q(**{f"{prefix}user_id": actor.user_id})


def _invited(actor: ActorContext, meeting: str) -> Q:
    """Meetings to which the person is invited, once the invitations are out. `meeting` leads to the meeting's key."""
    mine = Attendance.objects.filter(
        invitation_of(actor), meeting_id=OuterRef(meeting), meeting__notified_on__isnull=False
    )
    return Q(Exists(mine))


def _is_invited(actor: ActorContext, meeting: Meeting) -> bool:
    return meeting.notified_on is not None and meeting.attendances.filter(invitation_of(actor)).exists()


def _overseen(actor: ActorContext, prefix: str) -> Q:
    return in_territory(actor, f"{prefix}body__", *OVERSIGHT)


def _oversees(actor: ActorContext, meeting: Meeting) -> bool:
    return actor.sees_territory(meeting.body.jurisdiction.path, *OVERSIGHT)


def meetings_scope(actor: ActorContext) -> Q:
    return _overseen(actor, "") | _invited(actor, "pk")


def view_meeting(actor: ActorContext, obj: Meeting) -> Answer:
    return allow() if _oversees(actor, obj) or _is_invited(actor, obj) else deny()


def manage_meeting(actor: ActorContext, obj: Meeting) -> Answer:
    grant = office_grant(actor, obj)
    return allow(grant) if grant else deny(_("Only the office of the leading group prepares its meetings."))


def issue_minutes(actor: ActorContext, obj: Meeting) -> Answer:
    for grant in actor.holding(Role.OFFICE_ADMIN, Role.DISTRICT_OFFICE):
        if grant.jurisdiction_id == obj.jurisdiction_id:
            return allow(grant)
    return deny(_("Minutes are issued by the office administrator."))


def read_papers(actor: ActorContext, obj: Meeting) -> Answer:
    """All papers in one PDF: those who oversee the territory; a unit reads those of its own topics."""
    return allow() if _oversees(actor, obj) else deny(_("Units read the papers of their own topics."))


register_scope(Meeting, meetings_scope)
register_rule(Meeting, "view", view_meeting)
register_rule(Meeting, "manage", manage_meeting)
register_rule(Meeting, "decide", issue_minutes)
register_rule(Meeting, "read_papers", read_papers)


def agenda_scope(actor: ActorContext) -> Q:
    return _overseen(actor, "meeting__") | _invited(actor, "meeting_id")


def add_paper(actor: ActorContext, obj: AgendaItem) -> Answer:
    """会议材料: by the office, or by the unit that reports on the topic, once it is invited."""
    grant = office_grant(actor, obj.meeting)
    if grant:
        return allow(grant)
    grant = unit_grant(actor, obj.department_id) if obj.department_id else None
    if grant and obj.meeting.notified_on is not None:
        return allow(grant)
    return deny(_("Papers are added by the office and by the unit that reports on the topic."))


register_scope(AgendaItem, agenda_scope)
register_rule(AgendaItem, "view", lambda actor, obj: view_meeting(actor, obj.meeting))
register_rule(AgendaItem, "manage", lambda actor, obj: manage_meeting(actor, obj.meeting))
register_rule(AgendaItem, "add_paper", add_paper)


def papers_scope(actor: ActorContext) -> Q:
    own = Q(item__department_id__in=actor.departments(*UNIT)) & Q(item__meeting__notified_on__isnull=False)
    return _overseen(actor, "item__meeting__") | own


def view_paper(actor: ActorContext, obj: MeetingPaper) -> Answer:
    meeting = obj.item.meeting
    if _oversees(actor, meeting):
        return allow()
    own = obj.item.department_id is not None and obj.item.department_id in actor.departments(*UNIT)
    return allow() if own and meeting.notified_on is not None else deny()


register_scope(MeetingPaper, papers_scope)
register_rule(MeetingPaper, "view", view_paper)
register_rule(MeetingPaper, "remove", lambda actor, obj: add_paper(actor, obj.item))


def attendances_scope(actor: ActorContext) -> Q:
    return _overseen(actor, "meeting__") | (invitation_of(actor) & Q(meeting__notified_on__isnull=False))


def view_attendance(actor: ActorContext, obj: Attendance) -> Answer:
    if _oversees(actor, obj.meeting):
        return allow()
    return allow() if _own(actor, obj) and obj.meeting.notified_on is not None else deny()


def _own(actor: ActorContext, obj: Attendance) -> bool:
    if obj.user_id is not None and obj.user_id == actor.user_id:
        return True
    return obj.department_id is not None and obj.department_id in actor.departments(*UNIT)


def reply_to_invitation(actor: ActorContext, obj: Attendance) -> Answer:
    """回执: by the unit, by the invited person or his secretary; by the office as told on the phone."""
    if obj.user_id is not None and obj.user_id == actor.user_id:
        return allow()
    grant = unit_grant(actor, obj.department_id) if obj.department_id else None
    for held in actor.holding(Role.SECRETARY):
        if obj.user_id is not None and held.leader_id == obj.user_id:
            grant = grant or held
    grant = grant or office_grant(actor, obj.meeting)
    return allow(grant) if grant else deny(_("Whoever is invited answers, or the office for him."))


register_scope(Attendance, attendances_scope)
register_rule(Attendance, "view", view_attendance)
register_rule(Attendance, "reply", reply_to_invitation)
register_rule(Attendance, "manage", lambda actor, obj: manage_meeting(actor, obj.meeting))


def pdfs_scope(actor: ActorContext) -> Q:
    """The joined papers are for those who oversee; the 纪要, once issued, for everybody who was invited."""
    issued = Q(kind="minutes", meeting__state=MeetingState.MINUTED)
    return _overseen(actor, "meeting__") | (issued & _invited(actor, "meeting_id"))


def view_pdf(actor: ActorContext, obj: MeetingPdf) -> Answer:
    if _oversees(actor, obj.meeting):
        return allow()
    issued = obj.kind == "minutes" and obj.meeting.state == MeetingState.MINUTED
    return allow() if issued and _is_invited(actor, obj.meeting) else deny()


register_scope(MeetingPdf, pdfs_scope)
register_rule(MeetingPdf, "view", view_pdf)
register_rule(MeetingPdf, "manage", lambda actor, obj: manage_meeting(actor, obj.meeting))


def decisions_scope(actor: ActorContext) -> Q:
    """Drafts are the office's; an issued decision is read by its units as well."""
    issued = Q(meeting__state=MeetingState.MINUTED)
    own = Q(units__department_id__in=actor.departments(*UNIT))
    wanted = _overseen(actor, "meeting__") & (issued | in_territory(actor, "meeting__body__", *PREPARING))
    return Q(pk__in=Decision.objects.filter(wanted | (issued & own)).order_by().values("pk"))


def view_decision(actor: ActorContext, obj: Decision) -> Answer:
    issued = obj.meeting.state == MeetingState.MINUTED
    if _oversees(actor, obj.meeting):
        drafting: Any = actor.sees_territory(obj.meeting.body.jurisdiction.path, *PREPARING)
        if issued or drafting:
            return allow()
    mine = actor.departments(*UNIT)
    return allow() if issued and any(unit.department_id in mine for unit in obj.units.all()) else deny()


register_scope(Decision, decisions_scope)
register_rule(Decision, "view", view_decision)
register_rule(Decision, "manage", lambda actor, obj: manage_meeting(actor, obj.meeting))
register_rule(Decision, "register", lambda actor, obj: manage_meeting(actor, obj.meeting))
