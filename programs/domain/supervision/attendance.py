"""参会: who is invited, 回执 of the invited, 签到 at the meeting."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import InvitationReply, MeetingState, Presence
from programs.models import Attendance, Meeting
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department, Seat

from . import meeting_notices
from .meetings import opened

PLANNED, NOTIFIED, HELD = MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.HELD
#: So many may be invited to one meeting.
MOST = 150


def invite(
    meeting: Meeting,
    *,
    actor: ActorContext,
    seats: Collection[Seat] = (),
    departments: Collection[Department] = (),
    names: Collection[str] = (),
    observer: bool = False,
) -> list[Attendance]:
    """Seats of the body, further units, and persons by name. Who is invited already is passed over; who is added once
    the invitations are out gets his own."""
    with transaction.atomic():
        meeting = opened(meeting, actor, PLANNED, NOTIFIED, HELD)
        held = list(meeting.attendances.all())
        taken_seats = {row.seat_id for row in held}
        taken_units = {row.department_id for row in held if row.seat_id is None}
        taken_names = {row.name for row in held if row.name}
        last = max((row.sort for row in held), default=0)
        rows = []
        for seat in seats:
            if seat.body_id != meeting.body_id:
                raise IllegalMove(_("This seat belongs to another body."), meeting)
            if seat.pk not in taken_seats:
                rows.append(Attendance(seat=seat, department=seat.department, user_id=seat.user_id))
        rows += [Attendance(department=unit) for unit in departments if unit.pk not in taken_units]
        fresh = dict.fromkeys(name.strip()[:80] for name in names)
        rows += [Attendance(name=name) for name in fresh if name and name not in taken_names]
        if len(held) + len(rows) > MOST:
            raise IllegalMove(_("At most %(count)s may be invited.") % {"count": MOST}, meeting)
        for number, row in enumerate(rows, last + 1):
            row.meeting, row.sort, row.observer = meeting, number, observer
        Attendance.objects.bulk_create(rows)
        if rows:
            units = [row.label for row in rows]
            record(subject=meeting, action="invite", actor=actor, after={"units": units})
        if rows and meeting.state == NOTIFIED:
            meeting_notices.invite_more(meeting, rows, actor=actor)
    return rows


def uninvite(row: Attendance, *, actor: ActorContext) -> None:
    with transaction.atomic():
        meeting = opened(row.meeting, actor, PLANNED, NOTIFIED, HELD)
        label = row.label
        deleted, _rows = Attendance.objects.filter(pk=row.pk).delete()
        if deleted:
            record(subject=meeting, action="uninvite", actor=actor, before={"units": [label]})


def reply(
    row: Attendance, *, actor: ActorContext, answer: str, name: str = "", post: str = "", note: str = ""
) -> Attendance:
    """回执: will attend (with the name of whom the unit sends), sends somebody else, or asks for leave."""
    with transaction.atomic():
        row = (
            Attendance.objects.select_for_update(of=("self",))
            .select_related("meeting__body__jurisdiction", "seat", "department")
            .get(pk=row.pk)
        )
        decision = can(actor, "reply", row)
        if not decision:
            raise NotAllowed(decision.reason, row)
        if row.meeting.state != NOTIFIED:
            raise IllegalMove(_("Invitations are answered between the notice and the meeting."), row)
        if answer not in InvitationReply.values or answer == InvitationReply.NONE:
            raise IllegalMove(_("Please say whether you attend."), row)
        if answer == InvitationReply.SUBSTITUTE and not name.strip():
            raise IllegalMove(_("Please name who comes instead."), row)
        if answer == InvitationReply.LEAVE and not note.strip():
            raise IllegalMove(_("Please give the reason of the leave."), row)
        came = answer != InvitationReply.LEAVE
        row.reply, row.reply_note = answer, "" if came else note.strip()[:200]
        row.who_comes, row.who_comes_post = (name.strip()[:40], post.strip()[:60]) if came else ("", "")
        row.replied_by_id, row.replied_at = actor.user_id, timezone.now()
        row.save()
        after = {"unit": row.label, "reply": answer, "name": row.who_comes, "note": row.reply_note}
        record(
            subject=row.meeting, action="reply", actor=actor.on_behalf(decision.grant), after=after, audience="office"
        )
    return row


def record_presence(meeting: Meeting, *, actor: ActorContext, presence: Mapping[int, str]) -> int:
    """签到: who came, by primary key of the attendance; those not named stay as they are. Returns how many changed."""
    with transaction.atomic():
        meeting = opened(meeting, actor, PLANNED, NOTIFIED, HELD)
        rows = []
        for row in meeting.attendances.select_for_update():
            value = presence.get(row.pk)
            if value in Presence.values and value != row.presence:
                row.presence = value
                rows.append(row)
        Attendance.objects.bulk_update(rows, ["presence"])
        if rows:
            came = sum(row.presence in Presence.came() for row in rows)
            record(
                subject=meeting, action="presence", actor=actor, after={"recorded": len(rows), "came": came},
                audience="office",
            )  # fmt: skip
    return len(rows)
