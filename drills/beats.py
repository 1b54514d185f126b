"""Two beats at once, and no beat for a day over a due date: everybody is told what is due once, in one digest a day."""

import re
import time
from collections.abc import Callable

from drills import clock
from drills import verdict as judge
from drills.city import MONDAY, TODAY, TOMORROW, City
from drills.servers import Place, Program, wait_for
from drills.verdict import Verdict
from programs.models import ReminderDelivery
from qualitycity.outbox.models import Heartbeat, Message

Say = Callable[[str], None]

#: Over midnight, so that a day begins while both beats ring, and five minutes past it for the hourly scan.
BEFORE_MIDNIGHT, SHORTLY_BEFORE = "2026-03-26T23:56:00+08:00", "2026-03-26T23:59:25+08:00"
SCAN_ASKED = re.compile(rb"Task programs\.scan_reminders\[\S+\] received")

ON = "2026-03-26T08:04:50+08:00"
#: Beat was last heard at five past eight on Thursday: 26 hours later, and after the week-end as well.
OFF_UNTIL = (("2026-03-27T10:06:00+08:00", TOMORROW), ("2026-03-30T09:20:00+08:00", MONDAY))


def two_beats(place: Place, city: City, *, seconds: float, say: Say) -> Verdict:
    """Both ring everything for `seconds`; told is once. The clock stands shortly before midnight."""
    verdict = Verdict()
    worker = place.program("worker").start()
    beats = [place.program("beat", f"beat-{number}") for number in (1, 2)]
    for beat in beats:
        beat.start()
    say(f"two beats ring for {seconds:.0f} s, over midnight")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(min(30, max(0.1, end - time.monotonic())))
        say(f"{ReminderDelivery.objects.count()} reminders told")
    heard = Heartbeat.objects.count()
    for beat in beats:
        beat.stop()
    wait_for(lambda: not judge.working() or _ring(place), 120, "everything is out", every=1)
    asked = len(SCAN_ASKED.findall(worker.log.read_bytes()))
    verdict.figures["seconds with two beats"] = round(seconds)
    verdict.count("scans the two beats asked for", asked, least=4)
    verdict.count("scans written down", Message.objects.filter(kind="reminders.scan").count(), most=2)
    verdict.count("heartbeats on record", heard, least=1, most=1)
    judge.in_portal(verdict, city, [TODAY, TOMORROW])
    judge.mails(verdict, city, [TODAY, TOMORROW], place.sink)
    verdict.count("waiting for a person", len(judge.waits_for_person()), most=0)
    judge.invariants(verdict, place)
    return verdict


def _ring(place: Place) -> bool:
    """Without a beat the worker is rung once more by hand, so that what was written last goes out."""
    from celery import Celery

    with Celery(broker=place.redis.url, set_as_current=False) as bell:
        for queue in ("default", "mail"):
            bell.send_task("outbox.drain", args=[queue], queue=queue, ignore_result=True)
    return False


def beat_off(place: Place, city: City, *, say: Say) -> Verdict:
    """Beat is off for 26 hours over a due date, then over a week-end; the worker is up all the time."""
    verdict = Verdict()
    worker, beat = place.program("worker").start(), place.program("beat").start()
    _told(place, city, TODAY)
    say(f"Thursday: {ReminderDelivery.objects.filter(digest_on=TODAY).count()} reminders told; beat goes off")
    days = [TODAY]
    for moment, day in OFF_UNTIL:
        days.append(day)
        _restart(place, worker, beat, moment)
        time.sleep(4)
        silent = ReminderDelivery.objects.filter(digest_on=day).count()
        verdict.count(f"told on {day} while beat was off", silent, most=0)
        beat.start()
        _told(place, city, day)
        say(f"{day}: beat is back, {ReminderDelivery.objects.filter(digest_on=day).count()} reminders told")
    # the next full hour finds nothing more to say
    scans = Message.objects.filter(kind="reminders.scan").count()
    _restart(place, worker, beat, "2026-03-30T10:04:55+08:00")
    beat.start()

    def another() -> bool:
        rows = Message.objects.filter(kind="reminders.scan", finished_at__isnull=False)
        return rows.count() > scans and not judge.working()

    wait_for(another, 90, "the scan of the next hour")
    judge.in_portal(verdict, city, days)
    judge.mails(verdict, city, days, place.sink)
    verdict.count("waiting for a person", len(judge.waits_for_person()), most=0)
    judge.invariants(verdict, place)
    return verdict


def _restart(place: Place, worker: Program, beat: Program, moment: str) -> None:
    """The clock goes on to `moment`; the worker is up, beat is not."""
    beat.stop()
    worker.stop()
    clock.move_to(moment)
    place.moved()
    worker.start()


def _told(place: Place, city: City, day) -> None:
    """Wait until as many reminders as are due stand in the log and all work is done."""

    def told() -> bool:
        return ReminderDelivery.objects.filter(digest_on=day).count() >= city.count(day) and not judge.working()

    wait_for(told, 120, f"what is due on {day} is told", every=0.5)
