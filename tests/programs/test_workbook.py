"""填报表: out and back, cell by cell; all or nothing; and nothing is believed that the file says about itself."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from kpis.models import IndicatorReading
from programs.domain import sheet as sheet_domain
from programs.domain import workbook_import
from programs.models import ProgressEntry, WorkbookImport
from qualitycity.audit.models import Entry
from qualitycity.workflow import IllegalMove, NotAllowed
from tests.pages.sheets import widen
from tests.programs.workbooks import Book, bring_in, issued, plan, said, taken

FIRST, JOINT = "任务1", "任务2"


def entry(world, task=FIRST, window=None):
    return ProgressEntry.objects.filter(part__task__title=task, window=window or world.window).first()


def fill(book: Book) -> None:
    """A complete answer in both lines of 甲局."""
    book.put("任务", FIRST, "本期进展", "已完成抽检 120 批次")
    book.put("任务", FIRST, "完成百分比", 60)
    book.put("任务", JOINT, "本期进展", "已开展两次联合检查")
    book.put("任务", JOINT, "工作成效", "整改 12 处")


def test_the_workbook_goes_out_and_comes_back(world):
    book = issued(world)
    fill(book)
    assert entry(world) is None
    done = bring_in(world, book)
    assert (done.changed, done.filed) == (2, 0)
    row = entry(world)
    assert (row.progress, row.percent, row.state, row.on_behalf) == ("已完成抽检 120 批次", 60, "draft", False)
    assert entry(world, JOINT).result == "整改 12 处"
    # what came in goes out again, and says nothing new
    again = issued(world)
    assert again.cell("任务", FIRST, "本期进展").value == "已完成抽检 120 批次"
    assert again.cell("任务", FIRST, "完成百分比").value == 60
    found = plan(world, again)
    assert (found.problems, found.changed, found.missing) == ([], [], [])


def test_it_is_brought_in_and_handed_in_in_one_go(world):
    book = issued(world)
    fill(book)
    done = bring_in(world, book, final=True)
    assert (done.changed, done.filed) == (2, 2)
    assert set(ProgressEntry.objects.values_list("state", "filed_by__username")) == {("submitted", "jia_liaison")}
    actions = list(Entry.objects.filter(subject_type="programs.workbookimport").values_list("action", flat=True))
    assert set(actions) == {"upload_workbook", "import_workbook"}
    assert Entry.objects.get(action="import_workbook").after == {"changed": 2, "filed": 2}
    assert Entry.objects.get(action="export_workbook").after == {"unit": "示例市甲局", "lines": 2}


def test_three_planted_errors_stop_the_whole_file(world):
    widen(world, 0, 1)
    book = issued(world)
    fill(book)
    wrong = [
        ("任务", book.put("任务", FIRST, "完成百分比", "一百"), "应为 0 到 100 的整数，现在是“一百”"),
        ("任务", book.put("任务", JOINT, "无变化", "是"), "这一项已填写内容：请直接提交，或清空后再选“无变化”。"),
        ("指标", book.put("指标", "指标0", "本期数值", "九成"), "应为数值，如 96.5，现在是“九成”"),
    ]
    draft = taken(world, book)
    units, actor = {world.units["甲局"].pk}, world.actor("jia_liaison")
    found = workbook_import.plan_of(draft, actor=actor, departments=units)
    # both halves of the contradiction are told at the one cell that claims it
    assert [(one.sheet, one.address) for one in found.problems] == [(name, address) for name, address, _text in wrong]
    for (_sheet, _address, sentence), (_name, _cell, text) in zip(said(found), wrong, strict=True):
        assert sentence == text
    for final in (False, True):
        with pytest.raises(IllegalMove):
            workbook_import.carry_out(draft, actor=actor, departments=units, seen=found.digest, final=final)
    assert not ProgressEntry.objects.exists() and not IndicatorReading.objects.exists()
    draft.refresh_from_db()
    assert draft.state == "open" and draft.content
    # corrected, the same file goes in
    book.put("任务", FIRST, "完成百分比", "６０％")
    book.put("任务", JOINT, "无变化", None)
    book.put("指标", "指标0", "本期数值", "1,096.5")
    problems = plan(world, book).problems
    assert [one.sentence for one in problems] == ["完成进度应在 0 到 100 之间。"]
    book.put("指标", "指标0", "本期数值", "９６.５%")
    assert bring_in(world, book, final=True).filed == 3
    assert entry(world).percent == 60 and IndicatorReading.objects.get().value == Decimal("96.5")
    draft.refresh_from_db()
    assert (draft.state, draft.content) == ("discarded", {})


def test_a_cell_that_is_not_asked_for_is_named_once(world):
    """A percentage no task could have, on a line that takes none: one sentence says what to do."""
    widen(world, 0, 1)
    book = issued(world)
    fill(book)
    cell = book.put("任务", JOINT, "完成百分比", 130)
    problems = [(one.address, one.sentence) for one in plan(world, book).problems]
    assert problems == [(cell, "这一项不填报这一列，请清空此格")]


def test_an_untouched_workbook_changes_nothing_whatever_happened_since(world):
    book = issued(world)
    world.file("jia_liaison", "甲局")
    found = plan(world, book)
    assert (found.problems, found.changed) == ([], [])


def test_a_line_changed_on_both_sides_is_refused_and_with_it_the_file(world):
    book = issued(world)
    fill(book)
    lines = world.typed("jia_liaison", "甲局", world.window, progress="门户里写的")
    one = {key: typed for key, typed in lines.items() if typed.values["percent"] is not None}
    sheet_domain.save(
        actor=world.actor("jia_liaison"), window=world.window, departments={world.units["甲局"].pk}, typed=one
    )
    found = plan(world, book)
    assert {one.line for one in found.problems} == {"(1) 任务1"}
    assert "下载后" in found.problems[0].sentence and "重新下载" in found.problems[0].sentence
    with pytest.raises(IllegalMove):
        bring_in(world, book)
    assert entry(world).progress == "门户里写的" and entry(world, JOINT) is None


def test_what_changed_between_the_look_and_the_press_is_looked_at_again(world):
    book = issued(world)
    fill(book)
    draft = taken(world, book)
    actor, units = world.actor("jia_liaison"), {world.units["甲局"].pk}
    seen = workbook_import.plan_of(draft, actor=actor, departments=units).digest
    world.file("jia_liaison", "甲局")
    with pytest.raises(IllegalMove):
        workbook_import.carry_out(draft, actor=actor, departments=units, seen=seen)
    assert entry(world).progress == "已完成阶段工作"
    draft.refresh_from_db()
    assert draft.state == "open"


def test_carrying_out_twice_is_quiet_and_a_discarded_one_is_told(world):
    book = issued(world)
    fill(book)
    draft = taken(world, book)
    actor, units = world.actor("jia_liaison"), {world.units["甲局"].pk}
    seen = workbook_import.plan_of(draft, actor=actor, departments=units).digest
    other = WorkbookImport.objects.select_related("window__programme__jurisdiction").get()
    assert workbook_import.carry_out(draft, actor=actor, departments=units, seen=seen).changed == 2
    assert workbook_import.carry_out(other, actor=actor, departments=units, seen=seen).again
    assert WorkbookImport.objects.get().content == {}
    late = taken(world, issued(world))
    workbook_import.discard(late, actor=actor)
    with pytest.raises(IllegalMove):
        workbook_import.carry_out(late, actor=actor, departments=units, seen=seen)
    with pytest.raises(NotAllowed):
        workbook_import.discard(late, actor=world.actor("jia_head"))


def test_lines_that_were_handed_in_are_grey_and_stay(world):
    world.file("jia_liaison", "甲局")
    book = issued(world)
    cell = book.cell("任务", FIRST, "本期进展")
    assert cell.protection.locked and cell.value == "已完成阶段工作"
    found = plan(world, book)
    assert (found.problems, found.changed, found.final) == ([], [], {})
    address = book.put("任务", FIRST, "本期进展", "偷偷改了")
    (problem,) = plan(world, book).problems
    assert problem.address == address and "请先撤回" in problem.sentence


def test_no_change_needs_an_earlier_report(world, clock):
    book = issued(world)
    address = book.put("任务", FIRST, "无变化", "是")
    (problem,) = plan(world, book).problems
    assert problem.address == address
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-25T10:00:00+08:00")
    book = issued(world)
    assert book.cell("任务", FIRST, "完成百分比").value == 40
    book.put("任务", FIRST, "无变化", "是")
    book.put("任务", JOINT, "无变化", "√")
    assert bring_in(world, book, final=True).filed == 2
    assert set(ProgressEntry.objects.filter(window=world.window).values_list("unchanged", "percent")) == {
        (True, 40), (True, None),
    }  # fmt: skip


def test_a_percentage_that_falls_asks_why_before_it_is_handed_in(world, clock):
    world.file("jia_liaison", "甲局")
    world.sign("jia_head", "甲局")
    clock.move_to("2026-06-25T10:00:00+08:00")
    book = issued(world)
    fill(book)
    address = book.put("任务", FIRST, "完成百分比", 30)
    found = plan(world, book)
    assert found.problems == []
    assert [(one.address, "40%" in one.sentence) for one in found.missing] == [
        (book.cell("任务", FIRST, "百分比下降原因").coordinate, True)
    ]
    assert address.startswith("H")
    with pytest.raises(IllegalMove):
        bring_in(world, book, final=True)
    assert bring_in(world, book).changed == 2


# --- what people and their programs do to a table ----------------------------------------------------


def test_rows_and_columns_may_be_moved_and_others_added(world):
    book = issued(world)
    fill(book)
    table = book.sheet("任务")
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=1, max_row=5)]
    order = [9, 3, 0, 7, 12, 1, 2, 6, 8, 10, 11, 13, 4, 5]
    moved = book.book.create_sheet("换个名字", 1)
    for row in [rows[0], ["备注"], rows[2], rows[4], [], rows[3]]:
        moved.append(["抄送" if row is rows[2] else "x", *(row[at] if at < len(row) else None for at in order)])
    del book.book["任务"]
    found = plan(world, book)
    assert found.problems == []
    assert {one.name: one.row for one in found.changed} == {"(1) 任务1": 6, "(2) 任务2": 4}
    assert any("抄送" in note for note in found.notes)
    assert bring_in(world, book).changed == 2
    assert entry(world).progress == "已完成抽检 120 批次"


def test_missing_rows_columns_and_sheets_leave_what_they_held(world):
    widen(world, 0, 1)
    world.file("jia_liaison", "甲局")
    ProgressEntry.objects.update(state="returned")
    book = issued(world)
    fill(book)
    table = book.sheet("任务")
    table.delete_cols(book.column("任务", "下步计划"))
    table.delete_rows(book.row("任务", JOINT))
    del book.book["指标"]
    found = plan(world, book)
    assert found.problems == [] and len(found.notes) == 2
    assert bring_in(world, book).changed == 1
    assert (entry(world).progress, entry(world).next_steps) == ("已完成抽检 120 批次", "继续推进")
    assert entry(world, JOINT).progress == "已完成阶段工作"


def test_rows_without_number_twice_or_unknown_are_told_at_their_cell(world):
    book = issued(world)
    table = book.sheet("任务")
    letter = get_column_letter(book.column("任务", "本期进展"))
    table[f"{letter}9"] = "另外还做了一件事"
    table["A10"], table[f"{letter}10"] = 77777, "没有这一项"
    for column in range(1, 15):
        table.cell(11, column).value = table.cell(4, column).value
    assert [address for _sheet, address, _text in said(plan(world, book))] == [f"{letter}9", "A10", "A11"]


def test_a_table_of_which_only_a_part_was_sorted_is_refused(world):
    book = issued(world)
    table = book.sheet("任务")
    table["A4"].value, table["A5"].value = table["A5"].value, table["A4"].value
    found = plan(world, book)
    assert [one.address for one in found.problems] == ["C4", "C5"]
    assert "对不上" in found.problems[0].sentence


def test_merged_cells_and_formulas_are_told(world):
    book = issued(world)
    fill(book)
    letter = get_column_letter(book.column("任务", "存在问题"))
    book.sheet("任务").merge_cells(f"{letter}4:{letter}5")
    assert {address for _sheet, address, _text in said(plan(world, book))} == {f"{letter}4:{letter}5"}
    book = issued(world)
    book.cell("任务", FIRST, "完成百分比").value = "=SUM(A1:A3)"
    (problem,) = plan(world, book).problems
    assert problem.address == "H4" and "公式" in problem.sentence


def test_a_cell_the_line_does_not_ask_for_stays_empty(world):
    book = issued(world)
    assert book.cell("任务", JOINT, "完成百分比").value == "—"
    address = book.put("任务", JOINT, "完成百分比", 50)
    (problem,) = plan(world, book).problems
    assert problem.address == address


def test_a_line_that_left_the_sheet_is_told_only_if_something_was_typed(world):
    book = issued(world)
    world.tasks[0].parts.filter(role="lead").update(state="waived", settled_on=date(2025, 1, 1))
    assert plan(world, book).problems == []
    fill(book)
    assert [one.address for one in plan(world, book).problems] == ["4"]


@pytest.mark.parametrize("text", ["=1+1", "+86 电话", "-已完成", "@所有人", "'=引号", "''=两个", "＝全角", "_x000D_字面", "'普通"])
def test_text_like_a_formula_goes_out_as_text_and_comes_back_as_it_was(world, text):
    lines = world.typed("jia_liaison", "甲局", world.window, progress=text)
    sheet_domain.save(
        actor=world.actor("jia_liaison"), window=world.window, departments={world.units["甲局"].pk}, typed=lines
    )
    book = issued(world)
    cell = book.cell("任务", FIRST, "本期进展")
    assert cell.data_type == "s" and (cell.quotePrefix or cell.value[0] not in "=+-@")
    assert plan(world, book).changed == []
    book.put("任务", FIRST, "存在问题", "无")
    bring_in(world, book)
    assert (entry(world).progress, entry(world).problems) == (text, "无")


def test_the_office_fills_in_for_a_unit_but_not_over_its_draft(world):
    book = issued(world, "clerk")
    fill(book)
    assert bring_in(world, book, "clerk").changed == 2
    assert set(ProgressEntry.objects.values_list("on_behalf", flat=True)) == {True}
    ProgressEntry.objects.update(on_behalf=False)
    book = issued(world, "clerk")
    assert book.cell("任务", FIRST, "本期进展").value == "—"
    book.put("任务", FIRST, "本期进展", "办公室写的")
    assert ["单位已开始填写" in text for _sheet, _address, text in said(plan(world, book, "clerk"))] == [True]


def test_a_closed_or_future_period_gives_the_sentence_of_the_page(world, clock):
    book, window = issued(world), world.window
    clock.move_to("2026-03-01T10:00:00+08:00")
    for act in (lambda: issued(world, window=window), lambda: taken(world, book, window=window)):
        with pytest.raises(IllegalMove) as refused:
            act()
        assert "开始填报" in str(refused.value.sentence)
    clock.move_to("2026-04-09T10:00:00+08:00")
    with pytest.raises(NotAllowed):
        issued(world, "jia_head")


# --- laws --------------------------------------------------------------------------------------------

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn"), include_characters="\n"), max_size=60
).filter(lambda text: "_x" not in text and not text.startswith("'"))
typing = st.fixed_dictionaries(
    {
        "percent": st.none() | st.integers(0, 100),
        "progress": words, "problems": words, "next_steps": words, "coordination": words, "value": st.none()
        | st.decimals(0, 100, places=4), "note": words,
    }
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=typing, again=st.booleans(), data=st.data())
def test_what_is_typed_is_what_comes_in(world, first, again, data):
    """Whatever a person may type: it comes in as typed, goes out again, and untouched it changes nothing."""
    if not IndicatorReading.objects.exists() and not world.programme.indicators.exists():
        widen(world, 0, 1)
    ProgressEntry.objects.all().delete()
    IndicatorReading.objects.all().delete()
    book = issued(world)
    names = {
        "percent": "完成百分比", "progress": "本期进展", "problems": "存在问题", "next_steps": "下步计划",
        "coordination": "需协调事项",
    }  # fmt: skip
    for field, heading in names.items():
        shape = data.draw(st.sampled_from([lambda v: v, str, lambda v: f"{v}%"])) if field == "percent" else str
        book.put("任务", FIRST, heading, None if first[field] is None else shape(first[field]))
    book.put("指标", "指标0", "本期数值", None if first["value"] is None else float(first["value"]))
    book.put("指标", "指标0", "数据来源或说明", first["note"])
    content = Book(book.bytes()).bytes() if again else book.bytes()
    found = plan(world, content)
    assert found.problems == []
    bring_in(world, content)
    row, reading = entry(world), IndicatorReading.objects.first()
    for field in names:
        value = first[field]
        wanted = value.strip() if isinstance(value, str) else value
        assert (getattr(row, field) if row else ("" if isinstance(value, str) else None)) == wanted
    assert (reading.value if reading else None) == first["value"]
    after = plan(world, issued(world))
    assert (after.problems, after.changed) == ([], [])
