"""节假日和调休日: a holiday is entered at one press, with all its days off and the days worked for it."""

from datetime import date

import pytest
from django.urls import reverse

from qualitycity.audit.models import Entry
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workdays.models import Holiday

from .test_registers import enter

pytestmark = pytest.mark.django_db
ADD = "admin:workdays_holiday_add"
NATIONAL_DAY = {
    "date": "2027-10-01", "until": "2027-10-07", "make_up": "2027-09-26、10月9日", "kind": "rest", "name": "国庆节",
    "source": "国办发明电〔2026〕9号",
}  # fmt: skip


def days_of(year):
    return {row.date.isoformat(): row.kind for row in Holiday.objects.filter(date__year=year)}


def test_one_press_enters_the_whole_holiday(as_user, world):
    assert enter(as_user, world, "director").post(reverse(ADD), NATIONAL_DAY).status_code == 302
    off = {f"2027-10-0{number}": "rest" for number in range(1, 8)}
    assert days_of(2027) == {**off, "2027-09-26": "work", "2027-10-09": "work"}
    assert set(Holiday.objects.filter(date__year=2027).values_list("name", "source")) == {
        ("国庆节", "国办发明电〔2026〕9号")
    }
    calendar = load_calendar()
    assert calendar.add_working_days(date(2027, 9, 30), 1) == date(2027, 10, 8)
    assert calendar.is_working_day(date(2027, 10, 9))
    written = Entry.objects.filter(subject_type="workdays.holiday", action="register_add")
    assert written.count() == 9 and set(written.values_list("actor_id", flat=True)) == {world.people["director"].pk}


def test_a_single_day_is_entered_as_before(as_user, world):
    single = {**NATIONAL_DAY, "until": "", "make_up": "", "kind": "work"}
    assert enter(as_user, world, "director").post(reverse(ADD), single).status_code == 302
    assert days_of(2027) == {"2027-10-01": "work"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until": "2027-09-30"}, "最后一天"),
        ({"until": "2027-11-01"}, "最后一天"),
        ({"make_up": "2027-09-31"}, "不是日期"),
        ({"make_up": "后天"}, "不是日期"),
        ({"make_up": "2072-09-26"}, "不属于2027年"),
        ({"make_up": "2027-10-03"}, "重复"),
        ({"make_up": "9月26日 2027-09-26"}, "重复"),
        ({"kind": "work"}, "放假"),
        ({"until": "2027-10-09", "make_up": ""}, "2027-10-08"),
        ({"date": "2027-10-08", "until": "", "make_up": ""}, "已存在"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_entered(as_user, world, changes, sentence):
    Holiday.objects.create(date=date(2027, 10, 8), kind="work")
    answer = enter(as_user, world, "director").post(reverse(ADD), {**NATIONAL_DAY, **changes})
    shown = answer.content.decode()
    assert answer.status_code == 200 and sentence in shown
    assert 'value="国庆节"' in shown and days_of(2027) == {"2027-10-08": "work"}


def test_a_day_is_changed_alone(as_user, world):
    day = Holiday.objects.create(date=date(2027, 10, 8), kind="work")
    client, url = enter(as_user, world, "director"), reverse("admin:workdays_holiday_change", args=[day.pk])
    assert "id_until" not in client.get(url).content.decode()
    assert client.post(url, {"kind": "rest", "name": "国庆节", "source": ""}).status_code == 302
    assert days_of(2027) == {"2027-10-08": "rest"}


def test_it_costs_few_statements_however_long_the_holiday_is(as_user, world, django_assert_max_num_queries):
    client = enter(as_user, world, "director")
    with django_assert_max_num_queries(20):
        client.post(reverse(ADD), NATIONAL_DAY)
