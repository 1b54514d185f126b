"""上线前: known progress from before the portal, never a report; periods that ended by then are not owed."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.choices import OpeningStep
from programs.domain import breakdown, opening
from programs.domain.entries import TASKS as SOURCE
from programs.domain.entries import owed_parts
from programs.domain.opening import Typed
from programs.domain.parts import sign_for
from programs.domain.standings import board_day
from programs.models import OpeningState, Responsibility, TaskStanding
from programs.queries.ledger import ledger_lines, ledger_tasks
from qualitycity.audit.models import Entry
from qualitycity.home.invariants import openings_that_do_not_stand
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed
from tests.factories import make_part, make_task

#: A day after the first quarter ended: its window is not owed any more.
AFTER, BEFORE = date(2026, 3, 31), date(2025, 12, 31)
APRIL = "2026-04-02T10:00:00+08:00"


@pytest.fixture
def part(world, clock):
    part = world.tasks[0].parts.get(role="lead")
    sign_for([part], actor=world.actor("jia_liaison"))
    clock.move_to(APRIL)
    return part


def record(world, part, who="director", as_of=AFTER, percent=30, result="", basis="市政府办通报"):
    return opening.record_opening(
        {part.pk: Typed(percent, result)}, actor=world.actor(who), as_of=as_of, basis=basis
    )[0]


def line(world, part):
    board_day()
    rows = ledger_lines(ledger_tasks(world.programme, world.actor("director")), actor=world.actor("director"))
    return next(row for row in rows if row.pk == part.task_id)


def test_what_the_office_records_stands_at_once_and_is_known_progress_but_no_report(world, part):
    assert line(world, part).light == "amber", "the first quarter is due"
    row = record(world, part)
    assert (row.state, row.by_office) == (OpeningStep.ACCEPTED, True)
    shown = line(world, part)
    assert (shown.percent, shown.before_portal, shown.latest) == (30, True, None)
    assert shown.light == "grey" and "上线前" in shown.sentence and "30%" in shown.sentence
    assert TaskStanding.objects.get(task=part.task).percent == 30


def test_no_period_that_ended_by_that_day_is_owed(world, part):
    window = world.programme.windows.get(starts_on=date(2026, 1, 1))
    later = world.programme.windows.get(starts_on=date(2026, 4, 1))

    def owed(window):
        lines = {row.key for row in SOURCE.lines(window, {part.department_id})}
        counted = sum(row[3] for row in SOURCE.owed([window.pk], {part.department_id}))
        states = len(SOURCE.states([window], {part.department_id}))
        assert len(lines) == counted == states == owed_parts(window).filter(department=part.department).count()
        return f"task-{part.pk}" in lines

    assert owed(window) and owed(later)
    record(world, part, as_of=date(2026, 3, 30))
    assert owed(window), "the day lies inside the period"
    record(world, part)
    assert not owed(window) and owed(later)


def test_it_never_counts_as_filed_in_time(world, part, clock):
    record(world, part)
    clock.move_to("2026-07-20T10:00:00+08:00")
    shown = line(world, part)
    assert shown.light == "red" and "第二季度" in shown.sentence
    assert not part.entries.exists()


def test_the_first_report_takes_its_place(world, part, clock):
    record(world, part)
    clock.move_to("2026-06-25T10:00:00+08:00")
    window = world.programme.windows.get(starts_on=date(2026, 4, 1))
    world.file("jia_liaison", "甲局", window, percent=55)
    world.sign("jia_head", "甲局", window)
    world.accept("clerk", "甲局", window)
    shown = line(world, part)
    assert (shown.percent, shown.before_portal) == (55, False)
    clock.move_to("2026-07-02T10:00:00+08:00")
    with pytest.raises(IllegalMove):
        record(world, part, as_of=date(2026, 6, 30))


def test_a_unit_proposes_and_the_office_accepts(world, part):
    row = record(world, part, who="jia_liaison")
    assert (row.state, row.by_office) == (OpeningStep.PROPOSED, False)
    assert line(world, part).percent is None
    with pytest.raises(NotAllowed):
        opening.accept_openings([part.pk], actor=world.actor("jia_liaison"))
    opening.accept_openings([part.pk], actor=world.actor("clerk"))
    assert line(world, part).percent == 30
    with pytest.raises(IllegalMove):
        opening.accept_openings([part.pk], actor=world.actor("clerk"))
    with pytest.raises(IllegalMove):
        record(world, part, who="jia_liaison", percent=90)
    acts = list(Entry.objects.filter(action__endswith="_opening").order_by("id").values_list("action", "audience"))
    assert acts == [("propose_opening", "unit"), ("accept_opening", "unit")]


def test_returned_with_a_reason_that_the_unit_reads_and_proposed_again(world, part):
    record(world, part, who="jia_liaison")
    with pytest.raises(IllegalMove):
        opening.return_opening(part, actor=world.actor("clerk"), reason=" ")
    opening.return_opening(part, actor=world.actor("clerk"), reason="请写明依据的文号")
    notice = InboxItem.objects.get(recipient=world.people["jia_liaison"], kind="opening")
    assert "请写明依据的文号" in notice.body
    assert record(world, part, who="jia_liaison").state == OpeningStep.PROPOSED


@pytest.mark.parametrize("who", ["jia_head", "yi_liaison", "bing_liaison", "leader", "auditor", "sysadmin"])
def test_nobody_else_records(world, part, who):
    with pytest.raises(NotAllowed):
        record(world, part, who=who)
    assert not OpeningState.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": date(2026, 4, 3)}, {"basis": " "}, {"percent": None}, {"percent": 101}, {"percent": -1},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(world, part, wrong):
    with pytest.raises(IllegalMove) as refused:
        record(world, part, **wrong)
    assert str(refused.value.sentence) and not OpeningState.objects.exists()


def test_ongoing_work_has_words_in_place_of_a_percentage(world, part):
    ongoing = world.tasks[1].parts.get(department=world.units["甲局"])
    for percent, result in ((30, "已举办培训"), (None, " ")):
        with pytest.raises(IllegalMove):
            record(world, ongoing, percent=percent, result=result)
    record(world, ongoing, percent=None, result="已举办培训")
    assert Responsibility.objects.get(pk=ongoing.pk).opening_on == AFTER


def test_a_supporting_or_settled_part_has_none(world, part):
    with pytest.raises(IllegalMove):
        record(world, world.tasks[0].parts.get(role="support"))
    Responsibility.objects.filter(pk=part.pk).update(state="done", settled_on=AFTER)
    with pytest.raises(IllegalMove):
        record(world, part)


def test_many_are_recorded_together_or_not_at_all(world, part):
    other = world.tasks[2].parts.get()
    typed = {part.pk: Typed(30), other.pk: Typed(None)}
    with pytest.raises(IllegalMove) as refused:
        opening.record_opening(typed, actor=world.actor("director"), as_of=AFTER, basis="通报")
    assert refused.value.obj == other and not OpeningState.objects.exists()


def test_the_database_refuses_an_acceptance_by_who_entered_it(world, part):
    row = record(world, part, who="jia_liaison")
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningState.objects.filter(pk=row.pk).update(state="accepted", decided_by=row.entered_by)


def test_a_copy_that_differs_from_the_record_is_found(world, part):
    record(world, part)
    assert list(openings_that_do_not_stand()) == []
    Responsibility.objects.filter(pk=part.pk).update(opening_on=BEFORE)
    (fault,) = openings_that_do_not_stand()
    assert str(part.pk) in fault


def test_a_unit_taken_out_again_takes_its_record_along(world, part):
    task = make_task(world.programme, 50, mode="sole")
    other = make_part(task, world.units["丙局"], "sole", origin="office")
    record(world, other)
    breakdown.remove_part(other, actor=world.actor("director"))
    assert not OpeningState.objects.exists()


def test_the_task_page_and_its_history_say_before_the_portal(as_user, world, part):
    record(world, part, basis="示例办〔2026〕3号")
    page = as_user("director").get(reverse("task", args=[part.task_id])).content.decode()
    assert "示例办〔2026〕3号" in page and "30%" in page
    assert reverse("part_opening", args=[part.pk]) in page
    page = as_user("yi_liaison").get(reverse("task", args=[part.task_id])).content.decode()
    assert "示例办〔2026〕3号" not in page, "the ground is between the office and the unit"


def test_the_sheet_of_a_programme_records_many_and_keeps_what_was_typed(as_user, world, part):
    client, other = as_user("clerk"), world.tasks[2].parts.get()
    address = reverse("programme_opening", args=[world.programme.pk])
    typed = {"as_of": "2026-03-31", "basis": "通报", f"percent-{part.pk}": "３０％", f"percent-{other.pk}": "x"}
    answer = client.post(address, typed)
    assert answer.status_code == 422 and "３０％" in answer.content.decode() and not OpeningState.objects.exists()
    assert client.post(address, typed | {f"percent-{other.pk}": "10"}).status_code == 302
    assert list(OpeningState.objects.order_by("percent").values_list("percent", flat=True)) == [10, 30]
    assert client.post(address, {"as_of": "2026-03-31", "basis": "通报"}).status_code == 422
    assert client.post(address, {"as_of": "", "basis": "", f"percent-{part.pk}": "5"}).status_code == 422


def test_proposals_are_accepted_from_the_sheet(as_user, world, part):
    record(world, part, who="jia_liaison")
    address = reverse("programme_opening", args=[world.programme.pk])
    client = as_user("clerk")
    assert client.post(address, {"do": "accept"}).status_code == 422
    assert client.post(address, {"do": "accept", "part": part.pk}).status_code == 302
    assert OpeningState.objects.get().state == OpeningStep.ACCEPTED


def test_the_page_of_a_part_records_proposes_and_returns(as_user, world, part):
    address = reverse("part_opening", args=[part.pk])
    data = {"as_of": "2026-03-31", "percent": "30", "result": "", "basis": "通报"}
    liaison = as_user("jia_liaison")
    assert liaison.post(address, data | {"percent": "abc"}).status_code == 422
    assert liaison.post(address, data).status_code == 302
    clerk = as_user("clerk")
    assert clerk.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert clerk.post(address, {"do": "return", "reason": "依据不明"}).status_code == 302
    assert "依据不明" in as_user("jia_liaison").get(address).content.decode()


def test_few_and_many_rows_cost_the_same_queries(as_user, world, part):
    client, reads, writes = as_user("clerk"), [], []
    address = reverse("programme_opening", args=[world.programme.pk])
    for amount in (1, 25):
        tasks = [make_task(world.programme, 100 * amount + n, mode="sole") for n in range(amount)]
        parts = [make_part(task, world.units["甲局"], "sole") for task in tasks]
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        reads.append(len(found))
        typed = {f"percent-{row.pk}": "10" for row in parts}
        with CaptureQueriesContext(connection) as found:
            assert client.post(address, {"as_of": "2026-03-31", "basis": "通报", **typed}).status_code == 302
        writes.append(len(found))
    assert reads[0] == reads[1] <= 12 and writes[0] == writes[1] <= 20
