"""Setting up and taking back cost the same number of statements for many pieces as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.domain.importing import applying, editing
from programs.models import PolicyDraft

from .stage import TEXT, taken_in

pytestmark = pytest.mark.django_db


def cost(world, count):
    """Statements for an import in which `count` further tasks name a new unit each."""
    clerk = world.actor("clerk")
    draft = taken_in(world, TEXT + f"第{count}稿\n")
    names = [f"市第{count}之{number}协会" for number in range(count)]
    for number, name in enumerate(names):
        unit = {"printed": name, "name": name, "kind": "unit", "role": "sole"}
        editing.add(
            draft, actor=clerk, kind="task", span=(0, 5), path=f"五/{number}",
            data={"title": f"任务{number}", "number": f"{number}.", "units": [unit]},
        )  # fmt: skip
    new = {
        name: {"new": {"name": name, "short_name": name, "kind": "mass_org"}, "label": name, "how": "new"}
        for name in [*names, "市丙办", "市工艺美术协会"]
    }
    editing.settle_units(draft, actor=clerk, choices=new)
    rows = list(draft.proposals.values_list("pk", flat=True))
    editing.settle(draft, actor=clerk, proposals=rows, state="accepted")
    with CaptureQueriesContext(connection) as setting_up:
        applying.apply(draft, actor=clerk)
    with CaptureQueriesContext(connection) as taking_back:
        applying.undo(PolicyDraft.objects.get(pk=draft.pk), actor=clerk)
    return len(setting_up), len(taking_back)


def test_statements_do_not_grow_with_the_document(world):
    few = cost(world, 1)
    assert cost(world, 30) == few
    assert few[0] <= 85 and few[1] <= 170, few
