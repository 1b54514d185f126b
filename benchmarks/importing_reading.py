"""Time and memory of reading a long document: `python -m benchmarks.importing_reading`.

A document of some 500 pages – chapters of items with their clauses, and a long table of tasks – is made as Word file,
PDF and web page, and read by `parsing.parse` as an upload is: in its child process, tasks and all. Goal for each:
30 seconds and 300 MB.
"""

import argparse
import io
import os
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from pypdf import PdfReader, PdfWriter

from programs.importing.reading.markers import counting

PAGES = 500
GOAL_SECONDS, GOAL_MEGABYTES = 30, 300
UNITS = ("市市场监管局", "市发展改革委", "市工业和信息化局", "市教育局", "市住房城乡建设局", "市农业农村局")
#: Items that fill a page of a PDF in the official layout, with its heading.
_ITEMS = 5


def items(count: int) -> list[tuple[str, str]]:
    """(title, text with its clause)."""
    made = []
    for number in range(1, count + 1):
        lead, support = UNITS[number % 6], UNITS[(number + 1) % 6][1:]
        text = (
            f"完善第{number}类产品的质量监测网络，按季度公布监测结果，{2025 + number % 3}年底前抽检合格率达到"
            f"{90 + number % 9}%以上，建立问题清单并限期整改，推动相关企业对照先进标准改进工艺和管理。"
        )
        made.append(
            (f"提升第{number}类产品质量", f"{text}（{lead}牵头，{UNITS[(number + 2) % 6]}、{support}配合）")
        )
    return made


def word(pages: int) -> bytes:
    from tests.importing.reading import builders

    body = [builders.p("示例市质量工作汇编"), builders.p("示政发〔2025〕99号")]
    for number, (title, text) in enumerate(items(pages * _ITEMS)):
        if number % 40 == 0:
            body.append(builders.numbered(f"质量提升工作第{number // 40 + 1}组", 0))
        body.append(builders.numbered(f"{title}。{text}", 1))
    rows = [(str(at), title, UNITS[at % 6], "年底") for at, (title, _text) in enumerate(items(pages * 2), 1)]
    cells = "".join(
        f"<w:tr>{''.join(map(builders.tc, row))}</w:tr>"
        for row in [("序号", "任务", "责任单位", "时限"), *rows]
    )
    body.append(f"<w:tbl><w:tblPr/>{cells}</w:tbl>")
    return builders.docx(
        "".join(body),
        styles=builders.STYLES,
        numbering=builders.scheme(builders.OFFICIAL) + builders.lists((1, 1, "")),
    )


def chapters(count: int) -> str:
    """The items as paragraphs of a page, twenty to a chapter."""
    said = []
    for number, (title, text) in enumerate(items(count)):
        if number % 20 == 0:
            said.append(f"<p>{counting(number // 20 + 1)}、质量提升工作第{number // 20 + 1}组</p>")
        said.append(f"<p>{number % 20 + 1}.{title}。{text}</p>")
    return "".join(said)


def page(pages: int) -> bytes:
    body = f"<h1>示例市质量工作汇编</h1>{chapters(pages * _ITEMS)}"
    return f"<html><meta charset=utf-8><body>{body}</body></html>".encode()


def printed(pages: int) -> bytes:
    """Some twenty-five pages made once and put one after another."""
    from tests.importing.reading import prints

    few = items(20 * _ITEMS)
    rows = "".join(
        f"<tr><td>{at}</td><td>{title}</td><td>{UNITS[at % 6]}</td><td>年底</td></tr>"
        for at, (title, _text) in enumerate(few, 1)
    )
    table = f"<table><tr><td>序号</td><td>任务</td><td>责任单位</td><td>时限</td></tr>{rows}</table>"
    body = f"<p class=title>示例市质量工作汇编</p>{chapters(len(few))}<p>任务表</p>{table}"
    piece = PdfReader(io.BytesIO(prints.pdf(body)))
    writer = PdfWriter()
    while len(writer.pages) < pages:
        for sheet in piece.pages[: pages - len(writer.pages)]:
            writer.add_page(sheet)
    return prints.written(writer)


class Measured(NamedTuple):
    seconds: float
    processor: float
    megabytes: int
    said: str


def measured(work: Callable[[], str]) -> Measured:
    """What the work took in a process of its own, with those that it starts; the memory is that of the largest."""
    reader, writer = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.write(writer, work().encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise SystemExit("the measured work failed")
    processor = usage.ru_utime + usage.ru_stime
    return Measured(time.perf_counter() - began, processor, usage.ru_maxrss // 1024, said)


def main() -> None:
    """Print one line for each format."""
    options = argparse.ArgumentParser(description="Measure the reading of long documents.")
    options.add_argument("--pages", type=int, default=PAGES)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    for name, make in (("long.docx", word), ("long.pdf", printed), ("long.html", page)):
        # made in a process of its own, so that the measured one does not begin with the builder's memory
        data = made(make, given.pages)
        runs = [measured(lambda name=name, data=data: reading(name, data)) for _run in range(given.runs)]
        seconds, most = statistics.median(run.seconds for run in runs), max(run.megabytes for run in runs)
        processor = statistics.median(run.processor for run in runs)
        over = "" if seconds <= GOAL_SECONDS and most <= GOAL_MEGABYTES else "  over its goal"
        print(
            f"{name}: {given.pages} pages, {len(data) // 1024} kB, {runs[0].said}, {seconds:.1f} s "
            f"(processor {processor:.1f} s), peak {most} MB{over}",
            flush=True,
        )


def made(make: Callable[[int], bytes], pages: int) -> bytes:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(make(pages))
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    return data


def reading(name: str, data: bytes) -> str:
    from programs.importing.parsing import parse

    parsed = parse(name, data)
    tasks = len(parsed.extraction.tasks) if parsed.extraction else 0
    return f"{len(parsed.source.text)} characters, {tasks} tasks"


if __name__ == "__main__":
    main()
