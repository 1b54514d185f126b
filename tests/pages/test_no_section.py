"""Tasks outside any section, listed after the sections: they stand under a heading of their own."""

import pytest
from django.urls import reverse

from .sheets import sheet_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def loose(world):
    """The second task of 甲局, taken out of its section and put last."""
    task = world.tasks[1]
    assert task.section is not None
    task.section, task.sort = None, 99
    task.save(update_fields=["section", "sort"])
    return task


def test_the_ledger_puts_them_under_a_heading_of_their_own(as_user, world, loose):
    html = as_user("clerk").get(reverse("programme", args=[world.programme.pk])).content.decode()
    assert html.count("其他任务</th>") == 1
    assert html.index("其他任务</th>") < html.index(f'/tasks/{loose.pk}/"')
    assert max(html.index(f'/tasks/{task.pk}/"') for task in world.tasks if task != loose) < html.index("其他任务</th>")


def test_the_sheet_puts_them_under_a_heading_of_their_own(as_user, world, loose):
    sections = as_user("jia_liaison").get(sheet_url(world, "甲局")).context["sections"]
    assert [(name, [view.line.title for view in views]) for name, views in sections][-1] == ("其他任务", [loose.title])
    assert len(sections) == 2


def test_without_sections_there_is_no_such_heading(as_user, world):
    world.programme.tasks.update(section=None)
    assert [name for name, _views in as_user("jia_liaison").get(sheet_url(world, "甲局")).context["sections"]] == [""]
    assert "其他任务</th>" not in as_user("clerk").get(
        reverse("programme", args=[world.programme.pk])
    ).content.decode()
