"""The standing forms: what a unit signs on paper, and the breakdown table as people know it."""

import io
import re
from dataclasses import replace

import pypdf
import pytest

from qualitycity.reports.blocks import Cell, Fact, SectionRow, Table
from qualitycity.reports.codec import canonical_text, check_code, from_json, to_json
from qualitycity.reports.papers import BreakdownLine, ReturnLine, breakdown_table, return_form
from qualitycity.reports.rendering import render_pdf

from .samples import AS_OF


def return_line(number: int) -> ReturnLine:
    return ReturnLine(
        number=str(number),
        task=f"任务甲{number}号",
        due="2026年12月底",
        progress=Cell("60%", "green"),
        done="完成第一批比对",
        problems="经费有缺口",
        next_steps="十月完成第二批",
        coordination="请市财政局支持",
    )


def form(count: int):
    return return_form(
        title="示例市质量强市建设2026年行动计划",
        unit="示例市住房和城乡建设局",
        issuer="示例市质量强市工作领导小组办公室",
        number="表号：示例报〔2026〕3-017",
        period_label="2026年第三季度",
        as_of=AS_OF,
        due_label="2026年10月12日",
        sections=[("一、推动制造业质量提升", [return_line(n) for n in range(1, count + 1)]), ("", [])],
        filler="李示例",
        phone="0000-1234567",
        office_contact="市质强办 0000-7654321",
    )


def breakdown():
    lines = [
        BreakdownLine(
            str(n),
            f"任务乙{n}号",
            "年内建成",
            "市教育局",
            "—",
            "王示例",
            "赵示例",
            "12月底",
            Cell("", "red", note="逾期6个工作日"),
        )
        for n in range(1, 25)
    ]
    return breakdown_table(
        title="示例市质量强市建设2026年行动计划",
        issuer="示例市质量强市工作领导小组办公室",
        number=None,
        period_label="2026年度",
        as_of=AS_OF,
        sections=[("一、教育质量", lines[:12]), ("二、工程质量", lines[12:])],
        facts=[Fact("任务总数", "24项")],
        remark="注：“—”表示印发文件未列配合单位。",
    )


def pages(content) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(content)))
    assert all(page.mediabox.width > page.mediabox.height for page in reader.pages)
    return [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]


@pytest.fixture(scope="module")
def signed_form() -> list[str]:
    return pages(form(9))


def test_the_return_form_prints_each_line_and_room_for_signing(signed_form):
    whole = "".join(signed_form)
    for words in (
        "进展情况报送表", "填报单位：示例市住房和城乡建设局", "表号：示例报〔2026〕3-017", "一、推动制造业质量提升",
        "本期进展", "存在问题", "下步计划", "需协调事项", "任务甲9号", "请市财政局支持", "填报人：李示例",
        "联系电话：0000-1234567", "单位负责人审签（签字）：", "（单位盖章）", "2026年10月12日前",
    ):  # fmt: skip
        assert words in whole, words


def test_each_sheet_of_the_form_says_how_many_there_are_and_its_check_code(signed_form):
    assert len(signed_form) >= 2
    for number, text in enumerate(signed_form, start=1):
        assert f"第{number}页共{len(signed_form)}页" in text
        assert "核对码" + check_code(form(9)).replace(" ", "") in text
        assert "市质强办0000-7654321" in text


def test_room_for_signing_is_not_torn_apart(signed_form):
    assert [("填报人：" in text) == ("（单位盖章）" in text) for text in signed_form] == [True] * len(
        signed_form
    )


def test_the_check_code_of_the_stored_form_is_that_of_the_printed_one():
    assert check_code(from_json(to_json(form(3)))) == check_code(form(3))
    assert check_code(form(3)) != check_code(form(4))


def test_a_form_may_be_known_by_a_code_of_its_own():
    content = replace(form(1), code="1234 5678 9ABC")
    assert check_code(content) == check_code(from_json(to_json(content))) == "1234 5678 9ABC"


def test_a_unit_without_tasks_gets_a_form_that_says_so():
    assert "本期没有需要报送的任务。" in "".join(pages(form(0)))


def test_the_breakdown_table_has_the_columns_people_know():
    content = breakdown()
    table = next(block for block in content.blocks if isinstance(block, Table))
    assert [column.title.replace("\n", "") for column in table.columns] == [
        "序号", "工作任务", "目标、措施", "牵头单位", "配合单位", "责任领导", "责任人（联系人）", "完成时限", "进度",
    ]  # fmt: skip
    assert [row.title for row in table.rows if isinstance(row, SectionRow)] == [
        "一、教育质量",
        "二、工程质量",
    ]
    text = pages(content)
    assert len(text) >= 2
    assert all("序号工作任务" in page for page in text if re.search(r"任务乙\d+号", page))
    assert "任务乙24号" in "".join(text) and "■逾期" in "".join(text) and "未列配合单位" in text[-1]
    assert canonical_text(content) == canonical_text(breakdown())
