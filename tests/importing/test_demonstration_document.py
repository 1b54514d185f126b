"""The document that people of `make run` can bring in: what a reader finds in it, and what is left for a person."""

from pathlib import Path

from programs.importing.parsing import parse

DOCUMENT = Path(__file__).parents[2] / "fixtures" / "sample" / "documents" / "service-quality.txt"
TASKS = [
    ("推行一件事一次办", "市发展改革委", "市市场监管局 市卫生健康委 市教育局", "", "2026年12月底前"),
    ("提升社区医疗服务质量", "市卫健委", "东湖区政府 西岭县政府", "", "2027年6月底前"),
    ("改进学校后勤服务", "市教育局", "", "市教育局 市市场监管局", "2027年9月底前"),
    ("建设放心消费示范街区", "市市场监管局", "市商务局 市消协 各区县政府", "", "2027年12月底前"),
    ("规范旅游服务", "市文旅局", "市交通局 市城市管理局", "", "2026年10月底前"),
    ("完善服务标准", "市市场监管局", "", "市市场监管局 市住建局", "2027年6月底前"),
    ("开展服务质量监测", "市统计局", "", "市统计局 市市场监管局", "长期坚持"),
    ("培养服务质量人才", "", "", "各成员单位", ""),
]


def names(units) -> str:
    return " ".join(unit.name for unit in units)


def test_what_is_found():
    parsed = parse(DOCUMENT.name, DOCUMENT.read_bytes())
    found, quote = parsed.extraction, parsed.source.quote
    assert found is not None
    assert found.document.title == "示例市服务质量提升专项行动方案（2026—2027年）"
    assert (found.document.number, found.document.date) == ("示政办发〔2026〕19号", "2026-09-10")
    assert (found.document.effective_date, found.document.valid_until) == ("2026-10-01", "2027-12-31")
    assert [
        (
            task.title, names(task.lead_units), names(task.support_units), names(task.responsible_units),
            quote(task.due) if task.due else "",
        )
        for task in found.tasks if task.role_mode != "unspecified"
    ] == TASKS  # fmt: skip
    assert [phase.name for phase in found.phases] == ["部署阶段", "推进阶段", "总结阶段"]
    assert found.leading_group is not None and found.leading_group.head is not None
    assert (found.leading_group.head.person, found.leading_group.office_seat) == ("沈立言", "市市场监管局")


def test_something_is_left_for_a_person():
    """任务6 names no unit: the review begins with it."""
    found = parse(DOCUMENT.name, DOCUMENT.read_bytes()).extraction
    assert found is not None
    assert [doubt.message for doubt in found.warnings if doubt.path and doubt.path.endswith("任务6")] == [
        "没有写明责任单位"
    ]
