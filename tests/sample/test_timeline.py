"""The moved days and the moved clock, without the city."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from qualitycity.home.sample.city import FOLDER
from qualitycity.home.sample.clock import Clock
from qualitycity.home.sample.reader import read_city
from qualitycity.home.sample.timeline import Timeline
from qualitycity.workdays import Calendar
from taskforce.loading.strict import FactError


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 1, 1), date(2025, 1, 1)),
        (date(2026, 3, 31), date(2025, 1, 1)),
        (date(2026, 11, 22), date(2025, 10, 1)),
        (date(2028, 2, 29), date(2027, 1, 1)),
    ],
)
def test_four_quarters_lie_behind_the_one_that_holds_the_day(today, start):
    timeline = Timeline.of(today)
    assert timeline.start == start
    assert len(timeline.quarters) == 5 and today in timeline.quarters[-1]


def test_days_move_by_whole_months_and_the_end_of_a_month_stays_one():
    timeline = Timeline.of(date(2026, 11, 22))  # nine months later than in the files
    assert timeline.moved(date(2025, 1, 1)) == date(2025, 10, 1)
    assert timeline.moved(date(2025, 6, 30)) == date(2026, 3, 31)
    assert timeline.moved(date(2025, 5, 29)) == date(2026, 2, 28)
    assert timeline.moved(date(2024, 12, 6)) == date(2025, 9, 6)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 6, 30), date(2029, 12, 31)])
def test_the_files_fit_any_day(today):
    facts = read_city(FOLDER, today)
    head, document = facts.programme.programme, facts.programme.document
    assert head.starts_on <= today < head.ends_on and head.year == head.starts_on.year
    assert document.written_on < head.starts_on and str(document.written_on.year) in document.number
    numbers = {task.number for task in facts.programme.tasks} | {"(九)-1"}
    assert {line.task for line in facts.lines} <= numbers
    assert {line.unit for line in facts.lines} <= set(facts.registers.departments)
    assert {reading.indicator for reading in facts.readings} == {row.name for row in facts.programme.indicators}
    for row in facts.breakdown.tasks:
        assert row.due is None or head.starts_on <= row.due <= head.ends_on


def test_a_quarter_too_few_is_named(tmp_path):
    for source in FOLDER.rglob("*.yaml"):
        target = tmp_path / source.relative_to(FOLDER)
        target.parent.mkdir(exist_ok=True, parents=True)
        target.write_text(source.read_text())
    file = tmp_path / "story" / "readings.yaml"
    file.write_text(file.read_text().replace("{note: 调查方案制定中}, ", ""))
    with pytest.raises(FactError, match="公共服务质量满意度"):
        read_city(tmp_path, date(2026, 5, 20))


def test_the_clock_runs_forward_over_mondays_and_stops_at_the_present():
    mondays = []
    with time_machine.travel("2026-05-20T11:00:00+08:00", tick=False):
        with Clock(Calendar(), start=date(2026, 4, 27), weekly=lambda: mondays.append(timezone.localtime())) as clock:
            clock.go(date(2026, 5, 2), "09:30")  # a Saturday
            assert timezone.localtime().isoformat() == "2026-05-04T09:30:00+08:00"
            clock.go(date(2026, 4, 28))
            assert timezone.localdate() == date(2026, 5, 4)
            clock.pause(30)
            assert timezone.localtime().time().isoformat() == "10:00:00"
            clock.go(date(2026, 12, 24))
            assert timezone.localtime().isoformat() == "2026-05-20T11:00:00+08:00"
        assert timezone.localtime().isoformat() == "2026-05-20T11:00:00+08:00"
    assert [moment.date() for moment in mondays] == [date(2026, 5, 4), date(2026, 5, 11), date(2026, 5, 18)]


def test_so_many_days_ago_is_never_before_the_quarter():
    with time_machine.travel("2026-04-02T11:00:00+08:00", tick=False):
        with Clock(Calendar(), start=date(2026, 3, 2), weekly=lambda: None) as clock:
            clock.ago(6, not_before=date(2026, 4, 1))
            assert timezone.localtime().isoformat() == "2026-04-01T09:00:00+08:00"
            clock.ago(1, not_before=date(2026, 4, 1))
            assert timezone.localtime() == datetime(2026, 4, 2, 11, tzinfo=clock.zone) - timedelta(days=1)
    assert settings.TIME_ZONE == str(clock.zone)


def test_working_days_are_counted_back_from_the_end_of_a_quarter():
    clock = Clock(Calendar(), start=date(2026, 1, 5), weekly=lambda: None)
    assert clock.workday(date(2026, 3, 31), 1) == date(2026, 3, 31)
    assert clock.workday(date(2026, 5, 31), 1) == date(2026, 5, 29)  # a Sunday: the Friday before
    assert clock.workday(date(2026, 3, 31), 3) == date(2026, 3, 27)
