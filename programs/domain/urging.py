"""催报: the office reminds by hand whoever holds missing lines of an open period, beside the reminders of the clock."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from types import SimpleNamespace

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from programs.choices import EntryState
from programs.models import ReportingWindow
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.models import Department

from .filing import period_open
from .people import nobody_signs, unit_roles
from .sources import sources


def urge(*, wanted: Mapping[ReportingWindow, Collection[int]], actor: ActorContext) -> int:
    """Tells the liaisons of `wanted` departments of lines not filed, and heads of lines that wait for them; once a day.

    Returns how many people are told anew. Lines that wait for the office's countersignature are the office's own.
    A fixed number of queries for any number of units and periods, one entry of the journal per period.
    """
    for window in wanted:
        decision = can(actor, "manage", window.programme)
        if not decision:
            raise NotAllowed(decision.reason, window)
        blocked = period_open(SimpleNamespace(programme=window.programme, window=window), actor)
        if blocked:
            raise IllegalMove(blocked, window)
    if not wanted:
        return 0
    departments = {pk for units in wanted.values() for pk in units}
    windows = {window.pk: window for window in wanted}
    with transaction.atomic():
        states: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        asked = [source.owed(list(windows), departments) for source in sources()]
        for department, state, period, count in asked[0].union(*asked[1:], all=True):
            if department in wanted[windows[period]]:
                states[period, department][state] += count
        people = unit_roles(departments, (Role.LIAISON, Role.DISTRICT_OFFICE, Role.UNIT_HEAD))
        names = Department.objects.in_bulk(departments)
        notices: list[Notice] = []
        urged: dict[int, list[str]] = defaultdict(list)
        for (period, department), found in states.items():
            held, unit = people.get(department, set()), names[department]
            heads = {user for user, role in held if role == Role.UNIT_HEAD}
            liaisons = {user for user, role in held if role != Role.UNIT_HEAD}
            to_file = sum(found[state] for state in ("", *EntryState.editable()))
            to_sign = 0 if nobody_signs(held) else found[EntryState.SUBMITTED]
            new = [
                *_notices(windows[period], unit, f"{to_file}项未报送", "sheet", liaisons if to_file else ()),
                *_notices(windows[period], unit, f"{to_sign}项待审签", "sign_off", heads if to_sign else ()),
            ]
            if new:
                urged[period].append(str(unit))
            notices += new
        told = post_many(notices)
        for period, units in urged.items() if told else ():
            record(subject=windows[period], action="urge", actor=actor, reason="、".join(units), audience="office")
        return told


def _notices(
    window: ReportingWindow, unit: Department, what: str, page: str, people: Collection[int]
) -> list[Notice]:
    key = f"urge:{page}:{window.pk}:{unit.pk}:{timezone.localdate():%Y%m%d}"
    due = f"{window.due_on.year}年{window.due_on.month}月{window.due_on.day}日"
    title = f"催报：{unit}{window.label}还有{what}"
    body = f"《{window.programme.short_title}》，截止{due}。请尽快办理，有困难的请与办公室联系。"
    url = reverse(page, args=[window.pk, unit.pk])
    return [Notice(person, "reminder", key, title, body, url, True) for person in sorted(people)]
