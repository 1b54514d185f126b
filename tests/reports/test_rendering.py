"""The PDF itself: read back, looked through, made twice, and refused in clear words."""

import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from qualitycity.confined import running
from qualitycity.confined.limits import PROJECT, child_environment
from qualitycity.reports import rendering
from qualitycity.reports.blocks import Chart, ChartRow, Heading, Lights, Paragraph
from qualitycity.reports.codec import canonical_text, check_code
from qualitycity.reports.fonts import find_faces
from qualitycity.reports.rendering import RenderFailed, render_pdf

from .samples import paper, task_table

ALT = "市市场监管局任务最多，共十二项，其中逾期一项"
CHART = Chart(
    "departments", (ChartRow("市市场监管局", 8, 2, 1, 1), ChartRow("市财政局", 2)), "图1　亮灯情况", ALT
)
PROSE = (
    "2026年第三季度，全市质量强市工作任务共62项，涉及31个牵头单位、46个配合单位。截至9月30日，已办结18项，占29.0%；"
    "正常推进31项，预警6项，逾期4项，另有3项本期未报送、无数据。与上季度相比，逾期任务减少2项，预警任务增加1项，"
    "“一站式”质量基础设施服务站点建设进展偏慢——项目用地手续未办结，需市自然资源局、市财政局协调解决……预计第四季度开工，"
    "“首席质量官”（CQO）培训完成3期、180人次。"
)
HOSTILE = '<img src="file:///etc/hostname"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">'


def pages(pdf: bytes) -> list[str]:
    """The text of each page without spaces: where a line is spread, readers may see spaces between characters."""
    return [re.sub(r"\s", "", page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def font_names(pdf: bytes) -> set[str]:
    names = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        names |= {
            font.get_object()["/BaseFont"].split("+")[-1] for font in page["/Resources"]["/Font"].values()
        }
    return names


@pytest.fixture(scope="module")
def content():
    return paper(
        Heading("一、总体情况"),
        Lights(green=31, amber=6, red=4, grey=3, early=2),
        Paragraph(PROSE),
        Paragraph(HOSTILE, emphasis=True),
        CHART,
        Heading("二、任务进展"),
        task_table(40, caption="任务进展一览表"),
        task_table(12, caption="附表", wide=True),
    )


@pytest.fixture(scope="module")
def pdf(content) -> bytes:
    return render_pdf(content)


def test_every_word_can_be_read_back(pdf):
    whole = "".join(pages(pdf))
    for words in (
        "示例市质量强市2026年第三季度工作进展情况报告", "示例市质量强市工作领导小组办公室", "〔2026〕第4期",
        "期间：2026年第三季度", "编制单位：市质强办", "一、总体情况", "其中提前2项", "市市场监管局", "图1亮灯情况",
        "任务进展一览表", "一、推动制造业质量提升", "任务甲40号", "■逾期", "▲预警", "●正常", "○无数据",
    ):  # fmt: skip
        assert words in whole, words
    assert re.sub(r"\s", "", PROSE) in pages(pdf)[0] + pages(pdf)[1]


def test_each_page_has_its_number_the_moment_and_the_check_code(pdf, content):
    for number, text in enumerate(pages(pdf), start=1):
        assert f"—{number}—" in text
        assert "数据截至2026年9月30日18:05，由质量强市工作门户生成" in text
        assert check_code(content).replace(" ", "") in text


def test_the_head_of_a_table_comes_again_on_each_page(pdf):
    with_tasks = [text for text in pages(pdf) if re.search(r"任务甲\d+号", text)]
    assert len(with_tasks) >= 4
    assert all("序号工作任务亮灯最新进展" in text for text in with_tasks)


def test_a_head_that_is_not_repeated_stands_once():
    table = task_table(40, repeat_header=False)
    assert sum("序号工作任务" in text for text in pages(render_pdf(paper(table)))) == 1


def test_no_row_is_torn_apart(pdf):
    for text in pages(pdf):
        begun, ended = text.count("已完成第一批"), text.count("第二批九月底启动。")
        assert begun == ended


def test_a_wide_table_lies_on_landscape_pages(pdf):
    boxes = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    shapes = ["landscape" if box.width > box.height else "portrait" for box in boxes]
    assert shapes[0] == "portrait"
    assert shapes[-1] == "landscape"


def test_markup_in_a_text_is_printed_as_text(pdf):
    assert re.sub(r"\s", "", HOSTILE) in "".join(pages(pdf))


def test_the_file_names_its_title_author_and_moment(pdf):
    about = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert about.title == "示例市质量强市2026年第三季度工作进展情况报告"
    assert about.author == "示例市质量强市工作领导小组办公室"
    assert about["/CreationDate"] == about["/ModDate"] == "D:20260930180500+08'00"


def test_a_chart_is_described_for_those_who_cannot_see_it(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    told = {
        item["/Alt"]
        for item in objects
        if isinstance(item, pypdf.generic.DictionaryObject) and "/Alt" in item
    }
    assert ALT in told


def test_two_runs_give_the_same_bytes(pdf, content):
    assert render_pdf(content) == pdf


def test_a_machine_with_nothing_but_noto_gives_a_complete_paper(monkeypatch, tmp_path, content):
    monkeypatch.setenv("QC_VAR", str(tmp_path))
    bare = render_pdf(replace(content, blocks=(*content.blocks[:2], Paragraph(PROSE + "镕堃㎡"))))
    assert "NotoSerifCJKSC" in {name.replace("-", "") for name in font_names(bare)}
    assert re.sub(r"\s", "", PROSE) + "镕堃㎡" in "".join(pages(bare))


def test_fandol_serves_the_text_where_it_is_there_and_noto_the_rare_characters():
    if not any(face.name == "Paper Fang" for face in find_faces()):
        pytest.skip("the Fandol faces are not on this machine: see docs/reports.md")
    pdf = render_pdf(paper(Paragraph("示例㎡")))
    assert {"Paper-Fang", "Noto-Serif-CJK-SC"} <= font_names(pdf)
    assert "示例㎡" in pages(pdf)[0]


def test_the_right_edge_is_straight(tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext of poppler-utils is not on this machine")
    file = tmp_path / "paper.pdf"
    file.write_bytes(render_pdf(paper(Paragraph(PROSE), Paragraph("（此段仅一行）。"))))
    boxes = subprocess.run(
        ["pdftotext", "-bbox-layout", "-l", "1", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    lines = re.findall(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes)
    top = float(lines[0][1])
    body = [[float(x) for x in line] for line in lines if 15 < float(line[3]) - float(line[1]) < 30]
    edges = [right for left, upper, right, _ in body if upper > top + 120 and right > 400]
    assert len(edges) >= 6
    margin = (210 - 26) / 25.4 * 72
    assert all(abs(edge - margin) < 1 for edge in edges), edges


def test_a_page_of_prose_has_twenty_two_lines_of_twenty_eight_characters():
    pdf = render_pdf(paper(Paragraph(PROSE * 9), Paragraph("示例市质量强市工作" * 20)))
    second, third = (page.extract_text().splitlines() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages[1:3])
    assert len([line for line in second if "数据截至" not in line]) == 22
    full = [re.sub(r"\s", "", line) for line in third if re.fullmatch(r"[示例市质量强工作\s]+", line)]
    assert [len(line) for line in full[1:-1]] == [28] * (len(full) - 2)


def running_in_group(group: int) -> list[int]:
    """The processes of a group that still run; those that have ended and only wait to be counted do not."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(entry.parent.name))
    return found


def test_a_paper_that_takes_too_long_is_stopped_with_all_its_processes(monkeypatch, content):
    started = []

    class Remembered(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Remembered)
    with pytest.raises(RenderFailed) as failure:
        render_pdf(content, timeout=1)
    assert failure.value.code == "timeout"
    deadline = time.monotonic() + 10
    while running_in_group(started[0]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running_in_group(started[0]) == []


def test_a_paper_that_wants_too_much_memory_is_refused():
    with pytest.raises(RenderFailed) as failure:
        render_pdf(paper(task_table(40)), memory=300)
    assert failure.value.code == "memory"


def run_child(text: str, tmp_path, *options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "qualitycity.reports.render", str(tmp_path / "paper.pdf"), *options]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, cwd=PROJECT, env=child_environment(), timeout=60
    )


def test_the_child_is_held_to_its_processor_time(tmp_path):
    child = run_child(canonical_text(paper(task_table(300))), tmp_path, "--seconds", "1")
    assert child.returncode == -signal.SIGXCPU
    assert rendering._failure(child.returncode) == "timeout"


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 1}', '{"format": 1, "kind": "report"}'])
def test_content_that_cannot_be_read_is_named_by_the_child(text, tmp_path):
    child = run_child(text, tmp_path)
    assert child.returncode == 2
    assert child.stderr.strip()
    assert not (tmp_path / "paper.pdf").exists()


def test_the_child_reads_content_from_a_file_too(tmp_path, content):
    source = tmp_path / "content.json"
    source.write_text(
        json.dumps(json.loads(canonical_text(replace(content, blocks=(Paragraph("正文。"),))))), "utf-8"
    )
    assert run_child("", tmp_path, str(source)).returncode == 0
    assert "正文。" in pages((tmp_path / "paper.pdf").read_bytes())[0]


def test_an_unknown_fault_is_told_as_one(monkeypatch, content):
    monkeypatch.setattr(running, "PROJECT", "/")
    with pytest.raises(RenderFailed) as failure:
        render_pdf(content)
    assert failure.value.code == "fault"


@pytest.mark.parametrize("code", rendering.SENTENCES)
def test_every_failure_has_a_sentence(code):
    assert len(str(RenderFailed(code))) > 10


def test_every_exit_code_has_a_sentence():
    assert set(rendering._CODES.values()) <= set(rendering.SENTENCES)
