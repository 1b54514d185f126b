"""The breakdown page: print on the left untouched, the office's own on the right, errors where they belong."""

from datetime import date

import pytest
from django.urls import reverse

from programs.models import Deliverable, Milestone, Responsibility, Task
from programs.queries import breakdown as queries
from qualitycity.audit.journal import history
from taskforce.models import Body, Department, DepartmentGroup, GroupMember, Seat
from tests.factories import make_part, make_task


@pytest.fixture
def draft(world):
    """A draft task of the running programme with a lead and a joint body's leader to choose."""
    task = make_task(world.programme, 7, due_on=date(2026, 10, 31))
    make_part(task, world.units["甲局"], "lead")
    return task


def edit(task, **more):
    return {
        "do": "edit",
        "edit-due_on": "2026-11-30",
        "edit-nature": task.nature,
        "edit-responsible_leader": "",
        "edit-row_version": task.row_version,
        **more,
    }


def post(client, task, **data):
    return client.post(reverse("breakdown", args=[task.pk]), data)


def test_print_and_office_stand_apart(world, as_user, draft):
    make_part(draft, world.units["丙局"], "support", origin="office")
    html = as_user("clerk").get(reverse("breakdown", args=[draft.pk])).content.decode()
    printed = html[html.index('aria-labelledby="printed"') : html.index('id="edit"')]
    assert "市甲局" in printed and draft.clause_path in printed and "市丙局" not in printed
    assert "市丙局" in html[html.index('id="edit"') :]
    assert f'min="{world.programme.starts_on}"' in html and 'type="date"' in html


def test_the_office_sets_date_nature_and_leader(world, as_user, draft):
    body = Body.objects.create(jurisdiction=world.city, code="lxz", kind="leading_group", name="领导小组")
    seat = Seat.objects.create(body=body, role="deputy", post="副市长", person="某某")
    data = edit(draft, **{"edit-nature": "ongoing", "edit-responsible_leader": seat.pk})
    answer = as_user("clerk").post(reverse("breakdown", args=[draft.pk]), data)
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.due_on, draft.original_due, draft.nature) == (date(2026, 11, 30), date(2026, 11, 30), "ongoing")
    assert draft.responsible_leader == seat
    assert [entry.action for entry in history(draft)] == ["break_down"]


@pytest.mark.parametrize("day", ["2027-01-01", "2025-12-31", "2026-02-30"])
def test_a_date_outside_the_plan_is_told_at_its_field(day, as_user, draft):
    answer = as_user("clerk").post(reverse("breakdown", args=[draft.pk]), edit(draft, **{"edit-due_on": day}))
    assert answer.status_code == 422
    assert list(answer.context["edit_form"].errors) == ["due_on"]
    assert f'value="{day}"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.due_on == date(2026, 10, 31)


def test_somebody_elses_change_is_told_and_nothing_is_overwritten(as_user, draft):
    client = as_user("clerk")
    stale = edit(draft, **{"edit-due_on": "2026-09-09"})
    assert client.post(reverse("breakdown", args=[draft.pk]), edit(draft)).status_code == 302
    answer = client.post(reverse("breakdown", args=[draft.pk]), stale)
    assert answer.status_code == 422 and answer.context["edit_form"].non_field_errors()
    draft.refresh_from_db()
    assert draft.due_on == date(2026, 11, 30)
    html = answer.content.decode()
    assert 'value="2026-09-09"' in html, "what was typed stays"
    assert f'name="edit-row_version" value="{draft.row_version}"' in html
    stale["edit-row_version"] = draft.row_version
    assert client.post(reverse("breakdown", args=[draft.pk]), stale).status_code == 302


def test_an_assigned_task_takes_a_new_date_only_with_a_reason(world, as_user):
    task, client = world.tasks[0], as_user("clerk")
    refused = client.post(reverse("breakdown", args=[task.pk]), edit(task, **{"edit-due_on": "2026-12-20"}))
    assert refused.status_code == 422 and list(refused.context["edit_form"].errors) == ["reason"]
    data = edit(task, **{"edit-due_on": "2026-12-20", "edit-reason": "省局部署推迟"})
    assert client.post(reverse("breakdown", args=[task.pk]), data).status_code == 302
    task.refresh_from_db()
    assert (task.due_on, task.original_due) == (date(2026, 12, 20), date(2026, 11, 30))


def test_units_come_and_go_as_the_offices_own(world, as_user, draft):
    client = as_user("clerk")
    unit = {"part-department": world.units["丙局"].pk, "part-role": "support"}
    assert post(client, draft, do="add_unit", **unit).status_code == 302
    again = post(client, draft, do="add_unit", **unit)
    assert again.status_code == 422 and again.context["part_form"].errors["department"]
    part = draft.parts.get(department=world.units["丙局"])
    assert part.origin == "office"
    printed = draft.parts.get(department=world.units["甲局"])
    refused = post(client, draft, do="remove_unit", part=printed.pk)
    assert refused.status_code == 422 and "qc-alert-bad" in refused.content.decode()
    assert post(client, draft, do="remove_unit", part=part.pk).status_code == 302
    assert list(draft.parts.all()) == [printed]


def test_people_of_a_unit(world, as_user, draft):
    client, part = as_user("clerk"), draft.parts.get()
    page = client.get(reverse("breakdown", args=[draft.pk]), {"part": part.pk}).content.decode()
    assert "jia_liaison" in page and "yi_liaison" not in page
    data = {
        "people-responsible": "王某 副局长", "people-contact": world.people["jia_liaison"].pk,
        "people-row_version": part.row_version,
    }  # fmt: skip
    assert post(client, draft, do="people_unit", part=part.pk, **data).status_code == 302
    part.refresh_from_db()
    assert (part.responsible_person, part.contact_user) == ("王某 副局长", world.people["jia_liaison"])
    stale = post(client, draft, do="people_unit", part=part.pk, **data | {"people-responsible": "李某"})
    assert stale.status_code == 422 and "李某" in stale.content.decode()
    forged = data | {"people-contact": world.people["yi_liaison"].pk, "people-row_version": part.row_version}
    assert post(client, draft, do="people_unit", part=part.pk, **forged).status_code == 422


def test_a_convening_unit_is_the_directors_act(world, as_user):
    task = make_task(world.programme, 8, mode="joint")
    part = make_part(task, world.units["甲局"], "joint")
    assert as_user("clerk").post(
        reverse("breakdown", args=[task.pk]), {"do": "convene_unit", "part": part.pk}
    ).status_code == 403
    assert post(as_user("director"), task, do="convene_unit", part=part.pk).status_code == 302
    part.refresh_from_db()
    assert part.convenor


def test_a_group_becomes_its_units_once_the_list_is_given(world, as_user):
    group = DepartmentGroup.objects.create(jurisdiction=world.city, code="members", name="成员单位")
    task = make_task(world.programme, 9, mode="all_members")
    part = Responsibility.objects.create(task=task, group=group, role="all_members", printed="各成员单位")
    client = as_user("clerk")
    page = client.get(reverse("breakdown", args=[task.pk])).content.decode()
    assert reverse("group_list", args=[group.pk]) in page and "expand_unit" not in page
    for name in ("甲局", "乙局"):
        GroupMember.objects.create(group=group, department=world.units[name])
    group.list_given_on = date(2026, 3, 1)
    group.save()
    assert post(client, task, do="expand_unit", part=part.pk).status_code == 302
    assert {str(row.department) for row in task.parts.filter(expanded_from=part)} == {"市甲局", "市乙局"}


def test_milestones_deliverables_and_items(as_user, draft):
    client = as_user("clerk")
    assert post(
        client, draft, do="add_milestone", **{"milestone-title": "印发方案", "milestone-due_on": "2026-05-01"}
    ).status_code == 302
    late = post(client, draft, do="add_milestone", **{"milestone-title": "x", "milestone-due_on": "2028-05-01"})
    assert late.status_code == 422 and late.context["milestone_form"].errors["due_on"]
    milestone = Milestone.objects.get(task=draft)
    dropped = {f"settle{milestone.pk}-state": "dropped"}
    assert post(client, draft, do="settle_milestone", milestone=milestone.pk, **dropped).status_code == 422
    dropped[f"settle{milestone.pk}-reason"] = "省里另有安排"
    assert post(client, draft, do="settle_milestone", milestone=milestone.pk, **dropped).status_code == 302
    milestone.refresh_from_db()
    assert (milestone.state, milestone.origin) == ("dropped", "office")
    thing = {"deliverable-name": "名册", "deliverable-kind": "document", "deliverable-due_on": ""}
    assert post(client, draft, do="add_deliverable", **thing).status_code == 302
    twice = post(client, draft, do="add_deliverable", **thing)
    assert twice.status_code == 422 and twice.context["deliverable_form"].errors["name"]
    deliverable = Deliverable.objects.get(task=draft)
    note = {f"deliver{deliverable.pk}-note": "示质强办〔2026〕3号"}
    assert post(client, draft, do="settle_deliverable", deliverable=deliverable.pk, **note).status_code == 302
    assert post(client, draft, do="add_item", **{"item-title": "第一步", "item-due_on": "2026-06-30"}).status_code == 302
    item = draft.items.get()
    html = client.get(reverse("breakdown", args=[draft.pk])).content.decode()
    assert all(word in html for word in ("印发方案", "示质强办〔2026〕3号", "第一步"))
    assert item.origin == "office" and client.get(reverse("breakdown", args=[item.pk])).status_code == 200


@pytest.mark.parametrize(
    ("who", "answer"),
    [("director", 200), ("clerk", 200), ("leader", 403), ("jia_liaison", 403), ("stranger", 404), ("sysadmin", 404)],
)
def test_who_breaks_down(who, answer, world, as_user):
    client = as_user(who)
    assert client.get(reverse("breakdown", args=[world.tasks[0].pk])).status_code == answer
    assert client.post(reverse("breakdown", args=[world.tasks[0].pk]), {"do": "edit"}).status_code in (answer, 422)


def test_forged_numbers_are_not_there(world, as_user, draft):
    client = as_user("clerk")
    other = world.tasks[0].parts.first()
    assert post(client, draft, do="remove_unit", part=other.pk).status_code == 404
    assert post(client, draft, do="settle_milestone", milestone="9" * 30).status_code == 404
    assert post(client, draft, do="nonsense").status_code == 404
    assert client.get(reverse("breakdown", args=[999999])).status_code == 404


def test_a_closed_programme_is_read_only(world, as_user, draft):
    world.programme.state = "closed"
    world.programme.save()
    client = as_user("clerk")
    html = client.get(reverse("breakdown", args=[draft.pk])).content.decode()
    assert 'value="edit"' not in html and 'value="add_unit"' not in html
    assert client.post(reverse("breakdown", args=[draft.pk]), edit(draft)).status_code == 422


def test_departments_on_offer_answer_today(world):
    world.units["乙局"].successor = world.units["甲局"]
    world.units["乙局"].save()
    offered = {label for _pk, label in queries.choices(world.programme, today=date(2026, 3, 26))["department"]}
    assert "市乙局" not in offered and {"市甲局", "东湖区政府"} <= offered


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_with_few_and_many_units(count, world, as_user, draft, django_assert_max_num_queries):
    for number in range(count):
        unit = Department.objects.create(
            jurisdiction=world.city, code=f"u{number}", kind="government_dept", name=f"单位{number}",
            short_name=f"单位{number}",
        )  # fmt: skip
        make_part(draft, unit, "support")
        Milestone.objects.create(
            programme=world.programme, task=draft, title=f"节点{number}", due_on=date(2026, 5, 1),
            original_due=date(2026, 5, 1),
        )  # fmt: skip
    client, part = as_user("clerk"), draft.parts.first()
    with django_assert_max_num_queries(12):
        assert client.get(reverse("breakdown", args=[draft.pk]), {"part": part.pk}).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.post(reverse("breakdown", args=[draft.pk]), edit(draft)).status_code == 302
    with django_assert_max_num_queries(20):
        assert post(client, draft, do="add_milestone", **{"milestone-title": "x"}).status_code == 422
    assert Task.objects.get(pk=draft.pk).due_on == date(2026, 11, 30)
