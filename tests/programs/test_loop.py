"""The whole loop in domain functions: assigned, signed for, filed, signed, returned, refiled, accepted, completed."""

import pytest

from programs.domain import corrections, entries, filing, parts, sheet, tasks
from programs.models import ProgressEntry, Responsibility
from qualitycity.audit.journal import history
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

MACHINE = entries.TASKS.machine


def test_assignment_sends_every_named_part_out_and_tells_each_unit_once(world):
    assert set(Responsibility.objects.values_list("state", flat=True)) == {"assigned"}
    told = InboxItem.objects.filter(recipient=world.people["jia_liaison"], kind="assigned")
    assert [item.title for item in told] == ["《质量提升2026》交办市甲局2项任务，请签收"]


def test_from_filing_to_completion_with_a_return_on_the_way(world, clock):
    outcome = world.file("jia_liaison", "甲局", percent=40)
    assert outcome.ok and outcome.moved == 2
    assert Responsibility.objects.get(task=world.tasks[0], role="lead").state == "signed_for"
    world.sign("jia_head", "甲局")
    row = world.rows("甲局")[0]
    filing.return_rows(MACHINE, [row], actor=world.actor("clerk"), by="office", reason="请补充抽检数据")
    row.refresh_from_db()
    assert (row.state, row.remark, row.signed_by_id) == ("returned", "请补充抽检数据", None)
    note = InboxItem.objects.get(recipient=world.people["jia_liaison"], kind="returned")
    assert note.urgent and note.body == "(1)任务1。退回意见：请补充抽检数据"
    again = world.file("jia_liaison", "甲局", percent=100)
    assert again.ok and again.moved == 1
    filing.sign_rows(MACHINE, [row], actor=world.actor("jia_head"))
    world_rows = world.rows("甲局")
    filing.accept_rows(MACHINE, world_rows, actor=world.actor("clerk"))
    part = Responsibility.objects.get(task=world.tasks[0], role="lead")
    assert part.state == "done"
    done = tasks.complete(world.tasks[0], actor=world.actor("director"))
    assert done.state == "completed"
    assert [entry.action for entry in history(row)] == [
        "submit", "sign", "return_by_office", "submit", "sign", "accept",
    ]  # fmt: skip


def test_nobody_signs_or_accepts_what_he_entered(world):
    world.file("clerk", "丙局", percent=10)
    row = world.rows("丙局")[0]
    assert row.on_behalf
    with pytest.raises(NotAllowed):
        filing.countersign_rows(MACHINE, [row], actor=world.actor("clerk"))
    filing.countersign_rows(MACHINE, [row], actor=world.actor("director"))
    for name in ("clerk", "director"):
        with pytest.raises(NotAllowed):
            filing.accept_rows(MACHINE, [row], actor=world.actor(name))


def test_a_unit_with_a_head_is_not_countersigned_by_the_office(world):
    world.file("jia_liaison", "甲局")
    with pytest.raises(IllegalMove):
        filing.countersign_rows(MACHINE, world.rows("甲局"), actor=world.actor("clerk"))


def test_a_resent_submission_is_a_quiet_no_op(world):
    world.file("jia_liaison", "甲局")
    rows = world.rows("甲局")
    before = [row.row_version for row in rows]
    filing.submit_rows(MACHINE, rows, actor=world.actor("jia_liaison"))
    assert [row.row_version for row in world.rows("甲局")] == before


def test_two_people_saving_the_same_line_the_second_is_told_and_nothing_is_overwritten(world):
    window = world.window
    first = world.typed("jia_liaison", "甲局", window, progress="先写的")
    second = world.typed("jia_liaison", "甲局", window, progress="后写的")
    unit = {world.units["甲局"].pk}
    actor = world.actor("jia_liaison")
    assert sheet.save(actor=actor, window=window, departments=unit, typed=first).ok
    outcome = sheet.save(actor=actor, window=window, departments=unit, typed=second)
    assert set(outcome.conflicts) == set(second)
    assert set(ProgressEntry.objects.values_list("progress", flat=True)) == {"先写的"}


def test_a_sheet_with_one_wrong_line_files_nothing(world):
    window = world.window
    typed = world.typed("jia_liaison", "甲局", window)
    key = next(key for key, line in typed.items() if line.values["percent"] is not None)
    typed[key].values["percent"] = 101
    outcome = sheet.submit(
        actor=world.actor("jia_liaison"), window=window, departments={world.units["甲局"].pk}, typed=typed
    )
    assert set(outcome.errors) == {key} and "percent" in outcome.errors[key]
    assert ProgressEntry.objects.count() == 0


def test_a_falling_percentage_needs_a_reason(world, clock):
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    outcome = world.file("jia_liaison", "甲局", percent=30)
    assert [list(errors) for errors in outcome.errors.values()] == [["percent_reason"]]
    assert world.file("jia_liaison", "甲局", percent=30, percent_reason="口径调整").ok


def test_no_change_in_one_click_needs_an_earlier_report(world, clock):
    unit, actor = {world.units["甲局"].pk}, world.actor("jia_liaison")
    key = next(line.key for line in sheet.sheet_lines(world.window, unit))
    outcome = sheet.unchanged(actor=actor, window=world.window, departments=unit, key=key, row_version=None)
    assert "unchanged" in outcome.errors[key]
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    clock.move_to("2026-06-26T10:00:00+08:00")
    outcome = sheet.unchanged(actor=actor, window=world.window, departments=unit, key=key, row_version=None)
    assert outcome.ok and outcome.moved == 1
    row = ProgressEntry.objects.get(window=world.window, unchanged=True)
    assert (row.state, row.percent) == ("submitted", 40)


def test_a_correction_replaces_the_accepted_version_only_when_accepted_itself(world):
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    old = world.rows("甲局")[0]
    new = corrections.correct(old, actor=world.actor("jia_liaison"), reason="数据有误")
    old.refresh_from_db()
    assert (new.version, new.state, old.state) == (2, "draft", "accepted")
    outcome = world.file("jia_liaison", "甲局", percent=50)
    assert outcome.moved == 1
    filing.sign_rows(MACHINE, [new], actor=world.actor("jia_head"))
    filing.accept_rows(MACHINE, [new], actor=world.actor("clerk"))
    old.refresh_from_db()
    assert old.state == "superseded"


def test_a_part_is_waived_with_a_reason_and_a_task_completes_over_it(world):
    part = Responsibility.objects.get(task=world.tasks[2])
    with pytest.raises(IllegalMove):
        parts.waive(part, actor=world.actor("director"), reason=" ")
    with pytest.raises(IllegalMove):
        tasks.complete(world.tasks[2], actor=world.actor("director"))
    parts.waive(part, actor=world.actor("director"), reason="职能已划转")
    assert tasks.complete(world.tasks[2], actor=world.actor("director")).completed_on is not None
