"""督办 seen from liaison, head, office and leader: signed for, late, urged by a slip, extended, completed, struck off."""

from datetime import date

import pytest
from pypdf import PdfReader

from programs.domain.supervision.proposals import propose_slips
from programs.models import Extension, ItemReport, Meeting, ProgressEntry, Slip, SupervisedItem, Task
from qualitycity.home.invariants import violations
from qualitycity.outbox.drain import drain
from qualitycity.outbox.models import InboxItem
from taskforce.models import Body, Seat

from .conftest import NARROW

#: The first working days after the return of the first quarter was due (8 April).
LATE = "2026-04-10T09:00:00+08:00"


def press(person, action: str) -> None:
    """A move button of a page, or the page behind it where it asks for a reason first."""
    page = person.page
    button = page.locator(f"button[name=action][value={action}]")
    if button.count():
        person.go(f"button[name=action][value={action}]")
    else:
        person.go(f"a[href$='action={action}']")
        person.go(f"#move-{action} button[type=submit]")


def sign_in_again(people) -> None:
    """After so many days nobody is signed in any more."""
    for person, name in people:
        person.sign_in(name)


def answer_slip(liaison, head, slip: Slip, text: str) -> None:
    liaison.open(f"/slips/{slip.pk}/answer/")
    liaison.page.fill("textarea[name=text]", text)
    liaison.page.fill("textarea[name=measures]", "每周调度一次，4月15日前补报。")
    liaison.go("button[name=do][value=submit]")
    assert liaison.refusals == []
    head.open(f"/slips/{slip.pk}/")
    press(head, "sign")


@pytest.mark.slow
def test_from_signing_for_a_task_to_striking_it_off(world, portal, clock):
    task: Task = world.tasks[0]
    liaison, head = portal("jia_liaison", NARROW), portal("jia_head")
    liaison.open("/")
    liaison.go("form[action='/parts/sign-for/'] button[type=submit]")
    assert set(task.parts.filter(department=world.units["甲局"]).values_list("state", flat=True)) == {"signed_for"}

    # the return of the quarter is late: the office draws up blue slips from the list of who has not reported
    clock.move_to(LATE)
    sign_in_again([(liaison, "jia_liaison"), (head, "jia_head")])
    clerk = portal("clerk")
    clerk.open("/missing/")
    assert "逾期" in clerk.page.inner_text("main")
    clerk.page.check(f"input[name=row][value='{world.window.pk}-{world.units['甲局'].pk}']")
    clerk.go("button[formaction='/slips/draw-up/']")
    clerk.open("/slips/?tab=proposed")
    clerk.page.check("input[name=slip]")
    clerk.go("form[action='/slips/issue/'] button[type=submit]")
    slip = Slip.objects.get(department=world.units["甲局"])
    assert (slip.colour, slip.state, slip.seq) == ("blue", "issued", 1)
    assert drain("pdf")
    with clerk.page.expect_download() as download:
        clerk.page.evaluate(f"location.href = '/slips/{slip.pk}/paper.pdf'")
    text = "".join(page.extract_text() for page in PdfReader(download.value.path()).pages)
    assert slip.number in "".join(text.split()) and "蓝" in text

    # acknowledged; the first answer is refused with a reason, the second accepted
    liaison.open("/")
    assert slip.number in liaison.page.inner_text("main")
    liaison.open(f"/slips/{slip.pk}/")
    press(liaison, "acknowledge")
    answer_slip(liaison, head, slip, "正在办理。")
    clerk.open(f"/slips/{slip.pk}/")
    clerk.go("a[href$='action=return_by_office']")
    clerk.page.fill("textarea[name=reason]", "没有说明逾期原因和补报时间")
    clerk.go("#move-return_by_office button[type=submit]")
    liaison.open(f"/slips/{slip.pk}/")
    assert "没有说明逾期原因和补报时间" in liaison.page.inner_text("main")
    answer_slip(liaison, head, slip, "因经办人员调整未按期报送，已明确专人负责。")
    clerk.open(f"/slips/{slip.pk}/")
    press(clerk, "accept")
    slip.refresh_from_db()
    assert slip.state == "settled"

    # an extension is asked for in time, signed by the head, decided by the director: the first date stays
    liaison.open(f"/tasks/{task.pk}/")
    liaison.go(f"a[href='/tasks/{task.pk}/extension/']")
    liaison.page.fill("textarea[name=reason]", "设备采购流程延长，安装调试顺延。")
    liaison.page.fill("textarea[name=progress]", "已完成选址和招标，进度60%。")
    liaison.page.fill("input[name=wanted_on]", "2026-12-20")
    liaison.go("#extension-form button[type=submit]")
    assert liaison.refusals == []
    asked = Extension.objects.get(task=task)
    head.open(f"/extensions/{asked.pk}/")
    press(head, "sign")
    director = portal("director")
    director.open(f"/extensions/{asked.pk}/")
    director.page.fill("#decide-form input[name=granted_on]", "2026-12-18")
    director.go("#decide-form button[type=submit]")
    task.refresh_from_db()
    assert (task.due_on, task.original_due) == (date(2026, 12, 18), date(2026, 11, 30))

    # reported to the end, signed, accepted; completed and struck off
    line = f"task-{task.parts.get(department=world.units['甲局']).pk}"
    where = f"/sheets/{world.window.pk}/{world.units['甲局'].pk}/{line}/"
    liaison.open(where)
    for field, text in (("progress", "全部设备安装调试完成，平台投入运行。"), ("next_steps", "转入日常运行。")):
        liaison.page.fill(f"textarea[name$=-{field}]", text)
    liaison.page.fill("input[name$=-percent]", "100")
    liaison.go("button[name=do][value=submit]")
    assert liaison.refusals == []
    head.open(f"/sheets/{world.window.pk}/{world.units['甲局'].pk}/sign-off/")
    head.page.check("#all")
    head.go("button[name=do][value=sign]")
    clerk.open("/review/")
    clerk.go("#decide button[name=do][value=accept]")
    assert ProgressEntry.objects.get().state == "accepted"
    director.open(f"/tasks/{task.pk}/")
    press(director, "complete")
    press(director, "close")
    task.refresh_from_db()
    assert task.state == "closed" and task.completed_on == date(2026, 4, 10)

    # what the leader reads: struck off, extended once, the first date beside the new one
    leader = portal("leader")
    leader.open(f"/tasks/{task.pk}/")
    seen = leader.page.inner_text("main")
    assert "已销号" in seen and "2026年11月30日" in seen and "延期1次" in seen

    # the portal proposes by itself, and issues nothing
    propose_slips()
    assert not Slip.objects.exclude(pk=slip.pk).exclude(state="proposed").exists()
    assert not InboxItem.objects.filter(recipient__username__in=["leader", "secretary"]).exists()
    assert list(violations()) == []


@pytest.mark.slow
def test_a_decision_of_the_leading_group_is_followed_to_its_end(world, portal, clock):
    """Agenda, invitation, presence, minutes; the decision becomes an item, reported on until it is struck off."""
    unit = world.units["甲局"]
    body = Body.objects.create(
        jurisdiction=world.city, code="lg", kind="leading_group", name="示例市质量强市工作领导小组",
        office_department=world.units["质量局"],
    )  # fmt: skip
    Seat.objects.create(body=body, role="head", post="市长", user=world.people["leader"], sort=1)
    Seat.objects.create(body=body, role="member", post="市甲局局长", department=unit, sort=2)
    clerk, director, liaison = portal("clerk"), portal("director"), portal("jia_liaison", NARROW)
    clerk.open("/meetings/new/")
    clerk.page.fill("input[name=title]", "领导小组第一次专题会议")
    clerk.page.fill("input[name=day]", "2026-04-02")
    clerk.page.fill("input[name=time]", "09:30")
    clerk.go("#meeting-form button[type=submit]")
    meeting = Meeting.objects.get()
    clerk.open(f"/meetings/{meeting.pk}/topics/new/")
    clerk.page.fill("[name=title]", "研究质量基础设施共享")
    clerk.go("#topic-form button[type=submit]:not([name])")
    clerk.open(f"/meetings/{meeting.pk}/invited/")
    for box in clerk.page.locator("input[name=seats]").all():
        box.check()
    clerk.go("#invite-form button[type=submit]")
    clerk.open(f"/meetings/{meeting.pk}/")
    press(clerk, "notify")

    liaison.open(f"/invitations/{meeting.attendances.get(department=unit).pk}/")
    liaison.page.check("input[name=answer][value=attending]")
    liaison.go("#reply-form button[type=submit]")
    assert liaison.refusals == []

    clock.move_to("2026-04-02T11:30:00+08:00")
    sign_in_again([(clerk, "clerk"), (director, "director"), (liaison, "jia_liaison")])
    clerk.open(f"/meetings/{meeting.pk}/presence/")
    for row in meeting.attendances.all():
        clerk.page.check(f"input[name=p{row.pk}][value=present]")
    clerk.go("#presence-form button[type=submit]")
    clerk.open(f"/meetings/{meeting.pk}/")
    press(clerk, "hold")
    clerk.open(f"/meetings/{meeting.pk}/minutes/")
    clerk.page.fill("[name=opening]", "会议由市长主持。")
    clerk.page.fill("[name^=topic-]", "会议听取汇报，原则同意共享方案。")
    clerk.go("#minutes-form button[type=submit]")
    clerk.open(f"/meetings/{meeting.pk}/decisions/new/")
    clerk.page.fill("[name=text]", "市甲局五月底前建成检测设备共享目录。")
    clerk.page.fill("input[name=due_on]", "2026-05-29")
    clerk.page.fill("[name=lead]", "市甲局")
    clerk.go("#decision-form button[type=submit]:not([name])")
    assert clerk.refusals == []
    director.open(f"/meetings/{meeting.pk}/")
    press(director, "issue")
    director.open(f"/meetings/{meeting.pk}/")
    director.go(f"form[action='/meetings/{meeting.pk}/register/'] button[type=submit]:not([name])")
    item = SupervisedItem.objects.get()
    assert (item.kind, item.state, item.due_on) == ("meeting", "assigned", date(2026, 5, 29))

    liaison.open(f"/item-parts/{item.parts.get().pk}/report/")
    liaison.page.check("input[name=final][value='1']")
    liaison.page.fill("textarea[name=progress]", "已梳理设备420台（套），目录在门户公布。")
    liaison.page.fill("textarea[name=result]", "共享目录建成，服务企业36家。")
    liaison.go("button[name=do][value=submit]")
    assert liaison.refusals == []
    report = ItemReport.objects.get()
    head = portal("jia_head")
    head.open(f"/item-reports/{report.pk}/")
    head.go("button[name=action][value=sign]")
    clerk.open(f"/item-reports/{report.pk}/")
    clerk.go("button[name=action][value=accept]")
    director.open(f"/items/{item.pk}/")
    press(director, "complete")
    director.open(f"/items/{item.pk}/")
    press(director, "close")
    item.refresh_from_db()
    assert item.state == "closed"

    leader = portal("leader")
    leader.open(f"/meetings/{meeting.pk}/")
    seen = leader.page.inner_text("main")
    assert "市甲局五月底前建成检测设备共享目录" in seen and "已销号" in seen and item.number in seen
    assert list(violations()) == []
