"""A printed time limit is a day, or nothing; written from what such documents and tables print."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.importing.limits import day_of

ONE_YEAR = date(2026, 1, 1), date(2026, 12, 31)
THREE_YEARS = date(2025, 3, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026年6月30日前", "2026-06-30"),
        ("2026年6月底前", "2026-06-30"),
        ("2026年2月", "2026-02-28"),
        ("２０２６年９月底前完成", "2026-09-30"),
        ("2026年11月上旬", "2026-11-10"),
        ("2026年11月中旬前", "2026-11-20"),
        ("2026年11月下旬", "2026-11-30"),
        ("2026年第三季度", "2026-09-30"),
        ("2026年2季度", "2026-06-30"),
        ("2026年上半年", "2026-06-30"),
        ("2026年底前", "2026-12-31"),
        ("2026年年底", "2026-12-31"),
        ("2026年末", "2026-12-31"),
        ("2026年", "2026-12-31"),
        ("2026-06-30", "2026-06-30"),
        ("2026.6.30", "2026-06-30"),
        ("2026/6/30", "2026-06-30"),
        ("6月底前", "2026-06-30"),
        ("9月15日前完成", "2026-09-15"),
        ("年底前", "2026-12-31"),
        ("三季度", "2026-09-30"),
        ("2026年3月至9月", "2026-09-30"),
        ("2026年3月启动，10月底前完成", "2026-10-31"),
        ("2026年5月起", None),
        ("每年12月底前", None),
        ("长期坚持", None),
        ("持续推进", None),
        ("按要求", None),
        ("", None),
        ("底", None),
        ("2026年13月", None),
        ("2026年2月30日", None),
        ("2027年6月底前", None),
        ("2025年12月31日", None),
    ],
)
def test_of_a_programme_of_one_year(words, day):
    assert day_of(words, *ONE_YEAR) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026年底前", "2026-12-31"),
        ("2025年6月至2027年6月", "2027-06-30"),
        ("2026年3月至10月", "2026-10-31"),
        ("年底前", None),
        ("6月底前", None),
        ("2028年", None),
        ("2025年2月底前", None),
    ],
)
def test_of_a_programme_of_several_years_a_year_must_be_named(words, day):
    assert day_of(words, *THREE_YEARS) == (date.fromisoformat(day) if day else None)


@given(st.dates(*ONE_YEAR), st.sampled_from(["{0.year}年{0.month}月{0.day}日前", "{0:%Y-%m-%d}", "{0.month}月{0.day}日"]))
def test_a_whole_date_is_that_day(day, shape):
    assert day_of(shape.format(day), *ONE_YEAR) == day


@given(st.text(alphabet="2026年月日底末上下半一二三四季度旬前至起0123456789-./每 完成", max_size=40))
def test_whatever_is_printed_it_is_a_day_of_the_programme_or_none(words):
    found = day_of(words, *THREE_YEARS)
    assert found is None or THREE_YEARS[0] <= found <= THREE_YEARS[1]
    assert day_of(words, THREE_YEARS[0], THREE_YEARS[0] - timedelta(days=1)) is None
