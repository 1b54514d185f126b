"""Laws of periods (they tile the calendar) and the names that official papers print."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycity.periods import KINDS, Period, periods_between

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
kinds = st.sampled_from(KINDS)
year_starts = st.tuples(st.integers(1, 12), st.integers(1, 28))


@given(kinds, days, year_starts)
def test_a_period_contains_its_day(kind, day, starts):
    period = Period.containing(kind, day, starts)
    assert day in period
    assert period.start - timedelta(days=1) not in period
    assert period.end + timedelta(days=1) not in period


@given(kinds, days, year_starts)
def test_every_day_of_a_period_leads_to_the_same_period(kind, day, starts):
    period = Period.containing(kind, day, starts)
    assert Period.containing(kind, period.start, starts) == period
    assert Period.containing(kind, period.end, starts) == period


@given(kinds, days, year_starts)
def test_next_follows_without_gap_and_previous_leads_back(kind, day, starts):
    period = Period.containing(kind, day, starts)
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period
    assert period < period.next()
    assert period.previous() < period


@given(kinds, days, st.integers(0, 1500), year_starts)
def test_periods_between_tile_the_span(kind, first, length, starts):
    last = first + timedelta(days=length)
    found = periods_between(kind, first, last, starts)
    assert first in found[0]
    assert last in found[-1]
    assert found == sorted(found)
    for earlier, later in zip(found, found[1:], strict=False):
        assert later.start == earlier.end + timedelta(days=1)


@given(st.sampled_from(["month", "quarter", "half"]), days, year_starts)
def test_a_year_is_made_of_whole_smaller_periods(kind, day, starts):
    year = Period.containing("year", day, starts)
    parts = periods_between(kind, year.start, year.end, starts)
    assert len(parts) == {"month": 12, "quarter": 4, "half": 2}[kind]
    assert (parts[0].start, parts[-1].end) == (year.start, year.end)


@given(kinds, days, year_starts)
def test_two_periods_of_one_kind_never_share_a_label(kind, day, starts):
    period = Period.containing(kind, day, starts)
    assert period.label not in {period.next().label, period.previous().label}


def test_no_period_lies_in_a_span_that_ends_before_it_starts():
    assert periods_between("month", date(2026, 3, 1), date(2026, 2, 28)) == []


@pytest.mark.parametrize(
    ("kind", "day", "starts", "label"),
    [
        ("month", date(2026, 9, 30), (1, 1), "2026年9月"),
        ("month", date(2026, 9, 30), (7, 1), "2026年9月"),
        ("month", date(2026, 1, 3), (12, 26), "2025年12月26日—1月25日"),
        ("quarter", date(2026, 9, 30), (1, 1), "2026年第三季度"),
        ("quarter", date(2026, 9, 30), (7, 1), "2026—2027考核年度第一季度"),
        ("quarter", date(2027, 6, 30), (7, 1), "2026—2027考核年度第四季度"),
        ("half", date(2026, 6, 30), (1, 1), "2026年上半年"),
        ("half", date(2026, 7, 1), (1, 1), "2026年下半年"),
        ("half", date(2027, 1, 1), (7, 1), "2026—2027考核年度下半年"),
        ("year", date(2026, 2, 28), (1, 1), "2026年度"),
        ("year", date(2026, 2, 28), (7, 1), "2025—2026考核年度"),
    ],
)
def test_labels_are_those_of_official_papers(kind, day, starts, label):
    assert Period.containing(kind, day, starts).label == label
    assert str(Period.containing(kind, day, starts)) == label


def test_february_of_a_leap_year_ends_on_the_29th():
    assert Period.containing("month", date(2028, 2, 1)).end == date(2028, 2, 29)


@pytest.mark.parametrize(
    "wrong",
    [
        ("quarter", date(2026, 1, 1), date(2026, 3, 30), (1, 1)),
        ("quarter", date(2026, 2, 1), date(2026, 4, 30), (1, 1)),
        ("year", date(2026, 1, 1), date(2026, 12, 31), (7, 1)),
        ("week", date(2026, 1, 5), date(2026, 1, 11), (1, 1)),
        ("year", date(2026, 1, 31), date(2027, 1, 30), (1, 31)),
    ],
)
def test_dates_that_are_no_period_are_refused(wrong):
    with pytest.raises(ValueError, match="is not a|unknown kind|cannot begin"):
        Period(*wrong)


def test_of_periods_that_start_together_the_shorter_comes_first():
    january, quarter, year = (
        Period.containing(kind, date(2026, 1, 1)) for kind in ("month", "quarter", "year")
    )
    assert sorted([year, january, quarter]) == [january, quarter, year]
