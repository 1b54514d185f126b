"""应报材料: on which days a paper falls due."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programs.domain.supervision.material_dates import AHEAD, dates_to_lay_out, due_dates

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
OFTEN = st.sampled_from(["month", "quarter", "half", "year"])


def days(recurrence, first, since, until, previous=False):
    found = due_dates(
        recurrence=recurrence, first_due=first, about_previous=previous, since=since, until=until
    )
    return [(due.due_on, due.label) for due in found]


def test_a_yearly_plan_is_due_on_the_same_day_and_speaks_of_its_year():
    found = days("year", date(2026, 3, 10), date(2026, 1, 1), date(2028, 12, 31))
    assert found == [
        (date(2026, 3, 10), "2026年度"), (date(2027, 3, 10), "2027年度"), (date(2028, 3, 10), "2028年度"),
    ]  # fmt: skip


def test_what_is_due_in_april_speaks_of_the_first_quarter():
    found = days("quarter", date(2026, 4, 10), date(2026, 4, 1), date(2026, 12, 31), previous=True)
    assert found == [
        (date(2026, 4, 10), "2026年第一季度"), (date(2026, 7, 10), "2026年第二季度"),
        (date(2026, 10, 10), "2026年第三季度"),
    ]  # fmt: skip


def test_the_last_day_of_a_month_stays_the_last():
    found = days("month", date(2026, 1, 31), date(2026, 1, 1), date(2026, 4, 30))
    assert [day for day, _label in found] == [
        date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30),
    ]  # fmt: skip


def test_the_29th_comes_back_after_a_short_february():
    found = days("month", date(2026, 1, 29), date(2026, 1, 1), date(2026, 3, 31))
    assert [day.day for day, _label in found] == [29, 28, 29]


def test_once_is_once_and_has_no_period():
    assert days("once", date(2026, 5, 20), date(2026, 1, 1), None) == [(date(2026, 5, 20), "")]
    assert days("once", date(2026, 5, 20), date(2026, 5, 21), None) == []


@pytest.mark.parametrize(("recurrence", "expected"), [("month", 4), ("quarter", 2), ("year", 1)])
def test_a_hundred_days_are_laid_out_and_in_any_case_the_next_date(recurrence, expected):
    found = dates_to_lay_out(
        recurrence=recurrence, first_due=date(2026, 1, 10), about_previous=False, ended_on=None, today=date(2026, 1, 5)
    )
    assert len(found) == expected


def test_nothing_is_laid_out_after_the_end():
    found = dates_to_lay_out(
        recurrence="month", first_due=date(2026, 1, 10), about_previous=False, ended_on=date(2026, 2, 10),
        today=date(2026, 1, 5),
    )  # fmt: skip
    assert [due.due_on for due in found] == [date(2026, 1, 10), date(2026, 2, 10)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(first=DAYS, today=DAYS, recurrence=OFTEN)
def test_laws_of_what_is_laid_out(first, today, recurrence):
    words = {"recurrence": recurrence, "first_due": first, "about_previous": False, "ended_on": None}
    found = [due.due_on for due in dates_to_lay_out(**words, today=today)]
    assert found, "there is always a next date"
    assert found == sorted(set(found)) and all(day >= today and day >= first for day in found)
    assert all(day <= today + AHEAD for day in found[1:])
    # whoever looks a day later misses nothing that is still ahead
    later = [due.due_on for due in dates_to_lay_out(**words, today=found[0])]
    assert set(found) <= set(later)
