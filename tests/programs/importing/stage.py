"""A short document of the fictional city and what a reader finds in it, written by hand."""

from typing import Any

from programs.domain.importing import drafts
from programs.importing.extraction import (
    AwardFound,
    Basis,
    DeliverableFound,
    DocumentFound,
    Doubt,
    DutyFound,
    Extraction,
    GroupFound,
    IndicatorFound,
    PersonFound,
    PhaseFound,
    RuleFound,
    SectionFound,
    TaskFound,
    Unit,
)
from programs.importing.source import Source, Span
from programs.models import PolicyDraft

TEXT = """示例市人民政府关于开展质量提升三年行动的意见
示政发〔2026〕8号
各区人民政府，市直各单位：
一、工作目标
到2028年，产品监督抽查合格率达到95%以上。
二、重点工作
（一）提升产品质量
1．开展重点产品质量比对。每年组织两次比对。（甲局牵头，市乙局、丙办配合）
2．建设质量服务站。建成10个服务站。（甲局、工艺美术协会负责）
3．加强宣传。
三、实施步骤
第一阶段（2026年7月至2026年12月）：部署。
四、组织保障
各成员单位按季度报送进展。设立市质量标兵奖。对进展迟缓的单位予以通报。
示例市人民政府
2026年6月1日
附件：市质量工作领导小组名单
组长：张三 市长
成员：甲局局长
"""


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def unit(printed: str, name: str = "", kind: Any = "unit") -> Unit:
    return Unit(printed, name or printed, kind, at(printed))


def task(path: str, title: str, words: str, clause: str = "", **units: Any) -> TaskFound:
    return TaskFound(
        path=path, number=f"{path.rpartition('/')[2]}.", title=title, section="二/(一)", quote=at(words[2:20]),
        span=at(words), lead_units=units.get("lead", ()), support_units=units.get("support", ()),
        responsible_units=units.get("joint", ()), role_mode=units.get("mode", "unspecified"), open_ended=False,
        clause=at(clause) if clause else None, inherited_from=None,
    )  # fmt: skip


def found(text: str = TEXT) -> Extraction:
    """`text` may differ from TEXT only behind the signature."""
    first, second = "（甲局牵头，市乙局、丙办配合）", "（甲局、工艺美术协会负责）"
    document = DocumentFound(
        title="示例市人民政府关于开展质量提升三年行动的意见", number="示政发〔2026〕8号", issuing_body="示例市人民政府",
        date="2026-06-01", effective_date=None, effective_computed=False, valid_until=None, valid_until_computed=False,
        addressees=("各区人民政府", "市直各单位"), basis=(Basis("质量强国建设纲要", None),),
        places=(
            ("title", at("示例市人民政府关于开展质量提升三年行动的意见")), ("number", at("示政发〔2026〕8号")),
            ("addressees", at("各区人民政府，市直各单位：")), ("date", at("示例市人民政府\n2026年6月1日")),
        ),
    )  # fmt: skip
    headings = (("一", "工作目标", "一、工作目标"), ("二", "重点工作", "二、重点工作"), ("二/(一)", "提升产品质量", "（一）提升产品质量"),
                ("三", "实施步骤", "三、实施步骤"), ("四", "组织保障", "四、组织保障"))  # fmt: skip
    return Extraction(
        body=Span(0, len(text)),
        document=document,
        sections=tuple(
            SectionFound(path.rpartition("/")[2], title, path, at(words), at(words)) for path, title, words in headings
        ),
        tasks=(
            task("二/(一)/1", "开展重点产品质量比对", f"1．开展重点产品质量比对。每年组织两次比对。{first}", first,
                 lead=(unit("甲局"),), support=(unit("市乙局"), unit("丙办", "市丙办")), mode="lead_support"),
            task("二/(一)/2", "建设质量服务站", f"2．建设质量服务站。建成10个服务站。{second}", second,
                 joint=(unit("甲局"), unit("工艺美术协会", "市工艺美术协会")), mode="joint"),
            task("二/(一)/3", "加强宣传", "3．加强宣传。"),
        ),
        indicators=(
            IndicatorFound("产品监督抽查合格率", ">=", 95, "%", "2028年", "产品质量", "一", at("到2028年，产品监督抽查合格率达到95%以上。")),
            IndicatorFound("质量服务站", "count>=", 10, "个", None, "综合", "二/(一)/2", at("建成10个服务站")),
        ),
        phases=(PhaseFound("第一阶段", "部署", "2026-07", "2026-12", "三", at("第一阶段（2026年7月至2026年12月）：部署。")),),
        leading_group=GroupFound(
            "市质量工作领导小组", PersonFound("组长", "张三", "市长", None, at("组长：张三 市长")), (),
            (PersonFound("成员", None, "甲局局长", "甲局", at("成员：甲局局长")),), "甲局", None, (),
            at("附件：市质量工作领导小组名单"),
        ),
        awards=(AwardFound("市质量标兵奖", "四", at("设立市质量标兵奖。")),),
        deliverables=(
            DeliverableFound("工作进展", "report", None, "每季度", (), None, "四", at("各成员单位按季度报送进展。")),
        ),
        rules=(RuleFound("进展迟缓的单位受到通报", "督查", "进展迟缓的单位", None, "通报", "四", at("对进展迟缓的单位予以通报。")),),
        duties=(DutyFound("各成员单位", "按季度报送进展", "四", at("按季度报送")),),
        warnings=(Doubt("编号疑有漏项", "二/(一)/3", at("3．加强宣传。")),),
    )  # fmt: skip


def taken_in(
    world: Any, text: str = TEXT, *, who: str = "clerk", extraction: Extraction | None = None
) -> PolicyDraft:
    """An upload as it stands after the reading job."""
    draft = drafts.open_draft(actor=world.actor(who), jurisdiction=world.city, pasted=text)
    return drafts.take_reading(
        draft, source=Source(text, "txt"), layout={"format": "txt"}, found=extraction or found(text)
    )


def by_title(draft: PolicyDraft, words: str) -> Any:
    """The proposal that is called so."""
    return next(row for row in draft.proposals.all() if words in str(row))
