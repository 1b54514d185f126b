"""Contents of papers for the tests."""

from datetime import datetime

from qualitycity.reports.blocks import BEIJING, Block, Cell, Column, ReportContent, Row, SectionRow, Table

AS_OF = datetime(2026, 9, 30, 18, 5, tzinfo=BEIJING)


def paper(*blocks: Block, **changes: object) -> ReportContent:
    values = {
        "kind": "report",
        "title": "示例市质量强市2026年第三季度\n工作进展情况报告",
        "subtitle": "",
        "issuer": "示例市质量强市工作领导小组办公室",
        "number": "〔2026〕第4期",
        "as_of": AS_OF,
        "period_label": "2026年第三季度",
        "author_label": "市质强办",
        "snapshot_ids": ("light-policy:3",),
        "blocks": blocks,
    }
    return ReportContent(**{**values, **changes})


def task_table(count: int, **changes: object) -> Table:
    columns = (
        Column("序号", 4, "center"),
        Column("工作任务", 20),
        Column("亮灯", 8, "center"),
        Column("最新进展", 24),
    )
    rows: list[Row | SectionRow] = [SectionRow("一、推动制造业质量提升")]
    for number in range(1, count + 1):
        light = ("green", "amber", "red", "grey")[number % 4]
        done = "已完成第一批企业的比对检测，形成问题清单并督促整改；第二批九月底启动。"
        rows.append(Row((Cell(str(number)), Cell(f"任务甲{number}号"), Cell("", light), Cell(done))))
    return Table(columns, tuple(rows), **changes)
