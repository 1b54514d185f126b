"""What is photographed: who, where, in which state. The city is the fictional one, with the archives beside it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from .shot_acts import bring_in_bad, bring_in_done, bring_in_good, press, sample_away
from .shot_channels import CHANNEL_SHOTS, robots
from .shot_list_supervision import LONG_SHOTS, SUPERVISION_PAPERS, SUPERVISION_SHOTS, download, rows_of
from .shot_rows import planned_programme, report_in


@dataclass(frozen=True)
class Shot:
    """`path` with {names} of the city; `act` does on the page what brings the state about."""

    name: str
    who: str
    path: str
    act: Callable[[Any], None] | None = None
    status: int = 200
    language: str = "zh-hans"

    def address(self, city: "City") -> str:
        return self.path.format(**city.names)

    def person(self, city: "City") -> str:
        return self.who.format(**city.names)


@dataclass
class City:
    names: dict[str, Any] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def session(self, who: str) -> str:
        """Key of a session of this person."""
        from taskforce.models import User

        if who not in self.sessions:
            client = Client()
            person = User.objects.get(username=who)
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            self.sessions[who] = client.cookies["sessionid"].value
        return self.sessions[who]


def settle() -> City:
    """Loads city and archives, adds what the story has no use for, and finds the rows that are photographed."""
    from programs.models import (
        PolicyDocument,
        Programme,
        ProgressEntry,
        ProgressReport,
        ReportingWindow,
        Responsibility,
        Task,
    )
    from taskforce.models import Body, Department, DepartmentGroup, User

    with open(os.devnull, "w") as nowhere:
        call_command("load_programmes", stdout=nowhere)
        call_command("load_sample_city", stdout=nowhere)
    User.objects.update(must_change_password=False)
    User.objects.create(username="newcomer", full_name="来访者")
    User.objects.create(username="forced", full_name="初次登录", must_change_password=True)
    programme = Programme.objects.get(key="shili-quality-plan")
    today = timezone.localdate()
    opened = ReportingWindow.objects.filter(programme=programme, opens_on__lte=today).order_by("-starts_on")
    window, before = opened[0], opened[1]
    bureau = Department.objects.get(code="shili-shijianju")
    single = Department.objects.get(code="shili-caizhengju")
    active = Task.objects.filter(programme=programme, state="active")
    parts = Responsibility.objects.filing().filter(department=bureau, task__in=active).order_by("task__sort")
    archive = Programme.objects.get(key="shantou-2013")
    planned = planned_programme(programme)
    ready = ProgressReport.objects.filter(state="ready").order_by("pk").first()
    assert ready is not None
    failed, waiting = (report_in(ready, state) for state in ("failed", "queued"))
    accepted = ProgressEntry.objects.filter(state="accepted", window=before, part__department=bureau).first()
    joint = active.filter(role_mode="joint").order_by("sort").first() or active.order_by("sort").first()
    late = active.filter(due_on__lt=today).order_by("sort").first() or active.order_by("-sort").first()
    assert joint is not None and late is not None
    # a line the liaison can still type into, and a unit whose lines wait for a signature
    typed = ProgressEntry.objects.filter(window=window)
    blank = parts.exclude(pk__in=typed.exclude(state__in=["draft", "returned"]).values("part")).first() or parts[0]
    signing = typed.filter(state="submitted").exclude(part__department__in=[bureau, single]).first()
    assert signing is not None
    filer = signing.filed_by.username
    names = {
        "filer": filer, "signing": signing.part.department_id,
        "programme": programme.pk, "archive": archive.pk, "planned": planned.pk, "planned_task": planned.tasks.get().pk,
        "window": window.pk, "before": before.pk, "unit": bureau.pk, "single": single.pk,
        "line": f"task-{blank.pk}", "accepted": f"task-{accepted.part_id}" if accepted else "task-0",
        "task": parts[0].task_id, "joint": joint.pk, "late": late.pk, "part": parts[0].pk,
        "archive_task": archive.tasks.order_by("sort").first().pk, "report": ready.pk, "failed": failed.pk,
        "waiting": waiting.pk, "body": Body.objects.get(jurisdiction=programme.jurisdiction).pk,
        "group": DepartmentGroup.objects.order_by("pk").first().pk, "far_body": Body.objects.order_by("pk").first().pk,
        "document": PolicyDocument.objects.get(programmes=archive).pk, "round": programme.consultations.first().pk,
        "account": User.objects.get(username="shijian.llr").pk,
        # nobody else is photographed as: a new password ends all his sessions
        "spare": User.objects.filter(
            memberships__role="liaison", memberships__department__jurisdiction=programme.jurisdiction
        ).exclude(username__in=["shijian.llr", "caizheng", "jiaoyu.bj", filer]).order_by("-pk")[0].pk,
        "leader": User.objects.get(username="leader").pk, "robot": robots(bureau), **rows_of(bureau),
    }  # fmt: skip
    return City(names)


def lengthen(city: City) -> None:
    """Names as long as the columns allow: nothing may break out of its place."""
    from programs.models import Programme, Task
    from taskforce.models import Department, User

    Department.objects.filter(pk=city.names["unit"]).update(
        name="示例市市场监督管理局（示例市知识产权局、示例市食品安全委员会办公室、示例市质量强市工作领导小组办公室）第一综合执法稽查分局",
        short_name="市市场监管局（市知识产权局、市食安办、市质强办）第一综合执法稽查分局",
    )
    Task.objects.filter(pk__in=[city.names["task"], city.names["late"]]).update(
        title="深入推进重点产业链供应链质量联动提升行动" * 9, requirement="逐项梳理关键共性质量问题并形成攻关清单，" * 19
    )
    Programme.objects.filter(pk=city.names["programme"]).update(
        title="示例市深入开展质量提升行动加快建设质量强市实施方案及年度重点任务分解落实工作计划" * 4,
        short_title="深入开展质量提升行动加快建设质量强市实施方案及年度重点任务分解落实工作计划与责任清单（修订征求意见稿）",
    )
    User.objects.filter(pk=city.names["account"]).update(full_name="阿卜杜热合曼·买买提艾力·吐尔逊尼亚孜")


# --- states that somebody has to bring about ----------------------------------------------------------------------


def fill(values: dict[str, str], selector: str) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        for field_selector, value in values.items():
            page.locator(field_selector).first.fill(value)
        press(selector)(page)

    return act


def wrong_file(page: Any) -> None:
    wrong = {"name": "清单.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x90\x00"}
    page.set_input_files("input[type=file]", wrong)
    press("form[id^=entry-] button.btn[value=save]")(page)


wrong_password = fill(
    {"#id_username": "zhang", "#id_password": "wrong"}, "form:has(#id_password) button[type=submit]"
)
wrong_days = fill(
    {"#id_first_day": "2027-06-09", "#id_last_day": "2027-06-01"}, "form[action$='stand-in/'] button[type=submit]"
)
wrong_date = fill({"#edit-form input[type=date]": "2040-01-01"}, "#edit-form button[type=submit]")


def no_reason(page: Any) -> None:
    page.locator("#decide summary").first.click()
    press("#decide button[value=return]")(page)


SHEET, LINE = "/sheets/{window}/{unit}/", "/sheets/{window}/{unit}/{line}/"
LIAISON, HEAD, OFFICE = "shijian.llr", "shijian.fzr", "office"

SHOTS = [
    # signing in
    Shot("sign-in", "", "/login/"),
    Shot("sign-in-wrong", "", "/login/", wrong_password),
    Shot("sign-in-next", "", "/sheets/"),
    Shot("password-forced", "forced", "/"),
    # one's own desk, each role
    *[
        Shot(f"start-{name}", who, "/")
        for name, who in (
            ("liaison", LIAISON), ("head", HEAD), ("one-account", "caizheng"), ("office", OFFICE), ("clerk", "clerk1"),
            ("leader", "leader"), ("secretary", "secretary"), ("supervisor", "supervisor"), ("auditor", "auditor"),
            ("district", "donghu.zlb"), ("sysadmin", "sysadmin"), ("newcomer", "newcomer"), ("stand-in", "jiaoyu.bj"),
        )
    ],
    Shot("inbox", LIAISON, "/inbox/"),
    Shot("inbox-empty", "newcomer", "/inbox/"),
    Shot("account", LIAISON, "/account/"),
    Shot("account-wrong", LIAISON, "/account/", wrong_days),
    Shot("password", LIAISON, "/account/password/"),
    *(Shot(*row) for row in (*CHANNEL_SHOTS, *SUPERVISION_SHOTS)),
    Shot("people", OFFICE, "/people/"),
    Shot("people-empty", OFFICE, "/people/?q=没有这个人"),
    Shot("people-district", "donghu.zlb", "/people/"),
    Shot("person", OFFICE, "/people/{account}/"),
    Shot("person-password", OFFICE, "/people/{spare}/", press("button[value=password]")),
    Shot("person-refused", OFFICE, "/people/{leader}/"),
    Shot("people-import", OFFICE, "/people/import/"),
    Shot("people-import-wrong", OFFICE, "/people/import/", press("form[enctype] button[type=submit]")),
    Shot("people-preview", OFFICE, "/people/import/", bring_in_good),
    Shot("people-preview-refused", OFFICE, "/people/import/", bring_in_bad),
    Shot("people-done", OFFICE, "/people/import/", bring_in_done),
    # help
    Shot("help", LIAISON, "/help/"),
    Shot("help-guide", LIAISON, "/help/liaison/"),
    Shot("help-words", OFFICE, "/help/words/"),
    # who
    Shot("bodies", LIAISON, "/bodies/"),
    Shot("body", LIAISON, "/bodies/{body}/"),
    Shot("department", LIAISON, "/departments/{unit}/"),
    Shot("contacts", LIAISON, "/contacts/"),
    Shot("contacts-empty", LIAISON, "/contacts/?q=没有这个人"),
    Shot("group", OFFICE, "/groups/{group}/", status=404),
    # what
    Shot("programmes", OFFICE, "/programmes/"),
    Shot("programmes-empty", "newcomer", "/programmes/"),
    Shot("programme", OFFICE, "/programmes/{programme}/"),
    Shot("programme-leader", "leader", "/programmes/{programme}/"),
    Shot("board", OFFICE, "/programmes/{programme}/board/"),
    Shot("board-leader-english", "leader", "/programmes/{programme}/board/", language="en"),
    Shot("board-planned", OFFICE, "/programmes/{planned}/board/"),
    Shot("board-archive", OFFICE, "/programmes/{archive}/board/"),
    Shot("board-screen", "leader", "/programmes/{programme}/board/screen/wrong/"),
    Shot("board-screen-units", "leader", "/programmes/{programme}/board/screen/units/"),
    Shot("board-lines", OFFICE, "/programmes/{programme}/lines/?filed=late"),
    Shot("board-indicators", OFFICE, "/programmes/{programme}/indicators/"),
    Shot("districts", OFFICE, "/districts/"),
    Shot("programme-filtered", OFFICE, "/programmes/{programme}/?light=red"),
    Shot("programme-nothing", OFFICE, "/programmes/{programme}/?q=没有这样的任务"),
    Shot("programme-archive", LIAISON, "/programmes/{archive}/"),
    Shot("facts", OFFICE, "/programmes/{programme}/facts/"),
    Shot("facts-archive", LIAISON, "/programmes/{archive}/facts/"),
    Shot("programme-planned", OFFICE, "/programmes/{planned}/"),
    Shot("task", OFFICE, "/tasks/{task}/"),
    Shot("task-liaison", LIAISON, "/tasks/{task}/"),
    Shot("task-joint", OFFICE, "/tasks/{joint}/"),
    Shot("task-late", "leader", "/tasks/{late}/"),
    Shot("task-archive", LIAISON, "/tasks/{archive_task}/"),
    Shot("documents", LIAISON, "/documents/"),
    Shot("document", LIAISON, "/documents/{document}/"),
    Shot("search", OFFICE, "/search/?q=质量"),
    Shot("search-empty", OFFICE, "/search/?q=没有的词"),
    # the unit's sheet
    Shot("sheets", LIAISON, "/sheets/"),
    Shot("sheets-empty", "newcomer", "/sheets/"),
    Shot("sheet", LIAISON, SHEET),
    Shot("sheet-preview", LIAISON, SHEET + "preview/"),
    Shot("sheet-wrong", LIAISON, SHEET, press("button[name=do][value=submit]"), status=200),
    Shot("sheet-one-account", "caizheng", "/sheets/{window}/{single}/"),
    Shot("sheet-on-behalf", OFFICE, SHEET),
    Shot("sheet-done", LIAISON, "/sheets/{before}/{unit}/"),
    Shot("line", LIAISON, LINE),
    Shot("line-sample-away", LIAISON, LINE, sample_away),
    Shot("line-wrong-file", LIAISON, LINE, wrong_file),
    Shot("correct", LIAISON, "/sheets/{before}/{unit}/{accepted}/correct/"),
    Shot("sign-off", HEAD, "/sheets/{window}/{unit}/sign-off/"),
    Shot("paper", "{filer}", "/sheets/{window}/{signing}/paper/"),
    Shot("paper-wrong", "{filer}", "/sheets/{window}/{signing}/paper/", press("form[enctype] button[type=submit]")),
    Shot("paper-nothing", LIAISON, "/sheets/{before}/{unit}/paper/"),
    # the office
    Shot("review", OFFICE, "/review/"),
    Shot("review-no-reason", OFFICE, "/review/", no_reason),
    Shot("review-returned", OFFICE, "/review/?tab=returned"),
    Shot("review-countersign", OFFICE, "/review/?tab=countersign"),
    Shot("rules", OFFICE, "/programmes/{programme}/rules/"),
    Shot("rules-planned", OFFICE, "/programmes/{planned}/rules/"),
    Shot("reminders", OFFICE, "/reminders/"),
    Shot("reminders-failed", OFFICE, "/reminders/failed/"),
    Shot("missing", OFFICE, "/missing/"),
    Shot("missing-by-unit", "leader", "/missing/?by=unit"),
    Shot("missing-nothing", "xiling.zlb", "/missing/"),
    Shot("edition", "secretary", "/today/"),
    Shot("ledger-views", OFFICE, "/programmes/{programme}/views/?light=red&col=lead"),
    Shot("programme-columns", OFFICE, "/programmes/{programme}/?col=clause&col=lead&col=light"),
    Shot("calendar", OFFICE, "/calendar/"),
    Shot("calendar-list", LIAISON, "/calendar/?view=list"),
    Shot("review-empty", "xiling.zlb", "/review/"),
    Shot("breakdown", OFFICE, "/tasks/{task}/breakdown/"),
    Shot("breakdown-undivided", OFFICE, "/tasks/{planned_task}/breakdown/"),
    Shot("breakdown-wrong", OFFICE, "/tasks/{planned_task}/breakdown/", wrong_date),
    Shot("opening", OFFICE, "/programmes/{planned}/opening/"),
    Shot("opening-running", OFFICE, "/programmes/{programme}/opening/"),
    Shot("opening-part", LIAISON, "/parts/{part}/opening/"),
    Shot("bulk", OFFICE, "/programmes/{planned}/bulk/"),
    Shot("programme-new", OFFICE, "/programmes/new/"),
    Shot("programme-new-wrong", OFFICE, "/programmes/new/", press("#programme-form button[type=submit]")),
    Shot("task-new", OFFICE, "/programmes/{planned}/tasks/new/"),
    Shot("move-close", OFFICE, "/programmes/{programme}/move/?action=close"),
    Shot("move-waive-wrong", OFFICE, "/parts/{part}/move/?action=waive", press("#move-waive button[type=submit]")),
    Shot("window-lock", OFFICE, "/windows/{before}/lock/"),
    Shot("roll-forward", OFFICE, "/programmes/{programme}/roll-forward/"),
    Shot("roll-forward-archive", OFFICE, "/programmes/{archive}/roll-forward/", status=403),
    Shot("consultation-open", OFFICE, "/programmes/{planned}/consultation/"),
    Shot("consultation-office", OFFICE, "/consultations/{round}/"),
    Shot("consultation-unit", LIAISON, "/consultations/{round}/"),
    Shot("remark", "leader", "/tasks/{late}/remark/"),
    Shot("remark-secretary", "secretary", "/programmes/{programme}/remark/"),
    Shot("reports", "leader", "/reports/"),
    Shot("report-ready", "leader", "/reports/{report}/"),
    Shot("report-waiting", "leader", "/reports/{waiting}/"),
    Shot("report-failed", "leader", "/reports/{failed}/"),
    # what goes wrong
    Shot("wrong-404", LIAISON, "/tasks/999999/", status=404),
    Shot("wrong-403", LIAISON, "/review/", status=403),
    Shot("wrong-405", LIAISON, "/parts/sign-for/", status=405),
    # the registers
    Shot("admin", OFFICE, "/admin/"),
    Shot("admin-system", "sysadmin", "/admin/"),
    Shot("admin-list", OFFICE, "/admin/programs/programme/"),
    Shot("admin-tasks", OFFICE, "/admin/programs/task/"),
    Shot("admin-change", OFFICE, "/admin/programs/programme/{programme}/change/"),
    Shot("admin-account", "sysadmin", "/admin/taskforce/user/{account}/change/"),
    # English
    Shot("en-start-office", OFFICE, "/", language="en"),
    Shot("en-start-liaison", LIAISON, "/", language="en"),
    Shot("en-sheet", LIAISON, SHEET, language="en"),
    Shot("en-programme", OFFICE, "/programmes/{programme}/", language="en"),
    Shot("en-review", OFFICE, "/review/", language="en"),
]

#: After `lengthen`.
LATE_SHOTS = [
    Shot("long-start-office", OFFICE, "/"),
    Shot("long-start-liaison", LIAISON, "/"),
    Shot("long-programmes", OFFICE, "/programmes/"),
    Shot("long-programme", OFFICE, "/programmes/{programme}/"),
    Shot("long-task", OFFICE, "/tasks/{task}/"),
    Shot("long-sheet", LIAISON, SHEET),
    Shot("long-line", LIAISON, LINE),
    Shot("long-sign-off", HEAD, "/sheets/{window}/{unit}/sign-off/"),
    Shot("long-review", OFFICE, "/review/"),
    Shot("long-breakdown", OFFICE, "/tasks/{task}/breakdown/"),
    Shot("long-department", LIAISON, "/departments/{unit}/"),
    Shot("long-contacts", LIAISON, "/contacts/"),
    Shot("long-reports", "leader", "/reports/"),
    *(Shot(*row) for row in LONG_SHOTS),
]


# --- papers -------------------------------------------------------------------------------------------------------


def _report_pdf(city: City) -> bytes:
    from programs.models import ProgressReport

    stored = ProgressReport.objects.get(pk=city.names["report"]).file
    assert stored is not None
    with stored.open() as file:
        return file.read()


def _unit_form(city: City) -> bytes:
    """The form a unit signs by hand, of what it has handed in; of the last period where nothing waits now."""
    from programs.domain.sheet import sheet_lines
    from programs.models import ReportingWindow
    from programs.papers.units import unit_form
    from qualitycity.reports.rendering import render_pdf
    from taskforce.models import Department

    unit = Department.objects.get(pk=city.names["unit"])
    windows = ReportingWindow.objects.select_related("programme__jurisdiction", "programme__body")
    window = windows.get(pk=city.names["before"])
    lines = [line for line in sheet_lines(window, {unit.pk}) if line.row.pk]
    return render_pdf(unit_form(window=window, department=unit, lines=lines, filler="孙雨桐"))


def _fetched(path: str) -> Callable[[City], bytes]:
    return lambda city: download(city.session(OFFICE), path.format(**city.names))


PAPERS = {
    "paper-report": _report_pdf,
    "paper-unit-form": _unit_form,
    **{name: _fetched(path) for name, path in SUPERVISION_PAPERS.items()},
}
PRINTED = [
    Shot("print-programme-a4", OFFICE, "/programmes/{programme}/"),
    Shot("print-programme-a3", OFFICE, "/programmes/{programme}/?paper=a3"),
    Shot("print-calendar", OFFICE, "/calendar/"),
    Shot("print-calls", OFFICE, "/missing/"),
    Shot("print-edition", "secretary", "/today/"),
    Shot("print-task", OFFICE, "/tasks/{task}/"),
]
