"""The papers: set by a job, frozen with their words, marked when void; the bulletin and what it is made of."""

import subprocess
from datetime import date

import pytest

from programs.domain.supervision import bulletins, slips
from programs.models import Bulletin, Slip
from qualitycity.outbox.drain import drain
from qualitycity.workflow import IllegalMove, NotAllowed

from .slips import answered, issued, late_item, part_subject
from .stage import hand_out, make_case

pytestmark = pytest.mark.django_db
SPAN = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 4, 20)}


def text_of(file, tmp_path):
    """Words of a stored PDF without spaces."""
    path = tmp_path / "paper.pdf"
    with file.open() as stored:
        path.write_bytes(stored.read())
    said = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return "".join(said.stdout.decode().split())


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def test_a_slip_is_set_by_a_job_and_frozen_and_a_void_one_is_marked(world, media):
    slip = issued(
        world, who="director", kind="notice", colour="orange", level="head", situation="进展滞后，逾期6个工作日",
        demands="请说明逾期原因。\n三日内整改。", responsible="王建国", contact="办公室0990-1234567",
    )  # fmt: skip
    drain("pdf")
    drain("pdf")
    slip.refresh_from_db()
    said = text_of(slip.file, media)
    for words in (
        "督办通知单", "督办通知〔2026〕1号", "橙色", "抓紧报送进展", "进展滞后，逾期6个工作日", "请说明逾期原因。", "三日内整改。",
        "示例市甲局", "王建国", "2026年4月10日前回复", "director", "2026年3月26日", "回执", "单位负责人（签字）", "0990-1234567",
    ):  # fmt: skip
        assert words in said, words
    assert "作废" not in said and slip.content["number"] == slip.number and len(slip.content_sha256) == 64
    first, content = slip.file_id, slip.content
    slips.withdraw(slip, actor=world.actor("director"), reason="发错单位")
    drain("pdf")
    drain("pdf")
    slip.refresh_from_db()
    assert (slip.file_id, slip.content) == (first, content), "the paper as issued is never written over"
    marked = text_of(slip.void_file, media)
    assert "作废" in marked and "发错单位" in marked and "督办通知〔2026〕1号" in marked and slip.paper == slip.void_file


def test_every_kind_has_its_form_and_the_word_of_its_colour(world, media):
    cases = [
        ("assignment", "", "工作交办单", "交办〔2026〕1号", "交办"), ("urge", "blue", "工作催办单", "催办〔2026〕1号", "蓝色"),
        ("notice", "red", "督办通知单", "督办通知〔2026〕1号", "红色"),
    ]  # fmt: skip
    for (kind, colour, title, number, word), unit in zip(cases, ("甲局", "乙局", "丙局"), strict=True):
        subject = part_subject(world, unit, {"甲局": 0, "乙局": 1, "丙局": 2}[unit])
        slip = issued(world, who="director", kind=kind, colour=colour, subject=subject)
        drain("pdf")
        drain("pdf")
        slip.refresh_from_db()
        said = text_of(slip.file, media)
        assert title in said and number in said and word in said


def test_a_bulletin_is_drafted_from_the_data_and_worded_by_the_office(world, clock, media):
    late = issued(world, subject=part_subject(world, "乙局", 1), due_on=date(2026, 4, 1))
    done = issued(world)
    answered(world, done)
    item = hand_out(world, due_on=date(2026, 4, 10))
    make_case(world, due_on=date(2026, 4, 10))
    clock.move_to("2026-04-20T09:00:00+08:00")
    clerk = world.actor("clerk")
    with pytest.raises(NotAllowed):
        bulletins.draft(actor=world.actor("jia_head"), jurisdiction=world.city, **SPAN)
    row = bulletins.draft(actor=clerk, jurisdiction=world.city, **SPAN)
    assert row.title == "关于2026年1月至4月质量工作督查情况的通报"
    tables = {table["title"]: table["rows"] for table in row.tables}
    titles = ["本期办结事项", "滞后事项", "督办事项逾期", "督办单逾期未回复", "逾期未报单位", "逾期未报材料"]
    assert list(tables) == titles, "no order of units by default"
    assert [line[3] for line in tables["督办单逾期未回复"]] == [f"{late.number}（蓝色）"]
    assert {line[1] for line in tables["逾期未报单位"]} == {"市甲局", "市乙局", "市丙局"}
    overdue = [(line[1], line[4]) for line in tables["督办事项逾期"]]
    assert overdue == [(item.title, "未签收，逾期6个工作日")], "a restricted case stands in no bulletin"
    assert "签发督办单2张（蓝色2张），已回复1张" in row.opening and "逾期未回复的督办单1张" in row.opening
    row = bulletins.revise(row, actor=clerk, row_version=1, opening="我们自己的话。", ranked=True)
    assert row.tables[-1]["title"] == "各单位任务推进情况" and row.opening == "我们自己的话。"
    row = bulletins.read_again(row, actor=clerk, row_version=row.row_version)
    assert row.opening == "我们自己的话。", "the words of the office stay"
    with pytest.raises(IllegalMove):
        bulletins.revise(row, actor=clerk, row_version=1, opening="另一人的")
    with pytest.raises(NotAllowed):
        bulletins.issue(row, actor=clerk)
    row = bulletins.issue(row, actor=world.actor("director"))
    assert row.number == "督查通报〔2026〕1号" and bulletins.issue(row, actor=world.actor("director")).seq == 1
    with pytest.raises(IllegalMove):
        bulletins.revise(row, actor=clerk, row_version=row.row_version, opening="晚了")
    drain("pdf")
    row.refresh_from_db()
    said = text_of(row.file, media)
    for words in ("督查通报〔2026〕1号", "一、总体情况", "我们自己的话。", "附表5逾期未报单位", "附表7各单位任务推进情况", "市丙局"):
        assert words in said, words


def test_the_bulletin_of_a_programme_names_slips_about_its_items(world, clock):
    """An item may belong to a programme; a slip about it stands beside it."""
    for number, programme in (("督办〔2026〕1号", world.programme), ("督办〔2026〕2号", None)):
        part = late_item(world, number=number, programme=programme)
        subject = slips.Subject(department=part.department, item_part=part)
        issued(world, subject=subject, matter=number, due_on=date(2026, 4, 1))
    clock.move_to("2026-04-20T09:00:00+08:00")
    row = bulletins.draft(actor=world.actor("clerk"), jurisdiction=world.city, programme=world.programme, **SPAN)
    tables = {table["title"]: [line[1] for line in table["rows"]] for table in row.tables}
    assert tables["督办单逾期未回复"] == ["督办〔2026〕1号"] and "签发督办单1张" in row.opening


def test_numbers_of_bulletins_have_no_gap_and_restricted_items_stand_in_none(world, clock):
    director = world.actor("director")
    part = late_item(world, restricted=True, number="挂牌〔2026〕1号")
    Slip.objects.create(
        jurisdiction=world.city, item_part=part, department=world.units["甲局"], kind="urge", colour="blue", matter="案件",
        demands="请办理", due_on=date(2026, 4, 1), proposed_on=date(2026, 3, 26), state="issued", year=2026, seq=9,
        number="催办〔2026〕9号", issued_by=world.people["director"], issued_at="2026-03-26T10:00:00+08:00",
    )  # fmt: skip
    clock.move_to("2026-04-20T09:00:00+08:00")
    director = world.actor("director")
    first = bulletins.draft(actor=director, jurisdiction=world.city, **SPAN)
    assert "案件" not in str(first.tables) and "挂牌" not in str(first.tables)
    second = bulletins.draft(actor=director, jurisdiction=world.city, **SPAN)
    bulletins.discard(first, actor=director)
    assert bulletins.issue(second, actor=director).seq == 1
    void = bulletins.withdraw(second, actor=director, reason="数据有误")
    third = bulletins.issue(bulletins.draft(actor=director, jurisdiction=world.city, **SPAN), actor=director)
    assert (void.number, third.number) == ("督查通报〔2026〕1号", "督查通报〔2026〕2号")
    assert Bulletin.objects.get(pk=first.pk).number == ""
