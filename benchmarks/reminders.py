"""The scan of reminders over 100,000 open milestones: `make bench-reminders`, with ARGS="10000" for another number.

Three scans of one morning: the first finds everything to tell, the second – an hour later – that everybody has had his
digest, the third – the next morning – that nothing new is due. Printed are seconds, the memory the process gained at its
highest, and queries per 1,000 milestones. Two sizes are measured in the same run, each in a process of its own, so that
their ratio says how the scan grows: memory must not follow the number of milestones.
"""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import django

#: Queries that 1,000 milestones may cost.
MOST = 20
#: The smaller size is so many times smaller.
SMALLER = 10


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 3:
        scan_thrice(count, sys.argv[2], date.fromisoformat(sys.argv[3]))
        return
    if len(sys.argv) > 2:
        measure(count)
        return
    head = f"{'milestones':>11} {'scan':28} {'reminders':>9} {'people':>7}"
    print(f"{head} {'seconds':>8} {'MB gained':>10} {'queries/1000':>13}")
    for size in (count // SMALLER, count):
        subprocess.run([sys.executable, "-m", "benchmarks.reminders", str(size), "measure"], check=True)


def measure(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualitycity.settings.test")
    django.setup()
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        morning = make(count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        scanning = [
            sys.executable,
            "-m",
            "benchmarks.reminders",
            str(count),
            connection.settings_dict["NAME"],
        ]
        subprocess.run([*scanning, morning.isoformat()], check=True)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def scan_thrice(count: int, database: str, morning: date) -> None:
    """In a process that has made nothing: what it gains, the scan has taken."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualitycity.settings.test")
    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.PORTAL_MAIL_ENABLED = True
    settings.LOGGING_CONFIG = None
    connection.settings_dict["NAME"] = database
    for label, moment in (
        ("the first, everything due", f"{morning}T00:05:00+08:00"),
        ("an hour later", f"{morning}T01:05:00+08:00"),
        ("the next day, nothing new", f"{morning + timedelta(days=1)}T00:05:00+08:00"),
    ):
        scanned(label, moment, count)


def scanned(label: str, moment: str, count: int) -> None:
    import time_machine
    from django.db import connection

    from programs.domain import reminders
    from programs.models import ReminderDelivery

    asked = [0]

    def counting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        asked[0] += 1
        return execute(sql, params, many, context)

    forget_highest()
    before, began = highest(), time.perf_counter()
    with time_machine.travel(moment, tick=True), connection.execute_wrapper(counting):
        told = reminders.scan()
        day = date.fromisoformat(moment[:10])
        people = (
            ReminderDelivery.objects.filter(digest_on=day).values("recipient").distinct().count()
            if told
            else 0
        )
    seconds, gained = time.perf_counter() - began, highest() - before
    per_thousand = asked[0] * 1000 / count
    note = "  over the limit" if per_thousand > MOST else ""
    row = f"{count:11d} {label:28} {told:9d} {people:7d}"
    print(f"{row} {seconds:8.1f} {gained:10.1f} {per_thousand:13.2f}{note}", flush=True)


def forget_highest() -> None:
    """The mark of the most memory held starts anew with every scan."""
    Path("/proc/self/clear_refs").write_text("5")


def highest() -> float:
    """The most memory this process has held since, in megabytes."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def make(count: int) -> date:
    """Tasks of sixty units with twenty milestones each, all due in three working days; the morning of the scan."""
    from benchmarks import data
    from programs.models import Milestone, Programme, Task
    from qualitycity.workdays.calendar import load_calendar
    from taskforce.choices import Role
    from taskforce.models import Department, Jurisdiction, Membership, User

    data.make(tasks=max(20, count // 20), reports=0, programmes=20)
    city = Jurisdiction.objects.get()
    staff = []
    for unit in Department.objects.order_by("pk"):
        for role in (Role.LIAISON, Role.UNIT_HEAD):
            name = f"{role}-{unit.pk}"
            staff.append((User(username=name, full_name=name, email=f"{name}@example.org"), role, unit))
    User.objects.bulk_create(user for user, _role, _unit in staff)
    Membership.objects.bulk_create(
        Membership(
            user=user, role=role, jurisdiction=city, department=unit, valid_from=date(data.YEAR - 1, 1, 1)
        )
        for user, role, unit in staff
    )
    due = date(data.YEAR, 9, 17)
    Milestone.objects.bulk_create(
        (
            Milestone(programme_id=programme, task_id=task, title=f"节点{n}", due_on=due, original_due=due)
            for task, programme in Task.objects.values_list("pk", "programme_id").iterator()
            for n in range(20)
        ),
        batch_size=5000,
    )
    # every task on the date of its milestones would double the figures: it has none here
    Task.objects.update(due_on=None)
    Programme.objects.update(report_every="year")
    return load_calendar().add_working_days(due, -3)


if __name__ == "__main__":
    main()
