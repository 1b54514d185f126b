"""提醒: computed as "what should have fired by now" against the delivery log; nothing depends on one moment of the day.

For each date only the latest rung that has passed is told: after an outage one digest arrives, not a storm. A rung
that passed before the matter was assigned is not made up. One digest per person and day, in the inbox and – when mail
is on – by e-mail, which says how many matters wait and nothing of their content. Nothing automatic goes to a leader.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from programs.choices import EntryState, PartState, TaskState
from programs.models import (
    Milestone,
    PolicyDocument,
    Programme,
    ReminderDelivery,
    ReportingWindow,
    Responsibility,
    Task,
)
from programs.queries.documents import NOTICE_DAYS, asked_from, running_out
from qualitycity.outbox.inbox import Notice, post_many
from qualitycity.outbox.messages import enqueue
from qualitycity.workdays.calendar import Calendar, load_calendar
from taskforce.choices import Role
from taskforce.models import User

from .people import office_people, unit_people
from .rules import REMINDER_LADDER
from .sources import sources

#: Key of the advisory lock that keeps two scans from running at once.
SCAN_LOCK = 7_203_411

#: 续期/修订/废止: rungs in plain days before (negative) and after (positive) the end of a document's validity.
VALIDITY = (-NOTICE_DAYS, -90, -30, -7, 1, 30)


@dataclass(frozen=True)
class Matter:
    """Something with a date. `units` owe it, in `named_units` the `persons` named for it; with neither the office
    holds it. `heads_only`: it is the turn of the heads alone."""

    kind: str
    ident: int
    programme: Programme
    subject: str
    url: str
    due_on: date
    live_from: date
    units: frozenset[int] = frozenset()
    heads_only: frozenset[int] = frozenset()
    named_units: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()


def scan(*, programmes: Sequence[int] | None = None) -> int:
    """Tells everybody what has become due to be told; returns the number of reminders. Safe to run at any time."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SCAN_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        current = Programme.objects.current().select_related("reminder_ladder", "jurisdiction")
        if programmes is not None:
            current = current.filter(pk__in=programmes)
        running = list(current)
        if not running:
            return 0
        today, calendar = timezone.localdate(), load_calendar()
        due = list(due_rungs(matters(running, today), today, calendar))
        return _tell(_addressed(due), today)


def matters(running: Sequence[Programme], today: date) -> Iterator[Matter]:
    """Everything dated in running programmes: milestones, tasks, reporting windows, tasks not signed for, and the end
    of validity of the documents they rest on (续期/修订/废止)."""
    by_id = {programme.pk: programme for programme in running}
    open_parts = Prefetch(
        "parts",
        queryset=Responsibility.objects.filing().filter(state__in=[PartState.ASSIGNED, PartState.SIGNED_FOR]),
    )
    tasks = {
        task.pk: task
        for task in Task.objects.filter(programme_id__in=by_id, state=TaskState.ACTIVE).prefetch_related(
            open_parts
        )
    }
    for milestone in Milestone.objects.open().filter(programme_id__in=by_id).iterator(2000):
        programme = by_id[milestone.programme_id]
        if milestone.task_id is None:
            url = reverse("programme", args=[programme.pk])
            subject = f"《{programme.short_title}》节点“{milestone.title}”"
            yield Matter(
                "milestone", milestone.pk, programme, subject, url, milestone.due_on, programme.starts_on
            )
        elif milestone.task_id in tasks:
            task = tasks[milestone.task_id]
            subject = f"任务“{task.title}”节点“{milestone.title}”"
            yield _task_matter("milestone", milestone.pk, programme, task, subject, milestone.due_on)
    for task in tasks.values():
        programme = by_id[task.programme_id]
        if task.due_on is not None:
            yield _task_matter("task", task.pk, programme, task, f"任务“{task.title}”完成时限", task.due_on)
        for part in task.parts.all():
            if part.state == PartState.ASSIGNED and part.assigned_on:
                yield Matter(
                    "sign_for",
                    part.pk,
                    programme,
                    f"任务“{task.title}”待签收",
                    reverse("task", args=[task.pk]),
                    part.assigned_on,
                    part.assigned_on,
                    units=frozenset({part.department_id or 0}),
                )
    yield from _windows(by_id, today)
    yield from _documents(by_id, today)


def _documents(by_id: dict[int, Programme], today: date) -> Iterator[Matter]:
    """One matter per document that runs out, held by the office that runs a programme on it."""
    resting = {
        (programme.document_id, programme.jurisdiction_id): programme
        for programme in by_id.values()
        if programme.document_id
    }
    named = PolicyDocument.objects.filter(pk__in={document for document, _place in resting})
    for document in running_out(named, today).order_by("pk"):
        programme = resting.get((document.pk, document.jurisdiction_id))
        if programme is None or document.valid_until is None:
            continue
        yield Matter(
            "validity",
            document.pk,
            programme,
            f"文件《{document.title[:120]}》有效期届满，需定续期、修订或废止",
            reverse("document_validity", args=[document.pk]),
            document.valid_until,
            asked_from(document) or today,
        )


def _task_matter(
    kind: str, ident: int, programme: Programme, task: Task, subject: str, due_on: date
) -> Matter:
    parts = task.parts.all()
    return Matter(
        kind,
        ident,
        programme,
        subject,
        reverse("task", args=[task.pk]),
        due_on,
        task.assigned_on or due_on,
        units=frozenset(part.department_id or 0 for part in parts if part.contact_user_id is None),
        named_units=frozenset(part.department_id or 0 for part in parts if part.contact_user_id is not None),
        persons=frozenset(part.contact_user_id for part in parts if part.contact_user_id is not None),
    )


def _windows(by_id: dict[int, Programme], today: date) -> Iterator[Matter]:
    """Units that still owe lines. Quiet while a line is under review: then it is not the unit's turn."""
    windows = ReportingWindow.objects.filter(
        programme_id__in=by_id, opens_on__lte=today, locked_at__isnull=True
    ).in_bulk()
    waiting: dict[tuple[int, int], set[str]] = defaultdict(set)
    for source in sources():
        for unit, filed, window_id, _count in source.owed(list(windows)):
            state = filed or EntryState.DRAFT
            if state in EntryState.with_unit():
                waiting[window_id, unit].add(state)
    for (window_id, unit), states in sorted(waiting.items()):
        window = windows[window_id]
        programme = by_id[window.programme_id]
        only_signature = states == {EntryState.SUBMITTED}
        what = "进展待审签" if only_signature else "进展待报送"
        yield Matter(
            f"window-{unit}",
            window.pk,
            programme,
            f"《{programme.short_title}》{window.label}{what}",
            reverse("sign_off" if only_signature else "sheet", args=[window.pk, unit]),
            window.due_on,
            window.opens_on,
            units=frozenset() if only_signature else frozenset({unit}),
            heads_only=frozenset({unit}) if only_signature else frozenset(),
        )


def due_rungs(items: Iterable[Matter], today: date, calendar: Calendar) -> Iterator[tuple[Matter, int]]:
    """The latest rung of each matter whose day has come; none when it passed before the matter was live."""
    fire_days: dict[tuple[date, int], date] = {}
    for matter in items:
        ladder = (
            matter.programme.reminder_ladder.content if matter.programme.reminder_ladder else REMINDER_LADDER
        )
        kind = matter.kind.split("-")[0]
        # ladders sealed before documents were asked about do not know them
        rungs = VALIDITY if kind == "validity" else ladder["milestone" if kind in ("milestone", "task") else kind]
        for rung in sorted(rungs, reverse=True):
            day = matter.due_on + timedelta(days=rung) if kind == "validity" else fire_days.get((matter.due_on, rung))
            if day is None:
                day = fire_days[(matter.due_on, rung)] = calendar.add_working_days(matter.due_on, rung)
            if day <= today:
                if day >= matter.live_from:
                    yield matter, rung
                break


def _addressed(due: list[tuple[Matter, int]]) -> list[tuple[Matter, int, int]]:
    """(matter, rung, person): before the date the liaison, after it the head too, from `office_from` on the office."""
    units = {unit for matter, _rung in due for unit in matter.units | matter.heads_only | matter.named_units}
    liaisons = unit_people(units, Role.LIAISON, Role.DISTRICT_OFFICE)
    heads = unit_people(units, Role.UNIT_HEAD)
    offices = office_people({matter.programme for matter, _rung in due})
    result = []
    for matter, rung in due:
        ladder = (
            matter.programme.reminder_ladder.content if matter.programme.reminder_ladder else REMINDER_LADDER
        )
        people: set[int] = set(matter.persons)
        for unit in matter.units:
            people |= liaisons[unit]
            if rung > 1 or (rung > 0 and not matter.kind.startswith("sign_for")):
                people |= heads[unit]
        for unit in matter.heads_only | (matter.named_units if rung > 0 else frozenset()):
            people |= heads[unit]
        held_by_office = not (matter.units or matter.heads_only or matter.persons)
        if held_by_office or rung >= ladder["office_from"]:
            people |= offices[matter.programme.jurisdiction_id]
        result += [(matter, rung, person) for person in sorted(people)]
    return result


def _tell(addressed: list[tuple[Matter, int, int]], today: date) -> int:
    """Writes log and digests; a person who has had today's digest gets the rest tomorrow."""
    rows = {}
    for matter, rung, person in addressed:
        key = f"{matter.kind}:{matter.ident}:{matter.due_on:%Y%m%d}:{rung}:{person}"
        rows[key] = ReminderDelivery(
            key=key,
            recipient_id=person,
            subject=matter.subject[:200],
            url=matter.url,
            due_on=matter.due_on,
            rung=rung,
            digest_on=today,
        )
    told = set(ReminderDelivery.objects.filter(key__in=list(rows)).values_list("key", flat=True))
    served = set(
        ReminderDelivery.objects.filter(
            digest_on=today, recipient_id__in={row.recipient_id for row in rows.values()}
        ).values_list("recipient_id", flat=True)
    )
    new = [row for key, row in rows.items() if key not in told and row.recipient_id not in served]
    if not new:
        return 0
    ReminderDelivery.objects.bulk_create(new, batch_size=2000)
    by_person: dict[int, list[ReminderDelivery]] = defaultdict(list)
    for row in new:
        by_person[row.recipient_id].append(row)
    post_many(
        Notice(
            person,
            "digest",
            f"digest:{today:%Y%m%d}",
            f"您有{len(items)}项到期提醒",
            "\n".join(
                f"{item.subject}，{when(item)}" for item in sorted(items, key=lambda item: item.due_on)
            ),
            reverse("start") if len(items) > 1 else items[0].url,
            any(item.rung > 0 for item in items),
        )
        for person, items in by_person.items()
    )
    if settings.PORTAL_MAIL_ENABLED:
        reachable = (
            User.objects.filter(pk__in=by_person, is_active=True)
            .exclude(email="")
            .values_list("pk", flat=True)
        )
        for person in reachable:
            enqueue(
                "mail.digest",
                key=f"mail:digest:{person}:{today:%Y%m%d}",
                queue="mail",
                payload={"user": person, "day": today.isoformat()},
            )
    return len(new)


def when(item: ReminderDelivery) -> str:
    """2026年3月31日到期，还有3个工作日; a document's end is counted in plain days."""
    day = f"{item.due_on.year}年{item.due_on.month}月{item.due_on.day}日"
    if item.key.startswith("validity"):
        left = (item.due_on - item.digest_on).days
        return f"{day}届满，还有{left}天" if left >= 0 else f"{day}已届满"
    if item.key.startswith("sign_for"):
        return f"{day}交办，已过{item.rung}个工作日"
    if item.rung > 0:
        return f"{day}到期，已逾期{item.rung}个工作日"
    return f"{day}到期，还有{-item.rung}个工作日"
