"""需协调事项: from the report that raises it to the answer or decision that the unit notes.

| from | action | to | who |
|---|---|---|---|
| raised | answer 答复 | answered | office |
| raised | put_before 呈报 | put_before | office: to a leader, or onto a meeting's agenda |
| put_before | take_back 撤回呈报 | raised | office, with a reason |
| put_before | decide 决定 | decided | the leader, his secretary (代录), or the office from a paper it names |
| answered, decided | acknowledge 已知悉 | acknowledged | the unit |
| answered, decided, acknowledged | reopen 重新提出 | raised | the unit or the office, with a reason |
| answered, decided, acknowledged, dropped | raise_again | raised | the clock: a report filed anew says something else |
| raised | drop | dropped | the clock: the unit took its report back before the office acted |

Matters are made by the filing table itself, in the transaction of the signature. Nothing here reaches a leader unless
a person of the office puts it before him.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import MatterState, MeetingState
from programs.models import AgendaItem, CoordinationMatter, Meeting
from qualitycity.access import SYSTEM, ActorContext, can
from qualitycity.audit.journal import build_entry, write_entries
from qualitycity.workflow import Change, IllegalMove, Machine, Transition, advance, advance_many
from taskforce.choices import Role
from taskforce.models import Membership, User

from . import matter_notices as notices

RAISED, ANSWERED, PUT_BEFORE = MatterState.RAISED, MatterState.ANSWERED, MatterState.PUT_BEFORE
DECIDED, ACKNOWLEDGED, DROPPED = MatterState.DECIDED, MatterState.ACKNOWLEDGED, MatterState.DROPPED
#: Moves of a report by which it leaves the unit with a signature.
SIGNING = frozenset({"sign", "sign_on_paper", "countersign"})
NOWHERE: dict[str, Any] = {"leader_id": None, "meeting_id": None, "put_before_by_id": None, "put_before_on": None}


MATTERS = Machine(
    model="programs.CoordinationMatter",
    field="state",
    related=("jurisdiction", "department", "programme", "part__task", "window", "leader", "meeting"),
    snapshot=("text", "answer", "leader_id", "meeting_id", "decision", "decision_basis"),
    transitions=(
        Transition(
            "answer", frozenset({RAISED}), ANSWERED, "manage", gettext_lazy("Answer"), effects=(notices.tell_unit,)
        ),
        Transition(
            "put_before",
            frozenset({RAISED}),
            PUT_BEFORE,
            "manage",
            gettext_lazy("Put before"),
            effects=(notices.tell_leader,),
        ),
        Transition(
            "take_back",
            frozenset({PUT_BEFORE}),
            RAISED,
            "manage",
            gettext_lazy("Take back from the leader"),
            reason_required=True,
        ),
        Transition(
            "decide",
            frozenset({PUT_BEFORE}),
            DECIDED,
            "decide",
            gettext_lazy("Decide"),
            effects=(notices.tell_unit, notices.tell_office_decided),
        ),
        Transition(
            "acknowledge",
            frozenset({ANSWERED, DECIDED}),
            ACKNOWLEDGED,
            "acknowledge",
            gettext_lazy("Noted by the unit"),
        ),
        Transition(
            "reopen",
            frozenset({ANSWERED, DECIDED, ACKNOWLEDGED}),
            RAISED,
            "reopen",
            gettext_lazy("Take up again"),
            reason_required=True,
            effects=(notices.tell_reopened,),
        ),
        Transition(
            "raise_again",
            frozenset({ANSWERED, DECIDED, ACKNOWLEDGED, DROPPED}),
            RAISED,
            "manage",
            gettext_lazy("Brought up again by a new report"),
            by="clock",
        ),
        Transition(
            "drop",
            frozenset({RAISED}),
            DROPPED,
            "manage",
            gettext_lazy("Taken back with the report"),
            by="clock",
        ),
    ),
)


# --- raised by reports ------------------------------------------------------------------------------


def follow_reports(changes: list[Change]) -> None:
    """Effect of every move of a filed line: a signed report raises its matter or changes the open one, a signature taken
    back drops what the office has not acted on. A report that the office returned keeps its matter until filed anew."""
    signed = [change.obj for change in changes if change.action in SIGNING]
    unsigned = [change.obj for change in changes if change.action == "unsign"]
    if not signed and not unsigned:
        return
    lines = {(row.part_id, row.window_id): row for row in (*signed, *unsigned)}
    held = {
        (matter.part_id, matter.window_id): matter
        for matter in CoordinationMatter.objects.select_for_update(of=("self",))
        .filter(part_id__in={part for part, _window in lines}, window_id__in={window for _part, window in lines})
        .order_by("pk")
    }
    gone = [held[key] for key in _keys(unsigned) if key in held]
    new, again, changed = [], [], []
    for row in signed:
        key, text = (row.part_id, row.window_id), row.coordination.strip()
        matter = held.get(key)
        if matter is None:
            if text:
                new.append(_matter_of(row, text))
        elif not text:
            # “no change” says nothing of the matter; any other report without the text takes it back
            gone += [] if row.unchanged else [matter]
        elif matter.state == DROPPED or (matter.text != text and matter.state not in MatterState.open()):
            again.append((matter, row, text))
        elif matter.text != text or matter.entry_id != row.pk:
            changed.append((matter, row, text))
    _drop([matter for matter in gone if matter.state == RAISED])
    _raise_again(again)
    _change_text(changed)
    _raise(new, changes[0].actor)
    notices.tell_office([*new, *(matter for matter, _row, _text in again)], actor=changes[0].actor)


def _keys(rows: list[Any]) -> list[tuple[int, int]]:
    return [(row.part_id, row.window_id) for row in rows]


def _matter_of(row: Any, text: str) -> CoordinationMatter:
    programme = row.programme
    return CoordinationMatter(
        jurisdiction_id=programme.jurisdiction_id,
        programme=programme,
        department=row.part.department,
        part=row.part,
        window=row.window,
        entry=row,
        text=text[:2000],
        raised_on=timezone.localdate(),
    )


def _raise(matters: list[CoordinationMatter], actor: ActorContext) -> None:
    if matters:
        CoordinationMatter.objects.bulk_create(matters)
        write_entries(
            [
                build_entry(subject=matter, action="raise", actor=actor, to_state=RAISED, after={"text": matter.text})
                for matter in matters
            ]
        )


def _raise_again(found: list[tuple[CoordinationMatter, Any, str]]) -> None:
    today = timezone.localdate()
    fields: dict[int, dict[str, Any]] = {
        matter.pk: {"entry_id": row.pk, "text": text[:2000], "raised_on": today, **NOWHERE}
        for matter, row, text in found
    }
    if fields:
        advance_many(MATTERS, [matter for matter, _row, _text in found], "raise_again", actor=SYSTEM, fields=fields)


def _change_text(found: list[tuple[CoordinationMatter, Any, str]]) -> None:
    entries = []
    for matter, row, text in found:
        if matter.text != text:
            entries.append(
                build_entry(subject=matter, action="change_text", before={"text": matter.text}, after={"text": text})
            )
            matter.row_version += 1
        matter.text, matter.entry_id = text[:2000], row.pk
    if found:
        rows = [matter for matter, _row, _text in found]
        CoordinationMatter.objects.bulk_update(rows, ["text", "entry_id", "row_version"])
        write_entries(entries)


def _drop(matters: list[CoordinationMatter]) -> None:
    if matters:
        advance_many(MATTERS, matters, "drop", actor=SYSTEM)


# --- what people do with them -------------------------------------------------------------------------


def answer(
    matter: CoordinationMatter, *, actor: ActorContext, text: str, row_version: int | None = None
) -> CoordinationMatter:
    """答复 by the office itself: what it can settle needs no leader."""
    if not text.strip():
        raise IllegalMove(_("Please write the answer to the unit."), matter)
    fields = {
        "answer": text.strip()[:1000],
        "answered_by_id": actor.user_id,
        "answered_on": timezone.localdate(),
        "decision": "",
        "decision_basis": "",
    }
    return advance(MATTERS, matter, "answer", actor=actor, fields=fields, row_version=row_version)


def leaders_for(matter: CoordinationMatter) -> list[User]:
    """Leaders of the matter's territory and those above it."""
    day = timezone.localdate()
    rows = (
        Membership.objects.current(day)
        .filter(role=Role.LEADER, user__is_active=True)
        .select_related("user", "jurisdiction")
        .order_by("pk")
    )
    path = matter.jurisdiction.path
    return list({row.user_id: row.user for row in rows if path.startswith(row.jurisdiction.path)}.values())


def put_before(
    matter: CoordinationMatter,
    *,
    actor: ActorContext,
    leader: User | None = None,
    meeting: Meeting | None = None,
    proposal: str = "",
    row_version: int | None = None,
) -> CoordinationMatter:
    """呈报: to a leader with what the office proposes (拟办意见), or as a topic onto the agenda of a meeting."""
    if (leader is None) == (meeting is None):
        raise IllegalMove(_("Please choose a leader, or a meeting: one of the two."), matter)
    if leader is not None and leader.pk not in {user.pk for user in leaders_for(matter)}:
        raise IllegalMove(_("This person is no leader of the territory."), matter)
    with transaction.atomic():
        if meeting is not None:
            meeting = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
            if meeting.state not in MeetingState.ahead() or meeting.jurisdiction_id != matter.jurisdiction_id:
                raise IllegalMove(_("This meeting takes no new topics any more."), matter)
        fields = {
            "leader_id": leader and leader.pk,
            "meeting_id": meeting and meeting.pk,
            "proposal": proposal.strip()[:1000],
            "put_before_by_id": actor.user_id,
            "put_before_on": timezone.localdate(),
        }
        moved = advance(MATTERS, matter, "put_before", actor=actor, fields=fields, row_version=row_version)
        if meeting is not None:
            _onto_agenda(meeting, moved)
    return moved


def _onto_agenda(meeting: Meeting, matter: CoordinationMatter) -> None:
    if not meeting.agenda.filter(matter=matter).exists():
        last = meeting.agenda.order_by("-sort").values_list("sort", flat=True).first() or 0
        title = _("On what %(unit)s asks to be coordinated: %(text)s")
        AgendaItem.objects.create(
            meeting=meeting,
            sort=last + 1,
            title=(title % {"unit": matter.department, "text": matter.text.splitlines()[0]})[:200],
            department=matter.department,
            matter=matter,
        )


def take_back(matter: CoordinationMatter, *, actor: ActorContext, reason: str) -> CoordinationMatter:
    """撤回呈报: it lies with the office again; a topic of a meeting still ahead leaves the agenda."""
    with transaction.atomic():
        moved = advance(MATTERS, matter, "take_back", actor=actor, reason=reason, fields=NOWHERE)
        AgendaItem.objects.filter(
            matter_id=matter.pk, meeting__state__in=MeetingState.ahead(), papers__isnull=True
        ).delete()
    return moved


def from_cancelled(meeting: Meeting, *, actor: ActorContext, reason: str) -> None:
    """A meeting was cancelled: what waited for it lies with the office again."""
    waiting = list(CoordinationMatter.objects.filter(meeting=meeting, state=PUT_BEFORE))
    if waiting:
        fields = {matter.pk: NOWHERE for matter in waiting}
        advance_many(MATTERS, waiting, "take_back", actor=actor, reason=reason, fields=fields)


def decide(
    matter: CoordinationMatter, *, actor: ActorContext, text: str, basis: str = "", row_version: int | None = None
) -> CoordinationMatter:
    """决定 by the leader, by his secretary for him, or by the office, which must name the paper it has it from."""
    if not text.strip():
        raise IllegalMove(_("Please write what was decided."), matter)
    decision = can(actor, "decide", matter)
    grant = decision.grant
    led = grant is not None and grant.role in (Role.LEADER, Role.SECRETARY)
    if decision and not led and not basis.strip():
        raise IllegalMove(
            _("Please name the minutes or the paper in which it was decided: the office does not decide itself."), matter
        )
    fields = {
        "decision": text.strip()[:1000],
        "decision_basis": basis.strip()[:200],
        "decided_by_id": actor.user_id,
        "decided_on": timezone.localdate(),
        "by_secretary": grant is not None and grant.role == Role.SECRETARY,
        "answer": "",
    }
    return advance(MATTERS, matter, "decide", actor=actor, fields=fields, row_version=row_version)


def acknowledge(matter: CoordinationMatter, *, actor: ActorContext) -> CoordinationMatter:
    """单位已知悉."""
    fields = {"acknowledged_by_id": actor.user_id, "acknowledged_on": timezone.localdate()}
    return advance(MATTERS, matter, "acknowledge", actor=actor, fields=fields)


def reopen(matter: CoordinationMatter, *, actor: ActorContext, reason: str) -> CoordinationMatter:
    """重新提出: what was answered or decided did not settle it; the journal keeps the earlier answer."""
    return advance(MATTERS, matter, "reopen", actor=actor, reason=reason, fields=NOWHERE)
