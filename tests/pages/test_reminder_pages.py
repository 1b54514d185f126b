"""明日提醒预览 and 未送达: the preview is what is sent, what failed is sent again with a reason, each office sees its own."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.domain import reminders
from programs.models import Milestone, Programme, ReminderDelivery
from qualitycity.audit import history
from qualitycity.outbox.drain import drain
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import Message
from qualitycity.workdays.models import Holiday
from taskforce.models import User

PREVIEW, FAILED = "/reminders/", "/reminders/failed/"
#: A Tuesday: told on Thursday the 26th and on Monday the 30th.
DUE = date(2026, 3, 31)


def milestones(world, count: int = 1) -> None:
    Milestone.objects.bulk_create(
        Milestone(programme=world.programme, task=world.tasks[2], title=f"抽检{n}", due_on=DUE, original_due=DUE)
        for n in range(count)
    )


# --- the preview ------------------------------------------------------------------------------------------------------


def test_the_page_lists_who_is_told_what_when_and_by_which_way(world, as_user, settings, clock):
    clock.move_to("2026-03-29T10:00:00+08:00")  # a Sunday
    settings.PORTAL_MAIL_ENABLED = True
    milestones(world)
    shown = as_user("clerk").get(PREVIEW)
    page = shown.content.decode()
    assert "bing_liaison" in page and "市丙局" in page and "任务“任务3”节点“抽检0”" in page
    assert "到期前1个工作日" in page and "2026年3月31日到期，还有1个工作日" in page
    assert [told.channels for told in shown.context["rows"]] == [["站内消息", "邮件"]]


def test_what_the_page_lists_is_what_the_scan_then_logs(world, as_user, clock):
    clock.move_to("2026-03-27T10:00:00+08:00")  # a Friday: the next working day is offered beside tomorrow
    milestones(world, 3)
    reminders.scan()
    client = as_user("clerk")
    assert client.get(PREVIEW).context["total"] == 0
    context = client.get(PREVIEW, {"day": "2026-03-30"}).context
    shown = {(told.person, line["subject"], line["when"]) for told in context["rows"] for line in told.lines}
    clock.move_to("2026-03-30T00:05:00+08:00")
    reminders.scan()
    sent = ReminderDelivery.objects.filter(digest_on=date(2026, 3, 30))
    assert shown and shown == {(row.recipient_id, row.subject, "2026年3月31日到期，还有1个工作日") for row in sent}
    assert context["total"] == sent.count()


def test_it_is_narrowed_to_a_programme_and_to_the_own_office(world, as_user, clock):
    clock.move_to("2026-03-27T10:00:00+08:00")
    milestones(world)
    reminders.scan()
    monday = {"day": "2026-03-30"}
    client = as_user("director")
    assert client.get(PREVIEW, monday | {"programme": world.programme.pk}).context["total"] == 1
    assert client.get(PREVIEW, monday | {"programme": "x"}).context["total"] == 1
    other = Programme.objects.create(
        key="other", jurisdiction=world.city, title="另一方案", short_title="另一方案", year=2026, state="running",
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    assert client.get(PREVIEW, monday | {"programme": other.pk}).context["total"] == 0
    assert as_user("district").get(PREVIEW, monday).context["total"] == 0
    for who in ("jia_head", "leader", "auditor", "sysadmin", "stranger"):
        assert as_user(who).get(PREVIEW).status_code == 403, who


#: The second time, as every page.
WARM = 12


def test_a_preview_costs_the_same_for_few_and_many_and_little_the_second_time(world, as_user, clock, settled, settings):
    clock.move_to("2026-03-27T10:00:00+08:00")
    client, counts = as_user("clerk"), []
    for count in (1, 150):
        milestones(world, count)
        for _again in range(2):
            if not _again:
                settled()
            with CaptureQueriesContext(connection) as found:
                assert client.get(PREVIEW, {"day": "2026-03-30"}).context["total"] >= count
            counts.append(len(found))
    # planning anew asks every source; beside it session, person, roles, standings, inbox, programmes, people named
    cold = 15 + 3 * len(settings.REMINDER_SOURCES)
    assert counts[0] == counts[2] <= cold and counts[1] == counts[3] <= WARM, counts


# --- what did not arrive ----------------------------------------------------------------------------------------------


def stopped(world, name: str, state: str = "parked", error: str = "SMTP 拒绝收件人") -> Message:
    key = f"mail:digest:{name}"
    enqueue("mail.digest", key=key, queue="mail", payload={"user": world.people[name].pk, "day": "2026-03-26"})
    Message.objects.filter(dedup_key=key).update(state=state, last_error=error, finished_at=timezone.now(), attempts=3)
    return Message.objects.get(dedup_key=key)


def test_each_office_sees_what_did_not_reach_its_people(world, as_user):
    stopped(world, "jia_liaison", error="ConnectionRefusedError: 连接被拒绝\ntrace")
    stopped(world, "district", "doubtful")
    enqueue("reminders.scan", key="scan")
    Message.objects.filter(dedup_key="scan").update(state="parked", finished_at=timezone.now())
    city = as_user("clerk").get(FAILED)
    page = city.content.decode()
    assert {row.person for row in city.context["rows"]} == {"jia_liaison", "district"}
    assert "ConnectionRefusedError: 连接被拒绝" in page and "trace" not in page and "市甲局" in page
    assert {row.person for row in as_user("district").get(FAILED).context["rows"]} == {"district"}
    assert len(as_user("sysadmin").get(FAILED).context["rows"]) == 2
    for who in ("jia_head", "leader", "auditor", "stranger"):
        assert as_user(who).get(FAILED).status_code == 403, who


@pytest.mark.django_db(transaction=True)
def test_the_ticked_ones_are_sent_again_with_a_reason_that_the_journal_keeps(world, as_user, settings):
    settings.PORTAL_MAIL_ENABLED = True
    first, second = stopped(world, "jia_liaison"), stopped(world, "yi_liaison", "doubtful")
    client = as_user("clerk")
    sent = client.post(FAILED, {"message": [first.pk, second.pk], "reason": "邮箱已恢复"})
    assert sent.status_code == 302
    for message in (first, second):
        assert history(message).get().reason == "邮箱已恢复"
    drain("mail")
    assert {letter.to[0] for letter in mail.outbox} == {"jia_liaison@example.org", "yi_liaison@example.org"}
    assert not client.get(FAILED).context["rows"]
    again = client.post(FAILED, {"message": [first.pk], "reason": "再点一次"}, follow=True)
    assert again.status_code == 200 and history(first).count() == 1
    assert drain("mail") == 0


@pytest.mark.parametrize(
    ("sent", "field"), [({"reason": " "}, "reason"), ({"message": []}, "message"), ({"message": ["x"]}, "message")]
)
def test_what_is_missing_is_said_and_the_ticks_stay(world, as_user, sent, field):
    message = stopped(world, "jia_liaison")
    response = as_user("clerk").post(FAILED, {"message": [message.pk], "reason": "邮箱已恢复"} | sent)
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    page = response.content.decode()
    assert (f'value="{message.pk}" checked' in page) is (field == "reason")
    assert field == "reason" or "邮箱已恢复" in page
    message.refresh_from_db()
    assert message.state == "parked"


def test_nobody_sends_what_belongs_to_another_territory(world, as_user):
    message = stopped(world, "jia_liaison")
    response = as_user("district").post(FAILED, {"message": [message.pk], "reason": "x"})
    assert response.status_code == 422
    message.refresh_from_db()
    assert message.state == "parked" and not history(message).exists()


def test_few_and_many_cost_the_same(world, as_user):
    client, reads, writes = as_user("clerk"), [], []
    for names in (["jia_liaison"], ["yi_liaison", "bing_liaison", "jia_head", "yi_head", "district"]):
        ids = [stopped(world, name).pk for name in names]
        client.get(FAILED)
        with CaptureQueriesContext(connection) as found:
            assert len(client.get(FAILED).context["rows"]) == len(names)
        reads.append(len(found))
        with CaptureQueriesContext(connection) as found:
            client.post(FAILED, {"message": ids, "reason": "x"})
        writes.append(len(found))
    assert reads[0] == reads[1] <= 12 and writes[0] == writes[1] <= 20, (reads, writes)


def test_the_start_page_leads_there_only_when_there_is_something(world, as_user):
    assert FAILED not in as_user("clerk").get("/").content.decode()
    stopped(world, "jia_liaison")
    assert FAILED in as_user("clerk").get("/").content.decode()
    assert FAILED not in as_user("jia_head").get("/").content.decode()
    assert FAILED in as_user("sysadmin").get("/").content.decode()


# --- holidays ---------------------------------------------------------------------------------------------------------


def test_a_year_without_holidays_is_said_where_working_days_matter(world, as_user):
    client = as_user("director")
    places = ("/", PREVIEW, "/calendar/", f"/programmes/{world.programme.pk}/rules/")
    said = "尚未录入2026年放假安排"
    for place in places:
        assert said in client.get(place).content.decode(), place
    Holiday.objects.bulk_create(Holiday(date=date(2026, 10, day), kind="rest", name="国庆节") for day in range(1, 9))
    for place in places:
        assert said not in client.get(place).content.decode(), place
    assert "尚未录入2027年放假安排" in client.get("/calendar/", {"month": "2027-01"}).content.decode()


def test_the_office_finds_the_table_by_year_and_its_clerk_reads_it(world, as_user):
    Holiday.objects.create(date=date(2025, 10, 1), kind="rest", name="国庆节")
    Holiday.objects.create(date=date(2026, 10, 1), kind="rest", name="国庆节")
    User.objects.filter(pk__in=[world.people[name].pk for name in ("director", "clerk")]).update(is_staff=True)
    table = "/admin/workdays/holiday/"
    for who in ("director", "clerk"):
        found = as_user(who).get(table, {"year": "2025"})
        assert [row.date.year for row in found.context["cl"].result_list] == [2025]
    assert as_user("director").get(f"{table}add/").status_code == 200
    assert as_user("clerk").get(f"{table}add/").status_code == 403
    assert as_user("director").get(table, {"year": "x"}).status_code in (200, 302)
