"""Speed of the pages with much data, beside a bare Django view in the same run: `make bench`.

Every page is asked in turn with the bare view, so that both meet the same machine. Printed are the median and the 95th
percentile in milliseconds, the ratio to the bare view with its goal, the queries, and – for pages that keep what they
have counted – what whoever reads first after a change waits for. Ratios travel between machines, milliseconds do not;
no test depends on either. `make bench ARGS="2000"` takes another number of tasks.
"""

import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django

BARE, STREAM = "/bare/", "/bare.csv"
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
LISTS, ONE, FILING, EXPORT = 3.0, 8.0, 10.0, 1.2
#: The search reads every text one may see; nobody asks it twice a minute.
FOUND = 15.0


@dataclass(frozen=True)
class Page:
    """`floor` is the bare address it is compared with, `goal` the ratio it must not exceed; `post` fills a form."""

    label: str
    person: str
    address: str
    goal: float = LISTS
    floor: str = BARE
    post: bool = False


def main() -> None:
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualitycity.settings.test")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.ROOT_URLCONF = "benchmarks.bare"
    settings.LOGGING_CONFIG = None
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        from benchmarks import data

        began = time.perf_counter()
        people = data.make(tasks=tasks, reports=3 * tasks)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{tasks} tasks, {3 * tasks} reports made in {time.perf_counter() - began:.1f} s")
        work_out()
        report(people)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def work_out() -> None:
    """All lights once, as the first job of a day does."""
    from programs.domain.standings import board_day

    began = time.perf_counter()
    board_day()
    print(f"all lights worked out in {time.perf_counter() - began:.1f} s (the first job of a day)")


def pages(people: dict[str, Any]) -> list[Page]:
    from programs.models import Programme, Responsibility, Task

    programme = Programme.objects.order_by("pk").first()
    assert programme is not None
    unit = people["liaison"].memberships.get().department
    window = programme.windows.filter(starts_on__month=7).get()
    task = Task.objects.filter(programme=programme).first()
    assert task is not None
    lines = Responsibility.objects.filter(task__programme=programme, department=unit).count()
    ledger, sheet = f"/programmes/{programme.pk}/", f"/sheets/{window.pk}/{unit.pk}/"
    return [
        Page("start page, liaison", "liaison", "/"),
        Page("start page, head", "head", "/"),
        Page("start page, office", "director", "/"),
        Page("start page, leader", "leader", "/"),
        Page("programmes", "director", "/programmes/"),
        Page(f"ledger of {programme.tasks.count()}, page of 100", "director", ledger),
        Page("the same, filtered", "director", f"{ledger}?light=red"),
        Page("programme board", "director", f"{ledger}board/"),
        Page("unit's board", "director", f"/departments/{unit.pk}/"),
        Page("who has not reported", "director", "/missing/"),
        Page("calendar", "director", "/calendar/"),
        Page("review queue", "director", "/review/"),
        Page("sheets of the unit", "liaison", "/sheets/"),
        Page("reports", "director", "/reports/"),
        Page("contact book", "director", "/contacts/"),
        Page("search", "director", "/search/?q=重点", FOUND),
        Page("task", "director", f"/tasks/{task.pk}/", ONE),
        Page(f"unit's sheet, {lines} lines", "liaison", sheet, FILING),
        Page(f"saving these {lines} lines", "liaison", sheet, FILING, post=True),
        Page(f"all {Task.objects.count()} tasks as CSV", "director", "/tasks/export.csv", EXPORT, STREAM),
    ]


def report(people: dict[str, Any]) -> None:
    print(f"{'page':30} {'p50 ms':>8} {'p95 ms':>8} {'× bare':>7} {'goal':>5} {'queries':>8} {'first ms':>9}")
    for page in pages(people):
        times, floor, queries, first, status = measure(people[page.person], page)
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        ratio = p50 / statistics.median(floor)
        note = "" if status in (200, 302) else f"  answered {status}"
        note += "  over its goal" if ratio > page.goal else ""
        print(
            f"{page.label:30} {p50:8.1f} {p95:8.1f} {ratio:7.2f} {page.goal:5.1f} {queries:8d} {first:9.1f}{note}",
            flush=True,
        )


def measure(user: Any, page: Page, rounds: int = 20) -> tuple[list[float], list[float], int, float, int]:
    """Times in ms of the page and of the bare view, asked in turn after two warm rounds; queries of one request; the
    time of the first reading after a task has changed; status.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from programs.models import Task

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    ask = filling(client, page.address) if page.post else asking(client, page.address)
    plain = asking(client, page.floor)
    for _warm in range(2):
        ask(), plain()
    with CaptureQueriesContext(connection) as captured:
        _ms, status = ask()
    # counted now, the next request empties the log; a transaction's own words ask nothing
    queries = sum(not query["sql"].startswith(TRANSACTION) for query in captured)
    times, floor = [], []
    for _round in range(rounds):
        times.append(ask()[0])
        floor.append(plain()[0])
    firsts = []
    for _round in range(3):
        Task.objects.filter(pk=Task.objects.values("pk")[:1]).update(sort=0)
        firsts.append(ask()[0])
    return times, floor, queries, statistics.median(firsts), status


Ask = Callable[[], tuple[float, int]]


def asking(client: Any, address: str) -> Ask:
    """A call that asks for the page: milliseconds until the last byte, and the status."""

    def ask() -> tuple[float, int]:
        began = time.perf_counter()
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        return (time.perf_counter() - began) * 1000, answer.status_code

    return ask


def filling(client: Any, address: str) -> Ask:
    """A call that types into every line of the sheet and saves it; reading the form is not counted."""
    from benchmarks.forms import fields_of

    rounds = itertools.count(1)

    def save() -> tuple[float, int]:
        typed = fields_of(client.get(address).content.decode(), "-progress")
        number = next(rounds)
        text = f"第{number}次填写：完成检查并整改。"
        typed |= {name: text for name in typed if name.endswith("-progress")}
        began = time.perf_counter()
        answer = client.post(address, typed | {"do": "save"})
        return (time.perf_counter() - began) * 1000, answer.status_code

    return save


if __name__ == "__main__":
    main()
