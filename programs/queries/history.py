"""办理过程: what happened to a task, its parts and its reports, in words, for this reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.access.ground import UNIT, office_grant
from programs.choices import EntryState, ResponsibilityRole, TaskNature
from programs.models import Task
from qualitycity.access import ActorContext
from qualitycity.audit.models import Audience, Entry

from .filed import window_label

TASK, PART, REPORT = "programs.task", "programs.responsibility", "programs.progressentry"

#: Words of the journal's action codes, by kind of object. A test compares them with the transition tables.
ACTIONS: dict[str, dict[str, Any]] = {
    TASK: {
        "consult": gettext_lazy("Sent out for comment"),
        "confirm": gettext_lazy("Breakdown confirmed"),
        "revise": gettext_lazy("Breakdown revised"),
        "assign": gettext_lazy("Assigned"),
        "complete": gettext_lazy("Task completed"),
        "close": gettext_lazy("Struck off"),
        "suspend": gettext_lazy("Task suspended"),
        "resume": gettext_lazy("Task resumed"),
        "reopen": gettext_lazy("Taken up again"),
        "break_down": gettext_lazy("Breakdown changed"),
        "add_unit": gettext_lazy("Unit added"),
        "remove_unit": gettext_lazy("Unit removed"),
        "name_people": gettext_lazy("People named"),
        "name_convenor": gettext_lazy("Convening unit named"),
        "expand_group": gettext_lazy("Group resolved into units"),
        "add_item": gettext_lazy("Sub-item added"),
        "add_milestone": gettext_lazy("Milestone added"),
        "milestone_done": gettext_lazy("Milestone reached"),
        "milestone_dropped": gettext_lazy("Milestone dropped"),
        "adjust": gettext_lazy("Adjusted"),
        "ask_supporters": gettext_lazy("Supporting units asked for their parts"),
        "ask_extension": gettext_lazy("Extension asked for"),
        "refuse_extension": gettext_lazy("Extension refused"),
        "postpone_milestone": gettext_lazy("Milestone extended"),
        "add_deliverable": gettext_lazy("Deliverable added"),
        "deliver": gettext_lazy("Deliverable delivered"),
        "comment": gettext_lazy("Comment of a unit"),
        "remark": gettext_lazy("Leader's remark"),
    },
    PART: {
        "assign": gettext_lazy("Assigned to the unit"),
        "sign_for": gettext_lazy("Signed for the task"),
        "finish": gettext_lazy("Unit's part done"),
        "waive": gettext_lazy("Part waived"),
        "reopen": gettext_lazy("Part taken up again"),
        "record_opening": gettext_lazy("State before the portal recorded"),
        "propose_opening": gettext_lazy("State before the portal proposed by the unit"),
        "accept_opening": gettext_lazy("State before the portal accepted"),
        "return_opening": gettext_lazy("State before the portal returned"),
    },
    REPORT: {
        "submit": gettext_lazy("Report submitted"),
        "withdraw": gettext_lazy("Report taken back"),
        "sign": gettext_lazy("Signed off"),
        "sign_on_paper": gettext_lazy("Signed on paper"),
        "countersign": gettext_lazy("Countersigned by the office"),
        "return_by_head": gettext_lazy("Returned by the head of the unit"),
        "unsign": gettext_lazy("Signature taken back"),
        "accept": gettext_lazy("Accepted by the office"),
        "return_by_office": gettext_lazy("Returned by the office"),
        "supersede": gettext_lazy("Replaced by a correction"),
        "correct": gettext_lazy("Correction begun"),
        "attach": gettext_lazy("Evidence added"),
        "detach": gettext_lazy("Evidence removed"),
    },
}
GOOD = {
    "accept", "complete", "close", "finish", "sign", "sign_on_paper", "countersign", "milestone_done", "deliver",
    "record_opening", "accept_opening",
}  # fmt: skip
BAD = {"return_by_head", "return_opening", "return_by_office", "milestone_dropped"}
#: What an entry says beside its reason; the other values of the journal are for the auditor.
NAMED = ("unit", "milestone", "deliverable", "item", "group", "file")
CHANGED: dict[str, Any] = {
    "due_on": gettext_lazy("To be done by"),
    "nature": gettext_lazy("Nature"),
    "phase": gettext_lazy("Phase"),
    "responsible_leader": gettext_lazy("Responsible leader"),
    "contact": gettext_lazy("Liaison"),
    "responsible": gettext_lazy("Responsible person"),
}


@dataclass(frozen=True)
class Event:
    """One line of the timeline, in the shape that `components/timeline.html` asks for."""

    at: datetime
    title: str
    who: str
    acting_for: str
    note: str
    mark: str
    tone: str


def timeline(task: Task, *, actor: ActorContext, limit: int | None = None) -> tuple[list[Event], bool]:
    """Events about a task read with `detail`, newest first, and whether there are older ones. One query."""
    subjects: dict[tuple[str, int], str] = {(TASK, task.pk): ""}
    for part in task.parts.all():
        unit = str(part.department or part.group)
        subjects[PART, part.pk] = unit
        for row in part.filed:
            subjects[REPORT, row["pk"]] = f"{unit} · {window_label(row)}"
    wanted = Q(pk__in=[])
    for kind in ACTIONS:
        wanted |= Q(subject_type=kind, subject_id__in=[pk for name, pk in subjects if name == kind])
    entries = Entry.objects.filter(wanted & _readable(task, actor)).order_by("-id")
    found = list(entries[: limit + 1] if limit else entries)
    more = limit is not None and len(found) > limit
    return _events(found[:limit], subjects), more


def _events(entries: list[Entry], subjects: dict[tuple[str, int], str]) -> list[Event]:
    """One line for what one person did to several units in one go: 交办（市甲局、市乙局）."""
    groups: list[tuple[Entry, list[str]]] = []
    for entry in entries:
        about = subjects[entry.subject_type, entry.subject_id]
        if groups and _same_act(groups[-1][0], entry):
            groups[-1][1].insert(0, about)
        else:
            groups.append((entry, [about]))
    return [_event(entry, "、".join(filter(None, about))) for entry, about in groups]


def _same_act(one: Entry, other: Entry) -> bool:
    def act(entry: Entry) -> tuple[Any, ...]:
        return entry.subject_type, entry.action, entry.actor_id, entry.reason, entry.at.replace(second=0, microsecond=0)

    return one.subject_type != TASK and act(one) == act(other) and _details(one) == _details(other)


def _readable(task: Task, actor: ActorContext) -> Q:
    """The office reads all; a unit what is meant for all, and what concerns itself."""
    if office_grant(actor, task.programme):
        return Q()
    own = actor.departments(*UNIT)
    mine = [part for part in task.parts.all() if part.department_id in own]
    reports = [row["pk"] for part in mine for row in part.filed]
    about_me = (
        Q(subject_type=PART, subject_id__in=[part.pk for part in mine])
        | Q(subject_type=REPORT, subject_id__in=reports)
        | Q(subject_type=TASK, after__unit__in=[str(part.department) for part in mine])
    )
    return Q(audience=Audience.ALL) | (Q(audience=Audience.UNIT) & about_me)


def _event(entry: Entry, about: str) -> Event:
    # an action written by a later version of the portal still shows, under its code
    title = str(ACTIONS[entry.subject_type].get(entry.action, entry.action))
    return Event(
        at=entry.at,
        title=f"{title}（{about}）" if about else title,
        who=entry.actor_label or _("The portal"),
        acting_for=entry.acting_for_label,
        note="\n".join(line for line in (_details(entry), entry.reason) if line),
        mark=_("office only") if entry.audience == Audience.OFFICE else "",
        tone="bad" if entry.action in BAD else "good" if entry.action in GOOD else "info",
    )


def _details(entry: Entry) -> str:
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    words = [str(after.get(name) or before.get(name)) for name in NAMED if after.get(name) or before.get(name)]
    if entry.action == "adjust":
        old = dict(before.get("words", ()))
        words += [f"{what}：{old.get(what, '—')} → {new}" for what, new in after.get("words", ())]
    if "role" in after:
        words.append(_word(ResponsibilityRole, after["role"]))
    if entry.action in ("add_milestone", "ask_extension", "postpone_milestone") and after.get("due_on"):
        words.append(after["due_on"])
    if entry.action in ("break_down", "name_people"):
        words += [
            f"{label}：{_value(name, before.get(name))} → {_value(name, after.get(name))}"
            for name, label in CHANGED.items()
            if before.get(name) != after.get(name)
        ]
    if entry.action.endswith("_opening") and after.get("as_of"):
        words.append(_("as of %(day)s") % {"day": after["as_of"]})
        words += [f"{after['percent']}%"] if after.get("percent") is not None else []
        words += [after["result"]] if after.get("result") else []
    if entry.subject_type == REPORT and entry.to_state == EntryState.SUBMITTED and entry.action == "submit":
        if after.get("unchanged"):
            words.append(_("no change"))
        if after.get("percent") is not None:
            words.append(f"{after['percent']}%")
    if isinstance(after.get("units"), list):
        words.append("、".join(map(str, after["units"])))
    return "，".join(words)


def _value(name: str, value: Any) -> str:
    if name == "nature" and value:
        return _word(TaskNature, value)
    return str(value or "—")


def _word(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))
