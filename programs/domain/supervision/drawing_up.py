"""拟稿: words, date and colour that are proposed to a person who draws a slip up, and blue ones for several units."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from programs.choices import SlipColour, SlipKind, SlipLevel, SlipState
from programs.models import PartStanding, ReportingWindow, Slip
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import build_entry, write_entries
from qualitycity.workdays.calendar import Calendar, load_calendar
from qualitycity.workflow import NotAllowed
from taskforce.models import Department

from .escalation import POLICY, demands_of
from .slips import Subject

NEXT = {"": SlipColour.BLUE, SlipColour.BLUE: SlipColour.ORANGE, SlipColour.ORANGE: SlipColour.RED}


def proposed_words(
    subject: Subject, *, previous: Slip | None, today: date, calendar: Calendar, contact: str = ""
) -> dict[str, Any]:
    """What stands in the form before the person writes: one colour above the slip whose date was missed, if any."""
    colour = NEXT.get(previous.colour, SlipColour.RED) if previous is not None else SlipColour.BLUE
    blue = colour == SlipColour.BLUE
    matter, situation = _about(subject, today, calendar)
    if previous is not None:
        matter = previous.matter
    return {
        "kind": SlipKind.URGE if blue else SlipKind.NOTICE,
        "colour": colour,
        "level": SlipLevel.UNIT if blue else SlipLevel.HEAD,
        "matter": matter[:200],
        "situation": situation,
        "demands": demands_of(colour, previous.number if previous is not None else ""),
        "due_on": calendar.add_working_days(today, POLICY.days_for(colour)),
        "responsible": subject.part.responsible_person if subject.part is not None else "",
        "contact": contact,
    }


def _about(subject: Subject, today: date, calendar: Calendar) -> tuple[str, str]:
    if subject.part is not None:
        task = subject.part.task
        standing = PartStanding.objects.filter(part=subject.part).first()
        return (
            f"《{task.programme.short_title}》{task.number}{task.title}",
            standing.sentence if standing else "",
        )
    if subject.item_part is not None:
        item = subject.item_part.item
        words = item.number if item.restricted else f"{item.number} {item.title}"
        return words, _how_late("要求办结", item.due_on, today, calendar)
    assert subject.window is not None
    return _return_words(subject.window, 0, today, calendar)


def _return_words(window: ReportingWindow, count: int, today: date, calendar: Calendar) -> tuple[str, str]:
    matter = f"《{window.programme.short_title}》{window.label}进展报送"
    lines = f"{count}项" if count else ""
    return matter, f"{window.label}进展{lines}未报，{_how_late('截止报送', window.due_on, today, calendar)}"


def _how_late(what: str, due_on: date, today: date, calendar: Calendar) -> str:
    """2026年4月8日截止报送，逾期3个工作日."""
    day = f"{due_on.year}年{due_on.month}月{due_on.day}日{what}"
    if due_on < today:
        return f"{day}，逾期{max(1, calendar.working_days_between(due_on, today))}个工作日"
    return f"{day}，还有{calendar.working_days_between(today, due_on)}个工作日"


def draw_up_returns(rows: Sequence[tuple[ReportingWindow, Department, int]], *, actor: ActorContext) -> int:
    """Blue slips about returns that were not made, (period, unit, lines missing), one per unit; returns how many are
    new. A return about which a slip is under way gets none. A constant number of statements for any number."""
    today, calendar = timezone.localdate(), load_calendar()
    with transaction.atomic():
        wanted = []
        for window, unit, count in rows:
            matter, situation = _return_words(window, count, today, calendar)
            slip = Slip(
                jurisdiction=window.programme.jurisdiction,
                window=window,
                department=unit,
                kind=SlipKind.URGE,
                colour=SlipColour.BLUE,
                matter=matter[:200],
                situation=situation,
                demands=demands_of(SlipColour.BLUE),
                due_on=calendar.add_working_days(today, POLICY.days_for(SlipColour.BLUE)),
                proposed_on=today,
                proposed_by_id=actor.person_id,
            )
            decision = can(actor, "manage", slip)
            if not decision:
                raise NotAllowed(decision.reason, window)
            wanted.append(slip)
        about = {
            "window__in": {window.pk for window, _unit, _count in rows},
            "department__in": {unit.pk for _window, unit, _count in rows},
        }
        known = set(
            Slip.objects.filter(**about, state__in=[SlipState.PROPOSED, *SlipState.open()]).values_list(
                "window_id", "department_id"
            )
        )
        newest = Slip.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        Slip.objects.bulk_create(
            [slip for slip in wanted if (slip.window_id, slip.department_id) not in known],
            ignore_conflicts=True,
        )
        made = list(Slip.objects.filter(**about, pk__gt=newest, proposed_by_id=actor.person_id))
        write_entries(
            build_entry(subject=slip, action="draw_up", actor=actor, audience="office") for slip in made
        )
    return len(made)
