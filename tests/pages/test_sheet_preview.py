"""预览 before a sheet is sent: what the head will read, what is missing, and that nothing is sent unseen."""

import pytest
from django.db import connection

from programs.models import ProgressEntry

from .sheets import Statements, fields_of, filled, keys_of, sheet_url, widen

pytestmark = pytest.mark.django_db


@pytest.fixture
def liaison(as_user):
    return as_user("jia_liaison")


def saved_and_previewed(client, world, **values):
    posted = {**filled(client.get(sheet_url(world, "甲局")), **values), "do": "preview"}
    return client.post(sheet_url(world, "甲局"), posted, follow=True)


def test_the_preview_saves_the_draft_and_shows_it_without_filing(liaison, world):
    page = saved_and_previewed(liaison, world)
    assert page.redirect_chain == [(sheet_url(world, "甲局", "sheet_preview"), 302)]
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"draft"}
    html = page.content.decode()
    texts = [row.progress for row in ProgressEntry.objects.all()]
    assert texts and all(f'<dd class="qc-typed">{text}</dd>' in html for text in texts)
    assert page.context["incomplete"] == 0 and "jia_head将看到以下内容" in html


def test_what_the_preview_shows_is_submitted_from_it(liaison, world):
    page = saved_and_previewed(liaison, world)
    answer = liaison.post(sheet_url(world, "甲局"), {**fields_of(page), "do": "submit"})
    assert (answer.status_code, answer.url) == (302, sheet_url(world, "甲局"))
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"submitted"}


def test_what_is_missing_is_named_in_its_line_and_nothing_can_be_submitted(liaison, world):
    page = liaison.get(sheet_url(world, "甲局", "sheet_preview"))
    assert page.context["incomplete"] == len(page.context["rows"]) == 2
    html = page.content.decode()
    assert "请填写截至本期的完成进度。" in html and 'value="submit"' not in html


def test_a_line_changed_after_the_preview_is_not_submitted_unseen(liaison, world):
    page = saved_and_previewed(liaison, world)
    first = keys_of(page)[0]
    entry = ProgressEntry.objects.get(part_id=first.removeprefix("task-"))
    entry.progress, entry.row_version = "别人后来改的", entry.row_version + 1
    entry.save(update_fields=["progress", "row_version"])
    answer = liaison.post(sheet_url(world, "甲局"), {**fields_of(page), "do": "submit"})
    assert answer.status_code == 422 and "别人后来改的" in answer.content.decode()
    assert set(ProgressEntry.objects.values_list("state", flat=True)) == {"draft"}


def test_a_figure_that_cannot_be_read_stays_on_the_sheet(liaison, world):
    first = keys_of(liaison.get(sheet_url(world, "甲局")))[0]
    page = saved_and_previewed(liaison, world, percent="四成")
    assert page.status_code == 422 and not page.redirect_chain
    assert fields_of(page)[f"{first}-percent"] == "四成"


def test_with_nothing_left_to_file_the_preview_leads_back_to_the_sheet(liaison, world):
    world.file("jia_liaison", "甲局")
    answer = liaison.get(sheet_url(world, "甲局", "sheet_preview"))
    assert (answer.status_code, answer.url) == (302, sheet_url(world, "甲局"))


def test_the_office_does_not_read_the_units_drafts_in_a_preview(as_user, liaison, world):
    saved_and_previewed(liaison, world)
    answer = as_user("clerk").get(sheet_url(world, "甲局", "sheet_preview"))
    assert answer.status_code == 302 and answer.url == sheet_url(world, "甲局")


def test_the_preview_costs_the_same_for_any_number_of_lines(liaison, world):
    address = sheet_url(world, "甲局", "sheet_preview")
    widen(world, 1, 1)
    liaison.get(address)
    with Statements(connection) as few:
        liaison.get(address)
    widen(world, 20, 10)
    with Statements(connection) as many:
        liaison.get(address)
    assert len(many.counted) == len(few.counted) <= 12
