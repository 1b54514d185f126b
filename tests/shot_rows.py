"""Rows that are photographed and that the story of the fictional city has no use for."""

from datetime import date
from typing import Any

from django.utils import timezone


def planned_programme(programme: Any) -> Any:
    """Next year's programme as the office begins it: one task, named and not named."""
    from programs.models import Programme, Task

    planned = Programme.objects.create(
        key="shili-next", jurisdiction=programme.jurisdiction, title="示例市质量强市工作要点（下一年度）",
        short_title="下一年度要点", year=programme.year + 1, starts_on=date(programme.year + 1, 1, 1),
        ends_on=date(programme.year + 1, 12, 31),
    )  # fmt: skip
    Task.objects.create(
        programme=planned, number="1", clause_path="1", title="推进首席质量官制度", nature="outcome",
        role_mode="unspecified", sort=1,
    )  # fmt: skip
    return planned


def report_in(ready: Any, state: str) -> Any:
    """A report in the making, or one that could not be made."""
    from programs.models import ProgressReport

    return ProgressReport.objects.create(
        programme=ready.programme, window=ready.window, scope="programme", state=state, title=ready.title,
        failure="没有做成：字体文件缺失，请联系系统管理员。" if state == "failed" else "",
        requested_by=ready.requested_by, requested_at=timezone.now(),
    )  # fmt: skip
