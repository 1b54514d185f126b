"""One minute of each drill about reminders; the long ones are `make drill-reminders`."""

import pytest

from drills import beats, clock, mailing
from drills import city as cities

pytestmark = [pytest.mark.redis, pytest.mark.worker, pytest.mark.slow]
SEED = 4


def test_nothing_is_lost_or_told_twice_while_workers_and_redis_are_killed(drill):
    with clock.starting_at(mailing.SHORT_BEGIN):
        city = cities.make(people=120, cities=4)
    place = drill(mailing.SHORT_BEGIN, delay=0.2, DRILL_RINGS="4")
    verdict = mailing.reminders(
        place, city, kills=5, redis_kills=2, least_hits=2, seed=SEED, say=print, patience=120
    )
    assert verdict.faults == [], verdict.lines()
    assert verdict.figures["reminders due"] == verdict.figures["reminders told"] == 600


def test_two_beats_over_midnight_tell_everybody_once_a_day(drill):
    with clock.starting_at(beats.SHORTLY_BEFORE):
        city = cities.make(people=30, cities=2, milestones=cities.OVER_DAYS)
    place = drill(beats.SHORTLY_BEFORE, DRILL_RINGS="4", DRILL_SCANS="3")
    verdict = beats.two_beats(place, city, seconds=55, say=print)
    assert verdict.faults == [], verdict.lines()
    assert verdict.figures["reminders told"] == 30 * (2 + 5)


def test_beat_is_off_for_26_hours_and_over_a_week_end_and_nothing_is_missed_or_stormed(drill):
    with clock.starting_at(beats.ON):
        city = cities.make(people=30, cities=2, milestones=cities.OVER_DAYS)
    place = drill(beats.ON, DRILL_RINGS="4")
    verdict = beats.beat_off(place, city, say=print)
    assert verdict.faults == [], verdict.lines()
    assert verdict.figures["reminders told"] == 30 * (2 + 5 + 2)
    assert verdict.figures["digests in inboxes"] == 30 * 3
