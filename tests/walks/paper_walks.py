"""应报材料, 活动日历 and what supporting units report to the lead: shadow tables from the design, and how to move."""

from collections.abc import Collection
from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from programs.domain.supervision import activities, contributions, materials
from programs.models import (
    Activity,
    ActivityRun,
    Contribution,
    ItemPart,
    Material,
    MaterialDue,
    ReportingWindow,
    Responsibility,
    SupervisedItem,
)
from qualitycity.access import ActorContext

from ..factories import World
from ..files import builders
from .walk import Walk, table

PAPER = {"basis": "", "document": None, "programme": None, "hint": "", "about_previous": False}


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("材料.pdf", builders.pdf())


# --- 应报材料 --------------------------------------------------------------------------------------


def prepare_papers(world: World) -> None:
    """A yearly paper of two units, and one that 甲局 has handed in."""
    clerk, units = world.actor("clerk"), world.units
    materials.register(
        actor=clerk, jurisdiction=world.city, units=[units["甲局"], units["丙局"]], title="质量工作计划",
        recipient="市质量强市办", recurrence="year", first_due=date(2026, 4, 30), **PAPER,
    )  # fmt: skip
    summary = materials.register(
        actor=clerk, jurisdiction=world.city, units=[units["甲局"]], title="一季度小结", recipient="市质量强市办",
        recurrence="once", first_due=date(2026, 4, 20), **PAPER,
    )  # fmt: skip
    materials.hand_in(
        MaterialDue.objects.get(material=summary), actor=world.actor("jia_liaison"), uploads=[pdf()]
    )


def register_paper(world: World, actor: ActorContext, chance: Random) -> Any:
    names = chance.sample(("甲局", "乙局", "丙局", "东湖区"), chance.randint(0, 3))
    return materials.register(
        actor=actor, jurisdiction=world.city, units=[world.units[name] for name in names],
        title=chance.choice(("年度总结", "专项报告")), recipient=chance.choice(("市政府办", "省局")),
        recurrence=chance.choice(("once", "month", "quarter", "year")),
        first_due=timezone.localdate() + timedelta(days=chance.randint(0, 60)),
        reason=chance.choice(("", "上级要求")), **PAPER,
    )  # fmt: skip


def _material(chance: Random) -> Material:
    return chance.choice(Material.objects.order_by("pk"))


def change_paper(world: World, actor: ActorContext, chance: Random) -> Any:
    """Other units, another recipient."""
    row = _material(chance)
    names = chance.sample(("甲局", "乙局", "丙局"), chance.randint(0, 3))
    return materials.change(
        row, actor=actor, units=[world.units[name] for name in names], row_version=row.row_version, reason="上级要求",
        recipient=chance.choice(("市政府办", "省局", row.recipient)),
    )  # fmt: skip


def end_paper(world: World, actor: ActorContext, chance: Random) -> Any:
    return materials.end(_material(chance), actor=actor, reason=chance.choice(("", "不再报送")))


def exchange_file(world: World, actor: ActorContext, chance: Random) -> Any:
    """Handed in with other files in place of those of the last attempt."""
    due = chance.choice(MaterialDue.objects.order_by("pk"))
    dropped = list(due.files.values_list("pk", flat=True)) if chance.random() < 0.5 else []
    uploads = [pdf()] if chance.random() < 0.5 else []
    return materials.hand_in(due, actor=actor, uploads=uploads, dropped=dropped)


MATERIALS = Walk(
    materials.MATERIALS,
    table(
        """
        due, returned | file      | filed    | unit or office
        filed         | withdraw  | due      | unit or office
        filed         | accept    | accepted | office
        filed         | return    | returned | office
        accepted      | take_back | returned | director
        due, returned | waive     | waived   | director
        waived        | reopen    | due      | director
        """
    ),
    {
        "file": lambda row, actor, reason: materials.hand_in(
            row, actor=actor, uploads=[] if row.files.exists() else [pdf()], note=reason
        ),
        "withdraw": lambda row, actor, reason: materials.withdraw(row, actor=actor),
        "accept": lambda row, actor, reason: materials.accept([row], actor=actor, remark=reason),
        "return": lambda row, actor, reason: materials.send_back(row, actor=actor, reason=reason),
        "take_back": lambda row, actor, reason: materials.send_back(row, actor=actor, reason=reason),
        "waive": lambda row, actor, reason: materials.waive(row, actor=actor, reason=reason),
        "reopen": lambda row, actor, reason: materials.reopen(row, actor=actor, reason=reason),
    },
    {
        "register_paper": register_paper,
        "change_paper": change_paper,
        "end_paper": end_paper,
        "exchange_file": exchange_file,
        "lay_out_papers": lambda world, actor, chance: materials.lay_out(),
    },
    prepare_papers,
    apart={"accept": ("filed_by_id",)},
)  # fmt: skip


# --- 活动日历 --------------------------------------------------------------------------------------


def prepare_activities(world: World) -> None:
    """One that has begun and one ahead, of different organisers."""
    clerk = world.actor("clerk")
    for title, unit, month, day in (("质量宣传周", "甲局", 3, 20), ("质量月", "丙局", 9, 1)):
        activities.add(
            actor=clerk, jurisdiction=world.city, title=title, organiser=world.units[unit], month=month, day=day,
            days=30, note="",
        )  # fmt: skip


def _activity(world: World, chance: Random) -> dict[str, Any]:
    return {
        "title": chance.choice(("质量月", "计量日", "世界认可日")),
        "organiser": world.units[chance.choice(("甲局", "乙局", "丙局", "东湖区"))],
        "month": chance.randint(1, 12), "day": chance.choice((1, 15, 30)), "days": chance.randint(1, 40), "note": "",
    }  # fmt: skip


def add_activity(world: World, actor: ActorContext, chance: Random) -> Any:
    return activities.add(actor=actor, jurisdiction=world.city, **_activity(world, chance))


def change_activity(world: World, actor: ActorContext, chance: Random) -> Any:
    row = chance.choice(Activity.objects.order_by("pk"))
    return activities.change(row, actor=actor, row_version=row.row_version, **_activity(world, chance))


def end_activity(world: World, actor: ActorContext, chance: Random) -> Any:
    row = chance.choice(Activity.objects.order_by("pk"))
    return activities.end(row, actor=actor, reason=chance.choice(("", "不再举办")))


def other_days(world: World, actor: ActorContext, chance: Random) -> Any:
    row = chance.choice(ActivityRun.objects.order_by("pk"))
    first = row.starts_on + timedelta(days=chance.randint(-20, 20))
    return activities.move(
        row, actor=actor, starts_on=first, ends_on=first + timedelta(days=chance.randint(-1, 9)),
        row_version=row.row_version, reason=chance.choice(("", "避开假期")),
    )  # fmt: skip


RUNS = Walk(
    activities.RUNS,
    table(
        """
        planned   | hold    | held      | unit or office
        held      | correct | planned   | office
        planned   | cancel  | cancelled | office
        cancelled | plan    | planned   | office
        """
    ),
    {
        "hold": lambda row, actor, reason: activities.hold(row, actor=actor, result=reason),
        "correct": lambda row, actor, reason: activities.correct(row, actor=actor, reason=reason),
        "cancel": lambda row, actor, reason: activities.cancel(row, actor=actor, reason=reason),
        "plan": lambda row, actor, reason: activities.plan(row, actor=actor, reason=reason),
    },
    {
        "add_activity": add_activity,
        "change_activity": change_activity,
        "end_activity": end_activity,
        "other_days": other_days,
        "lay_out_activities": lambda world, actor, chance: activities.lay_out(),
    },
    prepare_activities,
    units=lambda row, action: {row.activity.organiser_id},
)


# --- 配合单位报牵头, 协办单位报主办 ----------------------------------------------------------------


def prepare_contribution(world: World) -> None:
    """乙局 has told the lead of a task and the handling unit of an item what it did."""
    contributions.hand_in(
        part=world.tasks[0].parts.get(role="support"), window=world.window, actor=world.actor("yi_liaison"),
        text="完成抽检120批次",
    )  # fmt: skip
    part = ItemPart.objects.filter(role="support").order_by("pk")[0]
    contributions.hand_in_about_item(part=part, actor=world.actor("yi_liaison"), text="完成检查40家")


def ask_supporters(world: World, actor: ActorContext, chance: Random) -> Any:
    if chance.random() < 0.5:
        return contributions.ask_about_item(item=chance.choice(SupervisedItem.objects.order_by("pk")), actor=actor)
    window = chance.choice(ReportingWindow.objects.order_by("pk"))
    task = chance.choice(world.tasks)
    return contributions.ask(task=task, window=window, actor=actor)


def tell_the_lead(world: World, actor: ActorContext, chance: Random) -> Any:
    text = chance.choice(("", "完成检查", "推进中" * 300))
    uploads = [pdf()] if chance.random() < 0.2 else []
    if chance.random() < 0.5:
        parts, mostly = ItemPart.objects.order_by("pk"), chance.random() < 0.8
        part = chance.choice(parts.filter(role="support") if mostly else parts)
        return contributions.hand_in_about_item(part=part, actor=actor, text=text, uploads=uploads)
    part = chance.choice(Responsibility.objects.filter(department__isnull=False).order_by("pk"))
    window = chance.choice(ReportingWindow.objects.order_by("pk"))
    return contributions.hand_in(part=part, window=window, actor=actor, text=text, uploads=uploads)


def hand_in(row: Contribution, actor: ActorContext, reason: str) -> Any:
    said = {"actor": actor, "text": reason, "row_version": row.row_version}
    if row.item_part:
        return contributions.hand_in_about_item(part=row.item_part, **said)
    return contributions.hand_in(part=row.part, window=row.window, **said)


def who_has_it(row: Contribution, action: str) -> Collection[int]:
    """The supporting unit hands in and takes back, the lead of the task or item adopts and asks back."""
    if action in ("hand_in", "take_back"):
        return {row.department_id or 0}
    lead = row.matter.parts.filter(role__in=["lead", "sole"]).exclude(state="waived")
    return set(lead.values_list("department_id", flat=True))


CONTRIBUTIONS = Walk(
    contributions.CONTRIBUTIONS,
    table(
        """
        asked, asked_back | hand_in   | handed_in  | unit
        handed_in         | take_back | asked      | unit
        handed_in         | adopt     | adopted    | liaison
        handed_in         | ask_back  | asked_back | liaison
        """
    ),
    {
        "hand_in": hand_in,
        "take_back": lambda row, actor, reason: contributions.take_back(row, actor=actor),
        "adopt": lambda row, actor, reason: contributions.adopt(row, actor=actor),
        "ask_back": lambda row, actor, reason: contributions.ask_back(row, actor=actor, reason=reason),
    },
    {"ask_supporters": ask_supporters, "tell_the_lead": tell_the_lead},
    prepare_contribution,
    units=who_has_it,
)
