"""配合单位报牵头: asked, handed in, adopted into the lead's report or asked back; never owed, never late."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.choices import ContributionState
from programs.domain import entries, parts, sheet
from programs.domain.standings import board_day
from programs.domain.supervision import contributions
from programs.models import Contribution, Evidence, ItemReport, ProgressEntry, Task
from qualitycity.access import can
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

from ...factories import make_part
from ...files import builders
from ..test_task_matrices import walk

TABLE = {
    ("asked", "hand_in"): {"yi_liaison", "yi_head"},
    ("asked_back", "hand_in"): {"yi_liaison", "yi_head"},
    ("handed_in", "take_back"): {"yi_liaison", "yi_head"},
    ("handed_in", "adopt"): {"jia_liaison"},
    ("handed_in", "ask_back"): {"jia_liaison"},
}


def support(world):
    return Task.objects.get(pk=world.tasks[0].pk).parts.get(role="support")


def lead(world):
    return Task.objects.get(pk=world.tasks[0].pk).parts.get(role="lead")


def handed_in(world, text="完成抽检120批次", **more) -> Contribution:
    return contributions.hand_in(
        part=support(world), window=world.window, actor=world.actor("yi_liaison"), text=text, **more
    )


def told(word):
    return set(InboxItem.objects.filter(title__contains=word).values_list("recipient__username", flat=True))


def entry_url(world):
    return reverse("entry", args=[world.window.pk, world.units["甲局"].pk, f"task-{lead(world).pk}"])


def try_table(world, row):
    """The table as the row's own: of a task and of a supervised item the same people make the same moves."""

    def make(state):
        ProgressEntry.objects.all().delete()
        ItemReport.objects.all().delete()
        adopted = state == ContributionState.ADOPTED
        Contribution.objects.filter(pk=row.pk).update(
            state=state,
            adopted_by=world.people["jia_liaison"].pk if adopted else None,
            adopted_at=row.filed_at if adopted else None,
            adopted_into=None,
            adopted_report=None,
        )
        return Contribution.objects.get(pk=row.pk)

    def fields(action):
        adopted = {"adopted_by_id": world.people["jia_liaison"].pk, "adopted_at": row.filed_at}
        return adopted if action == "adopt" else {}

    walk(world, contributions.CONTRIBUTIONS, ContributionState.values, TABLE, make, fields)


def test_contribution_table(world):
    try_table(world, handed_in(world))


def test_what_is_adopted_stands_in_the_leads_draft_with_its_files(world):
    row = handed_in(world, uploads=[SimpleUploadedFile("抽检记录.pdf", builders.pdf())])
    typed = world.typed("jia_liaison", "甲局", world.window, progress="方案已印发")
    key = f"task-{lead(world).pk}"
    departments = {world.units["甲局"].pk}
    sheet.save(
        actor=world.actor("jia_liaison"), window=world.window, departments=departments, typed={key: typed[key]}
    )
    row = contributions.adopt(row, actor=world.actor("jia_liaison"))
    entry = ProgressEntry.objects.get(part=lead(world))
    assert entry.progress == "方案已印发\n市乙局：完成抽检120批次" and entry.state == "draft"
    row.refresh_from_db()
    assert (row.state, row.adopted_into) == ("adopted", entry)
    assert Evidence.objects.get(entry=entry).caption.startswith("市乙局")
    assert told("已被牵头单位采纳") == {"yi_liaison"}
    assert list(violations()) == []


def test_the_office_reads_whose_part_was_taken_in(world, as_user):
    contributions.adopt(handed_in(world), actor=world.actor("jia_liaison"))
    assert world.file("jia_liaison", "甲局").ok
    world.sign("jia_head", "甲局")
    key = f"task-{ProgressEntry.objects.get(part=lead(world)).pk}"
    shown = as_user("clerk").get(reverse("review"), {"open": key}).content.decode()
    facts = shown[shown.index("采纳的配合情况") :]
    assert facts.startswith("采纳的配合情况</dt><dd>市乙局</dd>")


def test_a_report_that_has_left_the_desk_takes_nothing_in(world):
    row = handed_in(world)
    world.file("jia_liaison", "甲局")
    with pytest.raises(IllegalMove):
        contributions.adopt(row, actor=world.actor("jia_liaison"))
    row.refresh_from_db()
    assert row.state == "handed_in" and row.adopted_into is None


def test_what_would_make_the_report_too_long_is_refused(world):
    typed = world.typed("jia_liaison", "甲局", world.window, progress="长" * 1995)
    key = f"task-{lead(world).pk}"
    sheet.save(
        actor=world.actor("jia_liaison"), window=world.window, departments={world.units["甲局"].pk},
        typed={key: typed[key]},
    )  # fmt: skip
    with pytest.raises(IllegalMove):
        contributions.adopt(handed_in(world), actor=world.actor("jia_liaison"))
    assert ProgressEntry.objects.get(part=lead(world)).progress == "长" * 1995


def test_asked_back_with_a_reason_and_handed_in_again(world):
    row = handed_in(world)
    with pytest.raises(IllegalMove):
        contributions.ask_back(row, actor=world.actor("jia_liaison"), reason=" ")
    row = contributions.ask_back(row, actor=world.actor("jia_liaison"), reason="请补充合格率")
    assert told("退回补充") == {"yi_liaison", "jia_liaison"} - {"jia_liaison"} | told("请采纳或退回补充")
    row = handed_in(world, text="抽检120批次，合格率98%")
    assert (row.state, row.text) == ("handed_in", "抽检120批次，合格率98%")
    with pytest.raises(IllegalMove):
        handed_in(world, text="第二次")


def test_one_click_asks_all_who_are_missing_once_a_day(world):
    task = world.tasks[0]
    for _press in range(2):
        rows = contributions.ask(task=task, window=world.window, actor=world.actor("jia_liaison"))
    assert [(row.part, row.state, row.due_on.isoformat()) for row in rows] == [
        (support(world), "asked", "2026-04-02")
    ], "three working days before 8 April, the holiday of 清明 in between"
    assert told("配合情况") == {"yi_liaison"} and InboxItem.objects.filter(kind="contribution").count() == 1
    handed_in(world)
    assert contributions.ask(task=task, window=world.window, actor=world.actor("jia_liaison")) == []
    with pytest.raises(NotAllowed):
        contributions.ask(task=task, window=world.window, actor=world.actor("yi_liaison"))
    assert history(task).filter(action="ask_supporters").count() == 2


def test_it_is_never_owed_and_moves_no_light(world, clock):
    contributions.ask(task=world.tasks[0], window=world.window, actor=world.actor("jia_liaison"))
    assert {part.role for part in entries.owed_parts(world.window).filter(task=world.tasks[0])} == {"lead"}
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    clock.move_to("2026-04-20T10:00:00+08:00")
    board_day()
    kept = Task.objects.select_related("standing").get(pk=world.tasks[0].pk).standing
    assert "unreported" not in kept.concerns and "未报" not in kept.sentence


def test_nothing_moves_when_the_period_is_closed_or_the_task_done(world):
    row = handed_in(world)
    director = world.actor("director")
    parts.finish(lead(world), actor=director)
    Task.objects.filter(pk=world.tasks[0].pk).update(state="completed", completed_on="2026-03-26")
    with pytest.raises(IllegalMove):
        contributions.adopt(row, actor=world.actor("jia_liaison"))


def test_who_reads_a_supporting_units_part(world):
    row = handed_in(world)

    def readers():
        found = Contribution.objects.select_related("adopted_into").get(pk=row.pk)
        names = {name for name in world.people if can(world.actor(name), "view", found)}
        assert names == {
            name for name in world.people if Contribution.objects.visible_to(world.actor(name)).exists()
        }
        return names

    unit, leading = {"yi_liaison", "yi_head"}, {"jia_liaison", "jia_head"}
    assert readers() == unit | leading
    contributions.adopt(row, actor=world.actor("jia_liaison"))
    assert readers() == unit | leading | {"clerk", "director"}
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    assert readers() == unit | leading | {"clerk", "director", "leader", "secretary", "supervisor", "auditor"}


def test_from_the_start_page_to_the_leads_report(world, as_user):
    liaison = as_user("jia_liaison")
    page = liaison.get(entry_url(world)).content.decode()
    assert "市乙局" in page and 'id="supporters"' in page
    ask = reverse("contribution_ask", args=[world.window.pk, world.tasks[0].pk])
    assert liaison.post(ask, {"next": entry_url(world)}).url == entry_url(world)
    url = reverse("contribution", args=[world.window.pk, support(world).pk])
    supporter = as_user("yi_liaison")
    assert url in supporter.get(reverse("start")).content.decode()
    assert url in supporter.get(reverse("task", args=[world.tasks[0].pk])).content.decode()
    empty = supporter.post(url, {"text": "  "})
    assert empty.status_code == 422 and empty.context["form"].errors
    bad = SimpleUploadedFile("记录.exe", b"MZ")
    kept = supporter.post(url, {"text": "完成抽检120批次", "evidence": bad})
    assert kept.status_code == 422 and "完成抽检120批次" in kept.content.decode()
    scan = SimpleUploadedFile("记录.pdf", builders.pdf())
    assert supporter.post(url, {"text": "完成抽检120批次", "evidence": scan}).status_code == 302
    assert url not in supporter.get(reverse("start")).content.decode()
    row = Contribution.objects.get()
    liaison = as_user("jia_liaison")
    page = liaison.get(entry_url(world)).content.decode()
    assert "完成抽检120批次" in page and "记录.pdf" in page
    move = reverse("contribution_move", args=[row.pk])
    assert liaison.get(move, {"action": "ask_back"}).status_code == 200
    done = liaison.post(move, {"action": "adopt", "next": entry_url(world)})
    assert done.url == entry_url(world)
    page = liaison.get(entry_url(world)).content.decode()
    assert "市乙局：完成抽检120批次" in page
    file = reverse("file", args=[row.files.get().file.public_id])
    assert as_user("clerk").get(file).status_code == 200 and as_user("bing_liaison").get(file).status_code == 404
    assert as_user("clerk").post(move, {"action": "adopt"}).status_code == 403
    assert as_user("bing_liaison").get(url).status_code == 404
    assert as_user("jia_liaison").get(url).status_code == 404


def test_the_leads_page_costs_the_same_for_many_supporters(world, as_user, settled):

    client, url = as_user("jia_liaison"), entry_url(world)
    handed_in(world)
    settled()
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for name in ("丙局", "质量局"):
        make_part(world.tasks[0], world.units[name], "support", state="assigned", assigned_on="2026-01-05")
    settled()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(one) == len(many) <= 12
