"""督办单, 电话催办, 通报 as people use them: the way through, what each sees, figures, queries."""

import io
from datetime import date

import pytest
from django.urls import reverse
from guardian.shortcuts import assign_perm
from openpyxl import load_workbook

from programs.domain.supervision import slip_answers, slips
from programs.models import PhoneCall, Slip, SlipAnswer
from qualitycity.access import can, visible
from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem

from ..factories import make_part, make_task
from ..home.figures import wrong_figures
from ..programs.supervision.slips import (
    WORDS,
    answered,
    drawn_up,
    issued,
    late_item,
    part_subject,
    window_subject,
)

pytestmark = pytest.mark.django_db
MOST = 12


def posted(client, url, **values):
    answer = client.post(url, values)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer


def test_from_the_task_to_the_settled_slip(world, as_user):
    part = part_subject(world).part
    client = as_user("clerk")
    assert f"/slips/new/?part={part.pk}" in client.get(reverse("task", args=[part.task_id])).content.decode()
    form = client.get(reverse("slip_new"), {"part": part.pk}).context["form"].initial
    assert (form["kind"], form["colour"], form["due_on"]) == ("urge", "blue", date(2026, 4, 2))
    values = {name: value or "" for name, value in form.items()}
    made = posted(client, reverse("slip_new"), **values, part=part.pk)
    slip = Slip.objects.get()
    assert made["Location"] == reverse("slip", args=[slip.pk])
    posted(client, reverse("slip_move", args=[slip.pk]), action="issue", sure=1)
    desk = as_user("jia_liaison").get("/").content.decode()
    assert "催办〔2026〕1号" in desk and f"/slips/{slip.pk}/answer/" in desk
    posted(client, reverse("slip_answer", args=[slip.pk]), do="submit", text="正在办", measures="本周办完")
    head = as_user("jia_head")
    assert "审签" in head.get("/").content.decode()
    version = SlipAnswer.objects.get().row_version
    posted(head, reverse("slip_answer_move", args=[slip.pk]), action="sign", version=version)
    office = as_user("clerk")
    posted(office, reverse("slip_answer_move", args=[slip.pk]), action="return_by_office", reason="请写明完成时间")
    assert "请写明完成时间" in as_user("jia_liaison").get("/").content.decode()
    answer = SlipAnswer.objects.get()
    posted(
        client, reverse("slip_answer", args=[slip.pk]), do="submit", text="正在办", measures="本周办完",
        promised_on="2026-04-03", version=answer.row_version,
    )  # fmt: skip
    posted(as_user("jia_head"), reverse("slip_answer_move", args=[slip.pk]), action="sign")
    posted(as_user("clerk"), reverse("slip_answer_move", args=[slip.pk]), action="accept")
    slip.refresh_from_db()
    assert slip.state == "settled"
    page = as_user("leader").get(reverse("slip", args=[slip.pk])).content.decode()
    assert "已办结" in page and "请写明完成时间" in page


def test_what_was_typed_stays_where_it_is_refused(world, as_user):
    slip = issued(world)
    answer = as_user("jia_liaison").post(
        reverse("slip_answer", args=[slip.pk]), {"do": "submit", "text": "只写了一半", "measures": ""}
    )
    assert answer.status_code == 422 and "只写了一半" in answer.content.decode() and not SlipAnswer.objects.exists()
    part = part_subject(world, "乙局", 1).part
    refused = as_user("clerk").post(
        reverse("slip_new"),
        {"part": part.pk, "kind": "notice", "colour": "", "level": "unit", "matter": "我写的事项", "due_on": "x"},
    )
    page = refused.content.decode()
    assert refused.status_code == 422 and "我写的事项" in page and "请选择颜色" in page


def test_ticked_units_get_blue_slips_drawn_up_once(world, as_user, clock):
    clock.move_to("2026-04-20T09:00:00+08:00")
    client, window = as_user("clerk"), world.programme.windows.get(starts_on=date(2026, 1, 1))
    rows = [f"{window.pk}-{world.units[name].pk}" for name in ("甲局", "乙局")]
    for _ in range(2):
        posted(client, reverse("slips_draw_up"), row=[*rows, "x", "1-999999"])
    found = Slip.objects.all()
    assert {(slip.department.short_name, slip.colour, slip.state) for slip in found} == {
        ("市甲局", "blue", "proposed"), ("市乙局", "blue", "proposed"),
    }  # fmt: skip
    assert "2项未报，2026年4月7日截止报送，逾期9个工作日" in found.get(department=world.units["甲局"]).situation
    assert "有待签发的督办单" in client.get(reverse("missing")).content.decode()
    posted(client, reverse("slips_issue"), slip=[slip.pk for slip in found])
    assert sorted(Slip.objects.values_list("number", flat=True)) == ["催办〔2026〕1号", "催办〔2026〕2号"]
    assert "催办〔2026〕1号" in client.get(reverse("missing")).content.decode()


def test_a_proposal_whose_date_has_passed_is_marked_and_not_issued_with_the_others(world, as_user, clock):
    stale = drawn_up(world, due_on=date(2026, 4, 1))
    fresh = drawn_up(world, subject=part_subject(world, "乙局", 1), due_on=date(2026, 4, 20))
    clock.move_to("2026-04-03T09:00:00+08:00")
    page = as_user("clerk").get(reverse("slips") + "?tab=proposed").content.decode()
    assert page.count("期限已过</span>") == 1
    assert f'value="{fresh.pk}"' in page and f'name="slip" value="{stale.pk}"' not in page


def test_the_office_is_offered_the_answer_as_one_in_the_units_place(world, as_user):
    address = reverse("slip", args=[issued(world).pk])
    office, unit = (as_user(who).get(address).content.decode() for who in ("clerk", "jia_liaison"))
    assert "代填回复" in office and "代填回复" not in unit and ">回复</a>" in unit.replace("\n", "")


def test_a_call_is_two_fields_and_stands_in_list_paper_and_export(world, as_user, clock):
    clock.move_to("2026-04-20T09:00:00+08:00")
    client, window, unit = as_user("clerk"), world.programme.windows.get(starts_on=date(2026, 1, 1)), world.units["甲局"]
    address = f"/calls/new/?window={window.pk}&department={unit.pk}"
    assert address.replace("&", "&amp;") in client.get(reverse("missing")).content.decode()
    posted(client, reverse("call_new"), window=window.pk, department=unit.pk, said="后天报", promised_on="2026-04-22")
    call = PhoneCall.objects.get()
    assert (call.called_by.username, call.promised_on) == ("clerk", date(2026, 4, 22))
    page = client.get(reverse("missing")).content.decode()
    assert page.count("后天报") == 2, "on the screen, and in the column that is printed"
    taken = client.get(reverse("missing_xlsx"))
    rows = list(load_workbook(io.BytesIO(b"".join(taken.streaming_content))).active.iter_rows(values_only=True))
    head = next(row for row in rows if "承诺时间" in row)
    line = next(row for row in rows if row[0] == "市甲局")
    assert "后天报" in line[head.index("上次通话")] and str(line[head.index("承诺时间")]).startswith("2026-04-22")
    log = client.get(reverse("calls_xlsx"))
    assert log.status_code == 200 and Entry.objects.filter(action="export_calls").count() == 1
    refused = client.post(reverse("call_new"), {"window": window.pk, "department": unit.pk, "said": " "})
    assert refused.status_code == 422 and PhoneCall.objects.count() == 1


def test_a_red_slip_has_no_automatic_way_to_the_leader_but_stands_where_he_looks(world, as_user):
    assert "红色督办单" not in as_user("leader").get("/").content.decode()
    issued(world, who="director", kind="notice", colour="red")
    page = as_user("leader").get("/").content.decode()
    assert "在办红色督办单1张" in page
    assert wrong_figures(as_user("leader"), "/") == []


def test_figures_of_the_office_lead_to_their_rows(world, as_user, clock):
    issued(world, due_on=date(2026, 4, 1))
    answered(world, issued(world, subject=part_subject(world, "乙局", 1)), liaison="yi_liaison", head="yi_head")
    drawn_up(world, subject=window_subject(world, "乙局"))
    clock.move_to("2026-04-03T09:00:00+08:00")
    page = as_user("clerk").get("/")
    block = next(block["slips"] for block in page.context["blocks"] if "slips" in block)
    assert (block.proposed, block.to_review, block.unanswered) == (1, 1, 1)
    assert wrong_figures(as_user("clerk"), "/") == []


def test_few_and_many_slips_cost_the_same_queries(world, as_user, settled, django_assert_max_num_queries):
    for number in range(20, 50):
        part = make_part(make_task(world.programme, number, mode="sole"), world.units["甲局"], "sole")
        slip = issued(world, subject=slips.Subject(world.units["甲局"], part=part))
        if number % 2:
            answered(world, slip)
        else:
            slip_answers.submit(slip=slip, actor=world.actor("jia_liaison"), values=WORDS)
    settled()
    for who in ("clerk", "jia_liaison", "leader"):
        client = as_user(who)
        for url in (reverse("slips") + "?tab=open", reverse("slip", args=[slip.pk]), reverse("bulletins")):
            with django_assert_max_num_queries(MOST):
                assert client.get(url).status_code == 200


def test_a_slip_about_a_restricted_item_is_seen_by_named_persons_alone(world, as_user):
    part = late_item(world, restricted=True, number="挂牌〔2026〕1号")
    for name in ("director", "jia_head"):
        assign_perm("programs.follow_item", world.people[name], part.item)
    slip = drawn_up(
        world, who="director", subject=slips.Subject(world.units["甲局"], item_part=part), matter="挂牌〔2026〕1号"
    )
    slip = slips.issue(slip, actor=world.actor("director"))
    seen = {name for name in world.people if visible(Slip.objects.all(), world.actor(name)).exists()}
    assert seen == {"director", "jia_head"}
    for name in world.people:
        assert bool(can(world.actor(name), "view", slip)) == (name in seen), name
        assert as_user(name).get(reverse("slip", args=[slip.pk])).status_code == (200 if name in seen else 404), name
    told = {item.recipient.username for item in slip_inbox(slip)}
    assert told == {"jia_head"}, "nobody else hears of it"


def slip_inbox(slip):
    return InboxItem.objects.filter(url=reverse("slip", args=[slip.pk])).select_related("recipient")


def test_what_one_sees_in_the_list_is_what_one_may_open(world):
    rows = [drawn_up(world), issued(world, subject=part_subject(world, "乙局", 1))]
    slip_answers.save(slip=rows[1], actor=world.actor("yi_liaison"), values=WORDS)
    for model in (Slip, SlipAnswer):
        for name in world.people:
            actor = world.actor(name)
            listed = set(visible(model.objects.all(), actor).values_list("pk", flat=True))
            assert listed == {row.pk for row in model.objects.all() if can(actor, "view", row)}, (model, name)


def test_the_page_of_an_item_leads_to_its_slips_and_their_drawing_up(world, as_user):
    part = late_item(world)
    address = f"/slips/new/?item_part={part.pk}"
    client = as_user("clerk")
    assert address in client.get(reverse("item", args=[part.item_id])).content.decode()
    form = client.get(address).context["form"].initial
    assert form["matter"].startswith("督办〔2026〕1号") and "逾期4个工作日" in form["situation"]
    posted(client, reverse("slip_new"), **{name: value or "" for name, value in form.items()}, item_part=part.pk)
    slip = slips.issue(Slip.objects.get(), actor=world.actor("clerk"))
    for name in ("clerk", "jia_liaison"):
        page = as_user(name).get(reverse("item", args=[part.item_id])).content.decode()
        assert slip.number in page and (address in page) == (name == "clerk")
