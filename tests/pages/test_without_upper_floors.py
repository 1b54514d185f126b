"""The floors above `programs` are registered by the settings alone: without them the portal still does its work."""

import pytest
from django.urls import reverse
from django.utils.module_loading import import_string

from programs.domain.sources import sources
from programs.models import ProgressEntry

from .sheets import fields_of, sheet_url

#: Settings by which kpis and awards are known to the floor below, as long as they are installed.
CONTRACTS = (
    "PERIOD_ENTRIES", "PROGRAMME_COPIERS", "POLICY_APPLIERS", "PROGRAMME_FACTS", "TASK_PANELS", "REPORT_SECTIONS",
    "SEARCHABLE", "WORKBOOK_SHEETS",
)  # fmt: skip
PAGES = (
    ("jia_liaison", "start"), ("jia_head", "start"), ("director", "start"), ("leader", "start"),
    ("jia_liaison", "sheets"), ("director", "review"), ("director", "programmes"), ("director", "reports"),
    ("director", "contacts"), ("director", "search"), ("director", "calendar"), ("director", "missing"),
)  # fmt: skip


@pytest.fixture
def ground_floors(settings):
    """Nothing registered from above. What has been read from the settings once is forgotten before and after."""
    for name in CONTRACTS:
        setattr(settings, name, [],
)  # fmt: skip
    sources.cache_clear()
    yield
    sources.cache_clear()


def test_the_contracts_are_all_there_is(settings):
    """Every dotted path of kpis and awards in the settings belongs to a contract of the list, and leads somewhere."""
    named = {name for name in dir(settings) if name.isupper()}
    upper = {
        name: value
        for name in named
        if isinstance(value := getattr(settings, name), list)
        and any(isinstance(path, str) and path.startswith(("kpis.", "awards.")) for path in value)
    }
    assert set(upper) <= set(CONTRACTS)
    assert all(import_string(path) for paths in upper.values() for path in paths)


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_main_pages_answer(ground_floors, as_user, name, page):
    assert as_user(name).get(reverse(page)).status_code == 200


def test_programme_and_task_pages_answer(ground_floors, as_user, world):
    client = as_user("director")
    assert client.get(reverse("programme", args=[world.programme.pk])).status_code == 200
    assert client.get(reverse("programme_facts", args=[world.programme.pk])).status_code == 200
    for task in world.tasks:
        assert client.get(reverse("task", args=[task.pk])).status_code == 200


def test_a_sheet_is_filed_signed_and_accepted(ground_floors, as_user, world):
    page = as_user("jia_liaison").get(sheet_url(world, "甲局"))
    assert {line.source.name for line in page.context["sheet"].lines} == {"task"}
    typed = fields_of(page) | {"do": "submit"}
    for name in typed:
        if name.endswith(("-progress", "-result")):
            typed[name] = "本期已完成抽检"
        elif name.endswith("-percent"):
            typed[name] = "30"
    assert as_user("jia_liaison").post(sheet_url(world, "甲局"), typed).status_code == 302
    lines = {f"task-{row.part_id}": row for row in ProgressEntry.objects.all()}
    ticked = {"line": list(lines), **{f"{key}-version": row.row_version for key, row in lines.items()}}
    assert as_user("jia_head").post(sheet_url(world, "甲局", "sign_off"), ticked).status_code == 302
    marks = [f"task-{row.pk}:{row.row_version}" for row in ProgressEntry.objects.all()]
    answer = as_user("clerk").post(reverse("review_act"), {"do": "accept", "row": marks})
    assert answer.status_code == 302
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_programme_is_carried_over(ground_floors, as_user, world):
    values = {
        "title": "下一年", "short_title": "下一年", "starts_on": "2027-01-01", "ends_on": "2027-12-31", "key": "next-2027",
    }  # fmt: skip
    answer = as_user("director").post(reverse("roll_forward", args=[world.programme.pk]), values)
    assert answer.status_code == 302
