"""调整单: the table, what each kind changes, and that nothing printed is ever lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kpis.models import Indicator
from programs.choices import AdjustmentState
from programs.domain import parts, tasks
from programs.domain.supervision import adjustments
from programs.models import Adjustment, NumberSeries, ProgressEntry, ProgressReport, Responsibility, Task
from programs.papers.progress import build
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.reports.codec import to_json
from qualitycity.workflow import IllegalMove, NotAllowed

from ...files import builders
from ..test_task_matrices import walk

TABLE = {
    ("draft", "carry_out"): {"director"},
    ("draft", "drop"): {"clerk", "director"},
}
BASIS = {"basis": "市政府专题会议纪要〔2026〕8号", "approver": "副市长 王某", "approved_on": date(2026, 3, 20)}


def drafted(world, kind, task=0, who="clerk", **more) -> Adjustment:
    return adjustments.draft(task=world.tasks[task], kind=kind, actor=world.actor(who), **{**BASIS, **more})


def done(world, kind, task=0, **more) -> Adjustment:
    return adjustments.carry_out(drafted(world, kind, task, **more), actor=world.actor("director"))


def lead(world) -> Responsibility:
    return world.tasks[0].parts.get(role="lead")


def test_adjustment_table(world):
    row = drafted(world, "wording", title="新题目", requirement="")
    numbers = iter(range(100, 999))

    def make(state):
        Task.objects.filter(pk=world.tasks[0].pk).update(title="任务1", original_title="")
        out = state == AdjustmentState.CARRIED_OUT
        Adjustment.objects.filter(pk=row.pk).update(
            state=state,
            number=next(numbers) if out else None,
            year=2026 if out else None,
            settled_by=None if state == "draft" else world.people["leader"].pk,
            settled_at=None if state == "draft" else row.drafted_at,
            drafted_by=world.people["yi_head"].pk,
        )
        return Adjustment.objects.get(pk=row.pk)

    def fields(action):
        settled = {"settled_by_id": world.people["leader"].pk, "settled_at": row.drafted_at}
        return {"year": 2026, "number": next(numbers), **settled} if action == "carry_out" else settled

    walk(world, adjustments.ADJUSTMENTS, AdjustmentState.values, TABLE, make, fields)


def test_the_drafter_does_not_carry_out_his_own(world):
    row = drafted(world, "wording", who="director", title="新题目")
    with pytest.raises(NotAllowed):
        adjustments.carry_out(row, actor=world.actor("director"))
    row.refresh_from_db()
    assert row.state == "draft" and not NumberSeries.objects.filter(series="adjustment", last__gt=0).exists()


def test_a_new_wording_keeps_the_printed_one_wherever_it_is_shown(world, as_user):
    row = done(world, "wording", title="任务一（调整）", requirement="年底前完成")
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert (task.title, task.original_title, task.adjusted) == ("任务一（调整）", "任务1", 1)
    assert row.numbered == "〔2026〕1号" and row.changes[0] == ("任务", "任务1", "任务一（调整）")
    client = as_user("jia_liaison")
    for url in (reverse("task", args=[task.pk]), reverse("programme", args=[world.programme.pk])):
        page = client.get(url).content.decode()
        assert "任务一（调整）" in page and "任务1" in page and "调整" in page
    facts = as_user("director").get(reverse("programme_facts", args=[world.programme.pk])).content.decode()
    assert "任务1" in facts and "任务一（调整）" not in facts
    unit = as_user("jia_liaison").get(reverse("department", args=[world.units["甲局"].pk])).content.decode()
    assert "任务一（调整）" in unit and "qc-tag-amber" in unit
    again = done(world, "wording", title="任务一（再调整）", requirement="年底前完成")
    task.refresh_from_db()
    assert (task.original_title, task.adjusted, again.number) == ("任务1", 2, 2)
    assert list(violations()) == []


def test_the_report_says_what_was_adjusted_and_by_what_basis(world):
    done(world, "wording", title="任务一（调整）")
    report = ProgressReport(
        programme=world.programme, window=world.window, scope="programme", title="报告",
        requested_by=world.people["clerk"],
    )  # fmt: skip
    text = to_json(build(report, actor=world.actor("clerk")))
    assert "任务调整情况" in str(text) and "市政府专题会议纪要" in str(text) and "调整1次" in str(text)


def test_a_unit_that_is_replaced_keeps_its_history_and_its_filed_lines(world):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    old = lead(world)
    done(world, "replace_unit", part=old, department=world.units["丙局"])
    old.refresh_from_db()
    new = world.tasks[0].parts.get(department=world.units["丙局"])
    assert (old.state, old.origin, old.role) == ("waived", "printed", "lead") and "〔2026〕1号" in old.settled_note
    assert (new.role, new.origin, new.state) == ("lead", "office", "assigned")
    assert ProgressEntry.objects.filter(part=old, state="accepted").count() == 1
    assert history(old).filter(action="waive").exists()
    heard = InboxItem.objects.filter(kind="adjustment").values_list("recipient__username", flat=True)
    assert {"jia_liaison", "bing_liaison", "yi_liaison"} <= set(heard)
    assert list(violations()) == []


def test_units_join_leave_and_change_their_role(world):
    done(world, "add_unit", department=world.units["丙局"], role="support")
    assert world.tasks[0].parts.get(department=world.units["丙局"]).state == "assigned"
    support = world.tasks[0].parts.get(department=world.units["乙局"])
    done(world, "change_role", part=support, role="joint")
    support.refresh_from_db()
    assert (support.role, support.original_role) == ("joint", "support")
    done(world, "remove_unit", part=lead(world))
    assert lead(world).state == "waived"
    with pytest.raises(IllegalMove):
        drafted(world, "remove_unit", part=support)
    assert Task.objects.get(pk=world.tasks[0].pk).adjusted == 3
    assert list(violations()) == []


def test_the_printed_role_stays_in_the_printed_facts(world, as_user):
    support = world.tasks[0].parts.get(department=world.units["乙局"])
    page = reverse("programme_facts", args=[world.programme.pk])
    before = as_user("director").get(page).content.decode()
    done(world, "change_role", part=support, role="joint")
    after = as_user("director").get(page).content.decode()
    assert before.count("配合") == after.count("配合")


def test_a_target_is_adjusted_and_the_printed_one_stays(world, as_user):
    indicator = Indicator.objects.create(
        programme=world.programme, task=world.tasks[0], name="合格率", kind="numeric", comparator=">=",
        value=Decimal("96"), unit="%", clause_path="一/(1)",
    )  # fmt: skip
    row = done(world, "target", target=f"indicator-{indicator.pk}", value=Decimal("97.5"))
    indicator.refresh_from_db()
    assert (indicator.value, indicator.original_target) == (Decimal("97.5"), "≥ 96 %")
    assert row.changes == [("指标“合格率”目标", "≥ 96 %", "≥ 97.5 %")]
    facts = as_user("director").get(reverse("programme_facts", args=[world.programme.pk])).content.decode()
    assert "≥ 96 %" in facts
    assert "≥ 96 %" in as_user("jia_liaison").get(reverse("task", args=[world.tasks[0].pk])).content.decode()


def test_what_changed_since_the_draft_is_not_written_over(world):
    one = drafted(world, "wording", title="甲的说法")
    two = drafted(world, "wording", title="乙的说法")
    director = world.actor("director")
    adjustments.carry_out(one, actor=director)
    with pytest.raises(IllegalMove):
        adjustments.carry_out(two, actor=director)
    assert NumberSeries.objects.get(series="adjustment").last == 1, "a number that was not used is given back"
    adjustments.drop(two, actor=director, reason="已按甲的说法调整")
    assert list(violations()) == []


def test_a_second_press_takes_no_second_number(world):
    row = drafted(world, "wording", title="新题目")
    for _press in range(2):
        adjustments.carry_out(row, actor=world.actor("director"))
    assert NumberSeries.objects.get(series="adjustment").last == 1
    assert Task.objects.get(pk=world.tasks[0].pk).adjusted == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"basis": " "}, {"approver": ""}, {"approved_on": date(2026, 3, 27)}, {"title": ""}, {"title": "任务1"},
    ],
)  # fmt: skip
def test_what_a_draft_cannot_do_without(world, wrong):
    with pytest.raises(IllegalMove):
        drafted(world, "wording", **{"title": "新题目", **wrong})
    assert not Adjustment.objects.exists()


def test_only_a_task_in_progress_is_adjusted(world):
    director = world.actor("director")
    tasks.suspend(world.tasks[0], actor=director, reason="政策调整", basis="纪要")
    with pytest.raises(IllegalMove):
        drafted(world, "wording", title="新题目")
    parts.waive(world.tasks[2].parts.get(), actor=director, reason="并入他项")
    tasks.complete(world.tasks[2], actor=director)
    with pytest.raises(IllegalMove):
        drafted(world, "wording", task=2, title="新题目")


def test_units_see_an_adjustment_once_it_is_carried_out(world, as_user):
    row = drafted(world, "wording", title="新题目")
    url = reverse("adjustment", args=[row.pk])
    assert as_user("jia_liaison").get(url).status_code == 404 and as_user("leader").get(url).status_code == 404
    adjustments.carry_out(row, actor=world.actor("director"))
    assert as_user("jia_liaison").get(url).status_code == 200 and as_user("bing_liaison").get(url).status_code == 404


def test_from_the_form_to_the_paper(world, as_user):
    client = as_user("clerk")
    url = reverse("adjust", args=[world.tasks[0].pk])
    assert "?kind=replace_unit" in client.get(url).content.decode()
    sent = {
        "part": lead(world).pk, "department": world.units["丙局"].pk, "basis": "纪要8号", "approver": "副市长 王某",
        "approved_on": "2026-03-20",
    }  # fmt: skip
    for wrong in ({"part": "x"}, {"department": ""}, {"basis": ""}, {"approved_on": "gestern"}):
        page = client.post(f"{url}?kind=replace_unit", {**sent, **wrong})
        assert page.status_code == 422 and "副市长 王某" in page.content.decode()
    bad = SimpleUploadedFile("纪要.exe", b"MZ")
    assert client.post(f"{url}?kind=replace_unit", {**sent, "basis_file": bad}).status_code == 422
    scan = SimpleUploadedFile("纪要.pdf", builders.pdf())
    assert client.post(f"{url}?kind=replace_unit", {**sent, "basis_file": scan}).status_code == 302
    row = Adjustment.objects.get()
    page, move = reverse("adjustment", args=[row.pk]), reverse("adjustment_move", args=[row.pk])
    assert client.post(move, {"action": "carry_out", "sure": "1"}).status_code == 403
    director = as_user("director")
    assert "市甲局" in director.get(page).content.decode()
    assert director.post(move, {"action": "carry_out", "sure": "1"}).status_code == 302
    liaison = as_user("yi_liaison")
    assert "纪要.pdf" in liaison.get(page).content.decode()
    assert liaison.get(reverse("file", args=[row.basis_file.public_id])).status_code == 200
    assert as_user("bing_liaison").get(page).status_code == 200, "the new unit sees it"
    paper = liaison.get(reverse("adjustment_form", args=[row.pk]))
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
