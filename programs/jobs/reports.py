"""Jobs and handlers of reports, reminders, papers due and the lights that are kept. Thin: ids in, one domain call."""

from datetime import date
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.domain import reminders, reports, standings
from programs.domain.supervision import activities, materials
from programs.models import ProgressReport
from programs.papers import progress
from programs.queries import reminded
from qualitycity.access import can
from qualitycity.channels import sms, texts
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import Message
from qualitycity.outbox.registry import GiveUp, handler
from qualitycity.reports.codec import digest, to_json
from qualitycity.reports.rendering import RenderFailed, render_pdf
from taskforce.contracts import actor_context
from taskforce.domain import delivering
from taskforce.models import Robot, User


@shared_task(name="programs.scan_reminders")
def scan_reminders() -> None:
    """Rung by beat every hour; the work itself is an outbox message, once per hour."""
    now = timezone.localtime()
    enqueue("reminders.scan", key=f"reminders:{now:%Y%m%d%H}", payload={})


@shared_task(name="programs.work_out_standings")
def work_out_standings() -> None:
    """Rung by beat every minute, so that hardly any reader waits for the lights; readers do it themselves otherwise."""
    standings.board_day()


def prepare_scan(message: Message) -> None:
    """Outside any transaction: the scan tells people some hundred at a time and stands by what it has told."""
    reminders.scan(programmes=message.payload.get("programmes"))


@handler("reminders.scan", prepare=prepare_scan)
def scanned(message: Message, result: None) -> None:
    """Nothing is left to do: everybody was told in a transaction of his own."""


@shared_task(name="programs.lay_out")
def lay_out() -> None:
    """Rung by beat every hour: papers and activities that have come near are laid before the units."""
    enqueue("programs.lay_out", key=f"lay-out:{timezone.localtime():%Y%m%d%H}", payload={})


@handler("programs.lay_out")
def run_lay_out(message: Message) -> None:
    materials.lay_out()
    activities.lay_out()


def _report(message: Message) -> ProgressReport:
    return ProgressReport.objects.select_related(
        "programme__jurisdiction",
        "programme__body",
        "programme__light_policy",
        "window",
        "section",
        "department",
        "requested_by",
    ).get(pk=message.payload["report"])


def prepare_report(message: Message) -> dict[str, Any]:
    """Outside any transaction: the content from what its author may see now, and the PDF from the content."""
    report = _report(message)
    actor = actor_context(report.requested_by, day=timezone.localdate())
    if not report.requested_by.is_active or not can(actor, "build", report):
        raise GiveUp(_("The person who asked for this report may not have it any more."))
    if report.state == "queued":
        report = reports.begin(report)
    content = progress.build(report, actor=actor)
    try:
        pdf = render_pdf(content)
    except RenderFailed as failure:
        raise GiveUp(str(failure)) from failure
    return {"content": to_json(content), "sha256": digest(content), "pdf": pdf, "at": timezone.now()}


def report_failed(message: Message) -> None:
    """The message was parked for good: the row says so in a sentence, the person can ask again."""
    report = _report(message)
    if report.state in ("queued", "building"):
        sentence = message.last_error or _("The report could not be built.")
        reports.fail(report, sentence=sentence)


@handler("report.build", prepare=prepare_report, on_parked=report_failed)
def build_report(message: Message, result: dict[str, Any]) -> None:
    """Inside the message's transaction: file and content are frozen together with `done`."""
    reports.finish(_report(message), **result)


@handler("mail.digest", outside=True)
def send_digest(message: Message) -> None:
    """One e-mail per person and day: how many matters wait, nothing of their content."""
    user = _wanting(message).filter(mail_digest=True).exclude(email="").first()
    if user is None or not settings.PORTAL_MAIL_ENABLED:
        return
    count = reminded.count_for_person(user.pk, _day(message))
    context = {
        "user": user,
        "count": count,
        "portal": settings.PORTAL_NAME,
        "address": settings.PORTAL_BASE_URL,
    }
    subject = f"【{settings.PORTAL_NAME}】您有{count}项待办"
    delivering.to_mailbox(user, subject, render_to_string("emails/digest.txt", context))


@handler("sms.digest", outside=True)
def send_short_message(message: Message) -> None:
    """短信: one per person and day, to whoever still wants it when it goes out."""
    user = _wanting(message).filter(sms_digest=True).first()
    if user is not None and sms.gateway() is not None:
        count = reminded.count_for_person(user.pk, _day(message))
        delivering.to_mobile(user, texts.for_person(count), count)


@handler("robot.digest", outside=True)
def tell_group(message: Message) -> None:
    """群机器人: one message per group and day, while the robot is on."""
    robots = Robot.objects.select_related("jurisdiction", "department")
    robot = robots.filter(pk=message.payload["robot"], active=True).first()
    count = reminded.count_for_group(robot, _day(message)) if robot else 0
    if robot is not None and count:
        delivering.to_group(robot, texts.for_group(robot.whose, count))


def _wanting(message: Message) -> QuerySet[User]:
    return User.objects.filter(pk=message.payload["user"], is_active=True)


def _day(message: Message) -> date:
    return date.fromisoformat(message.payload["day"])
