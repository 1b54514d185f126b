"""Reminders go out while workers and Redis are killed: nothing is lost, nobody is told twice."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from drills import clock
from drills import verdict as judge
from drills.city import TODAY, City
from drills.servers import Place, Program, backends_gone, wait_for
from drills.verdict import Verdict
from qualitycity.outbox.choices import HELD
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import InboxItem, Message

#: Five minutes before the hourly scan (forty seconds in a short drill): the offices press “send reminders now” first,
#: the scan finds what is left.
BEGIN, SHORT_BEGIN = "2026-03-26T08:00:00+08:00", "2026-03-26T08:04:20+08:00"
NEXT_HOUR = "2026-03-26T09:04:50+08:00"
HOURLY, NEXT = f"reminders:{TODAY:%Y%m%d}08", f"reminders:{TODAY:%Y%m%d}09"

#: Seconds: beat rings every fifteen, and a worker that was refused asks Redis again within half a minute.
RESUMES_WITHIN = 60

Say = Callable[[str], None]


@dataclass
class Storm:
    """`kills` of the worker's group and `redis_kills`, spread over them; with `hits` the message kinds they hit."""

    place: Place
    city: City
    kills: int
    redis_kills: int
    rng: random.Random
    say: Say
    hits: list[list[str]] = field(default_factory=list)
    resumed: list[float] = field(default_factory=list)
    tokens: set[object] = field(default_factory=set)

    def blow(self) -> None:
        """Everything, one kill after another; afterwards the worker is started once more and left in peace."""
        worker, beat = self.place.program("worker"), self.place.program("beat")
        beat.start()
        redis_at = {round((n + 1) * self.kills / self.redis_kills) for n in range(self.redis_kills)}
        robbed = self.rng.choice(sorted(redis_at)) if redis_at else 0
        waiting = list(self.city.programmes)
        self.rng.shuffle(waiting)
        for number in range(1, self.kills + 1):
            worker.start()
            # one city's office after another; the last one leaves it to the hourly scan
            if len(waiting) > 1 and number % 2:
                press(waiting.pop())
            self._wait_for_work(25)
            if number in redis_at:
                self._redis_away(data_gone=number == robbed)
            time.sleep(self.rng.uniform(0, 1.5))
            self._kill(worker, number)
        for programme in waiting[1:]:
            press(programme)
        worker.start()

    def _held(self) -> list[Message]:
        rows = Message.objects.filter(state__in=HELD).exclude(lease_token__in=self.tokens)
        return list(rows.only("pk", "kind", "state", "lease_token"))

    def _wait_for_work(self, seconds: float) -> None:
        """Kills are meant to hurt: they wait until the new group has begun something, but not for ever."""
        try:
            wait_for(self._held, seconds, "the worker takes a message", every=0.05)
        except TimeoutError as late:
            self.say(str(late))

    def _redis_away(self, *, data_gone: bool) -> None:
        """Redis is gone for a moment; whether the worker goes on afterwards shows a message that waits for it."""
        self.place.redis.kill(data_gone=data_gone)
        time.sleep(self.rng.uniform(0.5, 3))
        probe = enqueue("reminders.scan", key=f"drill:{len(self.resumed)}", payload={"programmes": []})
        assert probe is not None
        self.place.redis.start()
        back = time.monotonic()

        def done() -> bool:
            return Message.objects.filter(pk=probe.pk, finished_at__isnull=False).exists()

        wait_for(done, RESUMES_WITHIN, "work goes on after Redis is back")
        self.resumed.append(time.monotonic() - back)
        gone = " and its data gone" if data_gone else ""
        self.say(f"Redis killed{gone}; work went on {self.resumed[-1]:.1f} s after it was back")

    def _kill(self, worker: Program, number: int) -> None:
        assert not worker.ended(), f"the worker ended by itself before kill {number}"
        worker.kill()
        backends_gone(worker)
        left = self._held()
        self.tokens |= {message.lease_token for message in left}
        self.hits.append([f"{message.kind} {message.state}" for message in left])
        self.say(f"kill {number}: left {', '.join(self.hits[-1]) or 'nothing in hand'}")


def _next_hour(place: Place, patience: float) -> None:
    """The clock goes on to the scan of the next hour: it makes up for scans set aside, and adds nothing else."""
    for program in place.programs:
        program.stop()
    clock.move_to(NEXT_HOUR)
    place.moved()
    for program in place.programs:
        program.start()

    def scanned() -> bool:
        return Message.objects.filter(dedup_key=NEXT, finished_at__isnull=False).exists() and not judge.working()

    wait_for(scanned, patience, "the scan of the next hour", every=1)


def press(programme) -> None:
    """“Send reminders now” in the register of programmes writes this message."""
    minute = f"{timezone.localtime():%Y%m%d%H%M}"
    enqueue("reminders.scan", key=f"reminders:{minute}:{programme.pk}", payload={"programmes": [programme.pk]})


def reminders(
    place: Place, city: City, *, kills: int, redis_kills: int, least_hits: int, seed: int, say: Say, patience: float
) -> Verdict:
    """The whole drill in an open place. `patience`: seconds for the rest to go out once nothing is killed any more."""
    verdict = Verdict()
    storm = Storm(place, city, kills, redis_kills, random.Random(seed), say)
    began = time.monotonic()
    storm.blow()
    say("no more kills; waiting until everything is out")

    def hourly_scan_done() -> bool:
        return Message.objects.filter(dedup_key=HOURLY, finished_at__isnull=False).exists()

    wait_for(hourly_scan_done, 400, "beat rings the hourly scan", every=1)
    wait_for(lambda: not judge.working(), patience, "everything is out", every=1)
    parked = [message for message in judge.waits_for_person() if message.kind != judge.MAIL]
    unheard = len(city.people) - InboxItem.objects.filter(kind="digest").count()
    say(f"{len(parked)} scans were set aside after three crashes, {unheard} people wait for the scan of the next hour")
    _next_hour(place, patience)
    verdict.figures["seed"] = seed
    verdict.figures["seconds"] = round(time.monotonic() - began)
    count_hits(verdict, storm.hits, least_hits)
    verdict.count("Redis killed (once with its data gone)", len(storm.resumed), least=redis_kills)
    verdict.figures["seconds until work went on after Redis came back (most)"] = round(max(storm.resumed), 1)
    verdict.count("scans set aside after three crashes", len(parked))
    verdict.count("people whom the scan of the next hour told therefore", unheard)
    judge.in_portal(verdict, city, [TODAY])
    judge.mails(verdict, city, [TODAY], place.sink)
    doubted = {message.payload["user"] for message in judge.waits_for_person(judge.MAIL)}
    verdict.count("sent again by a person", judge.resend("演练：逐件核实后重发"))
    wait_for(lambda: not judge.working(), patience, "what was sent again is out", every=1)
    judge.resent(verdict, city, [TODAY], place.sink, doubted)
    # the scan that a person repeated has told nobody anything new
    judge.in_portal(verdict, city, [TODAY])
    judge.invariants(verdict, place)
    return verdict


def count_hits(verdict: Verdict, hits: list[list[str]], least: int) -> None:
    """A kill that hit nothing shows nothing: with too few that did, the whole run says so and fails."""
    hurt = sum(map(bool, hits))
    verdict.count("worker groups killed", len(hits))
    verdict.count("kills that hit a leased or sending row", hurt)
    for kind in sorted({word for hit in hits for word in hit}):
        verdict.count(f"rows hit: {kind}", sum(hit.count(kind) for hit in hits))
    if hurt < least:
        words = f"Only {hurt} kills hit a leased or sending row, {least} are needed"
        verdict.faults.append(f"{words}: this run does not count.")
