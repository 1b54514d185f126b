"""应报材料: the matrix, what is laid before the units, handing in, reminding."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from programs.choices import MaterialState
from programs.domain import reminders
from programs.domain.supervision import materials
from programs.domain.supervision.material_lights import paper_light
from programs.models import Material, MaterialDue, ReminderDelivery
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workdays.calendar import Calendar
from qualitycity.workflow import IllegalMove, NotAllowed, advance

from ...files import builders

PEOPLE = (
    "jia_liaison", "jia_head", "yi_liaison", "bing_liaison", "clerk", "director", "leader", "secretary", "supervisor",
    "auditor", "district", "sysadmin", "stranger",
)  # fmt: skip
OFFICE = {"clerk", "director"}
UNIT = {"jia_liaison", "jia_head"}
# state × action → who; what is not listed is refused (written from the design, a file is attached throughout;
# the paper was handed in by the unit's liaison)
TABLE = {
    ("due", "file"): UNIT | OFFICE,
    ("returned", "file"): UNIT | OFFICE,
    ("filed", "withdraw"): UNIT,
    ("filed", "accept"): OFFICE,
    ("filed", "return"): OFFICE,
    ("accepted", "take_back"): {"director"},
    ("due", "waive"): {"director"},
    ("returned", "waive"): {"director"},
    ("waived", "reopen"): {"director"},
}


def register(world, **more):
    values = {
        "title": "质量工作总结", "recipient": "市质量强市办", "recurrence": "quarter", "first_due": date(2026, 4, 10),
        "about_previous": True, "basis": "工作规则第5条", "document": None, "programme": None, "hint": "三页以内",
    } | more  # fmt: skip
    units = values.pop("units", [world.units["甲局"], world.units["乙局"]])
    return materials.register(
        actor=world.actor(values.pop("who", "clerk")), jurisdiction=world.city, units=units, **values
    )


def paper(name="总结.pdf"):
    return SimpleUploadedFile(name, builders.pdf(), content_type="application/pdf")


@pytest.fixture
def due(world):
    register(world)
    return MaterialDue.objects.get(department=world.units["甲局"], due_on=date(2026, 4, 10))


def test_matrix(world, due):
    materials.hand_in(due, actor=world.actor("jia_liaison"), uploads=[paper()])
    filer = world.people["jia_liaison"].pk
    actors = {name: world.actor(name) for name in PEOPLE}
    actions = {transition.action for transition in materials.MATERIALS.transitions}
    today = timezone.localdate()
    for state in MaterialState.values:
        for action in sorted(actions):
            for name in PEOPLE:
                decided = {"decided_by_id": world.people["clerk"].pk, "decided_on": today} if state == "accepted" else {}
                MaterialDue.objects.filter(pk=due.pk).update(
                    state=state, filed_by=filer, filed_on=today, on_behalf=False,
                    **{"decided_by_id": None, "decided_on": None, **decided},
                )  # fmt: skip
                row = MaterialDue.objects.get(pk=due.pk)
                fields = {"decided_by_id": actors[name].user_id, "decided_on": today} if action == "accept" else {}
                fields |= {"filed_by_id": actors[name].user_id} if action == "file" else {}
                try:
                    moved = advance(
                        materials.MATERIALS, row, action, actor=actors[name], reason="理由", fields=fields
                    )
                    done = moved.row_version > row.row_version
                except (IllegalMove, NotAllowed):
                    done = False
                assert done == (name in TABLE.get((state, action), set())), (state, action, name)


def test_units_find_their_papers_and_are_told_once(world):
    register(world)
    assert MaterialDue.objects.filter(department=world.units["甲局"]).count() == 1
    told = InboxItem.objects.filter(kind="material").values_list("recipient__username", flat=True)
    assert sorted(told) == ["jia_head", "jia_liaison", "yi_head", "yi_liaison"]
    assert materials.lay_out() == 0


def test_later_dates_appear_by_themselves(world, clock):
    register(world)
    clock.move_to("2026-06-01T09:00:00+08:00")
    assert materials.lay_out() == 2
    labels = MaterialDue.objects.filter(department=world.units["乙局"]).values_list("label", flat=True)
    assert list(labels) == ["2026年第一季度", "2026年第二季度"]
    assert materials.lay_out() == 0


def test_handing_in_needs_the_paper(world, due):
    with pytest.raises(IllegalMove, match="."):
        materials.hand_in(due, actor=world.actor("jia_liaison"))
    assert MaterialDue.objects.get(pk=due.pk).state == "due"


def test_returned_and_handed_in_again(world, due):
    due = materials.hand_in(due, actor=world.actor("jia_liaison"), uploads=[paper()], note="已盖章")
    assert due.filed_on == timezone.localdate() and not due.on_behalf
    assert InboxItem.objects.filter(recipient__username="clerk", title__contains="报送《质量工作总结").exists()
    materials.send_back(due, actor=world.actor("clerk"), reason="缺少数据")
    back = InboxItem.objects.get(recipient__username="jia_liaison", title__contains="被退回")
    assert "缺少数据" in back.body and back.urgent
    due = MaterialDue.objects.get(pk=due.pk)
    old = due.files.get()
    due = materials.hand_in(due, actor=world.actor("jia_head"), uploads=[paper("新总结.pdf")], dropped=[old.pk])
    assert [row.file.original_name for row in due.files.all()] == ["新总结.pdf"]
    (due,) = materials.accept([due], actor=world.actor("clerk"))
    assert due.state == "accepted" and list(violations()) == []
    actions = [entry.action for entry in history(due)]
    assert actions == ["attach", "file", "return", "detach", "attach", "file", "accept"]


def test_what_the_office_handed_in_a_colleague_accepts(world, due):
    due = materials.hand_in(due, actor=world.actor("clerk"), uploads=[paper()])
    assert due.on_behalf
    with pytest.raises(NotAllowed):
        materials.accept([due], actor=world.actor("clerk"))
    assert materials.accept([due], actor=world.actor("director"))[0].state == "accepted"


def test_the_same_paper_is_registered_once_and_only_by_the_office(world):
    register(world)
    with pytest.raises(IllegalMove):
        register(world)
    with pytest.raises(NotAllowed):
        register(world, who="jia_liaison", title="另一份")
    assert Material.objects.count() == 1


def test_a_unit_taken_off_owes_nothing_later_and_one_added_owes_from_now_on(world, clock):
    material = register(world)
    values = {"basis": "", "document": None, "programme": None, "recipient": "市政府办公室", "hint": ""}
    changed = materials.change(
        material, actor=world.actor("clerk"), units=[world.units["乙局"], world.units["丙局"]], row_version=1, **values
    )
    assert changed.recipient == "市政府办公室"
    clock.move_to("2026-06-01T09:00:00+08:00")
    materials.lay_out()
    owed = MaterialDue.objects.filter(due_on=date(2026, 7, 10)).values_list("department__short_name", flat=True)
    assert sorted(owed) == ["市丙局", "市乙局"]
    with pytest.raises(IllegalMove):
        materials.change(material, actor=world.actor("clerk"), units=[world.units["乙局"]], row_version=1, **values)


def test_ending_waives_what_is_ahead_and_keeps_what_is_overdue(world, clock):
    material = register(world)
    clock.move_to("2026-06-01T09:00:00+08:00")
    materials.lay_out()
    with pytest.raises(NotAllowed):
        materials.end(material, actor=world.actor("clerk"), reason="并入季报")
    materials.end(material, actor=world.actor("director"), reason="并入季报")
    states = MaterialDue.objects.order_by("due_on").values_list("due_on", "state")
    assert set(states) == {(date(2026, 4, 10), "due"), (date(2026, 7, 10), "waived")}
    assert materials.lay_out() == 0 and list(violations()) == []


def test_reminders_by_the_ladder_of_returns_and_quiet_once_it_is_in(world, clock, due):
    clock.move_to("2026-04-09T09:00:00+08:00")
    reminders.scan()
    keys = ReminderDelivery.objects.filter(key__startswith="material").values_list("recipient__username", "rung")
    assert set(keys) == {("jia_liaison", -1), ("yi_liaison", -1)}
    materials.hand_in(due, actor=world.actor("jia_liaison"), uploads=[paper()])
    clock.move_to("2026-04-21T09:00:00+08:00")
    reminders.scan()
    late = ReminderDelivery.objects.filter(key__startswith="material", rung=7)
    assert {row.recipient.username for row in late} == {"yi_liaison", "yi_head"}


FRIDAY = date(2026, 4, 10)


@pytest.mark.parametrize(
    ("state", "filed_on", "today", "code", "sentence", "early"),
    [
        ("due", None, date(2026, 3, 2), "grey", "尚未到报送时间，还有29个工作日到期", False),
        ("due", None, date(2026, 4, 1), "amber", "未报送，还有7个工作日到期", False),
        ("due", None, date(2026, 3, 31), "grey", "尚未到报送时间，还有8个工作日到期", False),
        ("due", None, FRIDAY, "amber", "未报送，今天到期", False),
        ("due", None, date(2026, 4, 11), "red", "未报送，逾期1个工作日", False),
        ("due", None, date(2026, 4, 15), "red", "未报送，逾期3个工作日", False),
        ("returned", None, date(2026, 3, 2), "amber", "被退回、尚未重报，还有29个工作日到期", False),
        ("returned", None, date(2026, 4, 13), "red", "被退回、尚未重报，逾期1个工作日", False),
        ("filed", date(2026, 4, 8), date(2026, 5, 1), "green", "提前2个工作日报送，已报送、待接收", True),
        ("accepted", FRIDAY, date(2026, 5, 1), "green", "按期报送，已接收", False),
        ("accepted", date(2026, 4, 14), date(2026, 5, 1), "amber", "逾期2个工作日后报送，已接收", False),
        ("waived", None, date(2026, 5, 1), "grey", "已免报", False),
    ],
)
def test_lights(state, filed_on, today, code, sentence, early):
    light = paper_light(
        state=state, due_on=FRIDAY, filed_on=filed_on, remark="", today=today, days=Calendar()
    )
    assert (light.code, light.sentence, light.early) == (code, sentence, early)
