"""Rows for the registers' tests, and the way in."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from awards.models import AwardScheme
from kpis.models import Indicator, IndicatorReading
from programs.domain import remarks
from programs.models import (
    AssessmentRule,
    Deliverable,
    Duty,
    Milestone,
    Phase,
    PolicyDocument,
    Programme,
    ProgressEntry,
    ProgressReport,
    ReminderDelivery,
    ReportingWindow,
    Section,
    Task,
)
from qualitycity.outbox.inbox import post_inbox
from qualitycity.outbox.messages import enqueue
from qualitycity.workdays.models import Holiday
from taskforce.models import Body, Contact, Delegation, Department, DepartmentGroup, Jurisdiction, Seat, User
from tests.factories import make_part, make_task, make_user


def url(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def enter(as_user, world, name):
    User.objects.filter(pk=world.people[name].pk).update(is_staff=True)
    return as_user(name)


def fill(world, rows):
    """`rows` more of everything, so that a list shows them."""
    start = Task.objects.count()
    programme, unit, liaison = world.programme, world.units["甲局"], world.people["jia_liaison"]
    now, today = timezone.now(), timezone.localdate()
    for number in range(start, start + rows):
        place = Jurisdiction.objects.create(
            code=f"99{number:04}",
            name=f"区{number}",
            short_name=f"区{number}",
            level="county",
            parent=world.city,
        )
        department = Department.objects.create(
            jurisdiction=place,
            code=f"d{number}",
            kind="government_dept",
            name=f"局{number}",
            short_name=f"局{number}",
            successor=unit,
        )
        DepartmentGroup.objects.create(jurisdiction=place, code=f"g{number}", name=f"组{number}")
        body = Body.objects.create(
            jurisdiction=place, code=f"b{number}", kind="committee", name=f"会{number}"
        )
        seat = Seat.objects.create(body=body, role="member", post=f"成员{number}", department=department)
        Contact.objects.create(department=department, name=f"人{number}", user=liaison)
        user = make_user(f"user{number}", "liaison", jurisdiction=place, department=department)
        Delegation.objects.create(principal=user, deputy=liaison, first_day=today, last_day=today)
        document = PolicyDocument.objects.create(
            key=f"doc{number}", jurisdiction=place, title=f"文件{number}", issuing_body="市政府", dated=today
        )
        Programme.objects.create(
            key=f"p{number}",
            jurisdiction=place,
            title=f"计划{number}",
            short_title=f"计划{number}",
            year=2026,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            document=document,
        )
        section = Section.objects.create(
            programme=programme, path=f"{number}", number="一", title=f"章{number}"
        )
        Phase.objects.create(
            programme=programme,
            number="1",
            name=f"阶段{number}",
            starts_on=today,
            ends_on=today + timedelta(days=9),
        )
        task = make_task(programme, 100 + number, section=section, responsible_leader=seat)
        part = make_part(task, unit, "lead", contact_user=liaison)
        Milestone.objects.create(
            programme=programme, task=task, title="节点", due_on=today, original_due=today
        )
        Deliverable.objects.create(programme=programme, task=task, name=f"成果{number}", kind="report")
        Duty.objects.create(programme=programme, who="某局", department=unit, summary=f"职责{number}")
        AssessmentRule.objects.create(programme=programme, rule=f"规则{number}")
        window = ReportingWindow.objects.create(
            programme=programme,
            kind="month",
            starts_on=date(2030 + number, 1, 1),
            ends_on=date(2030 + number, 1, 31),
            opens_on=date(2030 + number, 1, 1),
            due_on=date(2030 + number, 2, 1),
        )
        ProgressEntry.objects.create(
            part=part, window=window, state="submitted", filed_by=liaison, filed_at=now, progress="进展"
        )
        ProgressReport.objects.create(
            programme=programme,
            window=window,
            scope="programme",
            title=f"报告{number}",
            requested_by=world.people["director"],
            requested_at=now,
        )
        ReminderDelivery.objects.create(
            key=f"k{number}",
            recipient=liaison,
            subject="到期",
            url="/",
            due_on=today,
            rung=-1,
            digest_on=today,
        )
        indicator = Indicator.objects.create(
            programme=programme,
            task=task,
            name=f"指标{number}",
            kind="numeric",
            comparator=">=",
            value=1,
            reporter=unit,
        )
        IndicatorReading.objects.create(
            indicator=indicator, window=window, value=1, state="submitted", filed_by=liaison, filed_at=now
        )
        AwardScheme.objects.create(programme=programme, task=task, name=f"奖{number}", role="scheme")
        Holiday.objects.create(date=date(2031, 1, 1) + timedelta(days=number), kind="rest")
        enqueue("test", key=f"m{number}")
        post_inbox(recipient_ids=[liaison.pk], kind="test", key=f"i{number}", title="通知")
        remarks.remark(programme=programme, task=None, actor=world.actor("leader"), text="请抓紧。")
