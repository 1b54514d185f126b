"""Who is told what about 需协调事项: inbox notices, written with the move itself. Chinese, like all notices."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone

from programs.models import CoordinationMatter
from qualitycity.access import ActorContext
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role
from taskforce.models import Membership

from ..people import office_people, unit_accounts


def _stamp() -> str:
    return timezone.now().strftime("%Y%m%d%H%M%S%f")


def _post(notices: list[Notice], actor: ActorContext) -> None:
    post_many([notice for notice in notices if notice.recipient_id != actor.user_id])


def tell_office(matters: list[CoordinationMatter], *, actor: ActorContext) -> None:
    """Matters raised together are one notice for each unit and period, not one for each line."""
    if not matters:
        return
    groups: dict[tuple[int, int], list[CoordinationMatter]] = defaultdict(list)
    for matter in matters:
        groups[matter.department_id, matter.window_id].append(matter)
    offices = office_people([matter.programme for matter in matters])
    notices = []
    for (unit, window), group in groups.items():
        first = group[0]
        title = f"{first.department}{first.window.label}报送提出{len(group)}项需协调事项，请答复或呈报"
        url = f"{reverse('matters')}?state=raised&unit={unit}"
        if len(group) == 1:
            url = reverse("matter", args=[first.pk])
        key = f"matter:raised:{unit}:{window}:{first.pk}:{first.row_version}:{_stamp()}"
        body = "\n".join(matter.text[:120] for matter in group[:3])
        people = offices[first.jurisdiction_id]
        notices += [Notice(person, "matter", key, title, body, url) for person in people]
    _post(notices, actor)


def tell_unit(changes: list[Change]) -> None:
    """Effect of answer and decision: the unit hears both with the date."""
    units = unit_accounts({change.obj.department_id for change in changes})
    notices = []
    for change in changes:
        matter = change.obj
        if change.action == "decide":
            day = matter.decided_on
            by = str(matter.leader) if matter.leader_id else (str(matter.meeting) if matter.meeting_id else "")
            basis = f"（依据：{matter.decision_basis}）" if matter.decision_basis else ""
            title = f"你单位的需协调事项已决定（{day.month}月{day.day}日）"
            body = f"{by}：{matter.decision}{basis}" if by else f"{matter.decision}{basis}"
        else:
            day = matter.answered_on
            title = f"你单位的需协调事项已答复（{day.month}月{day.day}日）"
            body = matter.answer
        key = f"matter:{change.action}:{matter.pk}:{matter.row_version}"
        url = reverse("matter", args=[matter.pk])
        notices += [
            Notice(person, "matter", key, title, body, url, True) for person in units[matter.department_id]
        ]
    _post(notices, changes[0].actor)


def tell_leader(changes: list[Change]) -> None:
    """Effect of 呈报: the leader and his secretaries. A topic of a meeting goes out with its agenda."""
    leaders = {change.obj.leader_id for change in changes} - {None}
    if not leaders:
        return
    served = defaultdict(set)
    rows = Membership.objects.current(timezone.localdate()).filter(
        leader_id__in=leaders, role=Role.SECRETARY, user__is_active=True
    )
    for leader, secretary in rows.values_list("leader_id", "user_id"):
        served[leader].add(secretary)
    notices = []
    for change in changes:
        matter = change.obj
        if matter.leader_id is None:
            continue
        title = f"{matter.department}的需协调事项呈报{matter.leader}决定"
        key = f"matter:put_before:{matter.pk}:{matter.row_version}"
        body = matter.text if not matter.proposal else f"{matter.text}\n拟办意见：{matter.proposal}"
        url = reverse("matter", args=[matter.pk])
        people = {matter.leader_id} | served[matter.leader_id]
        notices += [Notice(person, "matter", key, title, body, url, True) for person in people]
    _post(notices, changes[0].actor)


def tell_office_decided(changes: list[Change]) -> None:
    offices = office_people({change.obj.programme for change in changes})
    notices = []
    for change in changes:
        matter = change.obj
        title = f"{matter.department}的需协调事项已有决定"
        key = f"matter:office_decide:{matter.pk}:{matter.row_version}"
        url = reverse("matter", args=[matter.pk])
        people = offices[matter.jurisdiction_id]
        notices += [Notice(person, "matter", key, title, matter.decision, url) for person in people]
    _post(notices, changes[0].actor)


def tell_reopened(changes: list[Change]) -> None:
    offices = office_people({change.obj.programme for change in changes})
    units = unit_accounts({change.obj.department_id for change in changes})
    notices = []
    for change in changes:
        matter = change.obj
        title = f"{matter.department}的需协调事项重新提出"
        key = f"matter:reopen:{matter.pk}:{matter.row_version}"
        url = reverse("matter", args=[matter.pk])
        people = offices[matter.jurisdiction_id] | units[matter.department_id]
        notices += [Notice(person, "matter", key, title, change.reason, url) for person in people]
    _post(notices, changes[0].actor)
