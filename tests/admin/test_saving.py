"""Saving in a register: one journal entry, governed fields untouched, own territory only, the slower one is told."""

import pytest

from programs.models import Milestone, Programme, ReportingWindow, Responsibility, Task
from qualitycity.audit.models import Entry
from taskforce.models import Contact, Department, DepartmentAlias, Jurisdiction, User
from tests.admin.rows import enter, fill, url
from tests.factories import make_user


def change(client, model, row, **values):
    """Posts the change page as it stands, with `values` changed."""
    form = client.get(url(model, "change", row.pk)).context["adminform"].form
    data = {}
    for field in form:
        value = field.value()
        if value is not None and not field.field.disabled:
            data[field.html_name] = value
    inlines = client.get(url(model, "change", row.pk)).context["inline_admin_formsets"]
    for inline in inlines:
        for field in inline.formset.management_form:
            data[field.html_name] = field.value()
        for row_form in inline.formset.initial_forms:
            for field in row_form:
                if field.value() is not None:
                    data[field.html_name] = field.value()
    return client.post(url(model, "change", row.pk), {**data, **values})


def test_a_save_leaves_one_entry_with_before_and_after(as_user, world):
    client = enter(as_user, world, "clerk")
    unit = world.units["甲局"]
    assert change(client, Department, unit, phone="0754-1").status_code == 302
    entry = Entry.objects.get(action="register_change")
    assert (entry.before, entry.after, entry.actor_label) == ({"phone": ""}, {"phone": "0754-1"}, "clerk")


def test_a_save_that_changes_nothing_leaves_no_entry(as_user, world):
    client = enter(as_user, world, "clerk")
    assert change(client, Department, world.units["甲局"]).status_code == 302
    assert not Entry.objects.filter(action="register_change").exists()


def test_rows_below_a_register_are_in_the_same_entry(as_user, world):
    client = enter(as_user, world, "clerk")
    unit = world.units["甲局"]
    more = {"aliases-TOTAL_FORMS": "1", "aliases-0-alias": "甲局旧称", "aliases-0-department": unit.pk}
    assert change(client, Department, unit, **more).status_code == 302
    assert DepartmentAlias.objects.filter(department=unit, alias="甲局旧称").exists()
    entry = Entry.objects.get(action="register_change")
    assert list(entry.after["rows"].values()) == [[{"added": "甲局旧称"}]]


def test_a_row_of_another_territory_is_neither_seen_nor_made(as_user, world):
    elsewhere = Jurisdiction.objects.create(code="980100", name="别市", short_name="别市", level="city")
    client = enter(as_user, world, "director")
    unit = Department.objects.create(
        jurisdiction=elsewhere, code="bie", kind="government_dept", name="别市某局", short_name="某局"
    )
    assert client.get(url(Department, "change", unit.pk)).status_code == 302
    answer = client.post(
        url(Contact, "add"),
        {"department": unit.pk, "name": "王晓", "post": "", "phone": "", "mobile": "", "sort": 1},
    )
    assert answer.status_code == 200 and answer.context["adminform"].form.errors["department"]
    assert not Contact.objects.exists()


def test_a_territory_above_ones_own_is_read_not_edited(as_user, world):
    make = make_user("clerk2", "office_clerk", jurisdiction=world.district)
    world.people["clerk2"] = make
    client = enter(as_user, world, "clerk2")
    unit = world.units["甲局"]
    answer = client.get(url(Department, "change", unit.pk))
    assert answer.status_code == 200 and not answer.context["has_change_permission"]
    assert client.post(url(Department, "change", unit.pk), {"name": "x"}).status_code == 403
    data = {"department": unit.pk, "name": "王晓", "post": "", "phone": "1", "mobile": "", "sort": 1}
    answer = client.post(url(Contact, "add"), data)
    assert answer.status_code == 200 and answer.context["adminform"].form.non_field_errors()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Programme, {"state"}),
        (Task, {"state", "due_on", "completed_on"}),
        (Responsibility, {"state", "department"}),
        (Milestone, {"state", "due_on"}),
        (ReportingWindow, {"locked_at", "starts_on"}),
        (User, {"is_staff", "is_active"}),
    ],
)
def test_governed_fields_are_shown_and_cannot_be_posted(as_user, world, model, names):
    client = enter(as_user, world, "director" if model is not User else "sysadmin")
    fill(world, 1)
    row = world.programme if model is Programme else model.objects.order_by("pk").first()
    form = client.get(url(model, "change", row.pk)).context["adminform"]
    assert not names & set(form.form.fields)
    assert names - {"completed_on"} <= {name for line in form for part in line for name in part.fields}


def test_a_forged_state_is_not_taken(as_user, world):
    client = enter(as_user, world, "director")
    task = world.tasks[0]
    assert change(client, Task, task, state="completed", title="新题目").status_code == 302
    task.refresh_from_db()
    assert (task.state, task.title) == ("active", "新题目")


def test_two_people_on_one_row_the_second_is_told(as_user, world):
    client = enter(as_user, world, "director")
    task = Task.objects.get(pk=world.tasks[0].pk)
    assert change(client, Task, task, title="先改").status_code == 302
    answer = change(client, Task, task, title="后改", seen_version=task.row_version)
    assert answer.status_code == 200 and answer.context["adminform"].form.non_field_errors()
    task.refresh_from_db()
    assert task.title == "先改"


@pytest.mark.parametrize("forged", ["on", "9" * 30, "²", "-1"])
def test_a_forged_choice_is_said_at_its_field(as_user, world, forged):
    """What stands in the field is looked up again when the page is drawn with its errors."""
    client = enter(as_user, world, "director")
    answer = change(client, Task, world.tasks[0], parent=forged)
    assert answer.status_code == 200 and answer.context["adminform"].form.errors["parent"]
    assert not Entry.objects.filter(action="register_change").exists()
