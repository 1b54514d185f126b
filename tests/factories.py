"""A small, complete world for tests: made by plain rows for registers and by domain functions for governed states."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from programs.domain import entries, filing, programmes, sheet, tasks
from programs.models import Programme, ReportingWindow, Responsibility, Section, Task
from qualitycity.access import ActorContext
from taskforce.choices import Role
from taskforce.contracts import actor_context
from taskforce.models import Department, Jurisdiction, Membership, User

START = date(2026, 1, 1)


def make_user(username: str, role: str = "", *, jurisdiction=None, department=None, leader=None) -> User:
    """An account with one role; password "secret-pass" (tests only)."""
    user = User.objects.create(username=username, full_name=username, email=f"{username}@example.org")
    user.set_password("secret-pass")
    user.save()
    if role:
        Membership.objects.create(
            user=user,
            role=role,
            jurisdiction=jurisdiction,
            department=department,
            leader=leader,
            valid_from=START,
        )
    return user


def make_task(
    programme: Programme, number: int, *, nature="outcome", mode="lead_support", **more: Any
) -> Task:
    return Task.objects.create(
        programme=programme,
        section=more.pop("section", programme.sections.first()),
        number=f"({number})",
        clause_path=f"一/({number})",
        title=f"任务{number}",
        nature=nature,
        role_mode=mode,
        sort=number,
        original_due=more.get("due_on"),
        **more,
    )


def make_part(task: Task, department: Department, role: str = "lead", **more: Any) -> Responsibility:
    return Responsibility.objects.create(
        task=task, department=department, role=role, printed=str(department), **more
    )


@dataclass
class World:
    """City 示例市 with office, units 甲局 and 乙局 (liaison and head each), 丙局 with one account, and a programme."""

    city: Jurisdiction
    district: Jurisdiction
    units: dict[str, Department]
    people: dict[str, User]
    programme: Programme
    tasks: list[Task] = field(default_factory=list)

    def actor(self, name: str) -> ActorContext:
        return actor_context(self.people[name], day=timezone.localdate())

    @property
    def window(self) -> ReportingWindow:
        """The newest window that has opened."""
        window = (
            self.programme.windows.filter(opens_on__lte=timezone.localdate()).order_by("-starts_on").first()
        )
        assert window is not None
        return window

    def typed(self, who: str, unit: str, window: ReportingWindow, **values: Any) -> dict[str, sheet.Typed]:
        """What a liaison would type into every open task line of his unit."""
        result = {}
        for line in sheet.sheet_lines(window, {self.units[unit].pk}):
            if line.source.name != "task" or line.row.state not in ("draft", "returned"):
                continue
            typed = {
                "progress": "已完成阶段工作",
                "result": "取得成效",
                "problems": "",
                "next_steps": "继续推进",
            }
            typed["percent"] = 40
            typed.update(values)
            if line.nature != "outcome":
                typed["percent"] = None
            result[line.key] = sheet.Typed(typed, line.row.row_version if line.row.pk else None)
        return result

    def file(
        self, who: str, unit: str, window: ReportingWindow | None = None, **values: Any
    ) -> sheet.Outcome:
        window = window or self.window
        typed = self.typed(who, unit, window, **values)
        return sheet.submit(
            actor=self.actor(who), window=window, departments={self.units[unit].pk}, typed=typed
        )

    def rows(self, unit: str, window: ReportingWindow | None = None) -> list[Any]:
        lines = sheet.sheet_lines(window or self.window, {self.units[unit].pk})
        return [line.row for line in lines if line.row.pk and line.source.name == "task"]

    def sign(self, who: str, unit: str, window: ReportingWindow | None = None) -> None:
        filing.sign_rows(entries.TASKS.machine, self.rows(unit, window), actor=self.actor(who))

    def accept(self, who: str, unit: str, window: ReportingWindow | None = None) -> None:
        filing.accept_rows(entries.TASKS.machine, self.rows(unit, window), actor=self.actor(who))


def make_world(*, started: bool = True) -> World:
    """Must be called under a clock inside 2026."""
    city = Jurisdiction.objects.create(code="990100", name="示例市", short_name="示例市", level="city")
    district = Jurisdiction.objects.create(
        code="990102", name="东湖区", short_name="东湖区", level="county", parent=city
    )
    units = {
        name: Department.objects.create(
            jurisdiction=city,
            code=f"shili-{code}",
            kind="government_dept",
            name=f"示例市{name}",
            short_name=f"市{name}",
        )
        for name, code in (("甲局", "jia"), ("乙局", "yi"), ("丙局", "bing"), ("质量局", "zlj"))
    }
    units["东湖区"] = Department.objects.create(
        jurisdiction=district,
        code="shili-donghu",
        kind="county_government",
        name="东湖区人民政府",
        short_name="东湖区政府",
    )
    people = {"director": make_user("director", Role.OFFICE_ADMIN, jurisdiction=city)}
    people["clerk"] = make_user("clerk", Role.OFFICE_CLERK, jurisdiction=city)
    for name, code in (("甲局", "jia"), ("乙局", "yi")):
        people[f"{code}_liaison"] = make_user(
            f"{code}_liaison", Role.LIAISON, jurisdiction=city, department=units[name]
        )
        people[f"{code}_head"] = make_user(
            f"{code}_head", Role.UNIT_HEAD, jurisdiction=city, department=units[name]
        )
    people["bing_liaison"] = make_user(
        "bing_liaison", Role.LIAISON, jurisdiction=city, department=units["丙局"]
    )
    people["district"] = make_user(
        "district", Role.DISTRICT_OFFICE, jurisdiction=district, department=units["东湖区"]
    )
    people["leader"] = make_user("leader", Role.LEADER, jurisdiction=city)
    people["secretary"] = make_user("secretary", Role.SECRETARY, jurisdiction=city, leader=people["leader"])
    people["supervisor"] = make_user("supervisor", Role.SUPERVISOR, jurisdiction=city)
    people["auditor"] = make_user("auditor", Role.AUDITOR, jurisdiction=city)
    people["sysadmin"] = make_user("sysadmin", Role.SYSTEM_ADMIN, jurisdiction=city)
    people["stranger"] = make_user("stranger")
    programme = Programme.objects.create(
        key="shili-2026",
        jurisdiction=city,
        title="示例市质量提升行动计划（2026年）",
        short_title="质量提升2026",
        year=2026,
        starts_on=START,
        ends_on=date(2026, 12, 31),
        office_department=units["质量局"],
    )
    Section.objects.create(programme=programme, path="一", number="一", title="强化监管", sort=1)
    world = World(city, district, units, people, programme)
    first = make_task(programme, 1, due_on=date(2026, 11, 30))
    make_part(first, units["甲局"], "lead")
    make_part(first, units["乙局"], "support")
    second = make_task(programme, 2, nature="ongoing", mode="joint")
    make_part(second, units["甲局"], "joint")
    make_part(second, units["乙局"], "joint")
    third = make_task(programme, 3, mode="sole", due_on=date(2026, 12, 15))
    make_part(third, units["丙局"], "sole")
    world.tasks = [first, second, third]
    if started:
        director = world.actor("director")
        programmes.start(programme, actor=director)
        programme.refresh_from_db()
        tasks.confirm(world.tasks, actor=director)
        tasks.assign(world.tasks, actor=director)
        for task in world.tasks:
            task.refresh_from_db()
    return world
