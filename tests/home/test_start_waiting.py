"""工作台 of an office: what waits for it is counted in one statement, and each figure leads to its rows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from programs.models import CoordinationMatter, MaterialDue, PolicyDocument, Slip
from qualitycity.outbox.models import Message
from taskforce.models import Membership
from tests.pages.sheets import Statements
from tests.programs.supervision.slips import answered, issued, part_subject
from tests.programs.supervision.stage import hand_out
from tests.programs.supervision.test_extensions import asked
from tests.programs.supervision.test_materials import register
from tests.programs.supervision.test_matters import report

LIMIT = 12


def block(client):
    return client.get(reverse("start")).context["blocks"][0]


def tiles(client):
    """Address → figure of the tiles that name one."""
    text = client.get(reverse("start")).content.decode()
    return {
        address.replace("&amp;", "&"): int(figure)
        for address, figure in re.findall(r'href="([^"]+)" data-figure="(\d+)"', text)
    }


def everything(world):
    """Something of all that a start page can show."""
    slip = issued(world)
    answered(world, issued(world, matter="另一事项", subject=part_subject(world, task=1)))
    Slip.objects.filter(pk=slip.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    register(world)
    MaterialDue.objects.filter(department=world.units["乙局"]).update(due_on=timezone.localdate() - timedelta(days=1))
    hand_out(world)
    asked(world)
    PolicyDocument.objects.filter(programmes=world.programme).update(
        valid_until=timezone.localdate() + timedelta(days=20)
    )
    Message.objects.create(
        kind="mail.digest", payload={"user": world.people["jia_liaison"].pk}, state="doubtful", queue="mail",
        dedup_key="digest-1",
    )  # fmt: skip
    return report(world)


def test_matters_stand_on_the_desk_until_they_are_dealt_with(as_user, world):
    client, address = as_user("clerk"), f"{reverse('matters')}?mine=1&state=raised"
    assert address not in tiles(client)
    matter = report(world)
    # the report spoke of both lines of the sheet
    assert tiles(client)[address] == 2
    page = client.get(address)
    assert matter.text in page.content.decode() and page.context["page_obj"].paginator.count == 2
    CoordinationMatter.objects.update(
        state="put_before", leader=world.people["leader"], put_before_by=world.people["clerk"],
        put_before_on=timezone.localdate(),
    )  # fmt: skip
    assert tiles(client)[address] == 0 and "2件在领导处" in client.get(reverse("start")).content.decode()
    CoordinationMatter.objects.update(
        state="answered", leader=None, put_before_by=None, put_before_on=None, answer="已协调",
        answered_by=world.people["clerk"], answered_on=timezone.localdate(),
    )  # fmt: skip
    assert address not in tiles(client)


def test_the_matter_of_another_office_is_no_figure_of_this_one(as_user, world):
    matter = report(world)
    address = f"{reverse('matters')}?mine=1&state=raised"
    CoordinationMatter.objects.update(jurisdiction=world.district)
    client = as_user("clerk")
    assert address not in tiles(client)
    # it is seen, for the territory is the city's, and it is not counted as its own
    assert matter.text in client.get(f"{reverse('matters')}?state=raised").content.decode()
    assert matter.text not in client.get(address).content.decode()
    assert tiles(as_user("district"))[address] == 2


def test_a_unit_is_not_asked_which_office_it_means(as_user, world):
    report(world)
    assert 'name="mine"' in as_user("clerk").get(reverse("matters")).content.decode()
    assert 'name="mine"' not in as_user("jia_liaison").get(reverse("matters")).content.decode()


def test_figures_are_those_of_the_lists(as_user, world):
    everything(world)
    found = block(as_user("director"))
    assert (found["slips"].proposed, found["slips"].to_review, found["slips"].unanswered) == (0, 1, 1)
    assert found["papers"] == {"filed": 0, "overdue": 1}
    assert found["matters"] == {"raised": 2, "put_before": 0}
    assert found["not_arrived"] == 1
    assert len(found["extensions"]) == 0
    Membership.objects.filter(user__username="jia_head").delete()
    assert len(block(as_user("director"))["extensions"]) == 1


def test_nothing_anywhere_is_zero_everywhere(as_user, world):
    found = block(as_user("clerk"))
    assert not found["slips"].any and found["not_arrived"] == 0
    assert found["papers"] == {"filed": 0, "overdue": 0} and found["matters"] == {"raised": 0, "put_before": 0}


@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("name", ["director", "clerk", "district", "jia_liaison", "jia_head", "leader", "secretary"])
def test_with_everything_on_the_page_stays_within_its_budget(as_user, world, settled, name, headed):
    everything(world)
    if not headed:
        if name == "jia_head":
            pytest.skip("he is the head")
        Membership.objects.filter(user__username="jia_head").delete()
    settled()
    client = as_user(name)
    client.get(reverse("start"))
    with Statements(connection) as asked_for:
        assert client.get(reverse("start")).status_code == 200
    assert len(asked_for.counted) <= LIMIT, (len(asked_for.counted), [sql[:120] for sql in asked_for.counted])
