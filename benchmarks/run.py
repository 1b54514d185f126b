"""Speed of the pages with much data, beside a bare Django view in the same run: `make bench`.

Prints p50 and p95 in milliseconds, queries, and the ratio to the bare view. Ratios travel between machines,
milliseconds do not; no test depends on either.
"""

import os
import statistics
import sys
import time

import django


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
        report(people)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def report(people) -> None:
    from programs.models import Programme, Responsibility, Task

    programme = Programme.objects.order_by("pk").first()
    assert programme is not None
    unit = people["liaison"].memberships.get().department
    window = programme.windows.filter(starts_on__month=7).get()
    task = Task.objects.filter(programme=programme).first()
    assert task is not None
    lines = Responsibility.objects.filter(task__programme=programme, department=unit).count()
    pages = [
        ("bare view", "director", "/bare/"),
        ("start page, liaison", "liaison", "/"),
        ("start page, head", "head", "/"),
        ("start page, office", "director", "/"),
        ("start page, leader", "leader", "/"),
        ("programmes", "director", "/programmes/"),
        (f"programme, ledger of {programme.tasks.count()}", "director", f"/programmes/{programme.pk}/"),
        ("task", "director", f"/tasks/{task.pk}/"),
        (f"unit's sheet, {lines} lines", "liaison", f"/sheets/{window.pk}/{unit.pk}/"),
        ("sheets of the unit", "liaison", "/sheets/"),
        ("review queue", "director", "/review/"),
        ("search", "director", "/search/?q=重点"),
        ("reports", "director", "/reports/"),
        ("contact book", "director", "/contacts/"),
        ("ledger as CSV", "director", f"/programmes/{programme.pk}/ledger.csv"),
    ]
    floor = None
    print(f"{'page':32} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8} {'× bare':>7}")
    for label, person, address in pages:
        times, queries, status = measure(people[person], address)
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        floor = floor or p50
        note = "" if status == 200 else f"  answered {status}"
        print(f"{label:32} {p50:8.1f} {p95:8.1f} {queries:8d} {p50 / floor:7.1f}{note}", flush=True)


def measure(user, address: str, rounds: int = 20) -> tuple[list[float], int, int]:
    """Times in ms of `rounds` requests after three warm ones, queries of one request, and its status."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for _warm in range(2):
        client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
    queries = len(captured)  # now: the next request empties the log
    times = []
    for _round in range(rounds):
        began = time.perf_counter()
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
        times.append((time.perf_counter() - began) * 1000)
    return times, queries, response.status_code


if __name__ == "__main__":
    main()
