"""What can be started from the admin: reports, reminders, stopped messages."""

import pytest
from django.urls import reverse

from programs.models import Programme, ProgressReport, ReminderDelivery, ReportingWindow
from qualitycity.audit.models import Entry
from qualitycity.outbox.choices import State
from qualitycity.outbox.drain import drain
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import Message
from taskforce.models import User

PROGRAMMES = "admin:programs_programme_changelist"


@pytest.fixture
def office(as_user, world):
    User.objects.filter(pk=world.people["director"].pk).update(is_staff=True)
    return as_user("director")


def act(client, name, action, *rows, **more):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    answer = client.post(reverse(name), data, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_a_report_of_the_newest_open_period_is_asked_for(office, world):
    said = act(office, PROGRAMMES, "build_report", world.programme)
    report = ProgressReport.objects.get()
    assert (report.window, report.scope, report.requested_by) == (
        world.window,
        "programme",
        world.people["director"],
    )
    assert Message.objects.filter(kind="report.build", payload={"report": report.pk}).exists()
    assert len(said) == 1 and reverse("report", args=[report.pk]) in said[0]


def test_without_an_open_period_the_programme_is_named(office, world):
    ReportingWindow.objects.all().delete()
    said = act(office, PROGRAMMES, "build_report", world.programme)
    assert not ProgressReport.objects.exists()
    assert len(said) == 1 and said[0].startswith("质量提升2026")


def test_reminders_go_out_once_however_often_it_is_pressed(office, world, clock):
    clock.move_to("2026-04-03T10:00:00+08:00")
    office.force_login(world.people["director"], backend="django.contrib.auth.backends.ModelBackend")
    act(office, PROGRAMMES, "send_reminders", world.programme)
    act(office, PROGRAMMES, "send_reminders", world.programme)
    message = Message.objects.get(kind="reminders.scan")
    assert message.payload == {"programmes": [world.programme.pk]}
    assert Entry.objects.filter(action="send_reminders").count() == 1
    drain("default")
    told = ReminderDelivery.objects.count()
    assert told > 0
    clock.shift(120)
    act(office, PROGRAMMES, "send_reminders", world.programme)
    drain("default")
    assert ReminderDelivery.objects.count() == told


def test_a_programme_that_does_not_run_sends_nothing(office, world):
    Programme.objects.update(state="closed")
    said = act(office, PROGRAMMES, "send_reminders", world.programme)
    assert len(said) == 1 and not Message.objects.filter(kind="reminders.scan").exists()


def test_the_auditor_is_offered_neither(as_user, world):
    User.objects.filter(pk=world.people["auditor"].pk).update(is_staff=True)
    client = as_user("auditor")
    act(client, PROGRAMMES, "build_report", world.programme)
    act(client, PROGRAMMES, "send_reminders", world.programme)
    assert not ProgressReport.objects.exists() and not Message.objects.filter(kind="reminders.scan").exists()


@pytest.fixture
def stopped(world):
    message = enqueue("mail.digest", key="stopped")
    Message.objects.filter(pk=message.pk).update(state=State.PARKED, last_error="SMTP 421")
    return Message.objects.get(pk=message.pk)


def test_a_stopped_message_is_tried_again_with_a_reason(as_user, world, stopped):
    User.objects.filter(pk=world.people["sysadmin"].pk).update(is_staff=True)
    client = as_user("sysadmin")
    name = "admin:outbox_message_changelist"
    act(client, name, "retry_messages", stopped)
    stopped.refresh_from_db()
    assert stopped.state == State.PARKED
    act(client, name, "retry_messages", stopped, reason="邮件服务器已恢复")
    stopped.refresh_from_db()
    assert stopped.state == State.PENDING
    assert Entry.objects.get(action="outbox.retry").reason == "邮件服务器已恢复"
