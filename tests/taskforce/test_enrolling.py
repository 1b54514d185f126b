"""登记 for a document: who may, what is refused, and what stays because something rests on it."""

import pytest

from programs.models import Responsibility
from qualitycity.audit import history
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.domain import enrolling
from taskforce.domain.naming import NameIndex
from taskforce.models import Contact, Department, DepartmentAlias, DepartmentName

pytestmark = pytest.mark.django_db


def units(world, *names, who="clerk"):
    new = [enrolling.NewUnit(name, "", "mass_org") for name in names]
    return enrolling.enrol_units(actor=world.actor(who), place=world.city, units=new, basis="依据")


def test_new_units_get_a_code_a_short_name_and_an_entry_each(world):
    first, second = units(world, "示例市质量协会", "示例市计量协会")
    assert (first.code, second.code, first.short_name) == ("990100-001", "990100-002", "示例市质量协会")
    entry = history(first).get()
    assert (entry.action, entry.reason, entry.after["kind"]) == ("enrol", "依据", "mass_org")
    for name in ("示例市甲局", " 示例市 甲局", "示例市质量协会"):
        with pytest.raises(IllegalMove):
            units(world, name)
    with pytest.raises(IllegalMove):
        units(world, "示例市检测协会", "示例市检测协会")
    with pytest.raises(NotAllowed):
        units(world, "示例市认证协会", who="jia_liaison")


def test_what_something_rests_on_stays(world):
    clerk = world.actor("clerk")
    named, called, grouped, free = units(world, "甲协会", "乙协会", "丙协会", "丁协会")
    Responsibility.objects.create(task=world.tasks[0], department=named, role="support")
    Contact.objects.create(department=called, name="李四", phone="0999-5550102")
    (group,) = enrolling.enrol_groups(actor=clerk, place=world.city, names=["各协会"], basis="依据")
    group.memberships.create(department=grouped)
    enrolling.also_called({free.pk: ["丁会", "丁协会"]}, actor=clerk, basis="依据")
    DepartmentName.objects.create(department=free, name="旧丁协会", short_name="旧丁会")
    rows = list(Department.objects.select_related("jurisdiction").filter(kind="mass_org").order_by("pk"))
    assert enrolling.strike_off(rows, actor=clerk, reason="撤销") == [named, called, grouped]
    assert not DepartmentAlias.objects.filter(alias="丁会").exists()
    # the group is in nobody's task, and its list goes with it
    assert enrolling.strike_off([group], actor=clerk, reason="撤销") == []
    assert enrolling.strike_off([grouped], actor=clerk, reason="撤销") == []


def test_a_printed_name_is_found_by_every_name_a_unit_ever_bore(world):
    unit = world.units["丙局"]
    DepartmentAlias.objects.create(department=unit, alias="质检办")
    DepartmentName.objects.create(
        department=unit, name="示例市技术监督局", short_name="市技监局", valid_until="2020-01-01"
    )
    old = units(world, "示例市老局")[0]
    old.closed_on, old.successor = "2020-01-01", unit
    old.save()
    index = NameIndex(world.city)
    found = {
        name: (match.how, match.department.short_name) if (match := index.find(name)) else None
        for name in (
            "示例市丙局",
            "市丙局",
            "丙局",
            "质检办",
            "市质检办",
            "市技监局",
            "示例市老局",
            "市老局",
            "东湖区政府",
            "丁局",
            "局",
        )
    }
    assert found == {
        "示例市丙局": ("name", "市丙局"), "市丙局": ("name", "市丙局"), "丙局": ("prefix", "市丙局"), "质检办": ("alias", "市丙局"),
        "市质检办": ("prefix", "市丙局"), "市技监局": ("former", "市丙局"), "示例市老局": ("successor", "市丙局"),
        "市老局": ("successor", "市丙局"), "东湖区政府": ("name", "东湖区政府"), "丁局": None, "局": None,
    }  # fmt: skip


def test_a_name_that_two_units_bear_is_nobodys(world):
    for unit in (world.units["甲局"], world.units["乙局"]):
        DepartmentAlias.objects.create(department=unit, alias="综合局")
    assert NameIndex(world.city).find("综合局") is None
