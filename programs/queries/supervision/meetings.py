"""领导小组会议 as lists and pages read them; every reading starts at what the person may see."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy

from programs.access.ground import OVERSIGHT, offices
from programs.access.supervision.meetings import invitation_of
from programs.choices import BuildState, InvitationReply, ItemRole, MeetingPdfKind, MeetingState, Presence
from programs.models import AgendaItem, Attendance, Decision, Meeting, MeetingPaper, MeetingPdf
from qualitycity.access import ActorContext
from taskforce.choices import Role
from taskforce.models import Body, Seat

ACTIONS: dict[str, dict[str, Any]] = {
    "programs.meeting": {
        "plan": gettext_lazy("Meeting entered"),
        "change": gettext_lazy("Meeting changed"),
        "notify": gettext_lazy("Invitations sent"),
        "hold": gettext_lazy("Meeting held"),
        "issue": gettext_lazy("Minutes issued"),
        "cancel": gettext_lazy("Meeting cancelled"),
        "add_topic": gettext_lazy("Topic added"),
        "change_topic": gettext_lazy("Topic changed"),
        "order_topics": gettext_lazy("Order of topics changed"),
        "remove_topic": gettext_lazy("Topic removed"),
        "add_paper": gettext_lazy("Paper added"),
        "remove_paper": gettext_lazy("Paper removed"),
        "invite": gettext_lazy("Invited"),
        "uninvite": gettext_lazy("No longer invited"),
        "reply": gettext_lazy("Invitation answered"),
        "presence": gettext_lazy("Presence recorded"),
        "write_minutes": gettext_lazy("Minutes drafted"),
        "add_decision": gettext_lazy("Decision added"),
        "change_decision": gettext_lazy("Decision changed"),
        "remove_decision": gettext_lazy("Decision removed"),
        "register_decision": gettext_lazy("Decision handed over as a supervised item"),
        "download": gettext_lazy("PDF downloaded"),
    }
}
GOOD, BAD = {"issue", "hold", "register_decision"}, {"cancel"}


def meetings(actor: ActorContext) -> QuerySet[Meeting]:
    return Meeting.objects.visible_to(actor).select_related(
        "body__jurisdiction", "body__office_department", "chair"
    )


def listed(actor: ActorContext, wanted: dict[str, Any]) -> QuerySet[Meeting]:
    """Newest first, with the number of `topics`, `invited`, `replied`, `decided` and `handed_over`."""
    rows = meetings(actor)
    if wanted.get("body"):
        rows = rows.filter(body_id=wanted["body"])
    if wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    return rows.annotate(
        topics=_count(AgendaItem.objects.all()),
        invited=_count(Attendance.objects.all()),
        replied=_count(Attendance.objects.exclude(reply=InvitationReply.NONE)),
        decided=_count(Decision.objects.filter(meeting__state=MeetingState.MINUTED)),
        handed_over=_count(Decision.objects.filter(item__isnull=False)),
    ).order_by("-starts_at", "-pk")


def _count(rows: QuerySet) -> Coalesce:
    """How many of `rows` belong to the meeting; sub-queries, for joins would multiply each other."""
    counted = rows.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def own_bodies(actor: ActorContext) -> list[Body]:
    """Bodies whose meetings this person's office prepares."""
    return list(
        Body.objects.filter(jurisdiction_id__in=offices(actor)).select_related("jurisdiction").order_by("pk")
    )


def bodies_with_meetings(actor: ActorContext) -> list[tuple[int, str]]:
    rows = Meeting.objects.visible_to(actor).order_by("body_id").values_list("body_id", "body__name").distinct()
    return list(dict(rows).items())


def seats(bodies: list[int]) -> list[Seat]:
    """Seats of today, by rank."""
    rows = Seat.objects.in_office(timezone.localdate()).filter(body_id__in=bodies)
    return list(rows.select_related("body", "department").order_by("body_id", "sort", "pk"))


def agenda(meeting: Meeting, actor: ActorContext) -> list[AgendaItem]:
    """Topics in order with `shown`, the papers of each that this person may read; two queries."""
    items = list(meeting.agenda.select_related("department", "matter").order_by("sort", "pk"))
    papers = MeetingPaper.objects.visible_to(actor).filter(item__meeting=meeting).select_related("file")
    by_item: dict[int, list[MeetingPaper]] = {}
    for paper in papers.order_by("pk"):
        by_item.setdefault(paper.item_id, []).append(paper)
    for item in items:
        item.meeting = meeting
        item.shown = by_item.get(item.pk, [])  # type: ignore[attr-defined]
    return items


def attendances(meeting: Meeting, actor: ActorContext) -> list[Attendance]:
    """Everybody for whoever oversees the meeting, one's own for the invited; one query."""
    rows = list(
        Attendance.objects.visible_to(actor)
        .filter(meeting=meeting)
        .select_related("seat", "department", "replied_by")
        .order_by("sort", "pk")
    )
    for row in rows:
        row.meeting = meeting
    return rows


def decisions(meeting: Meeting, actor: ActorContext) -> list[Decision]:
    rows = list(
        Decision.objects.visible_to(actor)
        .filter(meeting=meeting)
        .select_related("agenda_item", "item")
        .prefetch_related("units__department")
        .order_by("number")
    )
    for row in rows:
        row.meeting = meeting
        named = {
            role: "、".join(str(unit) for unit in row.units.all() if unit.role == role) for role in ItemRole.values
        }
        row.leading, row.assisting = named[ItemRole.LEAD], named[ItemRole.SUPPORT]  # type: ignore[attr-defined]
    return rows


def pdfs(meeting: Meeting, actor: ActorContext) -> dict[str, MeetingPdf]:
    rows = MeetingPdf.objects.visible_to(actor).filter(meeting=meeting).select_related("file")
    return {row.kind: row for row in rows}


def oversees(actor: ActorContext, meeting: Meeting) -> bool:
    return actor.sees_territory(meeting.body.jurisdiction.path, *OVERSIGHT)


def tally(rows: list[Attendance]) -> dict[str, int]:
    """How many answered what, and who came."""
    return {
        "invited": len(rows),
        "attending": sum(row.reply in (InvitationReply.ATTENDING, InvitationReply.SUBSTITUTE) for row in rows),
        "leave": sum(row.reply == InvitationReply.LEAVE for row in rows),
        "silent": sum(row.reply == InvitationReply.NONE for row in rows),
        "came": sum(row.presence in Presence.came() for row in rows),
        "absent": sum(row.presence == Presence.ABSENT for row in rows),
    }


# --- start pages -------------------------------------------------------------------------------------


def to_answer(actor: ActorContext) -> list[Attendance]:
    """Invitations of this person's units, of himself and of the leader he serves that nobody has answered; one query."""
    served = {grant.leader_id for grant in actor.holding(Role.SECRETARY)} - {None}
    rows = Attendance.objects.filter(
        invitation_of(actor) | Q(user_id__in=served),
        meeting__state=MeetingState.NOTIFIED,
        meeting__starts_at__gte=timezone.now(),
        reply=InvitationReply.NONE,
    )
    return list(rows.select_related("meeting", "seat", "department").order_by("meeting__starts_at", "pk")[:10])


def coming(actor: ActorContext) -> list[Meeting]:
    """Meetings of the territory whose invitations are out, with `topics` and whether the joined papers are ready."""
    rows = (
        Meeting.objects.visible_to(actor)
        .filter(state=MeetingState.NOTIFIED, starts_at__gte=timezone.now() - timedelta(hours=12))
        .select_related("body")
        .annotate(
            papers_ready=_count(MeetingPdf.objects.filter(kind=MeetingPdfKind.PAPERS, state=BuildState.READY)),
            topics=_count(AgendaItem.objects.all()),
        )
        .order_by("starts_at", "pk")
    )
    return list(rows[:5])
