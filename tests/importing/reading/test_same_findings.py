"""One document in every format: the same findings, and those that a careful reader writes down."""

import pytest

from programs.importing.output import as_json
from programs.importing.reading import read_document
from programs.importing.recognising import recognise

from . import builders, prints

FILES = {
    "a.txt": lambda: builders.txt("gb18030"),
    "a.html": builders.sample_html,
    "a.docx": builders.sample_docx,
    "a.pdf": prints.sample_pdf,
}
#: path, title, lead, support, responsible, time limit from the table of the second annex.
TASKS = [
    (
        "二/(一)/1",
        "建设产业质量公共服务平台",
        "市市场监管局",
        "市工业和信息化局 市财政局 市商务局",
        "",
        "2026年6月底",
    ),
    ("二/(一)/2", "实施中小企业质量帮扶", "", "", "市工业和信息化局 市市场监管局", "每年12月底"),
    ("二/(一)/3", "推广首席质量官制度", "", "", "市市场监管局 市工业和信息化局", ""),
    (
        "二/(二)/4",
        "强化食品安全全程监管",
        "市市场监管局",
        "市教育局 市农业农村局 市卫生健康委",
        "",
        "2027年12月底",
    ),
    (
        "二/(二)/5",
        "开展老旧电梯安全提升行动",
        "市住房城乡建设局 市市场监管局",
        "东湖区政府 西岭县政府",
        "",
        "",
    ),
    ("二/(二)/6", "加强进出口商品质量监测", "示例海关", "有关部门", "", ""),
    ("二/(三)/7", "设立市政府质量奖", "市市场监管局", "市发展改革委 市财政局", "", ""),
    ("二/(三)/8", "健全质量信用管理", "市市场监管局", "市发展改革委 市财政局", "", ""),
    ("二/(四)/9", "提升计量服务能力", "", "", "市市场监管局", ""),
    ("二/(四)/10", "开展质量统计监测", "", "", "市统计局 市市场监管局", ""),
    ("二/(四)/11", "举办“质量月”活动", "", "", "领导小组成员单位", ""),
    ("二/(四)/12", "落实属地质量责任", "", "", "各区县政府", ""),
    ("附件2/二/4/1", "建立住宅电梯清单", "市住房城乡建设局", "市市场监管局", "", "2025年12月底"),
    ("附件2/二/4/2", "改造更新200台", "东湖区政府 西岭县政府", "市住房城乡建设局", "", "2027年12月底"),
]
TABLE = [
    ("一/1", "建设产业质量公共服务平台", "市市场监管局", "市工业和信息化局 市财政局 市商务局", "2026年6月底"),
    ("一/2", "实施中小企业质量帮扶", "市工业和信息化局", "市市场监管局", "每年12月底"),
    ("二/3", "强化食品安全全程监管", "市市场监管局", "市教育局 市农业农村局 市卫生健康委", "2027年12月底"),
    ("二/4/1", "建立住宅电梯清单", "市住房城乡建设局", "市市场监管局", "2025年12月底"),
    ("二/4/2", "改造更新200台", "东湖区政府 西岭县政府", "市住房城乡建设局", "2027年12月底"),
]


def names(units) -> str:
    return " ".join(unit.name for unit in units)


@pytest.mark.parametrize("name", FILES)
def test_the_tasks_are_those_a_reader_finds(name):
    source = read_document(name, FILES[name]())
    assert [
        (
            task.path, task.title, names(task.lead_units), names(task.support_units), names(task.responsible_units),
            source.quote(task.due) if task.due else "",
        )
        for task in recognise(source).tasks if task.kind == "work"
    ] == TASKS  # fmt: skip


@pytest.mark.parametrize("name", [name for name in FILES if name != "a.txt"])
def test_everything_else_is_as_in_the_text_file(name):
    texts = read_document("a.txt", FILES["a.txt"]())
    other = read_document(name, FILES[name]())
    expected, found = as_json(texts, recognise(texts)), as_json(other, recognise(other))
    for place in ("document", "sections", "tasks", "kpis", "phases", "leading_group", "deliverables"):
        assert found[place] == expected[place], place


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 3, 1, 0, 4, 2)])
def test_a_workbook_gives_the_rows_of_its_table(order):
    source = read_document("分解表.xlsx", builders.sample_xlsx(order))
    found = recognise(source)
    assert [
        (task.path, task.title, names(task.lead_units), names(task.support_units), source.quote(task.due))
        for task in found.tasks
    ] == TABLE
    assert [(section.path, section.title) for section in found.sections] == [
        ("一", "提升产业质量竞争力"),
        ("二", "守牢质量安全底线"),
    ]
    assert found.document.title == "重点任务分解表"
