"""灯 of supervised items: the sentences case by case, and the database against the pure rule in random worlds."""

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from programs.choices import EntryState, ItemOverdue, ItemPartState, ItemRole, ItemState, Urgency
from programs.domain.standings import board_day
from programs.domain.supervision.item_lights import ItemFacts, PartFacts, borders, item_light, part_light
from programs.models import ItemPart, ItemReport, SupervisedItem
from programs.queries.kept import BoardDay
from programs.queries.supervision import items as queries
from programs.queries.supervision.item_lights import with_lights
from qualitycity.workdays.calendar import Calendar
from qualitycity.workdays.models import Holiday

#: Friday 3 April is a day off, Saturday the 11th is worked.
DAYS = Calendar({date(2026, 4, 3): False, date(2026, 4, 11): True})
TODAY = date(2026, 4, 9)
DUE = date(2026, 4, 30)


def light(part: PartFacts, *, due=DUE, urgency="normal", state="assigned"):
    return part_light(part, ItemFacts(state, due, urgency), TODAY, DAYS)


def part(state="signed_for", assigned=date(2026, 4, 8), **more):
    return PartFacts("市甲局", state, assigned_on=assigned, **more)


@pytest.mark.parametrize(
    ("facts", "more", "code", "sentence", "overdue"),
    [
        (part("assigned"), {}, "grey", "待签收（4月11日前）", ""),
        # handed out on the 2nd: the 3rd is off, the limit is the 8th
        (part("assigned", date(2026, 4, 2)), {}, "red", "交办后未签收，逾期1个工作日", "unsigned"),
        (part("assigned", date(2026, 4, 7)), {"urgency": "urgent"}, "red", "交办后未签收，逾期1个工作日", "unsigned"),
        (part("assigned", date(2026, 4, 8)), {"urgency": "urgent"}, "grey", "待签收（4月9日前）", ""),
        (
            part("assigned", date(2026, 3, 20)), {"due": date(2026, 4, 7)}, "red",
            "交办后未签收，逾期10个工作日，办理时限已过2个工作日", "unsigned",
        ),
        (part(), {}, "green", "已签收，办理中，还有16个工作日到期", ""),
        (part(reported=True, report_state="accepted"), {}, "green", "已有阶段反馈，还有16个工作日到期", ""),
        (part(), {"due": date(2026, 4, 17)}, "amber", "尚未反馈，还有7个工作日到期", ""),
        (part(), {"due": date(2026, 4, 20)}, "green", "已签收，办理中，还有8个工作日到期", ""),
        (part(), {"due": TODAY}, "amber", "尚未反馈，今天到期", ""),
        (part(reported=True), {"due": date(2026, 4, 13)}, "amber", "已有阶段反馈，尚未办结，还有3个工作日到期", ""),
        (part(report_state="returned"), {}, "amber", "报告被退回，尚未重报，还有16个工作日到期", ""),
        (part(), {"due": date(2026, 4, 1)}, "red", "未反馈，逾期5个工作日", "unreported"),
        (part(report_state="returned"), {"due": date(2026, 4, 8)}, "red", "报告被退回，尚未重报，逾期1个工作日", "unreported"),
        (
            part(report_state="submitted"), {"due": date(2026, 4, 8)}, "red", "报告待单位审签，尚未反馈，逾期1个工作日",
            "unreported",
        ),
        (part(reported=True), {"due": date(2026, 4, 8)}, "red", "仅有阶段反馈，尚未办结，逾期1个工作日", "unreported"),
        (
            part(report_state="signed", report_final=True, reported=True, handed_in_on=date(2026, 4, 8)),
            {"due": date(2026, 4, 8)}, "green", "办结报告已报，待审核", "",
        ),
        (
            part(report_state="signed", report_final=True, reported=True, handed_in_on=date(2026, 4, 9)),
            {"due": date(2026, 4, 7)}, "amber", "逾期2个工作日后报送办结报告，待审核", "",
        ),
        (part("done", settled_on=date(2026, 4, 8)), {"due": date(2026, 4, 7)}, "amber", "逾期1个工作日后完成", ""),
        (part("done", settled_on=date(2026, 4, 8)), {}, "green", "提前17个工作日完成", ""),
        (part("done", settled_on=DUE), {}, "green", "按期完成", ""),
        (part("waived"), {"due": date(2026, 4, 1)}, "green", "已免办", ""),
        (part(), {"state": "suspended", "due": date(2026, 4, 1)}, "grey", "已中止", ""),
        (part("assigned", answers=False), {"due": date(2026, 4, 1)}, "grey", "待签收（4月11日前）", ""),
        (part(answers=False), {"due": date(2026, 4, 1)}, "green", "已签收，向主办单位反馈", ""),
    ],
)
def test_a_part_says_why(facts, more, code, sentence, overdue):
    found = light(facts, **more)
    assert (found.code, found.sentence, found.overdue) == (code, sentence, overdue)


@pytest.mark.parametrize(
    ("facts", "code", "sentence"),
    [
        (ItemFacts("registered", DUE), "grey", "已立项，尚未交办"),
        (ItemFacts("registered", date(2026, 4, 8)), "red", "尚未交办，办理时限已过1个工作日"),
        (ItemFacts("suspended", date(2026, 4, 1)), "grey", "已中止"),
        (ItemFacts("assigned", DUE, parts=(part("waived"),)), "grey", "没有承办单位"),
        (ItemFacts("completed", date(2026, 4, 7), completed_on=TODAY), "amber", "逾期2个工作日后办结"),
        (
            ItemFacts(
                "closed", date(2026, 4, 8), completed_on=TODAY, parts=(part("done", settled_on=date(2026, 4, 8)),)
            ),
            "green", "按期办结并销号",
        ),
        (
            ItemFacts("assigned", date(2026, 4, 1), parts=(part(), part(), part("done", settled_on=date(2026, 3, 20)))),
            "red", "市甲局：未反馈，逾期5个工作日（另有1个单位同为此色）",
        ),
        (ItemFacts("assigned", DUE, parts=(part(), part(answers=False))), "green", "2个单位均正常"),
    ],
)
def test_an_item_follows_its_worst_part(facts, code, sentence):
    found = item_light(facts, TODAY, DAYS)
    assert (found.code, found.sentence) == (code, sentence)


@pytest.mark.parametrize("offset", range(12))
def test_borders_are_the_days_on_which_the_rules_turn(offset):
    today = TODAY + timedelta(days=offset)
    found = borders(today, DAYS)
    for back in range(15):
        day = today - timedelta(days=back)
        for urgency, border in (("normal", found.unsigned), ("urgent", found.unsigned_urgent)):
            said = part_light(part("assigned", day), ItemFacts("assigned", DUE + timedelta(90), urgency), today, DAYS)
            assert (said.code == "red") == (day <= border), (today, day, urgency)
    for ahead in range(20):
        due = today + timedelta(days=ahead)
        said = part_light(part(), ItemFacts("assigned", due), today, DAYS)
        assert (said.code == "amber") == (due <= found.warn), (today, due)


def report(rng, one: ItemPart, users, today: date) -> None:
    now = timezone.make_aware(timezone.datetime(today.year, today.month, today.day, 10))
    on_its_way = rng.choice(["draft", "submitted", "returned", "signed"])
    for state in rng.sample(["accepted", on_its_way], rng.choice([0, 1, 2])):
        moment = now - timedelta(days=rng.randint(0, 12))
        filer, signer, reviewer = users
        fields = {"state": state, "final": rng.random() < 0.6}
        if state not in ("draft", "returned"):
            fields |= {"filed_by": filer, "filed_at": moment}
        if state in ("signed", "accepted"):
            fields |= {"signed_by": signer, "signed_at": moment, "sign_mode": "electronic"}
        if state == "accepted":
            fields |= {"reviewed_by": reviewer, "reviewed_at": moment}
        ItemReport.objects.create(part=one, **fields)


@pytest.mark.parametrize("seed", range(3))
def test_the_database_and_the_pure_rule_agree(world, clock, seed):
    rng, today = random.Random(seed), timezone.localdate()
    Holiday.objects.create(date=date(2026, 3, 24), kind="rest", name="假")
    users = [world.people[name] for name in ("jia_liaison", "jia_head", "clerk")]
    for n in range(60):
        state = rng.choice([*ItemState.values, ItemState.ASSIGNED, ItemState.ASSIGNED, ItemState.ASSIGNED])
        due = today + timedelta(days=rng.randint(-12, 14))
        done = today - timedelta(days=rng.randint(0, 9)) if state in ("completed", "closed") else None
        item = SupervisedItem.objects.create(
            jurisdiction=world.city, kind="superior", number=str(n), title=f"事项{n}", given_on=date(2026, 3, 1),
            due_on=due, original_due=due, recorded_by=users[2], recorded_at=timezone.now(), state=state,
            urgency=rng.choice(Urgency.values), completed_on=done, closed_on=done if state == "closed" else None,
        )  # fmt: skip
        for unit in rng.sample(list(world.units.values()), rng.choice([0, 1, 1, 2, 3])):
            step = rng.choice(ItemPartState.values)
            settled = today - timedelta(days=rng.randint(0, 12)) if step in ItemPartState.settled() else None
            one = ItemPart.objects.create(
                item=item, department=unit, role=rng.choice(ItemRole.values), state=step, settled_on=settled,
                assigned_on=today - timedelta(days=rng.randint(0, 9)) if step != "pending" else None,
            )  # fmt: skip
            if one.role == ItemRole.LEAD:
                report(rng, one, users, today)
    day: BoardDay = board_day()
    found = with_lights(SupervisedItem.objects.all(), borders(day.today, day.calendar))
    rows = queries.rows(queries.with_parts(found), day)
    assert len({row.light.code for row in rows}) == 4
    for row in rows:
        assert row.item.light == row.light.code, (row.item.number, row.item.state, row.light)
        kinds = {
            part_light(facts, queries.item_facts(row.item), day.today, day.calendar).overdue
            for facts in queries.item_facts(row.item).parts
        }
        out = row.item.state == ItemState.ASSIGNED
        assert row.item.unsigned == (out and ItemOverdue.UNSIGNED in kinds), row.item.number
        assert row.item.unreported == (out and ItemOverdue.UNREPORTED in kinds), row.item.number
    assert {EntryState.SIGNED, EntryState.RETURNED} <= set(ItemReport.objects.values_list("state", flat=True))
