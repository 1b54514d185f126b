"""系统建议: matters that are late now, compared with the slips about them; what is missing is proposed, never issued.

Run every hour and at any time: a proposal stands under a key made of matter, colour and the slip before it, so that
running twice proposes once. One that nobody looked at in time is dated anew, since a slip whose date has passed cannot
be issued; one that a person revised stays as it is. A constant number of statements for any number of matters.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from programs.choices import (
    Concern,
    EntryState,
    ItemRole,
    LightCode,
    PartState,
    ProgrammeState,
    SlipState,
    TaskState,
    Urgency,
)
from programs.models import ItemPart, PartStanding, ReportingWindow, Slip
from qualitycity.audit.journal import build_entry, write_entries
from qualitycity.workdays.calendar import Calendar

from ..sources import sources
from ..standings import board_day
from .escalation import POLICY, LastSlip, Late, demands_of, propose
from .slip_notices import name_of, tell_proposed

#: part, item part or window, and the unit: what one slip is about.
Key = tuple[str, int, int]
WAITING = ("", *EntryState.with_unit())


@dataclass(frozen=True)
class LateMatter:
    """One late matter of one unit. `words` name it on the slip, `sentence` says why it is late."""

    key: Key
    jurisdiction_id: int
    words: str
    sentence: str
    urgent: bool = False

    @property
    def columns(self) -> dict[str, int]:
        kind, ident, department = self.key
        return {f"{kind}_id": ident, "department_id": department, "jurisdiction_id": self.jurisdiction_id}


def propose_slips() -> list[Slip]:
    """Writes what has to be proposed now and tells the office; returns the new proposals."""
    day = board_day()
    today, calendar = day.today, day.calendar
    found = list(late_matters(today, calendar))
    last = last_slips({matter.key for matter in found})
    rows, stale = [], []
    for matter in found:
        slip = last.get(matter.key)
        if slip is not None and _untouched(slip) and slip.due_on <= today:
            stale.append((slip, matter))
            continue
        made = propose(Late(matter.sentence, matter.urgent, _facts(slip)), today, calendar)
        if made is None:
            continue
        before = slip if slip is None or slip.number else slip.previous
        rows.append(
            Slip(
                **matter.columns,
                kind=made.kind,
                colour=made.colour,
                level=made.level,
                matter=matter.words[:200],
                situation=matter.sentence[:1000],
                demands=demands_of(made.colour, before.number if before else ""),
                due_on=calendar.add_working_days(today, POLICY.days_for(made.colour)),
                previous=before,
                proposed_on=today,
                reason=made.reason[:400],
                proposal_key=f"{':'.join(map(str, matter.key))}:{made.colour}:{slip.pk if slip else 0}",
            )
        )
    with transaction.atomic():
        _renew(stale, today, calendar)
        return _write(rows, today)


def _untouched(slip: Slip) -> bool:
    """Of the portal alone: nobody drew it up, nobody changed its wording."""
    return slip.state == SlipState.PROPOSED and slip.proposal_key is not None and slip.row_version == 1


def _renew(stale: list[tuple[Slip, LateMatter]], today: date, calendar: Calendar) -> None:
    """Dates proposals anew that would be made today just as they were: `proposed_on`, date, situation and reason.

    The version stays, so that an hourly job never counts as a person's change. Where the facts have moved on since – the
    slip before was answered, say – the proposal stays as it is, for the office to look at.
    """
    if not stale:
        return
    matters = {slip.pk: matter for slip, matter in stale}
    held = Slip.objects.select_for_update().filter(pk__in=matters).order_by("pk")
    waiting = [slip for slip in held if _untouched(slip) and slip.due_on <= today]
    anchors = Slip.objects.in_bulk([_anchor(slip) for slip in waiting])
    renewed, entries = [], []
    for slip in waiting:
        matter = matters[slip.pk]
        late = Late(matter.sentence, matter.urgent, _facts(anchors.get(_anchor(slip))))
        made = propose(late, today, calendar)
        if made is None or (made.colour, made.level) != (slip.colour, slip.level):
            continue
        before = {"due_on": slip.due_on}
        slip.proposed_on, slip.due_on = today, calendar.add_working_days(today, POLICY.days_for(slip.colour))
        slip.situation, slip.reason = matter.sentence[:1000], made.reason[:400]
        renewed.append(slip)
        entries.append(
            build_entry(
                subject=slip, action="renew", reason=slip.reason, before=before,
                after={"due_on": slip.due_on}, audience="office",
            )
        )  # fmt: skip
    Slip.objects.bulk_update(renewed, ["proposed_on", "due_on", "situation", "reason"])
    write_entries(entries)


def _anchor(slip: Slip) -> int:
    """Key of the slip a proposal followed, whatever became of that one; 0: none."""
    return int((slip.proposal_key or "0").rpartition(":")[2])


def _facts(slip: Slip | None) -> LastSlip | None:
    if slip is None:
        return None
    ended = slip.settled_at or slip.withdrawn_at
    ended_on = timezone.localdate(ended) if ended else None
    if slip.state == SlipState.DISMISSED:
        ended_on = slip.proposed_on
    return LastSlip(slip.colour, slip.level, slip.state, slip.due_on, name_of(slip), ended_on)


def _write(rows: list[Slip], today: date) -> list[Slip]:
    if not rows:
        return []
    keys = [row.proposal_key for row in rows]
    known = set(Slip.objects.filter(proposal_key__in=keys).values_list("proposal_key", flat=True))
    wanted = [row for row in rows if row.proposal_key not in known]
    Slip.objects.bulk_create(wanted, ignore_conflicts=True)
    new = list(
        Slip.objects.filter(proposal_key__in=[row.proposal_key for row in wanted]).select_related("jurisdiction")
    )
    write_entries(
        build_entry(subject=slip, action="propose", reason=slip.reason, audience="office") for slip in new
    )
    tell_proposed(new, day=today)
    return new


def late_matters(today: date, calendar: Calendar) -> Iterator[LateMatter]:
    """Every matter that is late: tasks, items, returns. A task that is red only because its return is missing is not
    named beside the return: one matter, one slip."""
    yield from _parts(today)
    yield from _item_parts(today, calendar)
    yield from _returns(today, calendar)


def _parts(today: date) -> Iterator[LateMatter]:
    rows = (
        PartStanding.objects.filter(
            light=LightCode.RED,
            part__department__isnull=False,
            part__state__in=[PartState.ASSIGNED, PartState.SIGNED_FOR],
            part__task__state=TaskState.ACTIVE,
            part__task__programme__state=ProgrammeState.RUNNING,
        )
        .order_by("part_id")
        .values_list(
            "part_id", "part__department_id", "part__task__programme__jurisdiction_id", "sentence", "concerns",
            "part__task__due_on", "part__task__number", "part__task__title", "part__task__programme__short_title",
        )
    )  # fmt: skip
    for part, unit, place, sentence, concerns, due_on, number, title, programme in rows.iterator(2000):
        if Concern.UNREPORTED in concerns and not (due_on is not None and due_on < today):
            continue
        yield LateMatter(("part", part, unit), place, f"《{programme}》{number}{title}", sentence)


def _item_parts(today: date, calendar: Calendar) -> Iterator[LateMatter]:
    """A restricted item is called by its number alone: the words of a slip are read in journals, too."""
    rows = (
        ItemPart.objects.open()
        .filter(role=ItemRole.LEAD, item__due_on__lt=today)
        .select_related("item")
        .order_by("pk")
    )
    for part in rows.iterator(2000):
        item = part.item
        late = max(1, calendar.working_days_between(item.due_on, today))
        sentence = f"要求{item.due_on.month}月{item.due_on.day}日前办结，逾期{late}个工作日"
        words = item.number if item.restricted else f"{item.number} {item.title}"
        key = ("item_part", part.pk, part.department_id)
        yield LateMatter(key, item.jurisdiction_id, words, sentence, item.urgency == Urgency.URGENT)


def _returns(today: date, calendar: Calendar) -> Iterator[LateMatter]:
    windows = (
        ReportingWindow.objects.filter(
            programme__state=ProgrammeState.RUNNING, due_on__lt=today, locked_at__isnull=True
        )
        .select_related("programme")
        .in_bulk()
    )
    if not windows:
        return
    asked = [source.owed(list(windows)) for source in sources()]
    missing: dict[tuple[int, int], int] = {}
    for department, state, window, count in asked[0].union(*asked[1:], all=True):
        if state in WAITING:
            missing[window, department] = missing.get((window, department), 0) + count
    for (pk, department), count in sorted(missing.items()):
        window = windows[pk]
        late = max(1, calendar.working_days_between(window.due_on, today))
        sentence = f"{window.label}进展{count}项未报，逾期{late}个工作日"
        words = f"《{window.programme.short_title}》{window.label}进展报送"
        yield LateMatter(("window", pk, department), window.programme.jurisdiction_id, words, sentence)


def key_of(slip: Slip) -> Key:
    for kind in ("part", "item_part", "window"):
        ident = getattr(slip, f"{kind}_id")
        if ident is not None:
            return kind, ident, slip.department_id
    raise ValueError("a slip is about something")


def last_slips(keys: Iterable[Key]) -> dict[Key, Slip]:
    """The newest slip about each matter; one query per kind of matter."""
    wanted = set(keys)
    result: dict[Key, Slip] = {}
    for kind in sorted({key[0] for key in wanted}):
        idents = {ident for name, ident, _unit in wanted if name == kind}
        rows = (
            Slip.objects.filter(**{f"{kind}_id__in": idents})
            .select_related("previous")
            .defer("content", "previous__content")
            .order_by(f"{kind}_id", "department_id", "-pk")
            .distinct(f"{kind}_id", "department_id")
        )
        result |= {key: slip for slip in rows if (key := key_of(slip)) in wanted}
    return result
