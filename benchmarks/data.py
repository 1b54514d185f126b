"""A large city for measuring: 10,000 tasks and 30,000 reports, written in bulk into a database of its own.

Rows are put straight into the tables: a benchmark measures reading, and the states made here are those the domain
functions would have left behind.
"""

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from programs.domain import rules
from programs.models import Programme, ProgressEntry, ReportingWindow, Responsibility, Section, Task
from taskforce.choices import Role
from taskforce.models import Department, Jurisdiction, Membership, User

YEAR = timezone.localdate().year


def make(
    *, tasks: int = 10_000, reports: int = 30_000, programmes: int = 20, seed: int = 1
) -> dict[str, User]:
    """People by name: director, leader, liaison and head of the busiest unit."""
    rng = Random(seed)
    city = Jurisdiction.objects.create(code="990100", name="示例市", short_name="示例市", level="city")
    units = [
        Department.objects.create(
            jurisdiction=city,
            code=f"unit-{n}",
            kind="government_dept",
            name=f"示例市第{n}局",
            short_name=f"市第{n}局",
            sort=n,
        )
        for n in range(60)
    ]
    people = {}
    for name, role, unit in (
        ("director", Role.OFFICE_ADMIN, None),
        ("clerk", Role.OFFICE_CLERK, None),
        ("leader", Role.LEADER, None),
        ("liaison", Role.LIAISON, units[0]),
        ("head", Role.UNIT_HEAD, units[0]),
    ):
        people[name] = User.objects.create(username=name, full_name=name)
        Membership.objects.create(
            user=people[name], role=role, jurisdiction=city, department=unit, valid_from=date(YEAR - 1, 1, 1)
        )
    policy, ladder = rules.light_policy(), rules.reminder_ladder()
    per_programme = tasks // programmes
    per_part = max(1, reports // tasks)
    now = timezone.now()
    for number in range(programmes):
        programme = Programme.objects.create(
            key=f"p{number}",
            jurisdiction=city,
            title=f"示例市质量提升行动计划第{number}部分",
            short_title=f"行动计划{number}",
            year=YEAR,
            starts_on=date(YEAR, 1, 1),
            ends_on=date(YEAR, 12, 31),
            state="running",
            light_policy=policy,
            reminder_ladder=ladder,
            report_every="quarter",
        )
        sections = Section.objects.bulk_create(
            Section(programme=programme, path=str(n), number=str(n), title=f"第{n}章", sort=n)
            for n in range(8)
        )
        windows = _windows(programme)
        rows = Task.objects.bulk_create(
            Task(
                programme=programme,
                section=sections[n * 8 // per_programme],
                number=f"{n + 1}",
                clause_path=f"一/{n + 1}",
                title=f"推进第{n + 1}项重点工作落实见效",
                requirement="建立机制，明确责任，按期完成并形成长效做法。",
                nature=rng.choice(["outcome", "ongoing"]),
                role_mode="sole",
                state="active",
                sort=n,
                assigned_on=date(YEAR, 1, 5),
                # the end of the year for most, an earlier month for every tenth: a board has all colours
                due_on=(due := date(YEAR, rng.randint(2, 12), 28) if n % 10 == 3 else date(YEAR, 12, 28)),
                original_due=due,
            )
            for n in range(per_programme)
        )
        parts = Responsibility.objects.bulk_create(
            Responsibility(
                # every fortieth task belongs to the first unit of the list: a sheet of a believable length
                task=task,
                department=units[0] if n % 40 == 0 else rng.choice(units[1:]),
                role="sole",
                state="signed_for",
                assigned_on=date(YEAR, 1, 5),
                signed_for_on=date(YEAR, 1, 6),
                signed_for_by=people["liaison"],
            )
            for n, task in enumerate(rows)
        )
        ProgressEntry.objects.bulk_create(
            (
                ProgressEntry(
                    part=part,
                    window=window,
                    state=(state := "signed" if k == per_part - 1 and n % 25 == 7 else "accepted"),
                    progress="完成现场检查并形成问题清单，整改率稳步提高。" * 3,
                    next_steps="继续推进。",
                    percent=min(100, 30 * (k + 1)),
                    filed_by=people["liaison"],
                    filed_at=now,
                    signed_by=people["head"],
                    signed_at=now,
                    sign_mode="electronic",
                    reviewed_by=people["clerk"] if state == "accepted" else None,
                    reviewed_at=now if state == "accepted" else None,
                )
                for n, part in enumerate(parts)
                for k, window in enumerate(windows[:per_part])
                # every twentieth task has never been reported on
                if n % 20
            ),
            batch_size=5000,
        )
    return people


def _windows(programme: Programme) -> list[ReportingWindow]:
    """Four quarters; those that are over are due, the present one opens in its last days."""
    windows = []
    for first in (1, 4, 7, 10):
        start = date(YEAR, first, 1)
        end = (date(YEAR, first + 2, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        windows.append(
            ReportingWindow(
                programme=programme,
                kind="quarter",
                starts_on=start,
                ends_on=end,
                opens_on=end - timedelta(days=9),
                due_on=end + timedelta(days=8),
            )
        )
    return ReportingWindow.objects.bulk_create(windows)
