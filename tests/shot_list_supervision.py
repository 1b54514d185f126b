"""督办 as it is photographed: slips, later dates, meetings, papers due, activities, and what the desks show of them."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from .shot_acts import press
from .shot_items import ITEM_SHOTS, items

OFFICE, LIAISON, HEAD, LEADER = "office", "shijian.llr", "shijian.fzr", "leader2"


def rows_of(unit: Any) -> dict[str, Any]:
    """Rows of the fictional city whose pages are photographed, and the slips that its story has no use for."""
    from programs.models import (
        Activity,
        ActivityRun,
        Adjustment,
        AgendaItem,
        Attendance,
        Bulletin,
        Contribution,
        CoordinationMatter,
        Decision,
        Extension,
        Material,
        MaterialDue,
        Meeting,
        Slip,
    )

    slips, matters = Slip.objects.order_by("pk"), CoordinationMatter.objects.order_by("pk")
    out = _key(slips, state="acknowledged") or _key(slips, state="issued")
    meeting = Meeting.objects.latest("pk")
    done = Contribution.objects.filter(part__department__isnull=False).order_by("pk").first()
    filer = _filer(Slip.objects.get(pk=out).department)
    planned = _planned_meeting(meeting)
    return {
        **items(), **_drawn(unit),
        "slip_waits": _key(slips, state="proposed"), "slip_out": out, "slip_done": _key(slips, state="settled"),
        "slip_filer": filer,
        "extension_waits": _key(Extension.objects.order_by("pk"), state="signed"),
        "extension_done": _key(Extension.objects.order_by("pk"), state="granted"),
        "adjustment": _key(Adjustment.objects.order_by("-pk")), "bulletin": _key(Bulletin.objects.order_by("pk")),
        "contribution": f"windows/{done.window_id}/contributions/{done.part_id}" if done else "none",
        "contributor": _filer(done.part.department) if done else OFFICE,
        **_told(Contribution.objects.filter(item_part__isnull=False)),
        "meeting": meeting.pk, "planned_meeting": planned.pk, "topic": _key(AgendaItem.objects.filter(meeting=planned)),
        "decision": _key(Decision.objects.filter(meeting=meeting)),
        "invitation": _key(Attendance.objects.filter(meeting=planned, department=unit)),
        "matter_raised": _key(matters, state="raised"), "matter_put": _key(matters, state="put_before"),
        "matter_decided": _key(matters, Q(state__in=["decided", "acknowledged"])),
        "due_filed": _key(MaterialDue.objects.order_by("pk"), Q(state__in=["filed", "accepted"])),
        "due_open": _key(MaterialDue.objects.order_by("pk"), Q(state__in=["due", "returned"])),
        "due_filer": _filer(MaterialDue.objects.filter(state__in=["due", "returned"]).earliest("pk").department),
        "material": _key(Material.objects.order_by("pk")), "activity": _key(Activity.objects.order_by("pk")),
        "run_held": _key(ActivityRun.objects.order_by("pk"), state="held"),
        "run_planned": _key(ActivityRun.objects.order_by("pk"), state="planned"),
    }  # fmt: skip


def _key(rows: Any, *narrow: Any, **wanted: Any) -> int:
    """Key of the first such row; 0 is a page that is not there, which the run reports."""
    found = rows.filter(*narrow, **wanted).first()
    return found.pk if found else 0


def _filer(unit: Any) -> str:
    from taskforce.models import User

    rows = User.objects.filter(
        memberships__department=unit, memberships__role__in=["liaison", "district_office"], is_active=True
    )
    found = rows.order_by("pk").first()
    return found.username if found else OFFICE


def _told(rows: Any) -> dict[str, Any]:
    """What an assisting unit was asked for, and the handling unit beside whose report another one waits."""
    asked, waits = rows.filter(state="asked").first(), rows.filter(state="handed_in").first()
    lead = waits.item_part.item.parts.filter(role="lead").first() if waits else None
    return {
        "assisting": asked.item_part_id if asked else 0, "assistant": _filer(asked.department) if asked else OFFICE,
        "handling": lead.pk if lead else 0, "handler": _filer(lead.department) if lead else OFFICE,
    }  # fmt: skip


def _actor(login: str) -> Any:
    from taskforce.contracts import actor_context
    from taskforce.models import User

    return actor_context(User.objects.get(username=login), day=timezone.localdate())


def _drawn(unit: Any) -> dict[str, Any]:
    """An orange and a red slip and one that hands out, issued by the office about tasks of the unit."""
    from programs.domain.supervision import slips
    from programs.models import Responsibility

    clerk, office = _actor("clerk1"), _actor(OFFICE)
    parts = Responsibility.objects.filing().filter(department=unit, task__state="active")
    parts = parts.select_related("task__programme__jurisdiction", "department").exclude(slips__isnull=False)
    made = {}
    for part, (name, kind, colour) in zip(
        parts.order_by("task__sort"),
        (("orange", "urge", "orange"), ("red", "notice", "red"), ("plain", "assignment", "")),
        strict=False,
    ):
        row = slips.compose(
            actor=clerk, subject=slips.Subject(department=part.department, part=part), kind=kind, colour=colour,
            level="head" if colour == "red" else "unit", matter=part.task.title,
            situation="上季度填报的进度低于时间进度，现场抽查发现两个环节尚未启动。",
            demands="一、说明滞后原因；二、列出补救措施和完成时间；三、由分管负责人签字后回复。",
            due_on=timezone.localdate() + timedelta(days=10), responsible="", contact="",
        )  # fmt: skip
        made[f"slip_{name}"] = slips.issue(row, actor=office).pk
    return {f"slip_{name}": made.get(f"slip_{name}", 0) for name in ("orange", "red", "plain")}


def _planned_meeting(last: Any) -> Any:
    """The next meeting, in preparation: invitations are out and not all are answered."""
    from programs.domain.supervision import attendance, meetings
    from taskforce.models import Seat

    clerk = _actor("clerk2")
    meeting = meetings.plan(
        actor=clerk, body=last.body, title="市质量强市工作领导小组下半年第二次全体会议", place="市政府第一会议室",
        chair=last.chair, starts_at=timezone.now().replace(hour=1, minute=30) + timedelta(days=9),
    )  # fmt: skip
    for topic in last.agenda.select_related("department"):
        meetings.add_topic(meeting, actor=clerk, title=topic.title, department=topic.department, planned=20)
    attendance.invite(meeting, actor=clerk, seats=list(Seat.objects.filter(body=last.body)))
    meetings.notify(meeting, actor=_actor(OFFICE))
    meeting.refresh_from_db()
    return meeting


# --- states that somebody has to bring about ----------------------------------------------------------------------


def typed(values: dict[str, str], selector: str) -> Any:
    """Types, presses, and finds what was typed again beside the error."""

    def act(page: Any) -> None:
        for name, value in values.items():
            page.locator(f"{selector} [name={name}]").first.fill(value)
        press(f"{selector} button.btn-primary")(page)

    return act


#: name, who, path, what is done there
SUPERVISION_SHOTS = (
    *ITEM_SHOTS,
    # 督办单
    ("slips-proposed", OFFICE, "/slips/?tab=proposed"),
    ("slips-open", OFFICE, "/slips/?tab=open"),
    ("slips-unit", LIAISON, "/slips/"),
    ("slips-empty", OFFICE, "/slips/?tab=open&colour=red&waits=late"),
    ("slip-waits", OFFICE, "/slips/{slip_waits}/"),
    ("slip-edit", OFFICE, "/slips/{slip_waits}/edit/"),
    ("slip-edit-wrong", OFFICE, "/slips/{slip_waits}/edit/", typed({"matter": "", "demands": "请速办"}, "#slip-form")),
    ("slip-unit", "{slip_filer}", "/slips/{slip_out}/"),
    ("slip-answer", "{slip_filer}", "/slips/{slip_out}/answer/"),
    ("slip-answer-wrong", "{slip_filer}", "/slips/{slip_out}/answer/", typed({"measures": "本周"}, "#slip-answer")),
    ("slip-red", LIAISON, "/slips/{slip_red}/"),
    ("slip-done", OFFICE, "/slips/{slip_done}/"),
    ("slip-new", OFFICE, "/slips/new/?part={part}"),
    ("call", OFFICE, "/calls/new/?slip={slip_out}"),
    ("call-wrong", OFFICE, "/calls/new/?slip={slip_out}", typed({"said": ""}, "#call-form")),
    ("bulletins", OFFICE, "/bulletins/"),
    ("bulletin", OFFICE, "/bulletins/{bulletin}/"),
    # 延期 调整
    ("extensions", OFFICE, "/extensions/"),
    ("extensions-empty", OFFICE, "/extensions/?state=withdrawn"),
    ("extension-decide", OFFICE, "/extensions/{extension_waits}/"),
    ("extension-done", OFFICE, "/extensions/{extension_done}/"),
    ("extension-ask", OFFICE, "/tasks/{task}/extension/"),
    ("extension-wrong", LIAISON, "/tasks/{task}/extension/", typed({"reason": "等省里"}, "#extension-form")),
    ("adjustments", OFFICE, "/adjustments/"),
    ("adjustment", OFFICE, "/adjustments/{adjustment}/"),
    ("adjust", OFFICE, "/tasks/{task}/adjust/"),
    ("adjust-units", OFFICE, "/tasks/{task}/adjust/?kind=add_unit"),
    ("adjust-wrong", OFFICE, "/tasks/{task}/adjust/?kind=wording", typed({"basis": "会议要求"}, "#adjustment-form")),
    ("contribution", "{contributor}", "/{contribution}/"),
    ("item-contribution", "{assistant}", "/item-parts/{assisting}/contribution/"),
    ("item-report-beside", "{handler}", "/item-parts/{handling}/report/"),
    # 会议 需协调事项
    ("meetings", OFFICE, "/meetings/"),
    ("meetings-unit", LIAISON, "/meetings/"),
    ("meeting-planned", OFFICE, "/meetings/{planned_meeting}/"),
    ("meeting-minuted", OFFICE, "/meetings/{meeting}/"),
    ("meeting-unit", LIAISON, "/meetings/{planned_meeting}/"),
    ("meeting-leader", LEADER, "/meetings/{planned_meeting}/"),
    ("meeting-new", OFFICE, "/meetings/new/"),
    ("meeting-new-wrong", OFFICE, "/meetings/new/", typed({"title": ""}, "#meeting-form")),
    ("meeting-topic-new", OFFICE, "/meetings/{planned_meeting}/topics/new/"),
    ("meeting-topic", OFFICE, "/topics/{topic}/"),
    ("meeting-papers", OFFICE, "/topics/{topic}/papers/"),
    ("meeting-invited", OFFICE, "/meetings/{planned_meeting}/invited/"),
    ("meeting-presence", OFFICE, "/meetings/{planned_meeting}/presence/"),
    ("meeting-minutes", OFFICE, "/meetings/{meeting}/minutes/"),
    ("meeting-decision", OFFICE, "/decisions/{decision}/"),
    ("invitation", LIAISON, "/invitations/{invitation}/"),
    ("matters", OFFICE, "/matters/"),
    ("matters-unit", LIAISON, "/matters/"),
    ("matter-raised", OFFICE, "/matters/{matter_raised}/"),
    ("matter-raised-wrong", OFFICE, "/matters/{matter_raised}/", press("#answer-form button.btn-primary")),
    ("matter-put", LEADER, "/matters/{matter_put}/"),
    ("matter-decided", OFFICE, "/matters/{matter_decided}/"),
    # 应报材料 年度活动
    ("materials", OFFICE, "/materials/"),
    ("materials-unit", "{due_filer}", "/materials/"),
    ("material-filed", OFFICE, "/materials/{due_filed}/"),
    ("material-open", "{due_filer}", "/materials/{due_open}/"),
    ("materials-register", OFFICE, "/materials/register/"),
    ("material-new", OFFICE, "/materials/register/new/"),
    ("material-new-wrong", OFFICE, "/materials/register/new/", typed({"title": "年度总结"}, "form.qc-form")),
    ("material-edit", OFFICE, "/materials/register/{material}/"),
    ("activities", OFFICE, "/activities/"),
    ("activities-unit", LIAISON, "/activities/"),
    ("activity-new-wrong", OFFICE, "/activities/new/", typed({"title": "质量月启动仪式"}, "form.qc-form")),
    ("activity-edit", OFFICE, "/activities/{activity}/"),
    ("activity-run-held", OFFICE, "/activities/runs/{run_held}/"),
    ("activity-run", OFFICE, "/activities/runs/{run_planned}/"),
    ("activity-days", OFFICE, "/activities/runs/{run_planned}/days/"),
    # 填报负担 填报表
    ("burden", OFFICE, "/burden/"),
    ("burden-rows", OFFICE, "/burden/rows/?unit={unit}"),
    ("workbook", LIAISON, "/sheets/{window}/{unit}/workbook/"),
    ("workbook-nothing", LIAISON, "/sheets/{window}/{unit}/workbook/", press("form[enctype] button.btn-primary")),
    # the desks of a day on which all of it waits
    ("desk-leader", LEADER, "/"),
    ("desk-slip", "{slip_filer}", "/"),
    ("desk-material", "{due_filer}", "/"),
    ("desk-contributor", "{contributor}", "/"),
    ("desk-head", HEAD, "/"),
)
#: After names have become as long as the columns allow.
LONG_SHOTS = (
    ("long-items", OFFICE, "/items/"),
    ("long-slips", OFFICE, "/slips/?tab=open"),
    ("long-slip", OFFICE, "/slips/{slip_red}/"),
    ("long-extensions", OFFICE, "/extensions/"),
    ("long-meeting", OFFICE, "/meetings/{planned_meeting}/"),
    ("long-matters", OFFICE, "/matters/"),
    ("long-materials", OFFICE, "/materials/"),
    ("long-burden", OFFICE, "/burden/"),
    ("long-calls", OFFICE, "/calls/new/?slip={slip_red}"),
)
#: name, path of a PDF as the office downloads it
SUPERVISION_PAPERS = {
    "paper-slip-blue": "/slips/{slip_out}/paper.pdf",
    "paper-slip-orange": "/slips/{slip_orange}/paper.pdf",
    "paper-slip-red": "/slips/{slip_red}/paper.pdf",
    "paper-slip-assignment": "/slips/{slip_plain}/paper.pdf",
    "paper-extension": "/extensions/{extension_done}/form.pdf",
    "paper-adjustment": "/adjustments/{adjustment}/form.pdf",
    "paper-completion": "/items/{item_done}/report.pdf",
    "paper-meeting-papers": "/meetings/{meeting}/papers.pdf",
    "paper-meeting-minutes": "/meetings/{meeting}/minutes.pdf",
    "paper-bulletin": "/bulletins/{bulletin}/paper.pdf",
}


def download(session: str, path: str) -> bytes:
    """A PDF as the office gets it, with what the jobs have set until now."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = client.get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not content.startswith(b"%PDF"):
        raise LookupError(f"{path}: answered {answer.status_code} without a PDF")
    return content
