"""需协调事项 as lists and pages read them; every reading starts at what the person may see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.access.ground import UNIT, offices
from programs.access.supervision.matters import leader_grant
from programs.choices import MatterState
from programs.models import AgendaItem, CoordinationMatter
from qualitycity.access import ActorContext
from qualitycity.audit.models import Entry
from taskforce.choices import Role

from ..together import Figures

#: Tabs of the list: code in the address → states, in the order shown.
TABS: dict[str, tuple[str, ...]] = {
    "raised": (MatterState.RAISED,),
    "put_before": (MatterState.PUT_BEFORE,),
    "answered": (MatterState.ANSWERED, MatterState.DECIDED),
    "noted": (MatterState.ACKNOWLEDGED,),
    "dropped": (MatterState.DROPPED,),
}
ACTIONS = {
    "raise": gettext_lazy("Brought up by the report"),
    "raise_again": gettext_lazy("Brought up again by a new report"),
    "change_text": gettext_lazy("Text changed by a report filed anew"),
    "drop": gettext_lazy("Taken back with the report"),
    "answer": gettext_lazy("Answered by the office"),
    "put_before": gettext_lazy("Put before a leader"),
    "take_back": gettext_lazy("Taken back from the leader"),
    "decide": gettext_lazy("Decided"),
    "acknowledge": gettext_lazy("Noted by the unit"),
    "reopen": gettext_lazy("Taken up again"),
}
GOOD, BAD = {"answer", "decide", "acknowledge"}, {"reopen", "take_back", "drop"}
RELATED = (
    "jurisdiction", "department", "programme", "part__task", "window", "leader", "meeting", "answered_by", "decided_by",
    "acknowledged_by", "put_before_by",
)  # fmt: skip


def matters(actor: ActorContext) -> QuerySet[CoordinationMatter]:
    return CoordinationMatter.objects.visible_to(actor).select_related(*RELATED)


def narrowed(
    rows: QuerySet[CoordinationMatter], wanted: dict[str, Any], actor: ActorContext
) -> QuerySet[CoordinationMatter]:
    """By what the address says: those of the reader's own office, unit, programme, words."""
    if wanted.get("mine"):
        rows = rows.filter(jurisdiction_id__in=offices(actor))
    if wanted.get("unit"):
        rows = rows.filter(department_id=wanted["unit"])
    if wanted.get("programme"):
        rows = rows.filter(programme_id=wanted["programme"])
    if wanted.get("q"):
        words = wanted["q"]
        rows = rows.filter(
            Q(text__icontains=words)
            | Q(answer__icontains=words)
            | Q(decision__icontains=words)
            | Q(part__task__title__icontains=words)
        )
    return rows


def counts(rows: QuerySet[CoordinationMatter]) -> dict[str, int]:
    """Rows per tab; one query."""
    by_state = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    return {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}


def choices(actor: ActorContext) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(units, programmes) that have matters this person sees; one query."""
    rows = (
        CoordinationMatter.objects.visible_to(actor)
        .order_by("department__sort", "department_id", "programme_id")
        .values_list("department_id", "department__short_name", "programme_id", "programme__short_title")
        .distinct()
    )
    units: dict[int, str] = {}
    programmes: dict[int, str] = {}
    for unit, name, programme, title in rows:
        units[unit] = name
        programmes[programme] = title
    return list(units.items()), list(programmes.items())


def timeline(matter: CoordinationMatter) -> list[dict[str, Any]]:
    """办理过程 for `components/timeline.html`, newest first; one query. What was answered or decided stands in full."""
    entries = Entry.objects.filter(subject_type="programs.coordinationmatter", subject_id=matter.pk).order_by("-id")
    return [
        {
            "at": entry.at,
            "title": ACTIONS.get(entry.action, entry.action),
            "who": entry.actor_label or _("The portal"),
            "acting_for": entry.acting_for_label,
            "note": _said(entry),
            "mark": "",
            "tone": "good" if entry.action in GOOD else "bad" if entry.action in BAD else "info",
        }
        for entry in entries
    ]


def _said(entry: Entry) -> str:
    after: dict[str, Any] = entry.after or {}
    named = {"answer": "answer", "decide": "decision", "raise": "text", "raise_again": "text", "change_text": "text"}
    words = [after.get(named.get(entry.action, "")) or "", entry.reason]
    if entry.action == "decide":
        words.append(after.get("decision_basis") or "")
    return "\n".join(word for word in words if word)


# --- start pages -------------------------------------------------------------------------------------


def led(actor: ActorContext) -> list[int]:
    """Accounts of the leaders this person is, stands in for, or records for."""
    found = []
    for grant in actor.holding(Role.LEADER, Role.SECRETARY):
        whose = grant.leader_id if grant.role == Role.SECRETARY else (grant.acting_for_id or actor.user_id)
        if whose is not None and leader_grant(actor, whose):
            found.append(whose)
    return list(dict.fromkeys(found))


def at_office(actor: ActorContext) -> Figures:
    """For the start page of an office: matters that wait for it, and those it has put before a leader."""
    own = CoordinationMatter.objects.filter(jurisdiction_id__in=offices(actor))
    return Figures(own, {state: Q(state=state) for state in (MatterState.RAISED, MatterState.PUT_BEFORE)})


def to_decide(actor: ActorContext) -> list[CoordinationMatter]:
    """需决定事项 of a leader, the longest waiting first; one query."""
    rows = CoordinationMatter.objects.visible_to(actor).filter(state=MatterState.PUT_BEFORE, leader_id__in=led(actor))
    return list(rows.select_related("department", "part__task", "window", "leader").order_by("put_before_on", "pk")[:20])


def come_back(actor: ActorContext) -> list[CoordinationMatter]:
    """Answers and decisions that the person's units have not noted yet; one query."""
    rows = CoordinationMatter.objects.filter(
        department_id__in=actor.departments(*UNIT), state__in=[MatterState.ANSWERED, MatterState.DECIDED]
    )
    return list(rows.select_related("department", "part__task", "window", "leader", "meeting").order_by("pk")[:20])


def of_lines(parts: Iterable[int], window: int) -> dict[int, CoordinationMatter]:
    """Matters of the lines of one sheet, by part; one query."""
    rows = CoordinationMatter.objects.filter(part_id__in=list(parts), window_id=window).exclude(
        state=MatterState.DROPPED
    )
    return {row.part_id: row for row in rows.select_related("leader", "meeting")}


def agenda_item(matter: CoordinationMatter) -> AgendaItem | None:
    """The topic of the meeting on whose agenda it stands, with what the minutes say."""
    if matter.meeting_id is None:
        return None
    return AgendaItem.objects.filter(matter=matter, meeting_id=matter.meeting_id).select_related("meeting").first()
