"""What the office enters beside the loop: contacts, seats, reporting arrangements, reporters of indicators."""

import pytest

from kpis.domain.reporters import name_reporter
from kpis.models import Indicator, IndicatorReading
from programs.domain.arrangements import arrange
from programs.models import Programme
from qualitycity.audit.journal import history
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.domain.contacts import enter_contacts, enter_phone
from taskforce.domain.seats import seat_account, supervise
from taskforce.models import Body, Contact, Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(world):
    body = Body.objects.create(jurisdiction=world.city, code="shili-group", kind="leading_group", name="领导小组")
    return Seat.objects.create(body=body, role="deputy", post="副市长")


@pytest.fixture
def draft(world):
    return Programme.objects.create(
        key="shili-next", jurisdiction=world.city, title="下一年计划", short_title="下一年", year=2027,
        starts_on="2027-01-01", ends_on="2027-12-31",
    )  # fmt: skip


@pytest.fixture
def indicator(world):
    return Indicator.objects.create(
        programme=world.programme, clause_path="一", name="抽查合格率", kind="numeric", comparator=">=", value=95, unit="%"
    )


def test_the_office_enters_contacts_all_or_none(world):
    rows = [Contact(department=world.units[name], name="王一", phone="0999-5550001") for name in ("甲局", "乙局")]
    with pytest.raises(NotAllowed):
        enter_contacts(rows, actor=world.actor("jia_liaison"))
    assert not Contact.objects.exists()
    enter_contacts(rows, actor=world.actor("clerk"))
    assert Contact.objects.count() == 2
    assert [entry.action for entry in history(rows[0])] == ["enter_contact"]


def test_the_telephone_of_a_unit_keeps_what_stood_before(world):
    unit = world.units["甲局"]
    enter_phone(unit, actor=world.actor("clerk"), phone="0999-5550001")
    unit = enter_phone(unit, actor=world.actor("clerk"), phone=" 0999-5550002 ")
    assert unit.phone == "0999-5550002"
    assert history(unit).last().before == {"phone": "0999-5550001"}
    with pytest.raises(NotAllowed):
        enter_phone(unit, actor=world.actor("jia_head"), phone="1")


def test_a_seat_gets_its_account_and_what_it_supervises_once(world, seat):
    clerk = world.actor("clerk")
    seat_account(seat, actor=clerk, user=world.people["leader"])
    seat.refresh_from_db()
    assert seat.user == world.people["leader"] and seat.person == ""
    units = [world.units["甲局"], world.units["乙局"]]
    assert len(supervise(seat, actor=clerk, departments=units[:1])) == 1
    assert [str(row) for row in supervise(seat, actor=clerk, departments=units)] == ["市乙局"]
    with pytest.raises(NotAllowed):
        supervise(seat, actor=world.actor("leader"), departments=units)


def test_reporting_is_arranged_before_the_start_and_not_after(world, draft):
    director = world.actor("director")
    arranged = arrange(draft, actor=director, office=world.units["质量局"], report_opens_before=30, contact="王一")
    assert (arranged.report_opens_before, arranged.office_department) == (30, world.units["质量局"])
    with pytest.raises(NotAllowed):
        arrange(draft, actor=world.actor("clerk"), contact="李二")
    with pytest.raises(IllegalMove):
        arrange(world.programme, actor=director, report_opens_before=30)
    with pytest.raises(ValueError, match="state"):
        arrange(draft, actor=director, state="running")


def test_an_indicator_does_not_change_hands_while_a_figure_is_under_way(world, indicator):
    clerk = world.actor("clerk")
    name_reporter(indicator, actor=clerk, department=world.units["甲局"], data_source="监督抽查")
    IndicatorReading.objects.create(indicator=indicator, window=world.window, value=93)
    with pytest.raises(IllegalMove):
        name_reporter(indicator, actor=clerk, department=world.units["乙局"])
    with pytest.raises(NotAllowed):
        name_reporter(indicator, actor=world.actor("jia_liaison"), department=world.units["乙局"])
    indicator.refresh_from_db()
    assert (indicator.reporter, indicator.data_source) == (world.units["甲局"], "监督抽查")
