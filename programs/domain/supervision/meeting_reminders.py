"""Reminders of invitations nobody has answered and of 需协调事项 that lie with the office; sources of
`REMINDER_SOURCES`. Units and offices alone: a leader's invitation and what was put before him remind nobody."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from programs.choices import InvitationReply, MatterState, MeetingState
from programs.domain.reminders.matters import Ground, Matter
from programs.models import Attendance, CoordinationMatter
from qualitycity.workdays.calendar import load_calendar

#: Working days before the meeting.
INVITATION_RUNGS = (-3, -1)
#: 需协调事项 are answered or put before a leader within so many working days.
ANSWER_WITHIN = 5
#: Working days around the end of that time.
ANSWER_RUNGS = (0, 5, 10)
#: Rows fetched from the database at once.
FETCH = 2000


def invitations(ground: Ground) -> Iterator[Matter]:
    """Invited units that have not said whether they come."""
    rows = Attendance.objects.filter(
        reply=InvitationReply.NONE,
        department__isnull=False,
        meeting__state=MeetingState.NOTIFIED,
        meeting__starts_at__date__gte=ground.day,
    ).order_by()
    columns = (
        "pk", "department_id", "meeting__title", "meeting__starts_at", "meeting__notified_on",
        "meeting__body__jurisdiction_id",
    )  # fmt: skip
    for pk, unit, title, starts_at, notified_on, place in rows.values_list(*columns).iterator(FETCH):
        if ground.covers(place):
            yield Matter(
                kind="invitation",
                ident=pk,
                jurisdiction=place,
                subject=f"会议通知待回执：{title}",
                url=reverse("invitation", args=[pk]),
                due_on=timezone.localdate(starts_at),
                live_from=notified_on,
                rungs=INVITATION_RUNGS,
                units=frozenset({unit}),
            )


def unanswered(ground: Ground) -> Iterator[Matter]:
    """需协调事项 that the office has neither answered nor put before a leader."""
    rows = CoordinationMatter.objects.filter(state=MatterState.RAISED).order_by()
    columns = ("pk", "jurisdiction_id", "programme_id", "department__short_name", "raised_on")
    calendar = load_calendar()
    for pk, place, programme, unit, raised_on in rows.values_list(*columns).iterator(FETCH):
        if programme in ground.programmes or ground.covers(place):
            yield Matter(
                kind="coordination",
                ident=pk,
                jurisdiction=place,
                programme=programme if programme in ground.programmes else None,
                subject=f"{unit}的需协调事项待答复或呈报",
                url=reverse("matter", args=[pk]),
                due_on=calendar.add_working_days(raised_on, ANSWER_WITHIN),
                live_from=raised_on,
                rungs=ANSWER_RUNGS,
                office=True,
            )
