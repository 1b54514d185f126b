"""The registers in the admin: who opens which drawer, few queries, one journal entry per save, nothing deleted."""


import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AwardScheme
from kpis.models import Indicator, IndicatorReading
from programs.models import (
    AssessmentRule,
    Deliverable,
    Duty,
    LeaderRemark,
    Milestone,
    Phase,
    PolicyDocument,
    Programme,
    ProgressEntry,
    ProgressReport,
    ReminderDelivery,
    ReportingWindow,
    Responsibility,
    Section,
    Task,
)
from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workdays.models import Holiday
from qualitycity.workflow.admin import PortalAdmin
from taskforce.models import (
    Body,
    Contact,
    Delegation,
    Department,
    DepartmentGroup,
    Jurisdiction,
    Membership,
    Seat,
    User,
)
from tests.admin.rows import enter, fill, url

LIMIT = 12
OFFICE = {"director", "clerk"}
#: Who may open the list of which register. Everybody not named gets 403.
READERS = {
    Jurisdiction: OFFICE | {"auditor", "sysadmin"},
    Department: OFFICE | {"auditor", "sysadmin"},
    DepartmentGroup: OFFICE | {"auditor"},
    Body: OFFICE | {"auditor"},
    Seat: OFFICE | {"auditor"},
    Contact: OFFICE | {"auditor"},
    User: {"director", "sysadmin", "auditor"},
    Membership: OFFICE | {"sysadmin", "auditor"},
    Delegation: {"director", "auditor"},
    PolicyDocument: OFFICE | {"auditor"},
    Programme: OFFICE | {"auditor"},
    Section: OFFICE | {"auditor"},
    Phase: OFFICE | {"auditor"},
    Task: OFFICE | {"auditor"},
    Responsibility: OFFICE | {"auditor"},
    Milestone: OFFICE | {"auditor"},
    Deliverable: OFFICE | {"auditor"},
    Duty: OFFICE | {"auditor"},
    AssessmentRule: OFFICE | {"auditor"},
    ReportingWindow: OFFICE | {"auditor"},
    ProgressEntry: OFFICE | {"auditor"},
    ProgressReport: OFFICE | {"auditor"},
    LeaderRemark: OFFICE | {"auditor"},
    ReminderDelivery: OFFICE | {"auditor"},
    Indicator: OFFICE | {"auditor"},
    IndicatorReading: OFFICE | {"auditor"},
    AwardScheme: OFFICE | {"auditor"},
    Holiday: OFFICE | {"auditor", "sysadmin"},
    Message: {"sysadmin"},
    InboxItem: {"sysadmin"},
    Entry: {"auditor"},
}
STAFF = ["director", "clerk", "auditor", "sysadmin"]


def reader(model):
    """Whoever sees most in the register."""
    return next(name for name in ("director", "sysadmin", "auditor") if name in READERS[model])


def test_every_drawer_of_the_admin_stands_in_the_table_and_no_other():
    assert set(admin.site._registry) == set(READERS)
    assert all(isinstance(drawer, PortalAdmin) for drawer in admin.site._registry.values())


@pytest.mark.parametrize("name", STAFF)
def test_a_drawer_opens_for_whom_the_table_names(as_user, world, name):
    client = enter(as_user, world, name)
    found = {model for model in READERS if client.get(url(model)).status_code == 200}
    assert found == {model for model, names in READERS.items() if name in names}


@pytest.mark.parametrize(
    "name", ["jia_liaison", "jia_head", "leader", "secretary", "supervisor", "district", "stranger"]
)
def test_others_are_told_in_words_that_the_settings_are_not_theirs(as_user, world, name):
    answer = as_user(name).get(reverse("admin:index"), follow=True)
    assert answer.status_code == 403
    assert "管理" in answer.content.decode() or "settings" in answer.content.decode().lower()


def test_even_a_forged_staff_mark_opens_nothing_without_a_role(as_user, world):
    client = enter(as_user, world, "jia_liaison")
    assert {client.get(url(model)).status_code for model in READERS} == {403}


def counted(as_user, world):
    """Queries of every list, by register."""
    found = {}
    for name in ("director", "sysadmin", "auditor"):
        client = enter(as_user, world, name)
        for model in READERS:
            if reader(model) == name:
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(url(model))
                found[model.__name__] = len(queries)
                assert answer.context["cl"].result_count >= Task.objects.count() - len(world.tasks), model
    return found


def test_few_and_many_rows_cost_the_same_queries(as_user, world):
    fill(world, 2)
    few = counted(as_user, world)
    fill(world, 8)
    assert counted(as_user, world) == few
    assert max(few.values()) <= LIMIT, few


def test_lists_are_searched_rows_opened_and_nothing_is_deleted(as_user, world):
    fill(world, 1)
    for name in ("director", "sysadmin", "auditor"):
        client = enter(as_user, world, name)
        for model in READERS:
            if reader(model) != name:
                continue
            assert client.get(url(model), {"q": "不存在的词"}).status_code == 200, model
            first = client.get(url(model)).context["cl"].result_list[0]
            assert client.get(url(model, "change", first.pk)).status_code == 200, model
            assert client.get(url(model, "delete", first.pk)).status_code == 403, model
            assert "delete_selected" not in client.get(url(model)).content.decode()


#: Registers in which each may add rows.
ADDERS = {
    "clerk": {
        Jurisdiction,
        Department,
        DepartmentGroup,
        Body,
        Seat,
        Contact,
        PolicyDocument,
        Programme,
        Section,
        Phase,
        Task,
        Responsibility,
        Milestone,
        Deliverable,
        Duty,
        AssessmentRule,
        Indicator,
        AwardScheme,
    },
    "auditor": set(),
    "sysadmin": {User, Holiday},
}
ADDERS["director"] = ADDERS["clerk"] | {User, Delegation, Holiday}


@pytest.mark.parametrize("name", STAFF)
def test_rows_are_added_by_whom_the_table_names(as_user, world, name):
    client = enter(as_user, world, name)
    assert {model for model in READERS if client.get(url(model, "add")).status_code == 200} == ADDERS[name]
