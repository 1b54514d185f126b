"""Cities in which a known number of reminders is due on known days. All dates and counts are worked out by hand.

The day is Thursday 26 March 2026; 4 to 6 April are 清明. Every unit has one liaison, one task and the milestones below,
so what a person must be told on a day is the list of those titles, whatever the portal thinks.
"""

import io
from dataclasses import dataclass, field
from datetime import date

from django.core.management import call_command

from programs.domain import programmes, tasks
from programs.models import Milestone, Programme, Responsibility, Section, Task
from taskforce.choices import Role
from taskforce.contracts import actor_context
from taskforce.models import Department, Jurisdiction, Membership, User

TODAY, TOMORROW, MONDAY = date(2026, 3, 26), date(2026, 3, 27), date(2026, 3, 30)

#: Title, due, and the day on which a rung falls: all on 26 March (rungs +1, -1, -1, -3, -7).
ALL_TODAY = (
    ("报送自查报告", date(2026, 3, 25), {TODAY}),
    ("完成摸底", date(2026, 3, 27), {TODAY}),
    ("印发通知", date(2026, 3, 27), {TODAY}),
    ("召开部署会", date(2026, 3, 31), {TODAY}),
    ("开展抽检", date(2026, 4, 7), {TODAY}),
)
#: Rungs of 26 March (-1, -3), of 27 March (+1, -1, -3), and after the week-end of 30 March (+1, -1).
OVER_DAYS = (
    ("完成摸底", date(2026, 3, 27), {TODAY, MONDAY}),
    ("召开部署会", date(2026, 3, 31), {TODAY, MONDAY}),
    ("报送自查报告", date(2026, 3, 26), {TOMORROW}),
    ("印发通知", date(2026, 3, 30), {TOMORROW}),
    ("开展抽检", date(2026, 4, 1), {TOMORROW}),
)
#: Of every unit on 27 March, whatever its milestones: not signed for since yesterday, and seven working days are left
#: to report on the first quarter (due 8 April).
ON_FRIDAY = ("待签收", "进展待报送")


@dataclass
class City:
    """`due` holds for every day and account the titles of which that person must be told on it."""

    programmes: list[Programme]
    people: list[int]
    due: dict[date, dict[int, list[str]]] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)

    def count(self, day: date) -> int:
        return sum(map(len, self.due[day].values()))


def make(*, people: int, cities: int, milestones: tuple = ALL_TODAY) -> City:
    """`people` liaisons of as many units in `cities` cities; governed states are reached by the portal's own moves."""
    call_command("load_holidays", stdout=io.StringIO())
    city = City([], [])
    sysadmin = _account("drill-sysadmin", Role.SYSTEM_ADMIN, _place(0))
    sysadmin.is_staff = True
    sysadmin.save(update_fields=["is_staff"])
    for number in range(cities):
        share = people // cities + (number < people % cities)
        city.programmes.append(_programme(number, share, city, milestones))
    return city


def _place(number: int) -> Jurisdiction:
    return Jurisdiction.objects.get_or_create(
        code=f"9901{number:02d}",
        defaults={"name": f"演练{number + 1}市", "short_name": f"演练{number + 1}市", "level": "city"},
    )[0]


def _account(name: str, role: str, place: Jurisdiction, unit: Department | None = None) -> User:
    user = User(username=name, full_name=name, email="")
    user.set_password("drill-pass")
    user.save()
    Membership.objects.create(
        user=user, role=role, jurisdiction=place, department=unit, valid_from=date(2026, 1, 1)
    )
    return user


def _programme(number: int, share: int, city: City, milestones: tuple) -> Programme:
    place = _place(number)
    director = actor_context(_account(f"drill-director-{number}", Role.OFFICE_ADMIN, place), day=TODAY)
    programme = Programme.objects.create(
        key=f"drill-{number}", jurisdiction=place, title=f"演练{number + 1}市质量提升行动计划",
        short_title=f"演练{number + 1}", year=2026, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    section = Section.objects.create(programme=programme, path="一", number="一", title="重点工作", sort=1)
    units = Department.objects.bulk_create(
        Department(
            jurisdiction=place, code=f"drill-{number}-{n}", kind="government_dept", name=f"第{n}局", short_name=f"{n}局",
            sort=n,
        )
        for n in range(share)
    )  # fmt: skip
    liaisons = User.objects.bulk_create(
        User(
            username=f"drill-{number}-{n}",
            full_name=f"联络员{n}",
            email=f"p{number}-{n}@example.org",
            password="!",
        )
        for n in range(share)
    )
    Membership.objects.bulk_create(
        Membership(
            user=user, role=Role.LIAISON, jurisdiction=place, department=unit, valid_from=date(2026, 1, 1)
        )
        for user, unit in zip(liaisons, units, strict=True)
    )
    rows = Task.objects.bulk_create(
        Task(
            programme=programme, section=section, number=f"{n}", clause_path=f"一/{n}", title=f"任务{n}", nature="ongoing",
            role_mode="sole", sort=n,
        )
        for n in range(share)
    )  # fmt: skip
    Responsibility.objects.bulk_create(
        Responsibility(task=task, department=unit, role="sole", printed=unit.name)
        for task, unit in zip(rows, units, strict=True)
    )
    programme = programmes.start(programme, actor=director)
    tasks.confirm(rows, actor=director)
    tasks.assign(rows, actor=director)
    Milestone.objects.bulk_create(
        Milestone(programme=programme, task=task, title=title, due_on=due, original_due=due)
        for task in rows
        for title, due, _days in milestones
    )
    for user in liaisons:
        city.people.append(user.pk)
        city.addresses[user.pk] = user.email
        for title, _due, days in milestones:
            for day in days:
                city.due.setdefault(day, {}).setdefault(user.pk, []).append(title)
        city.due.setdefault(TOMORROW, {}).setdefault(user.pk, []).extend(ON_FRIDAY)
    return programme
