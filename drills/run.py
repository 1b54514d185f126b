"""`python -m drills.run reminders|beats|outage|redis … [short]`: drills, each on a database and servers of its own.

Ends with 1 and the sentences of what was not kept; the logs of the processes then stay in var/drills.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SEED = int(os.environ.get("SEED") or time.time())


def say(words: str) -> None:
    print(f"{time.perf_counter() - BEGAN:7.1f} s  {words}", flush=True)


BEGAN = time.perf_counter()


def reminders(folder: Path, short: bool):
    from drills import city, clock, mailing
    from drills.servers import Place

    people, cities, kills, redis_kills, least = (200, 4, 6, 2, 2) if short else (2000, 10, 50, 10, 10)
    begin = mailing.SHORT_BEGIN if short else mailing.BEGIN
    with clock.starting_at(begin):
        made = city.make(people=people, cities=cities)
        say(f"{people} people in {cities} cities, {made.count(city.TODAY)} reminders due; seed {SEED}")
        clock.move_to(begin)
        with Place(folder, delay=0.1, DRILL_RINGS="4" if short else "15").open() as place:
            return mailing.reminders(
                place,
                made,
                kills=kills,
                redis_kills=redis_kills,
                least_hits=least,
                seed=SEED,
                say=say,
                patience=900,
            )


def beats(folder: Path, short: bool):
    from drills import beats, city, clock
    from drills.servers import Place

    begin, seconds, scans = (beats.SHORTLY_BEFORE, 60, "3") if short else (beats.BEFORE_MIDNIGHT, 600, "10")
    with clock.starting_at(begin):
        made = city.make(people=40 if short else 200, cities=2, milestones=city.OVER_DAYS)
        say(f"{made.count(city.TODAY)} reminders due today, {made.count(city.TOMORROW)} tomorrow")
        clock.move_to(begin)
        with Place(folder, DRILL_SCANS=scans, DRILL_RINGS="4" if short else "15").open() as place:
            return beats.two_beats(place, made, seconds=seconds, say=say)


def outage(folder: Path, short: bool):
    from drills import beats, city, clock
    from drills.servers import Place

    with clock.starting_at(beats.ON):
        made = city.make(people=40 if short else 200, cities=2, milestones=city.OVER_DAYS)
        clock.move_to(beats.ON)
        with Place(folder, DRILL_RINGS="4").open() as place:
            return beats.beat_off(place, made, say=say)


def redis(folder: Path, short: bool):
    from drills import city, clock, redis_away
    from drills.servers import Place

    liaisons = 4 if short else 24
    with clock.starting_at(redis_away.BEGIN):
        made = city.make(people=liaisons, cities=2)
        clock.move_to(redis_away.BEGIN)
        with Place(folder).open() as place:
            return redis_away.redis_away(place, made, liaisons=liaisons, looks=30, slowest=5, say=say)


DRILLS: dict[str, Callable] = {"reminders": reminders, "beats": beats, "outage": outage, "redis": redis}


def one(name: str, short: bool) -> list[str]:
    """Runs one drill on a fresh database; returns the sentences of what was not kept."""
    from django.db import connection

    from ops.paths import VAR

    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    database = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    faults = [f"The drill {name} did not get to its end."]
    try:
        verdict = DRILLS[name](folder, short)
        faults = list(dict.fromkeys(verdict.faults))
        print("\n" + "\n".join(verdict.lines()) + "\n", flush=True)
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)
        if faults:
            kept = VAR / "drills" / f"{name}-{SEED}"
            shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("media", "redis"), dirs_exist_ok=True)
            print(f"the logs of the processes are in {kept}")
        shutil.rmtree(folder, ignore_errors=True)
    return faults


def main() -> None:
    names, short = [word for word in sys.argv[1:] if word != "short"], "short" in sys.argv[1:]
    if not names or set(names) - DRILLS.keys():
        sys.exit(f"usage: python -m drills.run {'|'.join(DRILLS)} … [short]")
    os.environ["DJANGO_SETTINGS_MODULE"] = "drills.settings"
    os.environ["LOG_LEVEL"] = "WARNING"
    # nobody listens to this process's own bell: what it writes is found by the rings of beat
    os.environ["REDIS_URL"] = "redis://127.0.0.1:9/0"
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    faults = []
    for name in names:
        say(f"drill: {name}")
        faults += one(name, short)
    if faults:
        sys.exit("\n".join(["Not kept:", *faults]))
    print("Kept: nothing lost, nothing told twice, nobody saw an error.")


if __name__ == "__main__":
    main()
