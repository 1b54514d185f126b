"""The plan is one: what the preview shows is what the scan then sends; other floors add matters of their own."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.domain import breakdown, reminders
from programs.domain.reminders import Matter, ladder_of, telling
from programs.models import Milestone, Programme, ReminderDelivery
from qualitycity.outbox.drain import drain
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workdays.calendar import load_calendar
from taskforce.models import Membership, User

from ..factories import make_task

DUE = date(2026, 3, 31)


def milestones(world, count: int, *, due_on: date = DUE, task: int = 2) -> list[Milestone]:
    rows = [
        Milestone(
            programme=world.programme, task=world.tasks[task], title=f"节点{number}", due_on=due_on, original_due=due_on
        )
        for number in range(count)
    ]
    return Milestone.objects.bulk_create(rows)


def shown(world, day: date, **more) -> set[str]:
    found = reminders.preview(
        day, today=timezone.localdate(), calendar=load_calendar(), jurisdictions={world.city.pk}, **more
    )
    return {reminder.key for reminder in found}


def sent(day: date) -> set[str]:
    return set(ReminderDelivery.objects.filter(digest_on=day).values_list("key", flat=True))


@given(
    offsets=st.lists(st.tuples(st.integers(-45, 30), st.integers(0, 3)), max_size=6),
    scanned_today=st.booleans(),
    late=st.lists(st.tuples(st.integers(-45, 30), st.integers(0, 3)), max_size=2),
    ahead=st.integers(1, 4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_preview_is_what_the_scan_then_sends(world, clock, offsets, scanned_today, late, ahead):
    """Milestones anywhere around today, with or without today's scan, some entered after it."""
    clock.move_to("2026-03-26T10:00:00+08:00")
    ReminderDelivery.objects.all().delete()
    InboxItem.objects.all().delete()
    Milestone.objects.all().delete()
    today = timezone.localdate()

    def enter(what):
        for offset, task in what:  # the fourth stands for the programme itself
            day = today + timedelta(days=offset)
            [row] = milestones(world, 1, due_on=day, task=min(task, 2))
            if task == 3:
                Milestone.objects.filter(pk=row.pk).update(task=None)

    enter(offsets)
    if scanned_today:
        reminders.scan()
    enter(late)
    day = today + timedelta(days=ahead)
    expected = shown(world, day)
    reminders.scan()
    for offset in range(1, ahead + 1):
        clock.move_to(f"{today + timedelta(days=offset):%Y-%m-%d}T08:05:00+08:00")
        reminders.scan()
    assert sent(day) == expected


def test_a_window_that_opens_and_one_under_review_are_seen_ahead(world, clock):
    day = date(2026, 4, 6)  # a Monday, one working day before the period is due
    clock.move_to("2026-04-03T10:00:00+08:00")
    world.file("jia_liaison", "甲局")
    reminders.scan()
    expected = shown(world, day)
    clock.move_to("2026-04-06T00:05:00+08:00")
    reminders.scan()
    assert sent(day) == expected
    whose = {key.rsplit(":", 1)[1] for key in expected if key.startswith("window")}
    assert str(world.people["jia_head"].pk) in whose and str(world.people["jia_liaison"].pk) not in whose


def test_a_preview_of_other_offices_is_empty(world):
    milestones(world, 1)
    day = timezone.localdate() + timedelta(days=1)
    found = reminders.preview(
        day, today=timezone.localdate(), calendar=load_calendar(), jurisdictions={world.district.pk}
    )
    assert found == []


def test_a_preview_costs_the_same_for_few_and_many(world, settings):
    counts = []
    for count in (1, 120):
        milestones(world, count)
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(world, date(2026, 3, 30))) >= count
        counts.append(len(queries))
    # the calendar, programmes, memberships, successors, today's digests and the log, and at most three for a source
    assert counts[0] == counts[1] <= 6 + 3 * len(settings.REMINDER_SOURCES)


# --- the scan ---------------------------------------------------------------------------------------------------------


def test_a_long_digest_names_the_first_and_counts_the_rest(world):
    milestones(world, telling.LINES + 7)
    reminders.scan()
    digest = InboxItem.objects.get(recipient=world.people["bing_liaison"], kind="digest")
    assert digest.title == f"您有{telling.LINES + 7}项到期提醒"
    assert digest.body.count("\n") == telling.LINES and digest.body.endswith("另有7项，请在门户首页查看")


def test_many_pieces_are_told_as_one(world, monkeypatch):
    """Pieces of three, transactions of two: nobody gets two digests, nothing is lost."""
    for task in range(3):
        milestones(world, 4, task=task)
    expected = reminders.scan()
    told = sent(timezone.localdate())
    digests = set(InboxItem.objects.filter(kind="digest").values_list("dedup_key", "body"))
    ReminderDelivery.objects.all().delete()
    InboxItem.objects.all().delete()
    monkeypatch.setattr("programs.domain.reminders.plan.untold.__defaults__", (3,))
    monkeypatch.setattr(telling, "WRITE", 2)
    assert reminders.scan() == expected and sent(timezone.localdate()) == told
    assert set(InboxItem.objects.filter(kind="digest").values_list("dedup_key", "body")) == digests


def test_a_scan_that_dies_in_the_middle_is_finished_by_the_next(world, monkeypatch):
    for task in range(3):
        milestones(world, 2, task=task)
    monkeypatch.setattr(telling, "WRITE", 1)
    tell, calls = telling._tell, []

    def dies(people, today, calendar):
        calls.append(people)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return tell(people, today, calendar)

    monkeypatch.setattr(telling, "_tell", dies)
    with pytest.raises(KeyboardInterrupt):
        reminders.scan()
    first = set(InboxItem.objects.filter(kind="digest").values_list("pk", flat=True))
    assert len(first) == 1
    monkeypatch.setattr(telling, "_tell", tell)
    reminders.scan()
    digests = InboxItem.objects.filter(kind="digest")
    assert first < set(digests.values_list("pk", flat=True))
    assert digests.count() == digests.values("recipient").distinct().count()
    assert reminders.scan() == 0


def test_a_leader_is_told_nothing_even_where_he_is_named(world):
    part = world.tasks[2].parts.get()
    part.contact_user = world.people["leader"]
    part.save()
    milestones(world, 1)
    reminders.scan()
    assert not ReminderDelivery.objects.filter(recipient=world.people["leader"]).exists()


def test_the_unit_stands_in_for_a_named_person_who_has_left(world):
    part = world.tasks[0].parts.get(role="lead")
    gone = User.objects.create(username="gone", full_name="离任者")
    part.contact_user = gone
    part.save()
    milestones(world, 1, task=0)
    reminders.scan()
    told = ReminderDelivery.objects.filter(key__startswith="milestone")
    assert [row.recipient for row in told] == [world.people["jia_liaison"]]


def test_each_programme_has_its_own_ladder(world):
    from programs.domain.rules import REMINDER_LADDER
    from qualitycity.sealing.models import seal

    sparse = seal("reminder_ladder", REMINDER_LADDER | {"milestone": [-1]})
    Programme.objects.filter(pk=world.programme.pk).update(reminder_ladder=sparse)
    milestones(world, 1)
    reminders.scan()
    assert not ReminderDelivery.objects.filter(key__startswith="milestone").exists()


# --- sources of other floors ------------------------------------------------------------------------------------------


def elsewhere(ground):
    """A matter outside any programme, as another floor would register it: held by a unit and the office at once."""
    unit = Membership.objects.get(user__username="yi_liaison")
    if not ground.covers(unit.jurisdiction_id):
        return
    yield Matter(
        kind="item", ident=1, jurisdiction=unit.jurisdiction_id, subject="督办事项“整改”", url="/", due_on=DUE,
        live_from=date(2026, 3, 1), rungs=tuple(ladder_of(None)["milestone"]), units=frozenset({unit.department_id}),
        office=True,
    )  # fmt: skip


def test_another_floor_registers_matters_outside_programmes(world, settings):
    settings.REMINDER_SOURCES = [*settings.REMINDER_SOURCES, f"{__name__}.elsewhere"]
    expected = shown(world, date(2026, 3, 30))
    reminders.scan()
    told = ReminderDelivery.objects.filter(key__startswith="item:1:20260331:-3")
    assert {row.recipient.username for row in told} == {"yi_liaison", "clerk", "director"}
    assert any(key.startswith("item:1:20260331:-1") for key in expected)


def test_chosen_programmes_alone_leave_out_what_is_outside(world, settings):
    settings.REMINDER_SOURCES = [*settings.REMINDER_SOURCES, f"{__name__}.elsewhere"]
    milestones(world, 1)
    reminders.scan(programmes=[world.programme.pk])
    keys = list(ReminderDelivery.objects.values_list("key", flat=True))
    assert any(key.startswith("milestone") for key in keys) and not any(key.startswith("item") for key in keys)


def test_added_milestones_by_the_office_are_matters_too(world, clock):
    task = make_task(world.programme, 9, mode="sole")
    breakdown.add_milestone(programme=world.programme, task=None, actor=world.actor("clerk"), title="年度小结", due_on=DUE)
    milestones(world, 1)
    Milestone.objects.filter(title="节点0").update(task=task)  # a draft is reminded of by nobody
    reminders.scan()
    told = ReminderDelivery.objects.filter(key__startswith="milestone")
    assert {row.recipient.username for row in told} == {"clerk", "director"}
    assert {row.subject for row in told} == {"《质量提升2026》节点“年度小结”"}


@pytest.mark.django_db(transaction=True)
def test_the_message_of_the_hour_scans_outside_a_transaction_and_is_done(world):
    milestones(world, 3)
    enqueue("reminders.scan", key="reminders:test", payload={})
    drain("default")
    assert Message.objects.get(kind="reminders.scan").state == "done"
    assert InboxItem.objects.filter(kind="digest", recipient=world.people["bing_liaison"]).count() == 1
