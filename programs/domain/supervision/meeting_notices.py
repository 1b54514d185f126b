"""Who is told of a meeting: the invited, the units of its decisions. Chinese, like all notices."""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone

from programs.models import Attendance, Meeting
from qualitycity.access import ActorContext
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import Change
from taskforce.choices import Role
from taskforce.models import Membership

from ..people import unit_accounts
from .meeting_wording import moment_of


def recipients(rows: Collection[Attendance]) -> dict[int, set[int]]:
    """Attendance → accounts that answer for it: the unit's, or the person's and his secretaries'; three queries."""
    units = unit_accounts({row.department_id for row in rows})
    persons = {row.user_id for row in rows} - {None}
    served: dict[int, set[int]] = {}
    secretaries = Membership.objects.current(timezone.localdate()).filter(
        leader_id__in=persons, role=Role.SECRETARY, user__is_active=True
    )
    for leader, secretary in secretaries.values_list("leader_id", "user_id"):
        served.setdefault(leader or 0, set()).add(secretary)
    found: dict[int, set[int]] = {}
    for row in rows:
        people = set(units.get(row.department_id or 0, set()))
        if row.user_id is not None:
            people |= {row.user_id} | served.get(row.user_id, set())
        found[row.pk] = people
    return found


def _tell(
    rows: Collection[Attendance], *, actor: ActorContext, key: str, title: str, body: str, invitation: bool = False
) -> None:
    notices = []
    people = recipients(rows)
    for row in rows:
        url = reverse("invitation", args=[row.pk]) if invitation else reverse("meeting", args=[row.meeting_id])
        notices += [Notice(person, "meeting", key, title, body, url, invitation) for person in people[row.pk]]
    post_many([notice for notice in notices if notice.recipient_id != actor.user_id])


def invite(changes: list[Change]) -> None:
    for change in changes:
        meeting = change.obj
        _tell(
            meeting.attendances.all(), actor=change.actor, key=f"meeting:invited:{meeting.pk}",
            title=f"会议通知：{moment_of(meeting.starts_at)}召开{meeting.title}，请确认参会", body=_where(meeting),
            invitation=True,
        )  # fmt: skip


def invite_more(meeting: Meeting, rows: Collection[Attendance], *, actor: ActorContext) -> None:
    """Whoever is added once the invitations are out gets his own."""
    _tell(
        rows, actor=actor, key=f"meeting:invited:{meeting.pk}",
        title=f"会议通知：{moment_of(meeting.starts_at)}召开{meeting.title}，请确认参会", body=_where(meeting), invitation=True,
    )  # fmt: skip


def tell_moved(meeting: Meeting, *, actor: ActorContext) -> None:
    title = f"会议变更：{meeting.title}改为{moment_of(meeting.starts_at)}"
    rows = list(meeting.attendances.all())
    key = f"meeting:moved:{meeting.pk}:{meeting.row_version}"
    _tell(rows, actor=actor, key=key, title=title, body=_where(meeting), invitation=True)


def tell_cancelled(changes: list[Change]) -> None:
    for change in changes:
        meeting: Meeting = change.obj
        if meeting.notified_on is not None:
            key = f"meeting:cancelled:{meeting.pk}"
            title = f"会议取消：原定{moment_of(meeting.starts_at)}的{meeting.title}不再召开"
            _tell(meeting.attendances.all(), actor=change.actor, key=key, title=title, body=change.reason)


def tell_minutes(changes: list[Change]) -> None:
    for change in changes:
        meeting = change.obj
        key = f"meeting:minutes:{meeting.pk}"
        title = f"{meeting.title}纪要已印发（{meeting.number}）"
        _tell(meeting.attendances.all(), actor=change.actor, key=key, title=title, body="")


def _where(meeting: Meeting) -> str:
    lines = (f"地点：{meeting.place}" if meeting.place else "", meeting.note)
    return "\n".join(line for line in lines if line)
