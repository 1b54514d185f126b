"""How long setting a paper takes, and how much memory: ``python -m benchmarks.reports [--runs 3] [--keep DIR]``.

Prints seconds, processor seconds and peak memory of the child processes for an official paper
of some 28 pages with a table of 60
rows and two charts, for the breakdown table of 500 tasks, and, in the same run, for a bare process that does
no more than load WeasyPrint: figures of two machines, or of a busy one, can be compared by the ratio of
processor time to it.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pypdf

from qualitycity.reports.blocks import (
    BEIJING,
    Block,
    Cell,
    Chart,
    ChartRow,
    Column,
    Heading,
    Lights,
    Paragraph,
    ReportContent,
    Row,
    Table,
)
from qualitycity.reports.numerals import numbered
from qualitycity.reports.papers import BreakdownLine, breakdown_table
from qualitycity.reports.rendering import render_pdf

AS_OF = datetime(2026, 9, 30, 18, 0, tzinfo=BEIJING)
ISSUER = "示例市质量强市工作领导小组办公室"
UNITS = (
    "市市场监管局",
    "市教育局",
    "市财政局",
    "市住房城乡建设局",
    "市交通运输局",
    "东城区政府",
    "西山县政府",
)
SENTENCE = (
    "本季度围绕年度目标推进重点产品质量比对、工程质量管控和服务质量监测，累计检查企业126家次，发现问题38项，已整改31项；"
    "其余7项明确了责任单位和完成时限，由牵头单位按月调度、逐项销号。"
)


def long_report() -> ReportContent:
    """An official paper of some 28 pages: prose in seven chapters, two charts, a table of 60 rows."""
    blocks: list[Block] = [Heading("总体情况"), Lights(green=38, amber=12, red=6, grey=4, early=5)]
    for chapter in range(7):
        blocks.append(Heading(f"{UNITS[chapter]}工作情况"))
        for part in range(3):
            blocks.append(Heading(f"重点任务第{part + 1}组", 2))
            blocks += [Paragraph(SENTENCE * 3)] * 2
    bars = tuple(ChartRow(unit, 9 - n, n % 3, n % 2, 1) for n, unit in enumerate(UNITS))
    columns = tuple(
        ChartRow(f"2026年{month}月", 20 + month, 9 - month, month % 3, 2) for month in range(1, 9)
    )
    blocks.insert(2, Chart("departments", bars, "图1　各牵头单位任务亮灯情况", "各单位亮灯情况"))
    blocks.insert(3, Chart("trend", columns, "图2　亮灯走势", "各月亮灯走势"))
    head = ("序号", "工作任务", "牵头单位", "时限", "亮灯", "最新进展")
    shares = (4, 18, 10, 8, 8, 20)
    rows = tuple(
        Row(
            (
                Cell(str(n)),
                Cell("组织开展重点产品质量比对提升行动"),
                Cell(UNITS[n % 7]),
                Cell("2026年12月"),
                Cell("", ("green", "amber", "red", "grey")[n % 4]),
                Cell(SENTENCE[:40]),
            )
        )
        for n in range(1, 61)
    )
    table = Table(tuple(Column(title, share) for title, share in zip(head, shares, strict=True)), rows)
    return ReportContent(
        kind="report",
        title="示例市质量强市2026年第三季度\n工作进展情况报告",
        subtitle="",
        issuer=ISSUER,
        number="〔2026〕第4期",
        as_of=AS_OF,
        period_label="2026年第三季度",
        author_label="市质强办",
        snapshot_ids=(),
        blocks=numbered((*blocks, Heading("任务进展一览"), table)),
    )


def long_breakdown(tasks: int) -> ReportContent:
    """The breakdown table of so many tasks in sections of twenty."""
    lines = [
        BreakdownLine(str(n), f"第{n}项重点任务", SENTENCE[:30], UNITS[n % 7], UNITS[(n + 1) % 7], "王示例", "赵示例",
                      "2026年12月底", Cell("60%", ("green", "amber", "red", "grey")[n % 4]))
        for n in range(1, tasks + 1)
    ]  # fmt: skip
    sections = [(f"第{first // 20 + 1}部分", lines[first : first + 20]) for first in range(0, tasks, 20)]
    return breakdown_table(
        title="示例市质量强市建设2026年行动计划", issuer=ISSUER, number=None, period_label="2026年度", as_of=AS_OF, sections=sections
    )  # fmt: skip


class Measured(NamedTuple):
    seconds: float
    processor: float
    megabytes: int
    result: bytes


def measured(work: Callable[[], bytes]) -> Measured:
    """Do ``work`` in a process of its own; what it and its children took, the memory of the largest of them."""
    reader, writer = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(work())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        result = pipe.read()
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit("the measured work failed")
    elapsed = time.perf_counter() - started
    return Measured(elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, result)


def bare() -> bytes:
    """Load WeasyPrint in a process of its own and do nothing with it."""
    subprocess.run([sys.executable, "-c", "import weasyprint"], check=True)
    return b""


def main() -> None:
    """Print one line for each paper."""
    options = argparse.ArgumentParser(description="Measure the setting of papers.")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--keep", type=Path, help="write the papers into this folder")
    given = options.parse_args()
    papers = {"report": long_report(), "breakdown-500": long_breakdown(500)}
    floor = statistics.median(measured(bare).processor for _ in range(given.runs))
    print(f"bare: load WeasyPrint, {floor:.2f} s of processor time")
    for name, content in papers.items():
        runs = [measured(lambda content=content: render_pdf(content, timeout=300)) for _ in range(given.runs)]
        seconds = statistics.median(run.seconds for run in runs)
        processor = statistics.median(run.processor for run in runs)
        pdf = runs[0].result
        same = all(run.result == pdf for run in runs)
        pages = len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
        print(
            f"{name}: {pages} pages, {len(pdf) // 1024} kB, {seconds:.2f} s, processor {processor:.2f} s "
            f"({processor / floor:.1f} × bare), peak {max(run.megabytes for run in runs)} MB, "
            f"runs byte-equal: {'yes' if same else 'NO'}"
        )
        if given.keep:
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{name}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    main()
