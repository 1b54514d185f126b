"""What the address book needs of 填报表: an upload of 甲局's liaison that waits for his decision."""

from typing import Any

from programs.domain import workbook, workbook_import
from tests.taskforce.people_books import upload


def set_workload(stage: Any) -> None:
    world = stage.world
    unit, actor = world.units["甲局"], world.actor("jia_liaison")
    where = {"actor": actor, "window": world.window, "department": unit, "departments": {unit.pk}}
    draft = workbook_import.open_import(**where, upload=upload(workbook.issue(**where), "填报表.xlsx"))
    stage.put(workbook=draft)
