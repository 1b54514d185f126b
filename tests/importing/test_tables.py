"""Tables of tasks: whatever their heads are called and however they are ordered, rows come out as tasks."""

import pytest

from programs.importing.extraction import TaskFound
from programs.importing.reading.building import Builder
from programs.importing.recognising import recognise
from programs.importing.source import Source


def source(
    *rows: str, before: str = "", merged: dict[tuple[int, int], tuple[int, int]] | None = None
) -> Source:
    """Rows with cells parted by |; `merged`: place → place whose cell reaches there (row, column)."""
    builder = Builder()
    for line in before.splitlines():
        builder.line(line)
    texts: list[str] = []
    grid: list[list[int | None]] = []
    for at, row in enumerate(rows):
        grid.append([])
        for column, said in enumerate(row.split("|")):
            other = (merged or {}).get((at, column))
            if other is not None:
                grid[-1].append(grid[other[0]][other[1]])
                continue
            grid[-1].append(len(texts))
            texts.append(said)
    builder.table(texts, grid)
    return builder.source("docx")


def said(document: Source, task: TaskFound) -> str:
    """path title: lead > support > responsible @ due."""
    rows = (task.lead_units, task.support_units, task.responsible_units)
    units = ">".join(" ".join(unit.name for unit in row) for row in rows)
    return f"{task.path} {task.title}: {units} @ {document.quote(task.due) if task.due else ''}"


def tasks(document: Source) -> list[str]:
    return [said(document, task) for task in recognise(document).tasks]


@pytest.mark.parametrize(
    "rows",
    [
        ("序号|重点任务|牵头单位|配合单位|完成时限", "1|建设检测平台|市工信局|市财政局、商务局|2026年6月"),
        ("完成时间|配合部门|牵头部门|任务名称|编号", "2026年6月|市财政局、商务局|市工信局|建设检测平台|1"),
        ("序 号|工作事项|牵头责任单位|协办单位|时限要求|备注", "1|建设检测平台|市工信局|市财政局、商务局|2026年6月|"),
        ("项次|主要任务（2026年）|主办单位|参与单位|时间节点", "1|建设检测平台。分两期实施。|市工信局|市财政局、商务局|2026年6月"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_heads(rows):
    assert tasks(source(*rows)) == ["1 建设检测平台: 市工信局>市财政局 市商务局> @ 2026年6月"]


def test_a_head_of_two_rows():
    document = source(
        "序号|工作任务|责任单位|责任单位|完成时限", "序号|工作任务|牵头|配合|完成时限", "1|建设检测平台|市工信局|市财政局|年底",
        merged={(0, 3): (0, 2), (1, 0): (0, 0), (1, 1): (0, 1), (1, 4): (0, 4)},
    )  # fmt: skip
    assert tasks(document) == ["1 建设检测平台: 市工信局>市财政局> @ 年底"]


def test_a_title_above_the_head_and_heads_that_return():
    document = source(
        "任务分解表|任务分解表|任务分解表", "序号|任务|责任单位", "1|建设检测平台|市工信局", "序号|任务|责任单位", "2|清查电梯|市住建局",
        merged={(0, 1): (0, 0), (0, 2): (0, 0)},
    )  # fmt: skip
    assert tasks(document) == ["1 建设检测平台: >>市工信局 @ ", "2 清查电梯: >>市住建局 @ "]


def test_rows_that_head_others_and_a_column_that_does():
    with_rows = source(
        "序号|任务|责任单位", "一、夯实基础||", "1|建设检测平台|市工信局", "（二）|守牢底线|", "2|清查电梯|市住建局",
        merged={(1, 1): (1, 0), (1, 2): (1, 0)},
    )  # fmt: skip
    found = recognise(with_rows)
    assert [said(with_rows, task).partition(":")[0] for task in found.tasks] == [
        "一/1 建设检测平台",
        "(二)/2 清查电梯",
    ]
    assert [(section.number, section.title, section.path) for section in found.sections] == [
        ("一", "夯实基础", "一"),
        ("（二）", "守牢底线", "(二)"),
    ]
    with_column = source(
        "类别|任务|责任单位", "夯实基础|建设检测平台|市工信局", "|培养计量人才|市教育局", "守牢底线|清查电梯|市住建局",
        merged={(2, 0): (1, 0)},
    )  # fmt: skip
    found = recognise(with_column)
    assert [(task.path, task.section) for task in found.tasks] == [
        ("夯实基础/1", "夯实基础"),
        ("夯实基础/2", "夯实基础"),
        ("守牢底线/3", "守牢底线"),
    ]


def test_units_merged_over_rows_answer_for_all_of_them():
    document = source(
        "序号|任务|责任单位", "1|建设检测平台|市工信局、市财政局", "2|清查电梯|", merged={(2, 2): (1, 2)}
    )
    assert tasks(document) == [
        "1 建设检测平台: >>市工信局 市财政局 @ ",
        "2 清查电梯: >>市工信局 市财政局 @ ",
    ]


def test_what_a_cell_says_of_its_units_counts_more_than_the_head():
    document = source(
        "序号|任务|责任单位",
        "1|建设检测平台|市工信局牵头，市财政局配合",
        "2|清查电梯|牵头单位：市住建局 配合单位：市财政局",
        "3|培养人才|市教育局（牵头）、市人社局",
        "4|宣传质量|各成员单位",
    )
    assert tasks(document) == [
        "1 建设检测平台: 市工信局>市财政局> @ ",
        "2 清查电梯: 市住建局>市财政局> @ ",
        "3 培养人才: 市教育局>市人社局> @ ",
        "4 宣传质量: >>各成员单位 @ ",
    ]
    assert recognise(document).tasks[-1].role_mode == "all_members"


def test_the_first_unit_leads_where_the_document_says_so():
    document = source(
        "序号|任务|责任单位",
        "1|建设检测平台|市工信局、市财政局",
        before="任务分工\n责任单位列第一位者为牵头单位，下同。",
    )
    (task,) = recognise(document).tasks
    assert task.role_mode == "first_is_lead"
    assert [unit.name for unit in task.lead_units] == ["市工信局"]
    assert [unit.name for unit in task.responsible_units] == ["市工信局", "市财政局"]


def test_rows_under_one_title_are_parts_and_rows_of_one_work_one_task():
    document = source(
        "序号|任务|工作内容|责任单位|时限", "1|清查电梯|建立清单|市住建局|6月", "||改造更新|东湖区政府|12月",
        "2|宣传质量|举办活动|市委宣传部|9月", "2|宣传质量|举办活动|市教育局|9月",
        merged={(2, 0): (1, 0), (2, 1): (1, 1), (4, 0): (3, 0), (4, 1): (3, 1), (4, 2): (3, 2), (4, 4): (3, 4)},
    )  # fmt: skip
    assert tasks(document) == [
        "1/1 建立清单: >>市住建局 @ 6月",
        "1/2 改造更新: >>东湖区政府 @ 12月",
        "2 宣传质量: >>市委宣传部 市教育局 @ 9月",
    ]


def test_one_number_twice_gives_two_paths():
    document = source("序号|任务|责任单位", "1|建设检测平台|市工信局", "1|清查电梯|市住建局")
    assert [task.path for task in recognise(document).tasks] == ["1", "1-2"]


@pytest.mark.parametrize(
    "rows",
    [
        ("序号|指标名称|2026年目标|责任单位", "1|合格率|95%|市市场监管局"),
        ("姓名|职务|单位", "林知远|局长|市市场监管局"),
        ("文号|标题|日期", "示政发〔2025〕8号|实施意见|2025年5月"),
    ],
)
def test_other_tables_hold_no_tasks(rows):
    found = recognise(source(*rows))
    assert (found.tasks, found.table_heads) == ((), ())


TEXT = """示例市质量提升行动方案
示政办〔2025〕3号
一、重点任务
1.建设检测平台。整合资源，建成平台。（市工信局牵头，市财政局配合）
2.清查电梯。建立电梯清单。
附件：任务分解表
示例市人民政府办公室
2025年3月3日
附件
任务分解表"""


def test_rows_that_say_an_item_again_bring_its_time_and_units():
    document = source(
        "序号|任务|责任单位|时限", "1|建设检测平台|市发改委|2026年6月", "2|清查电梯|市住建局|2025年9月", "3|培养人才|市教育局|年底",
        before=TEXT,
    )  # fmt: skip
    found = recognise(document)
    assert [said(document, task) for task in found.tasks] == [
        "一/1 建设检测平台: 市工信局>市财政局> @ 2026年6月",
        "一/2 清查电梯: >>市住建局 @ 2025年9月",
        "附件/3 培养人才: >>市教育局 @ 年底",
    ]
    assert [document.quote(span) for task in found.tasks for span in task.rows] == [
        "1\t建设检测平台\t市发改委\t2026年6月",
        "2\t清查电梯\t市住建局\t2025年9月",
    ]
    assert [document.quote(span) for span in found.table_heads] == ["序号\t任务\t责任单位\t时限"]


def test_numbers_in_a_table_are_no_items_of_the_text():
    document = source(
        "序号|任务|责任单位",
        "1|1.建设检测平台|市工信局",
        "2|2.清查电梯|市住建局",
        before=TEXT.replace("附件", "另"),
    )
    titles = [task.title for task in recognise(document).tasks]
    assert titles == ["建设检测平台", "清查电梯"]
