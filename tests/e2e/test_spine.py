"""The main job on real input, in Chromium, on a live server with PostgreSQL, Redis and a real worker.

汕头 2013 is carried over into this year; 市质监局 files its 21 lines on one page without opening a task page; the head
signs, the office returns one and accepts the rest; the line is refiled; the board changes; a leader downloads the PDF.
"""

import io
from datetime import date

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from programs.models import Programme, ProgressEntry, ReminderDelivery, Responsibility
from taskforce.choices import Role
from taskforce.models import Department, Jurisdiction, Membership, User

from .conftest import wait_until

SINCE = date(2025, 1, 1)


def account(name: str, role: str, city: Jurisdiction, unit: Department | None = None) -> None:
    user = User.objects.create(username=name, full_name=name, email=f"{name}@example.org")
    user.set_password("secret-pass")
    user.save()
    Membership.objects.create(user=user, role=role, jurisdiction=city, department=unit, valid_from=SINCE)


@pytest.fixture
def shantou(transactional_db):
    """The archive as loaded from the facts, and people of the office, of 市质监局, and a leader."""
    call_command("load_programmes", verbosity=0)
    archive = Programme.objects.get(key="shantou-2013")
    archive.report_opens_before = 92  # the current quarter is open on whatever day this test runs
    archive.save()
    city = archive.jurisdiction
    bureau = Department.objects.get(jurisdiction=city, short_name="市质监局")
    account("director", Role.OFFICE_ADMIN, city)
    account("clerk", Role.OFFICE_CLERK, city)
    account("liaison", Role.LIAISON, city, bureau)
    account("head", Role.UNIT_HEAD, city, bureau)
    account("leader", Role.LEADER, city)
    return archive


def carry_over(director, archive: Programme) -> Programme:
    """The director makes, starts, confirms and assigns this year's copy."""
    year = date.today().year
    page = director.page
    director.open(f"/programmes/{archive.pk}/roll-forward/")
    page.fill("input[name=title]", f"汕头市质量工作行动计划（{year}年）")
    page.fill("input[name=short_title]", f"汕头{year}")
    page.fill("input[name=starts_on]", f"{year}-01-01")
    page.fill("input[name=ends_on]", f"{year}-12-31")
    page.fill("input[name=key]", f"shantou-{year}")
    director.go("#roll-form button[type=submit]")
    copy = Programme.objects.get(key=f"shantou-{year}")
    director.open(f"/programmes/{copy.pk}/")
    director.open(f"/programmes/{copy.pk}/move/?action=start")
    director.go("#move-start button[type=submit]")
    director.open(f"/programmes/{copy.pk}/bulk/?do=confirm")
    page.check("input[data-check-all=task]")
    director.go("button[name=do][value=confirm]")
    director.open(f"/programmes/{copy.pk}/bulk/?do=assign")
    if not page.is_checked("input[data-check-all=task]"):
        page.check("input[data-check-all=task]")
    director.go("button[name=do][value=assign]")
    assert director.refusals == []
    return copy


def fill_sheet(liaison) -> int:
    """Types into every line of the sheet; returns how many there were."""
    page = liaison.page
    progress = page.locator("textarea[name$=-progress]")
    for index in range(progress.count()):
        progress.nth(index).fill(f"第{index + 1}项已按计划推进，完成检查{index + 2}次。")
    for field, text in (("result", "问题整改率达到九成以上。"), ("next_steps", "继续推进。")):
        fields = page.locator(f"textarea[name$=-{field}]")
        for index in range(fields.count()):
            fields.nth(index).fill(text)
    percents = page.locator("input[name$=-percent]")
    for index in range(percents.count()):
        percents.nth(index).fill("50")
    return progress.count()


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.worker
def test_the_year_of_shantou_from_carrying_over_to_the_leaders_pdf(shantou, portal, worker, tmp_path):
    director = portal("director")
    copy = carry_over(director, shantou)
    assert (
        Responsibility.objects.filter(
            task__programme=copy, state="assigned", department__short_name="市质监局"
        ).count()
        == 21
    )
    window = copy.windows.filter(opens_on__lte=date.today()).order_by("-starts_on").first()
    bureau = Department.objects.get(jurisdiction=copy.jurisdiction, short_name="市质监局")
    sheet = f"/sheets/{window.pk}/{bureau.pk}/"

    liaison = portal("liaison")
    liaison.open(sheet)
    assert fill_sheet(liaison) == 21
    liaison.go("button[name=do][value=submit]")
    assert ProgressEntry.objects.filter(window=window, state="submitted").count() == 21

    head = portal("head")
    head.open(f"{sheet}sign-off/")
    head.page.check("#all")
    head.go("button[name=do][value=sign]")
    assert ProgressEntry.objects.filter(window=window, state="signed").count() == 21

    clerk = portal("clerk")
    clerk.open("/review/")
    clerk.click("#decide details:has(button[value=return]) > summary")
    clerk.page.fill("textarea[name=words]", "请补充检查的具体范围")
    clerk.go("button[name=do][value=return]")
    assert ProgressEntry.objects.get(window=window, state="returned").remark.endswith("请补充检查的具体范围")
    clerk.open("/review/")
    boxes = clerk.page.locator("input[name=row][type=checkbox]:not([disabled])")
    for index in range(boxes.count()):
        boxes.nth(index).check()
    clerk.go(".qc-review-list button[name=do][value=accept]")
    assert ProgressEntry.objects.filter(window=window, state="accepted").count() == 20

    liaison.open("/")
    assert "请补充检查的具体范围" in liaison.page.inner_text("main")
    liaison.open(sheet)
    liaison.page.locator("textarea[name$=-progress]").first.fill(
        "已对辖区 86 家重点企业逐一检查，整改 12 处。"
    )
    liaison.go("button[name=do][value=submit]")
    head.open(f"{sheet}sign-off/")
    head.page.check("#all")
    head.go("button[name=do][value=sign]")
    clerk.open("/review/")
    clerk.go("#decide button[name=do][value=accept]")
    assert ProgressEntry.objects.filter(window=window, state="accepted").count() == 21

    clerk.open(f"/programmes/{copy.pk}/")
    ledger = clerk.page.inner_text("main")
    assert "已对辖区 86 家重点企业逐一检查" in ledger and "50%" in ledger

    leader = portal("leader")
    leader.open("/reports/")
    leader.page.select_option("select[name=window]", str(window.pk))
    leader.page.select_option("select[name=scope]", "programme")
    leader.click("form[action='/reports/'] button[type=submit]")
    leader.page.wait_for_selector("a[href$='/download/']", timeout=60_000)
    with leader.page.expect_download() as download:
        leader.click("a.btn[href$='/download/']")
    path = tmp_path / "report.pdf"
    download.value.save_as(path)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)
    text = "".join(text.split())
    for wanted in (
        f"汕头{date.today().year}",
        "共23项任务",
        "已经单位审签报送21条",
        "已对辖区86家重点企业逐一检查",
        "数据截至",
    ):
        assert wanted in text, wanted


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.worker
def test_paper_signature_and_the_digest_in_a_real_mailbox(shantou, portal, worker, sink, tmp_path):
    director = portal("director")
    copy = carry_over(director, shantou)
    window = copy.windows.filter(opens_on__lte=date.today()).order_by("-starts_on").first()
    bureau = Department.objects.get(jurisdiction=copy.jurisdiction, short_name="市质监局")
    sheet = f"/sheets/{window.pk}/{bureau.pk}/"
    liaison = portal("liaison")
    liaison.open(sheet)
    fill_sheet(liaison)
    liaison.go("button[name=do][value=submit]")
    liaison.open(f"{sheet}paper/")
    with liaison.page.expect_download() as download:
        liaison.click("a[href$='form.pdf']")
    form = tmp_path / "form.pdf"
    download.value.save_as(form)
    text = "".join("".join(page.extract_text() for page in PdfReader(form).pages).split())
    code = text.split("核对码")[1].lstrip("：:")[:8]
    assert "进展情况报送表" in text
    # the signed, stamped sheet comes back as a scan; here the printed form itself stands in for the scanner's file
    liaison.page.set_input_files("input[type=file]", str(form))
    liaison.page.fill("input[name=signer]", "王质监")
    liaison.page.fill("input[name=code]", code)
    liaison.go("form[enctype='multipart/form-data'] button[type=submit]")
    rows = ProgressEntry.objects.filter(window=window)
    assert set(rows.values_list("state", "sign_mode")) == {("signed", "paper")}
    clerk = portal("clerk")
    clerk.open("/review/")
    assert "纸质" in clerk.page.inner_text("main")

    # a milestone that is due tomorrow; the office presses "send reminders now" through the same message as beat
    from programs.domain import breakdown
    from qualitycity.outbox.messages import enqueue
    from taskforce.contracts import actor_context

    task = copy.tasks.filter(parts__department=bureau, state="active").first()
    actor = actor_context(User.objects.get(username="clerk"), day=date.today())
    breakdown.add_milestone(programme=copy, task=task, actor=actor, title="完成专项检查", due_on=date.today())
    copy.tasks.filter(pk=task.pk).update(assigned_on=SINCE)
    enqueue("reminders.scan", key="reminders:now", payload={"programmes": [copy.pk]})
    letter = wait_until(
        lambda: next((item for item in sink.letters if item[0] == ["liaison@example.org"]), None)
    )
    body = letter[1].get_payload(decode=True).decode()
    assert "项待办" in body and "完成专项检查" not in body
    assert ReminderDelivery.objects.filter(recipient__username="liaison").count() >= 1
    liaison.open("/inbox/")
    assert "完成专项检查" in liaison.page.inner_text("main")
