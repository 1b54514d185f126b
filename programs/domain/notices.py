"""Who is told what when a row moves: inbox notices, written with the move itself.

Titles are Chinese sentences (站内消息 are papers of the office, not screens). One notice per unit and move, however
many lines it is about; the key makes a repeated move silent.
"""

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils import timezone

from programs.models import Consultation, LeaderRemark, Responsibility
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role

from .people import heads_and_offices, office_people, unit_people


def tell_next(changes: list[Change]) -> None:
    """Effect of every move of a filed row: whoever has it now is told; a return tells who filed it, with the reason."""
    groups: dict[tuple[Any, ...], list[Change]] = defaultdict(list)
    for change in changes:
        row = change.obj
        groups[(change.action, row.window_id, row.department_id, row.programme.pk)].append(change)
    units = {key[2] for key in groups}
    programmes = {change.obj.programme for change in changes}
    heads, offices = heads_and_offices(units, programmes) if _any(changes, "submit") else ({}, {})
    liaisons = (
        unit_people(units, Role.LIAISON, Role.DISTRICT_OFFICE)
        if _any(changes, "return_by_head", "return_by_office")
        else {}
    )
    if _any(changes, "sign", "sign_on_paper"):
        offices = office_people(programmes)
    notices: list[Notice] = []
    for (action, window_id, department_id, _programme), group in groups.items():
        first = group[0].obj
        unit, period, count = first_unit(first), first.window.label, len(group)
        office = offices.get(first.programme.jurisdiction_id, set())
        sheet = reverse("sheet", args=[window_id, department_id])
        key = f"{action}:{first._meta.model_name}:{first.pk}:{first.row_version}"
        if action == "submit":
            people = heads[department_id] - {change.obj.filed_by_id for change in group}
            title = f"{unit}{period}有{count}项进展待审签"
            url = reverse("sign_off", args=[window_id, department_id])
            if not people:
                # nobody in the unit but the filer could sign: the office countersigns
                people, url = office, reverse("review")
                title = f"{unit}{period}有{count}项进展待会签（该单位未设审签账号）"
            notices += [Notice(person, "sign", key, title, "", url) for person in people]
        elif action in ("sign", "sign_on_paper"):
            mark = "（纸质审签）" if action == "sign_on_paper" else ""
            title = f"{unit}{period}有{count}项进展待审核{mark}"
            notices += [Notice(person, "review", key, title, "", reverse("review")) for person in office]
        elif action in ("return_by_head", "return_by_office"):
            by = "单位负责人" if action == "return_by_head" else "办公室"
            people = liaisons[department_id] | {change.obj.filed_by_id for change in group} - {None}
            title = f"{unit}{period}有{count}项进展被{by}退回"
            reason = f"{_lines(group)}。退回意见：{group[0].reason}"
            notices += [Notice(person, "returned", key, title, reason, sheet, True) for person in people]
        elif action == "accept":
            people = {change.obj.filed_by_id for change in group} - {None}
            title = f"{unit}{period}有{count}项进展已审核通过"
            notices += [Notice(person, "accepted", key, title, _lines(group), sheet) for person in people]
    actor = changes[0].actor.user_id
    post_many([notice for notice in notices if notice.recipient_id != actor])


def first_unit(row: Any) -> str:
    """Short name of the unit whose line this is."""
    return str(row.part.department if hasattr(row, "part") else row.indicator.reporter)


def _lines(group: list[Change]) -> str:
    """Which lines are meant, the first three by name."""
    names = [str(row.part.task if hasattr(row, "part") else row.indicator) for row in (change.obj for change in group)]
    return "、".join(names[:3]) + (f"等{len(names)}项" if len(names) > 3 else "")


def _any(changes: list[Change], *actions: str) -> bool:
    return any(change.action in actions for change in changes)


def tell_assigned(changes: list[Change]) -> None:
    """Effect of 交办: each unit's liaisons and head hear of all their new tasks in one notice."""
    parts: dict[tuple[int, int], list[Responsibility]] = defaultdict(list)
    for change in changes:
        part = change.obj
        if part.department_id is not None:
            parts[(part.department_id, part.task.programme_id)].append(part)
    people = unit_people(
        {unit for unit, _programme in parts}, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE
    )
    stamp = timezone.now().strftime("%Y%m%d%H%M%S")
    notices = []
    for (unit, programme_id), group in parts.items():
        programme = group[0].task.programme
        title = f"《{programme.short_title}》交办{group[0].department}{len(group)}项任务，请签收"
        url = f"{reverse('start')}#to-sign-for"
        key = f"assign:{programme_id}:{unit}:{group[0].pk}:{stamp}"
        notices += [Notice(person, "assigned", key, title, "", url) for person in people[unit]]
    post_many(notices)


def tell_suspended(changes: list[Change]) -> None:
    """Effect of 中止 and of taking up again: every unit of the task hears of it, with the reason."""
    tasks = {change.obj.pk: change for change in changes}
    parts = Responsibility.objects.filter(task_id__in=tasks, department__isnull=False, assigned_on__isnull=False)
    units = list(parts.values_list("task_id", "department_id"))
    people = unit_people({unit for _task, unit in units}, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)
    notices = []
    for task_id, unit in units:
        change = tasks[task_id]
        word = "已中止，暂不报送进展" if change.action == "suspend" else "恢复办理"
        key = f"{change.action}:{task_id}:{change.obj.row_version}"
        url = reverse("task", args=[task_id])
        title = f"任务“{change.obj.title}”{word}"
        notices += [Notice(person, "task", key, title, change.reason, url) for person in people[unit]]
    post_many(notices)


def tell_consulted(*, consultation: Consultation, departments: set[int]) -> None:
    """征求意见 opens: each unit concerned is asked once."""
    people = unit_people(departments, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)
    title = f"《{consultation.programme.short_title}》任务分解表征求意见，请于{consultation.due_on:%m月%d日}前反馈"
    url = reverse("consultation", args=[consultation.pk])
    key = f"consult:{consultation.pk}"
    recipients = set().union(*people.values()) if people else set()
    post_many([Notice(person, "consulted", key, title, consultation.note, url) for person in recipients])


def tell_remark(*, remark: LeaderRemark) -> None:
    """批示: the office is told; a remark on a task reaches its units as well."""
    programme = remark.programme
    recipients = set(office_people([programme])[programme.jurisdiction_id])
    url = reverse("programme", args=[programme.pk])
    if remark.task:
        units = {part.department_id for part in remark.task.parts.all()} - {None}
        people = unit_people(units, Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE)
        recipients |= set().union(*people.values()) if people else set()
        url = reverse("task", args=[remark.task_id])
    about = remark.task.title if remark.task else programme.short_title
    title = f"{remark.leader}对“{about}”作出批示"
    notices = [
        Notice(person, "remark", f"remark:{remark.pk}", title, remark.text, url, True)
        for person in recipients - {remark.recorded_by_id}
    ]
    post_many(notices)
