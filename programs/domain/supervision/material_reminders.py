"""Reminders of 应报材料 and of activities whose result is missing; sources of `REMINDER_SOURCES`."""

from collections.abc import Iterator

from django.urls import reverse

from programs.choices import ActivityState, MaterialState
from programs.domain.reminders.matters import Ground, Matter, ladder_of
from programs.models import ActivityRun, MaterialDue

#: Working days after the last day of an activity on which its organiser is asked for the result.
RESULT_RUNGS = (1, 7)
#: Rows fetched from the database at once.
FETCH = 2000


def papers(ground: Ground) -> Iterator[Matter]:
    """What units still owe, by the ladder of returns; of a programme of its own by that programme's."""
    rows = MaterialDue.objects.owed().order_by()
    columns = (
        "pk", "material__title", "label", "due_on", "department_id", "material__jurisdiction_id",
        "material__programme_id", "material__registered_on", "state",
    )  # fmt: skip
    for pk, title, label, due_on, unit, place, programme_id, since, state in rows.values_list(*columns).iterator(FETCH):
        programme = ground.programmes.get(programme_id)
        if programme is None and not ground.covers(place):
            continue
        ladder = ladder_of(programme)
        what = "被退回，待重报" if state == MaterialState.RETURNED else "待报送"
        yield Matter(
            kind="material",
            ident=pk,
            jurisdiction=place,
            programme=programme.pk if programme else None,
            subject=f"《{title}》{f'（{label}）' if label else ''}{what}",
            url=reverse("material_due", args=[pk]),
            due_on=due_on,
            live_from=since,
            rungs=tuple(ladder["window"]),
            office_from=ladder["office_from"],
            units=frozenset({unit}),
        )


def results(ground: Ground) -> Iterator[Matter]:
    """Activities that are over and of which nothing has been written."""
    rows = ActivityRun.objects.filter(state=ActivityState.PLANNED, ends_on__lt=ground.day).order_by()
    columns = ("pk", "year", "activity__title", "ends_on", "activity__organiser_id", "activity__jurisdiction_id")
    for pk, year, title, ends_on, unit, place in rows.values_list(*columns).iterator(FETCH):
        if not ground.covers(place):
            continue
        yield Matter(
            kind="activity",
            ident=pk,
            jurisdiction=place,
            subject=f"{year}年“{title}”开展情况待登记",
            url=reverse("activity_run", args=[pk]),
            due_on=ends_on,
            live_from=ends_on,
            rungs=RESULT_RUNGS,
            units=frozenset({unit}),
        )
