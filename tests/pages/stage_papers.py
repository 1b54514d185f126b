"""Rows of 应报材料 and of the activities for the address book."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.domain.supervision import activities, materials
from programs.models import ActivityRun, MaterialDue

from ..files import builders


def papers(stage: Any) -> None:
    """One paper owed by 甲局, one handed in by it, an activity of 甲局 that has begun and one ahead."""
    world = stage.world
    jia, yi = world.units["甲局"], world.units["乙局"]
    clerk = world.actor("clerk")
    common = {"jurisdiction": world.city, "basis": "", "document": None, "programme": None, "hint": ""}
    plan = materials.register(
        actor=clerk, units=[jia, yi], title="质量工作计划", recipient="市质量强市办", recurrence="year",
        first_due=date(2026, 4, 30), about_previous=False, **common,
    )  # fmt: skip
    summary = materials.register(
        actor=clerk, units=[jia], title="一季度小结", recipient="市质量强市办", recurrence="once",
        first_due=date(2026, 4, 20), about_previous=False, **common,
    )  # fmt: skip
    filed = materials.hand_in(
        MaterialDue.objects.get(material=summary),
        actor=world.actor("jia_liaison"),
        uploads=[SimpleUploadedFile("小结.pdf", builders.pdf())],
    )
    month = activities.add(
        actor=clerk, jurisdiction=world.city, title="质量宣传周", organiser=jia, month=3, day=20, days=30, note=""
    )
    later = activities.add(
        actor=clerk, jurisdiction=world.city, title="质量月", organiser=jia, month=9, day=1, days=30, note=""
    )
    stage.put(
        plan=plan,
        plan_due=MaterialDue.objects.get(material=plan, department=jia),
        filed_paper=filed,
        paper_file=filed.files.get().file.public_id,
        activity=month,
        run=ActivityRun.objects.get(activity=month, year=2026),
        run_ahead=ActivityRun.objects.get(activity=later, year=2026),
    )
