"""Working days: three published years, a year nobody knows yet, and the laws of the arithmetic."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from qualitycity.workdays.calendar import Calendar, format_days_left, load_calendar
from qualitycity.workdays.loading import load_holidays
from qualitycity.workdays.models import Holiday

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "workdays" / "holidays.yaml"

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))
calendars = st.dictionaries(days, st.booleans(), max_size=60).map(Calendar)


@pytest.fixture
def published(db) -> Calendar:
    load_holidays(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))["years"])
    return load_calendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-02-04", True),  # Sunday before 春节
        ("2024-02-09", True),  # 除夕 was no holiday in 2024
        ("2024-02-17", False),
        ("2024-02-18", True),
        ("2025-01-26", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-23", False),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-20", True),
        ("2026-11-21", False),
    ],
)
def test_days_of_the_published_notices(published, day, works):
    assert published.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_whole_year(published, year, count):
    """251 in 2024 (366 days, 11 statutory holidays) and 248 since 2025 (365 days, 13 of them)."""
    assert published.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


def test_one_query_whatever_the_number_of_dates(published, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = load_calendar()
        calendar.working_days_between(date(2024, 1, 1), date(2026, 12, 31))


def test_a_year_nobody_has_published_follows_the_weekend_and_warns(published):
    assert published.is_working_day(date(2027, 10, 1))
    assert not published.is_working_day(date(2027, 10, 2))
    assert not published.has_data(2027)
    with translation.override("en"):
        [warning] = published.warnings([2026, 2027, 2027])
    assert "2027" in warning


def test_one_local_day_off_does_not_make_a_year_known(published):
    Holiday.objects.create(date="2027-03-15", kind="rest", name="本市调休")
    calendar = load_calendar()
    assert not calendar.is_working_day(date(2027, 3, 15))
    assert not calendar.has_data(2027)


@given(calendars, days, st.integers(1, 40))
def test_adding_reaches_a_working_day_that_is_that_many_away(calendar, day, count):
    later = calendar.add_working_days(day, count)
    assert calendar.is_working_day(later)
    assert calendar.working_days_between(day, later) == count
    earlier = calendar.add_working_days(day, -count)
    assert calendar.is_working_day(earlier)
    assert calendar.working_days_between(earlier - timedelta(days=1), day - timedelta(days=1)) == count


@given(calendars, days, st.integers(0, 900))
def test_counting_agrees_with_looking_at_every_day(calendar, first, span):
    last = first + timedelta(days=span)
    seen = sum(calendar.is_working_day(first + timedelta(days=n)) for n in range(1, span + 1))
    assert calendar.working_days_between(first, last) == seen
    assert calendar.working_days_between(last, first) == -seen


def test_adding_nothing_stays_on_the_day_even_a_sunday():
    assert Calendar().add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("today", "due", "words"),
    [
        ("2026-11-20", "2026-11-25", "3 working days left"),
        ("2026-11-20", "2026-11-23", "1 working day left"),
        ("2026-11-20", "2026-11-20", "Due today"),
        ("2026-11-20", "2026-11-12", "6 working days overdue"),
        ("2026-11-20", "2026-11-22", "Due before the next working day"),
        ("2026-11-22", "2026-11-20", "Overdue since the last working day"),
        ("2026-09-30", "2026-10-08", "1 working day left"),
        ("2026-09-18", "2026-09-21", "2 working days left"),
    ],
)
def test_days_left_in_words(published, today, due, words):
    with translation.override("en"):
        assert format_days_left(date.fromisoformat(today), date.fromisoformat(due), published) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-25", "还有 3 个工作日"),
        ("2026-11-20", "今天到期"),
        ("2026-11-12", "逾期 6 个工作日"),
        ("2026-11-22", "下一个工作日之前到期"),
    ],
)
def test_days_left_in_chinese(published, due, words):
    with translation.override("zh-hans"):
        assert format_days_left(date(2026, 11, 20), date.fromisoformat(due), published) == words


def test_loading_again_changes_nothing_and_a_mended_fact_is_updated(published):
    before = list(Holiday.objects.values_list("pk", "date", "kind", "name", "source"))
    Holiday.objects.create(date="2027-03-15", kind="rest", name="本市调休")
    load_holidays(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))["years"])
    assert (
        list(Holiday.objects.exclude(date__year=2027).values_list("pk", "date", "kind", "name", "source"))
        == before
    )
    mended = {"year": 2026, "notice": "更正", "number": "1号", "holidays": [
        {"name": "元旦", "first": "2026-01-01", "last": "2026-01-01", "make_up": ["2026-01-03"]}]}  # fmt: skip
    assert load_holidays([mended]) == 2
    assert load_calendar().is_working_day(date(2026, 1, 3))
    assert Holiday.objects.get(date="2026-01-03").source == "更正（1号）"
    assert Holiday.objects.filter(date="2027-03-15").exists()


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ({"name": "元旦", "first": "2026-01-03", "last": "2026-01-01", "make_up": []}, "ends before"),
        (
            {"name": "国庆节", "first": "2027-10-01", "last": "2027-10-07", "make_up": []},
            "does not belong to 2026",
        ),
        ({"name": "元旦", "first": "2026-01-01", "last": "2026-01-03", "make_up": ["2026-01-02"]}, "both"),
    ],
)
def test_slips_in_the_file_are_refused(db, span, message):
    record = {"year": 2026, "notice": "通知", "number": "1号", "holidays": [span]}
    with pytest.raises(ValueError, match=message):
        load_holidays([record])
    assert not Holiday.objects.exists()


@pytest.mark.django_db
def test_the_command_loads_the_projects_file_and_names_what_is_wrong_with_another(tmp_path, capsys):
    call_command("load_holidays")
    assert f"{Holiday.objects.count()} dates" in capsys.readouterr().out
    bad = tmp_path / "bad.yaml"
    bad.write_text("years: [{year: 2026}]", encoding="utf-8")
    with pytest.raises(CommandError, match="bad.yaml"):
        call_command("load_holidays", str(bad))
    with pytest.raises(CommandError, match="does not exist"):
        call_command("load_holidays", str(tmp_path / "none.yaml"))


@pytest.mark.django_db
def test_a_date_is_on_record_once():
    Holiday.objects.create(date="2027-03-15", kind="rest")
    with pytest.raises(IntegrityError, match="date"):
        Holiday.objects.create(date="2027-03-15", kind="work")
