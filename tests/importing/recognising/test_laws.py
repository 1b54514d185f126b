"""What holds for any text made of the pieces that such documents are made of."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.importing.cleaning import View, fold
from programs.importing.coverage import cover, references_of
from programs.importing.output import as_json
from programs.importing.recognising import recognise

from .telling import OPENING, source_of, told

NAMES = [
    "市质监局",
    "财政局",
    "市发展改革委",
    "人民银行示例支行",
    "各区县政府",
    "相关部门",
    "县（市、区）政府",
    "团市委",
    "領導小組",
]
VERBS = ["牵头", "负责", "配合", "等单位负责", "按职责分工负责", "会同", "參與", ""]
WORDS = [
    "开展质量比对",
    "合格率达到95%以上",
    "不发生质量事故",
    "2020年",
    "每年23次",
    "组长：王某 市长",
    "办公室设在市质监局",
    "《质量纲要》",
    "建立制度",
    "奖",
    "由",
]
MARKS = [
    "一、",
    "（一）",
    "(二)",
    "1.",
    "2．",
    "（1）",
    "①",
    "第一条 ",
    "附件",
    "责任单位：",
    "牵头单位:",
    "——",
    "目录",
]
ENDS = [
    "。",
    "，",
    "、",
    "；",
    "\n",
    "\n\n",
    "　　",
    "(",
    ")",
    "（",
    "）",
    "〔",
    "〕",
    "“",
    "”",
    "\u200b",
    "\t",
    "",
]

pieces = st.sampled_from(
    [*NAMES, *VERBS, *WORDS, *MARKS, *ENDS, *ENDS, "示例市质量工作意见\n", "2016年1010\n"]
)
texts = st.lists(pieces, max_size=60).map("".join)

names = st.lists(
    st.sampled_from(["市质监局", "市财政局", "商务局", "市农业农村局", "示例海关", "各区县政府"]),
    min_size=1,
    max_size=4,
    unique=True,
)
clauses = st.builds(
    lambda lead, rest, form: form.format("、".join(lead), "、".join(rest)),
    names,
    names,
    st.sampled_from(["({0}牵头,{1}配合)", "({0}、{1}负责)", "({0}等单位负责)", "(牵头单位:{0};配合单位:{1})", "({0}牵头,{1}按职责分工负责)"]),
)  # fmt: skip
WIDE = str.maketrans({"(": "（", ")": "）", ",": "，", ";": "；", ":": "："})


def spans(found):
    rows = [row.span for row in references_of(found)]
    rows += [span for task in found.tasks for span in (task.quote, task.span, *task.clauses)]
    rows += [
        unit.span
        for task in found.tasks
        for unit in (*task.lead_units, *task.support_units, *task.responsible_units)
    ]
    return rows + [doubt.span for doubt in found.warnings if doubt.span is not None]


@given(texts)
@settings(max_examples=150, deadline=None)
def test_nothing_is_raised_and_every_place_lies_in_the_text(text):
    source = source_of(text)
    found = recognise(source)
    assert all(0 <= span.start <= span.end <= len(text) for span in spans(found))
    said = as_json(source, found)
    assert json.loads(json.dumps(said, ensure_ascii=False)) == said
    assert 0 <= cover(source, found).fraction <= 1


@given(texts)
@settings(max_examples=100, deadline=None)
def test_a_unit_is_quoted_as_it_is_printed(text):
    source = source_of(OPENING + text)
    for task in recognise(source).tasks:
        for unit in (*task.lead_units, *task.support_units, *task.responsible_units):
            assert source.quote(unit.span) == unit.printed
            assert unit.name.endswith("".join(unit.printed.split()))


@given(texts)
@settings(max_examples=100, deadline=None)
def test_the_view_is_the_source_without_some_characters(text):
    view = View(source_of(text))
    assert len(fold(text)) == len(text)
    assert [fold(text[place]) for place in list(view.at)[:-1]] == list(view.text)
    assert list(view.at) == sorted(set(view.at))


@given(st.lists(clauses, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_width_and_blank_lines_change_no_units(printed):
    def units(text):
        return [(told(task), task.role_mode) for task in recognise(source_of(text)).tasks]

    lines = [
        f"({number}){words}工作。做好{words}工作。{clause}\n"
        for number, (words, clause) in enumerate(zip("甲乙丙丁", printed, strict=False))
    ]
    lines = [line.replace(f"({number})", f"({'一二三四'[number]})", 1) for number, line in enumerate(lines)]
    plain = OPENING + "".join(lines)
    wide = (OPENING + "".join(lines)).translate(WIDE)
    expected = units(plain)
    assert len(expected) == len(printed)
    assert units(wide) == [(words.translate(WIDE), mode) for words, mode in expected]
    assert units(plain.replace("\n", "\n\n \n")) == expected
