"""The style page of the portal (only while DEBUG is on): every component with sample data, to look at and to test.

The data is invented here and stored nowhere; the page needs no database row.
"""

import datetime
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

MOMENT = datetime.datetime(2026, 11, 20, 9, 40, tzinfo=datetime.UTC)
MAX_MB = 20


class FilingSample(forms.Form):
    progress = forms.CharField(
        label="本期进展",
        help_text="写清做了什么、做到哪一步，有数字的写数字。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    percent = forms.IntegerField(
        label="完成进度",
        help_text="截至本期末的累计数，只升不降；下降须说明原因。",
        min_value=0,
        max_value=100,
    )
    problems = forms.CharField(
        label="存在问题", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
    due = forms.DateField(
        label="预计完成日期", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label="本期情况",
        choices=[("on", "按计划推进"), ("done", "已完成，申请办结")],
        widget=forms.RadioSelect,
        initial="on",
    )
    paper = forms.BooleanField(
        label="本期用纸质审签", required=False, help_text="打印报送表，签字盖章后上传扫描件。"
    )
    evidence = forms.FileField(
        label="佐证材料",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.png"}),
    )


class FilterSample(forms.Form):
    q = forms.CharField(label="任务或条目", required=False)
    department = forms.ChoiceField(
        label="责任单位", required=False, choices=[("", "全部单位"), ("a", "市市场监管局")]
    )
    light = forms.ChoiceField(label="灯", required=False, choices=[("", "全部"), ("red", "逾期")])
    due = forms.DateField(label="时限不晚于", required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _ledger() -> list[dict]:
    latest = "已完成 32 家企业首席质量官培训，第二批名单正在核对；示例经开区 6 家企业申请延至 12 月，"
    rows = [
        ("1", "推行首席质量官制度，规模以上工业企业覆盖率达到 90%", "市市场监管局", "市工信局、各区县政府", 60, 75,
         "amber", "距时限还有 7 个工作日，本期尚未填报", latest + "拟单独安排一次集中授课，授课地点和师资已落实。"),
        ("2", "建成 3 个国家级检验检测中心", "市市场监管局、市科技局", "市财政局", 100, 75,
         "green", "比时限提前 24 天完成", "第三个中心已通过验收。"),
        ("3", "开展重点工业产品质量安全专项监督抽查", "市市场监管局", "", None, None,
         "red", "时限已过 6 个工作日，单位填报后被退回，尚未重报", "抽查 126 批次，不合格 9 批次，已全部立案。"),
    ]  # fmt: skip
    return [
        {
            "no": no, "title": title, "lead": lead, "support": support, "percent": percent, "planned": planned,
            "light": code, "why": why, "latest": text, "due": datetime.date(2026, 11, 30), "added": no == "3",
        }
        for no, title, lead, support, percent, planned, code, why, text in rows
    ]  # fmt: skip


def _bars() -> list[dict]:
    rows = [("市市场监管局", 2, 3, 14, 2), ("市工业和信息化局", 1, 1, 9, 0), ("市住房和城乡建设局", 0, 2, 5, 1),
            ("示例县人民政府", 0, 0, 4, 3)]  # fmt: skip
    return [
        {"label": name, "url": "#bars", "red": red, "amber": amber, "green": green, "grey": grey,
         "total": red + amber + green + grey}
        for name, red, amber, green, grey in rows
    ]  # fmt: skip


def sample_context() -> dict:
    """Everything the style page shows. Moments are fixed, so that two pictures of the page compare."""
    wrong = FilingSample(
        {"progress": "", "percent": "130", "kind": "on"},
        {"evidence": SimpleUploadedFile("抽查情况.pdf", b"")},
        auto_id="wrong_%s",
    )
    return {
        "form": FilingSample(),
        "wrong": wrong,
        "filter_form": FilterSample({}, auto_id="filter_%s"),
        "max_mb": MAX_MB,
        "moment": MOMENT,
        "ledger": _ledger(),
        "bars": _bars(),
        "full": 21,
        "page_obj": Paginator(range(1, 241), 20).page(5),
        "crumbs": [{"label": "任务", "url": "#ledger"}, {"label": "2026 年质量强市行动计划", "url": "#ledger"}],
        "tiles": [
            {"figure": 3, "unit": "项", "label": "逾期", "url": "#ledger", "note": "涉及 2 个单位", "tone": "red"},
            {"figure": 6, "unit": "项", "label": "预警", "url": "#ledger", "note": "7 个工作日内到期", "tone": "amber"},
            {"figure": 32, "unit": "项", "label": "正常", "url": "#ledger", "note": "其中提前 4 项", "tone": "green"},
            {"figure": None, "unit": "", "label": "本期填报率", "url": "", "note": "填报窗口尚未开启", "tone": ""},
            {"figure": 5, "unit": "件", "label": "待我审核", "url": "#review", "note": "最早 3 天前报来", "tone": "blue"},
        ],
        "steps": [
            {"label": "填报", "who": "王晓", "note": "11月18日", "state": "done"},
            {"label": "审签", "who": "李建国（局长）", "note": "还有 2 个工作日", "state": "current"},
            {"label": "审核", "who": "市质强办", "note": "", "state": "todo"},
            {"label": "通过", "who": "", "note": "", "state": "todo"},
        ],
        "returned": [
            {"label": "填报", "who": "王晓", "note": "请补充抽查批次", "state": "returned"},
            {"label": "审签", "who": "李建国（局长）", "note": "", "state": "todo"},
            {"label": "审核", "who": "市质强办", "note": "", "state": "todo"},
        ],
        "entries": [
            {"at": MOMENT, "title": "退回", "who": "市质强办 陈敏", "acting_for": "", "mark": "",
             "note": "抽查批次与上期不一致，请核对后重报。", "tone": "bad"},
            {"at": MOMENT - datetime.timedelta(days=1), "title": "审签", "who": "李建国", "acting_for": "张伟",
             "mark": "纸质", "note": "", "tone": "good"},
            {"at": MOMENT - datetime.timedelta(days=2), "title": "填报", "who": "王晓", "acting_for": "",
             "mark": "代填", "note": "", "tone": "info"},
        ],
        "files": [{"name": "监督抽查通报（三季度）.pdf", "size": 1_482_000, "url": "#upload"}],
    }  # fmt: skip


def sample_portal() -> dict:
    """Stands in for the context processor when the style page is rendered without a database."""
    labels = [("工作台", "home"), ("任务", "list-check"), ("指标", "target-arrow"), ("督办", "bell-ringing"),
              ("考核", "clipboard-check"), ("质量奖", "trophy"), ("报告", "report-analytics"),
              ("领导小组", "users-group"), ("设置", "settings")]  # fmt: skip
    return {
        "name": settings.PORTAL_NAME,
        "jurisdiction_name": "示例市",
        "office_contact": "市质强办 0000-1234567",
        "inbox_count": 7,
        "navigation": [
            SimpleNamespace(label=label, url="#page", icon=icon, active=not index)
            for index, (label, icon) in enumerate(labels)
        ],
        "large_text": False,
        "language": "zh-hans",
        "holiday_warning": "",
        "person_label": "王晓 · 市市场监管局",
    }


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    with timezone.override(settings.TIME_ZONE):
        return render(request, "styleguide.html", sample_context())
