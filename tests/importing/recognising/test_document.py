"""The frame of a document: title, number, dates, addressees, validity, annexes, and the page around it. By hand."""

import pytest

from programs.importing.coverage import cover
from programs.importing.recognising import recognise

from .telling import source_of

COVERED = """首页 > 政务公开 > 政府文件
示例市人民政府办公室关于印发示例市质量提升三年行动计划（2023—2025年）的通知
发布时间：2023-03-02 10:20　来源：市政府办　浏览次数：123
示政办发〔2023〕8号
各县（市、区）人民政府，高新区管委会，市政府各部门、直属机构：
　　《示例市质量提升三年行动计划（2023—2025年）》已经市政府同意，现印发给你们，请认真组织实施。
　　　　　　　　示例市人民政府办公室
　　　　　　　　　2023年2月28日
示例市质量提升三年行动计划
（2023—2025年）
　　为贯彻落实《质量强国建设纲要》和《关于开展质量提升行动的实施意见》（示发〔2022〕15号），制定本计划。
　　一、重点任务
　　（一）开展质量比对。组织企业开展比对。（市质监局负责）
　　附件：1．重点指标
　　　　　2．任务分工表
【打印】【关闭】
相关阅读：一图读懂
"""

OPINIONS = """示例县人民政府
关于加强质量工作的意见
示县政发〔2016〕22号
各镇人民政府,县政府各工作部门、直属机构:
根据《示例市质量发展规划》,提出以下意见。
一、重点工作
(一)开展质量比对。组织企业开展比对。(县质监局负责)
本意见自印发之日起30日后施行,有效期3年。
示例县人民政府
二〇一六年十月十日
附件
示例县质量强县工作领导小组成员名单
组 长: 林某某 县长
副组长:周 某 副县长
何某某 副县长
成 员:吴某某 县质监局局长
      郑某某 县政府办公室主任、县政务服务中心主任
      县财政局局长
领导小组办公室设在县质监局,吴某某同志兼任办公室主任。
评论
网友甲
说得好!(县质监局负责)
"""


def found(text):
    return recognise(source_of(text))


def test_the_title_is_the_plans_own_and_not_that_of_the_notice():
    document = found(COVERED).document
    assert document.title == "示例市质量提升三年行动计划（2023—2025年）"
    assert document.number == "示政办发〔2023〕8号"
    assert document.issuing_body == "示例市人民政府办公室"
    assert document.date == "2023-02-28"
    assert document.addressees == ("各县(市、区)人民政府", "高新区管委会", "市政府各部门", "市政府直属机构")
    assert [(row.title, row.number) for row in document.basis] == [
        ("质量强国建设纲要", None),
        ("关于开展质量提升行动的实施意见", "示发〔2022〕15号"),
    ]


def test_a_document_in_traditional_characters_is_named_as_printed():
    document = found(
        "示例縣人民政府關於加強質量工作的意見\n示縣政發〔2016〕22號\n一、重點工作\n(一)開展比對。(縣質監局負責)\n示例縣人民政府\n2016年10月10日\n"
    ).document
    assert document.title == "示例縣人民政府關於加強質量工作的意見"
    assert (document.number, document.issuing_body) == ("示縣政發〔2016〕22號", "示例縣人民政府")
    assert document.date == "2016-10-10"


def test_the_page_around_the_document_is_left_out():
    body = found(COVERED).body
    assert COVERED[body.start :].startswith("示例市人民政府办公室关于印发")
    assert COVERED[: body.end].endswith("2．任务分工表")
    body = found(OPINIONS).body
    assert OPINIONS[: body.end].endswith("吴某某同志兼任办公室主任。")


def test_opinions_with_signature_validity_and_annex():
    document = found(OPINIONS).document
    assert document.title == "示例县人民政府关于加强质量工作的意见"
    assert document.issuing_body == "示例县人民政府"
    assert document.addressees == ("各镇人民政府", "县政府各工作部门", "县政府直属机构")
    assert (document.date, document.number) == ("2016-10-10", "示县政发〔2016〕22号")
    assert (document.effective_date, document.effective_computed) == ("2016-11-09", True)
    assert (document.valid_until, document.valid_until_computed) == ("2019-11-09", True)


def test_a_roster_in_an_annex():
    group = found(OPINIONS).leading_group
    assert group is not None
    assert group.name == "示例县质量强县工作领导小组"
    assert (group.head.person, group.head.post) == ("林某某", "县长")
    assert [(row.person, row.post) for row in group.deputies] == [("周某", "副县长"), ("何某某", "副县长")]
    assert [(row.person, row.post, row.unit) for row in group.members] == [
        ("吴某某", "县质监局局长", "县质监局"),
        ("郑某某", "县政府办公室主任、县政务服务中心主任", "县政府办公室"),
        (None, "县财政局局长", None),
    ]
    assert (group.office_seat, group.office_director) == ("县质监局", "吴某某")


def test_a_roster_told_in_a_sentence():
    group = found(
        "示例市质量工作意见\n一、保障措施\n(一)加强领导。成立示例市质量强市工作领导小组(以下简称领导小组),由市长任组长,分管副市长任常务副组长,"
        "市政府副秘书长、市质监局局长任副组长,成员单位由市委宣传部、市发改委、示例海关组成。领导小组办公室设在市质监局,由市质监局局长兼任办公室主任。\n"
    ).leading_group
    assert group is not None
    assert group.name == "示例市质量强市工作领导小组"
    assert group.head.post == "市长"
    assert [(row.role, row.post) for row in group.deputies] == [
        ("常务副组长", "分管副市长"),
        ("副组长", "市政府副秘书长"),
        ("副组长", "市质监局局长"),
    ]
    assert [row.unit for row in group.members] == ["市委宣传部", "市发改委", "示例海关"]
    assert (group.office_seat, group.office_director) == ("市质监局", "市质监局局长")


def test_a_group_that_is_only_named():
    group = found(
        "示例县质量工作意见\n一、保障措施\n(一)明确责任。县质量强县工作推进委员会办公室要加强协调。\n"
    ).leading_group
    assert group is not None
    assert (group.name, group.head, group.members) == ("县质量强县工作推进委员会", None, ())


def test_no_group_is_made_up():
    assert (
        found("示例县质量工作意见\n一、重点工作\n(一)开展比对。组织企业比对。(县质监局负责)\n").leading_group
        is None
    )


DATES = [
    ("2016年10月10日", "2016-10-10"),
    ("2016年1010", "2016-10-10"),
    ("2016年603", "2016-06-03"),
    ("二〇一六年十月十日", "2016-10-10"),
    ("二○一六年十二月三十一日", "2016-12-31"),
    ("2016 年 6 月 3 日", "2016-06-03"),
]


@pytest.mark.parametrize(("printed", "day"), DATES)
def test_dates_of_a_signature(printed, day):
    text = f"示例市质量工作意见\n一、重点工作\n(一)开展比对。组织比对。\n示例市人民政府\n{printed}\n"
    assert found(text).document.date == day


def test_a_date_that_lost_its_month_is_doubted():
    text = "示例市质量工作意见\n一、重点工作\n(一)开展比对。(市质监局负责)\n示例市人民政府\n2016年1010\n"
    (doubt,) = found(text).warnings
    assert doubt.message == "日期漏印了“月”“日”，按2016年10月10日读"
    assert text[doubt.span.start : doubt.span.end] == "2016年1010"


def test_a_stamp_of_the_web_page_is_not_the_date():
    text = "示例市质量工作意见\n发布时间:2016-10-15 10:35\n成文日期:2016年10月10日 公开日期:2016年10月15日\n一、重点工作\n(一)开展比对。\n"
    assert found(text).document.date == "2016-10-10"
    assert found(text.replace("成文日期:2016年10月10日 ", "")).document.date is None


def test_dates_of_validity_that_are_printed():
    document = found(
        "示例市质量工作意见\n一、重点工作\n(一)开展比对。\n本意见自2018年3月1日起施行,有效期至2020年12月31日。\n"
    ).document
    assert (document.effective_date, document.effective_computed) == ("2018-03-01", False)
    assert (document.valid_until, document.valid_until_computed) == ("2020-12-31", False)


PHASES = [
    ("(一)动员部署(2012年12月至2013年3月)。印发方案。", ("动员部署", "2012-12", "2013-03")),
    ("(一)巩固提高,做好迎检(2014年7月至12月)。查漏补缺。", ("巩固提高,做好迎检", "2014-07", "2014-12")),
    ("(一)组织实施阶段(2018年5月-2020年10月)。全面落实。", ("组织实施阶段", "2018-05", "2020-10")),
    ("(一)集中攻坚(2023年6月1日至8月31日)。集中攻坚。", ("集中攻坚", "2023-06", "2023-08")),
    ("(一)全面推进(2021年—2023年)。全面推进。", ("全面推进", "2021-01", "2023-12")),
    ("第一阶段:宣传发动(2016年3月至4月)。层层动员。", ("宣传发动", "2016-03", "2016-04")),
]


@pytest.mark.parametrize(("line", "phase"), PHASES, ids=[row[0] for row in PHASES])
def test_phases_and_their_months(line, phase):
    (row,) = found(f"示例市质量工作方案\n一、实施步骤\n{line}\n二、保障措施\n(一)加强领导。\n").phases
    assert (row.name, row.start, row.end) == phase


def test_every_sentence_is_behind_a_finding_or_listed():
    source = source_of(OPINIONS)
    coverage = cover(source, recognise(source))
    assert [source.quote(span) for span in coverage.unassigned] == []
    assert coverage.fraction == 1.0
    more = source_of(OPINIONS.replace("一、重点工作\n", "一、重点工作\n全县质量形势总体向好。\n"))
    coverage = cover(more, recognise(more))
    assert [more.quote(span) for span in coverage.unassigned] == ["全县质量形势总体向好。"]
    # 11 of the characters are behind nothing
    assert (
        round(
            (1 - coverage.fraction)
            * sum(len("".join(more.quote(row.span).split())) for row in coverage.sentences)
        )
        == 11
    )


def test_a_sentence_knows_its_narrowest_finding_first():
    source = source_of("示例市质量工作方案\n一、重点任务\n(一)开展比对。合格率达到95%以上。(市质监局负责)\n")
    coverage = cover(source, recognise(source))
    kinds = {source.quote(row.span): [found.kind for found in row.findings] for row in coverage.sentences}
    assert kinds["合格率达到95%以上。"] == ["indicator", "task"]
    assert kinds["(市质监局负责)"] == ["clause", "task"]
    assert kinds["一、重点任务"] == ["section"]
