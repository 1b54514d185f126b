"""催报 from the list of who has not reported: who is told of what, once a day, and by whom."""

import pytest
from django.db import connection
from django.urls import reverse

from programs.domain import programmes
from programs.models import ReportingWindow
from qualitycity.audit.models import Entry
from qualitycity.outbox.models import InboxItem

from .sheets import Statements, widen

pytestmark = pytest.mark.django_db


def rows(world, *names):
    return {"row": [f"{world.window.pk}-{world.units[name].pk}" for name in names]}


def urged(world):
    """(account, title) of the notices of urging."""
    found = InboxItem.objects.filter(title__startswith="催报").order_by("recipient__username", "title")
    return [(item.recipient.username, item.title) for item in found]


def said(answer):
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


def test_the_liaison_is_told_of_what_is_not_filed_and_the_head_of_what_waits_for_him(world, as_user):
    world.file("yi_liaison", "乙局")
    client = as_user("clerk")
    page = client.get(reverse("missing")).content.decode()
    assert all(f'value="{row}"' in page for row in rows(world, "甲局", "乙局")["row"])
    answer = client.post(reverse("missing_urge"), rows(world, "甲局", "乙局"), follow=True)
    assert said(answer) == [("success", "已催报 2 人。")]
    period = world.window.label
    assert urged(world) == [
        ("jia_liaison", f"催报：市甲局{period}还有2项未报送"),
        ("yi_head", f"催报：市乙局{period}还有1项待审签"),
    ]
    entry = Entry.objects.get(action="urge")
    assert (entry.actor_label, entry.reason, entry.audience) == ("clerk", "市甲局、市乙局", "office")


def test_nobody_is_urged_twice_on_one_day_and_again_on_the_next(world, as_user, clock):
    client = as_user("clerk")
    client.post(reverse("missing_urge"), rows(world, "甲局"))
    again = client.post(reverse("missing_urge"), rows(world, "甲局"), follow=True)
    assert said(again)[-1][0] == "info" and len(urged(world)) == Entry.objects.filter(action="urge").count() == 1
    clock.shift(24 * 3600)
    as_user("clerk").post(reverse("missing_urge"), rows(world, "甲局"))
    assert len(urged(world)) == 2


def test_what_waits_for_the_offices_countersignature_urges_nobody(world, as_user):
    world.file("bing_liaison", "丙局")
    client = as_user("clerk")
    assert f'value="{rows(world, "丙局")["row"][0]}"' not in client.get(reverse("missing")).content.decode()
    client.post(reverse("missing_urge"), rows(world, "丙局"))
    assert urged(world) == [] and not Entry.objects.filter(action="urge").exists()


def test_without_a_tick_the_office_is_told_to_tick(world, as_user):
    answer = as_user("clerk").post(reverse("missing_urge"), {"next": reverse("missing")}, follow=True)
    assert said(answer) == [("error", "请先勾选要催报的单位。")]


def test_who_only_reads_the_list_cannot_urge(world, as_user):
    client = as_user("leader")
    assert 'name="row"' not in client.get(reverse("missing")).content.decode()
    assert client.post(reverse("missing_urge"), rows(world, "甲局")).status_code == 403
    assert urged(world) == []


def test_a_closed_period_is_passed_over(world, as_user, clock):
    clock.move_to("2026-04-20T10:00:00+08:00")
    programmes.lock_window(
        ReportingWindow.objects.get(pk=world.window.pk), actor=world.actor("director"), reason="已汇总上报"
    )
    as_user("clerk").post(reverse("missing_urge"), rows(world, "甲局"))
    assert urged(world) == []


def test_the_period_is_closed_from_here_only_by_who_may(world, as_user):
    address, lock = f"{reverse('missing')}?window={world.window.pk}", reverse("window_lock", args=[world.window.pk])
    assert f'href="{lock}"' in as_user("director").get(address).content.decode()
    assert f'href="{lock}"' not in as_user("clerk").get(address).content.decode()


def test_urging_costs_the_same_for_any_number_of_units(world, as_user):
    widen(world, 1, 1)
    client = as_user("clerk")
    client.get(reverse("missing"))
    with Statements(connection) as few:
        client.post(reverse("missing_urge"), rows(world, "甲局"))
    widen(world, 10, 5)
    client.get(reverse("missing"))
    with Statements(connection) as many:
        client.post(reverse("missing_urge"), rows(world, "乙局", "丙局"))
    assert len(many.counted) == len(few.counted) <= 20
