"""`visible_to` (SQL) and `can(view)` (Python) are written apart and must agree, in random worlds, for every model.

Each world is drawn from a seed: a tree of territories, units with reforms behind them, programmes in every state,
tasks and filed rows in every state, people with random roles, stand-ins, and single grants.
"""

import os
import random
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from guardian.shortcuts import assign_perm

from programs.choices import (
    EntryState,
    ItemKind,
    ItemPartState,
    ItemRole,
    ItemState,
    ProgrammeState,
    ResponsibilityRole,
    TaskState,
)
from programs.models import (
    Consultation,
    ConsultationReply,
    Deliverable,
    ItemPart,
    ItemReport,
    LeaderRemark,
    Milestone,
    Programme,
    ProgressEntry,
    ProgressReport,
    ReportingWindow,
    Responsibility,
    SupervisedItem,
    Task,
)
from qualitycity.access import can, visible
from qualitycity.access.engine import registered
from taskforce.choices import Role
from taskforce.contracts import actor_context
from taskforce.models import Delegation, Department, DepartmentGroup, Jurisdiction, Membership, User

from . import meeting_rows, request_rows

DAY = date(2026, 3, 26)
NOW = timezone.make_aware(timezone.datetime(2026, 3, 26, 10))


def territories(rng):
    roots = [
        Jurisdiction.objects.create(code=f"99{n}000", name=f"市{n}", short_name=f"市{n}", level="city")
        for n in (1, 2)
    ]
    districts = [
        Jurisdiction.objects.create(
            code=f"99{n}{m}00", name=f"区{n}{m}", short_name=f"区{n}{m}", level="county", parent=roots[n - 1]
        )
        for n in (1, 2)
        for m in (1, 2)
    ]
    return roots + districts


def units(rng, places):
    found = []
    for n, place in enumerate(places * 2):
        unit = Department.objects.create(
            jurisdiction=place, code=f"u{n}", kind="government_dept", name=f"局{n}", short_name=f"局{n}"
        )
        if found and rng.random() < 0.3:
            old = rng.choice(found)
            if old.successor_id is None:
                old.successor = unit
                old.save()
        found.append(unit)
    return found


def people(rng, places, departments):
    found = []
    roles = list(Role.values)
    for n in range(14):
        user = User.objects.create(username=f"p{n}")
        found.append(user)
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            role = roles[n % len(roles)] if rng.random() < 0.7 else rng.choice(roles)
            department = rng.choice(departments) if role in Role.unit_roles() else None
            ended = DAY - timedelta(days=1) if rng.random() < 0.1 else None
            Membership.objects.get_or_create(
                user=user,
                role=role,
                jurisdiction=department.jurisdiction if department else rng.choice(places),
                department=department,
                valid_until=ended,
                defaults={"valid_from": date(2025, 1, 1)},
            )
    for _ in range(3):
        principal, deputy = rng.sample(found, 2)
        Delegation.objects.create(
            principal=principal,
            deputy=deputy,
            first_day=DAY - timedelta(days=2),
            last_day=DAY + timedelta(days=rng.choice([-1, 0, 5])),
            revoked_on=DAY if rng.random() < 0.2 else None,
        )
    return found


def entry_fields(rng, state, users):
    filer, signer, reviewer = rng.sample(users, 3)
    fields = {"state": state, "on_behalf": rng.random() < 0.3}
    if state not in (EntryState.DRAFT, EntryState.RETURNED):
        fields |= {"filed_by": filer, "filed_at": NOW}
    if state in (EntryState.SIGNED, EntryState.ACCEPTED, EntryState.SUPERSEDED):
        fields |= {"signed_by": signer, "signed_at": NOW, "sign_mode": "electronic"}
    if state in (EntryState.ACCEPTED, EntryState.SUPERSEDED):
        fields |= {"reviewed_by": reviewer, "reviewed_at": NOW}
    return fields


def programme(rng, n, places, departments, users):
    place = rng.choice(places)
    row = Programme.objects.create(
        key=f"p{n}",
        jurisdiction=place,
        title=f"方案{n}",
        short_title=f"方案{n}",
        year=2026,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        state=rng.choice(ProgrammeState.values),
    )
    window = ReportingWindow.objects.create(
        programme=row,
        kind="quarter",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 3, 31),
        opens_on=date(2026, 3, 21),
        due_on=date(2026, 4, 8),
    )
    consultation = Consultation.objects.create(
        programme=row, opened_on=DAY, due_on=DAY, opened_by=rng.choice(users), closed_on=DAY
    )
    group = DepartmentGroup.objects.create(jurisdiction=place, code=f"g{n}", name=f"组{n}")
    LeaderRemark.objects.create(programme=row, leader=users[0], recorded_by=users[1], text="请抓紧", at=NOW)
    for number in range(3):
        state = rng.choice(TaskState.values)
        task = Task.objects.create(
            programme=row,
            number=str(number),
            clause_path=str(number),
            title=f"任务{number}",
            nature="outcome",
            role_mode="joint",
            state=state,
            completed_on=DAY if state in TaskState.finished() else None,
            closed_on=DAY if state == TaskState.CLOSED else None,
            suspended_on=DAY if state == TaskState.SUSPENDED else None,
            suspended_why="依据不足" if state == TaskState.SUSPENDED else "",
        )
        Responsibility.objects.create(task=task, group=group, role="joint")
        Milestone.objects.create(
            programme=row, task=rng.choice([task, None]), title="节点", due_on=DAY, original_due=DAY
        )
        Deliverable.objects.create(programme=row, task=task, name=f"成果{number}", kind="report")
        LeaderRemark.objects.create(
            programme=row, task=task, leader=users[0], recorded_by=users[1], text="请抓紧", at=NOW
        )
        for unit in rng.sample(departments, rng.choice([0, 1, 3])):
            part = Responsibility.objects.create(
                task=task, department=unit, role=rng.choice(ResponsibilityRole.values)
            )
            entry = rng.choice(EntryState.values)
            ProgressEntry.objects.create(part=part, window=window, **entry_fields(rng, entry, users))
            ConsultationReply.objects.create(
                consultation=consultation,
                department=unit,
                task=task,
                stance="agree",
                replied_by=users[0],
                replied_at=NOW,
            )
        if rng.random() < 0.2:
            assign_perm("programs.work_on_task", rng.choice(users), task)
    if rng.random() < 0.4:
        assign_perm("programs.work_on_programme", rng.choice(users), row)
    for scope in ("programme", "department"):
        ProgressReport.objects.create(
            programme=row,
            window=window,
            scope=scope,
            department=rng.choice(departments) if scope == "department" else None,
            title="报告",
            requested_by=users[0],
            requested_at=NOW,
        )


def supervised_item(rng, n, places, departments, users):
    """An item of any kind and state, every second one restricted, with parts, reports and perhaps a named person."""
    state, restricted = rng.choice(ItemState.values), rng.random() < 0.5
    done = state in (ItemState.COMPLETED, ItemState.CLOSED)
    item = SupervisedItem.objects.create(
        jurisdiction=rng.choice(places),
        kind=rng.choice([kind for kind in ItemKind.values if kind != ItemKind.CASE]),
        number=f"督办〔2026〕{n}号",
        title=f"事项{n}",
        given_on=DAY,
        due_on=DAY,
        original_due=DAY,
        leader=rng.choice([None, *users]),
        recorded_by=rng.choice(users),
        recorded_at=NOW,
        restricted=restricted,
        state=state,
        completed_on=DAY if done else None,
        closed_on=DAY if state == ItemState.CLOSED else None,
    )
    for unit in rng.sample(departments, rng.choice([0, 1, 3])):
        part_state = rng.choice(ItemPartState.values)
        part = ItemPart.objects.create(
            item=item,
            department=unit,
            role=rng.choice(ItemRole.values),
            state=part_state,
            assigned_on=None if part_state == ItemPartState.PENDING else DAY,
            settled_on=DAY if part_state in ItemPartState.settled() else None,
        )
        for report in rng.sample(EntryState.values, 2):
            if report in ("accepted", "superseded") or not part.reports.exclude(
                state__in=["accepted", "superseded"]
            ).exists():
                ItemReport.objects.create(part=part, **entry_fields(rng, report, users))
    for user in rng.sample(users, rng.choice([0, 1, 4])):
        assign_perm("programs.follow_item", user, item)


def draw(seed):
    rng = random.Random(seed)
    places = territories(rng)
    departments = units(rng, places)
    users = people(rng, places, departments)
    for n in range(5):
        programme(rng, n, places, departments, users)
    for n in range(10):
        supervised_item(rng, n, places, departments, users)
    request_rows.extensions(rng, users)
    meeting_rows.matters(rng, users)
    for n in range(10):
        meeting_rows.meeting(rng, n, places, departments, users)
    return users


#: Worlds drawn in every run; more with e.g. QC_WORLDS=100 for a long drill.
WORLDS = int(os.environ.get("QC_WORLDS", "3"))


@pytest.mark.parametrize("seed", range(WORLDS))
def test_what_one_sees_in_a_list_is_what_one_may_open(db, seed):
    users = draw(seed)
    rules, scopes = registered()
    compared = 0
    for label in sorted(scopes):
        model = apps.get_model(label)
        if (label, "view") not in rules:
            continue
        rows = list(model._base_manager.all())
        for user in users:
            actor = actor_context(user, day=DAY)
            listed = set(visible(model._base_manager.all(), actor).values_list("pk", flat=True))
            opened = {row.pk for row in rows if can(actor, "view", row)}
            assert listed == opened, (label, user.username, sorted(actor.roles), listed ^ opened)
            compared += len(rows)
    assert compared > 2000


def test_every_model_with_a_scope_has_a_view_rule(db):
    rules, scopes = registered()
    assert {label for label in scopes if (label, "view") not in rules} == set()
    assert {"programs.superviseditem", "programs.itempart", "programs.itemreport", "programs.extension"} <= scopes
    assert {"programs.task", "programs.progressentry", "kpis.indicatorreading", "taskforce.contact"} <= scopes
