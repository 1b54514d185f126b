"""存疑: a doubtful printed figure stays grey until the office says what it is."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from kpis.domain.doubts import settle_doubt
from kpis.models import Indicator
from programs.domain.loading import load_programme
from programs.models import Task
from qualitycity.audit import history
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.contracts import actor_context
from taskforce.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def pingli(load):
    return load("pingli-2016")


@pytest.fixture
def doubt(pingli):
    return Indicator.objects.get(programme=pingli, doubtful=True)


def facts_page(client, programme):
    return client.get(f"/programmes/{programme.pk}/facts/").content.decode()


def row_of(page, name):
    return next(row for row in page.split("<tr")[1:] if name in row).split("</tr>")[0]


def test_the_doubtful_figure_is_grey_and_leads_the_office_to_the_act(pingli, doubt, office_of):
    row = row_of(facts_page(office_of(pingli), pingli), "农产品专项检测")
    assert "qc-quiet" in row and "存疑" in row and "≥ 23 次" in row and "2—3次" in row
    assert f'href="/indicators/{doubt.pk}/doubt/"' in row
    assert "qc-light" not in row


def test_who_does_not_run_the_programme_gets_no_way_to_settle_it(pingli, doubt, world, as_user):
    client = as_user("director")
    assert f"/indicators/{doubt.pk}/doubt/" not in facts_page(client, pingli)
    assert client.get(f"/indicators/{doubt.pk}/doubt/").status_code == 403


def test_the_office_confirms_the_printed_figure(pingli, doubt, office_of):
    client, url = office_of(pingli), f"/indicators/{doubt.pk}/doubt/"
    page = client.get(url).content.decode()
    assert "农产品专项检测" in page and "23" in page and doubt.doubt_note in page
    answer = client.post(url, {"answer": "printed", "basis": "2016年11月3日向县政府办核对"})
    assert answer["Location"] == f"/programmes/{pingli.pk}/facts/#indicators"
    doubt.refresh_from_db()
    assert (doubt.doubtful, doubt.value, doubt.settled_basis) == (False, Decimal(23), "2016年11月3日向县政府办核对")
    entry = history(doubt).last()
    assert (entry.action, entry.before["doubtful"], entry.after["doubtful"]) == ("settle_doubt", True, False)
    assert entry.actor_label and entry.reason == "2016年11月3日向县政府办核对"
    row = row_of(facts_page(client, pingli), "农产品专项检测")
    assert "qc-quiet" not in row and "已核实" in row and doubt.doubt_note in row


def test_the_office_corrects_the_figure_and_keeps_what_was_printed(pingli, doubt, office_of):
    client, url = office_of(pingli), f"/indicators/{doubt.pk}/doubt/"
    sent = {"answer": "other", "value": "2", "words": "2—3次", "basis": "向县政府办核对"}
    assert client.post(url, sent).status_code == 302
    doubt.refresh_from_db()
    assert (doubt.value, doubt.value_text, doubt.doubtful) == (Decimal(2), "2—3次", False)
    assert history(doubt).last().before["value"] == "23.0000"
    assert "23次" in row_of(facts_page(client, pingli), "农产品专项检测")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"basis": "核对"}, "answer"),
        ({"answer": "printed"}, "basis"),
        ({"answer": "other", "basis": "核对"}, "value"),
        ({"answer": "other", "value": "两", "basis": "核对"}, "value"),
        ({"answer": "printed", "value": "2", "basis": "核对"}, "answer"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_changes(pingli, doubt, office_of, sent, field):
    answer = office_of(pingli).post(f"/indicators/{doubt.pk}/doubt/", sent)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    doubt.refresh_from_db()
    assert doubt.doubtful and not history(doubt).exists()


def test_a_figure_is_settled_once(pingli, doubt, office_of):
    client, url = office_of(pingli), f"/indicators/{doubt.pk}/doubt/"
    assert client.post(url, {"answer": "printed", "basis": "核对"}).status_code == 302
    again = client.post(url, {"answer": "other", "value": "2", "basis": "核对"})
    assert again.status_code == 422 and again.context["form"].non_field_errors()
    assert client.get(url).status_code == 200
    doubt.refresh_from_db()
    assert doubt.value == 23


def test_the_act_itself_asks_for_the_right_and_for_a_basis(pingli, doubt, world, office_of):
    with pytest.raises(NotAllowed):
        settle_doubt(doubt, actor=world.actor("director"), basis="核对")
    office_of(pingli)
    clerk = actor_context(User.objects.get(username=f"{Role.OFFICE_CLERK}-{pingli.key}"), day=timezone.localdate())
    with pytest.raises(IllegalMove):
        settle_doubt(doubt, actor=clerk, basis=" ")


def test_loading_again_does_not_bring_the_doubt_back(pingli, doubt, facts, office_of):
    sent = {"answer": "other", "value": "2", "words": "2—3次", "basis": "向县政府办核对"}
    office_of(pingli).post(f"/indicators/{doubt.pk}/doubt/", sent)
    Task.objects.filter(programme=pingli, clause_path="二/(一)").update(requirement="别的话。")
    load_programme(facts=with_other_word(facts["pingli-2016"]))
    doubt.refresh_from_db()
    assert (doubt.value, doubt.value_text, doubt.doubtful) == (Decimal(2), "2—3次", False)


def with_other_word(facts):
    first, *others = facts.tasks
    return replace(facts, tasks=(replace(first, requirement="改过的一句话。"), *others))


def test_the_page_of_facts_costs_few_queries(pingli, office_of, django_assert_max_num_queries):
    client = office_of(pingli)
    with django_assert_max_num_queries(12):
        facts_page(client, pingli)
    with django_assert_max_num_queries(12):
        client.get(f"/indicators/{Indicator.objects.get(doubtful=True).pk}/doubt/")
