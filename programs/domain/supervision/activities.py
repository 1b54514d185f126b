"""活动日历: the yearly activities and the transition table of one year's run.

| from | action | to | who |
|---|---|---|---|
| planned | hold 登记开展情况 | held | organiser or office, from the first day on, in at most three lines |
| held | correct 更正 | planned | office, with a reason |
| planned | cancel 取消 | cancelled | office, with a reason |
| cancelled | plan 恢复 | planned | office, with a reason |
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import ActivityState
from programs.models import Activity, ActivityRun
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Department, Jurisdiction

PLANNED, HELD, CANCELLED = ActivityState.PLANNED, ActivityState.HELD, ActivityState.CANCELLED
FIELDS = ("title", "organiser", "month", "day", "days", "note")
#: Lines of a result, and characters of one.
LINES, WIDTH = 3, 120


def _begun(row: ActivityRun, actor: ActorContext) -> Any:
    if row.starts_on > timezone.localdate():
        return _("The activity begins on %(date)s; its result is written afterwards.") % {
            "date": date_format(row.starts_on)
        }
    return ""


def _move(action: str, source: str, target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset({source}), target, who, label, **more)


RUNS = Machine(
    model="programs.ActivityRun",
    field="state",
    related=("activity__jurisdiction", "activity__organiser"),
    snapshot=("starts_on", "ends_on", "result"),
    transitions=(
        _move("hold", PLANNED, HELD, "report", gettext_lazy("Write the result"), guard=_begun),
        _move("correct", HELD, PLANNED, "manage", gettext_lazy("Correct the result"), reason_required=True),
        _move("cancel", PLANNED, CANCELLED, "manage", gettext_lazy("Cancel"), reason_required=True),
        _move("plan", CANCELLED, PLANNED, "manage", gettext_lazy("Plan again"), reason_required=True),
    ),
)


def result_lines(text: str) -> list[str]:
    """The lines of a result without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def check_result(text: str) -> Any:
    """A sentence why the result cannot be taken, "" when it can."""
    lines = result_lines(text)
    if not lines:
        return _("Please write what was done, in one to three lines.")
    if len(lines) > LINES:
        return _("At most three lines: what was done, with whom, what came of it.")
    if any(len(line) > WIDTH for line in lines):
        return _("A line has at most %(count)s characters.") % {"count": WIDTH}
    return ""


def span(activity: Activity, year: int) -> tuple[date, date]:
    """First and last day in a year; 30 February becomes the last day of February."""
    first = date(year, activity.month, min(activity.day, monthrange(year, activity.month)[1]))
    return first, first + timedelta(days=activity.days - 1)


def add(*, actor: ActorContext, jurisdiction: Jurisdiction, **values: Any) -> Activity:
    """An activity is put into the calendar of every year to come. `values` as in FIELDS."""
    if set(values) - set(FIELDS):
        raise ValueError(f"not a column of an activity: {sorted(set(values) - set(FIELDS))}")
    activity = Activity(jurisdiction=jurisdiction, **values)
    _demand(actor, "manage", activity)
    try:
        with transaction.atomic():
            activity.save()
            record(subject=activity, action="add", actor=actor, after=_told(activity))
            _lay_out([activity], timezone.localdate())
    except IntegrityError as error:
        raise IllegalMove(_("An activity of this name is in the calendar already."), None) from error
    return activity


def change(activity: Activity, *, actor: ActorContext, row_version: int, **values: Any) -> Activity:
    """What changes holds for the years to come; runs that have not begun and were never moved by hand follow."""
    if set(values) - set(FIELDS):
        raise ValueError(f"not a column of an activity: {sorted(set(values) - set(FIELDS))}")
    try:
        with transaction.atomic():
            rows = Activity.objects.select_for_update(of=("self",)).select_related("jurisdiction")
            activity = rows.get(pk=activity.pk)
            _demand(actor, "manage", activity)
            if activity.row_version != row_version:
                raise IllegalMove(
                    _("Somebody else has changed this line in the meantime. Please look at it again."), activity
                )
            before, today = _told(activity), timezone.localdate()
            laid = {year: span(activity, year) for year in (today.year, today.year + 1)}
            for name, value in values.items():
                setattr(activity, name, value)
            activity.row_version += 1
            activity.save()
            record(subject=activity, action="change", actor=actor, before=before, after=_told(activity))
            ahead = activity.runs.select_for_update().filter(state=PLANNED, starts_on__gt=today)
            for run in ahead:
                if laid.get(run.year) == (run.starts_on, run.ends_on):
                    run.starts_on, run.ends_on = span(activity, run.year)
                    run.save(update_fields=["starts_on", "ends_on"])
    except IntegrityError as error:
        raise IllegalMove(_("An activity of this name is in the calendar already."), activity) from error
    return activity


def end(activity: Activity, *, actor: ActorContext, reason: str) -> Activity:
    """Taken out of the calendar: later runs are cancelled, the past ones stay."""
    with transaction.atomic():
        activity = Activity.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=activity.pk)
        _demand(actor, "manage", activity)
        if activity.ended_on is not None:
            return activity
        if not reason.strip():
            raise IllegalMove(_("Please give a reason."), activity)
        today = timezone.localdate()
        activity.ended_on = today
        activity.row_version += 1
        activity.save(update_fields=["ended_on", "row_version"])
        record(subject=activity, action="end", actor=actor, reason=reason.strip())
        for run in activity.runs.filter(state=PLANNED, starts_on__gt=today):
            cancel(run, actor=actor, reason=reason)
    return activity


def lay_out(*, today: date | None = None) -> int:
    """This year's and next year's runs of every activity; run every hour, repeating it changes nothing."""
    with transaction.atomic():
        rows = list(Activity.objects.filter(ended_on__isnull=True).order_by("pk"))
        return _lay_out(rows, today or timezone.localdate())


def _lay_out(activities: Iterable[Activity], today: date) -> int:
    activities = list(activities)
    years = (today.year, today.year + 1)
    stand = set(
        ActivityRun.objects.filter(activity__in=activities, year__in=years).values_list("activity_id", "year")
    )
    new = [
        ActivityRun(activity=activity, year=year, starts_on=first, ends_on=last)
        for activity in activities
        for year in years
        for first, last in [span(activity, year)]
        # one that is entered after its day begins next year
        if (activity.pk, year) not in stand and last >= today
    ]
    ActivityRun.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def hold(run: ActivityRun, *, actor: ActorContext, result: str) -> ActivityRun:
    """登记开展情况, in at most three lines."""
    wrong = check_result(result)
    if wrong:
        raise IllegalMove(wrong, run)
    fields = {
        "result": "\n".join(result_lines(result)),
        "recorded_by_id": actor.person_id,
        "recorded_on": timezone.localdate(),
    }
    return advance(RUNS, run, "hold", actor=actor, fields=fields)


def correct(run: ActivityRun, *, actor: ActorContext, reason: str) -> ActivityRun:
    """The result is opened again; what was written stays in the field and in the journal."""
    return advance(RUNS, run, "correct", actor=actor, reason=reason)


def cancel(run: ActivityRun, *, actor: ActorContext, reason: str) -> ActivityRun:
    return advance(RUNS, run, "cancel", actor=actor, reason=reason, fields={"remark": reason.strip()[:200]})


def plan(run: ActivityRun, *, actor: ActorContext, reason: str) -> ActivityRun:
    return advance(RUNS, run, "plan", actor=actor, reason=reason, fields={"remark": ""})


def move(
    run: ActivityRun, *, actor: ActorContext, starts_on: date, ends_on: date, reason: str, row_version: int
) -> ActivityRun:
    """Other days for this year alone, with a reason."""
    with transaction.atomic():
        run = ActivityRun.objects.select_for_update(of=("self",)).select_related(*RUNS.related).get(pk=run.pk)
        _demand(actor, "manage", run)
        if run.row_version != row_version:
            raise IllegalMove(
                _("Somebody else has changed this line in the meantime. Please look at it again."), run
            )
        if run.state != PLANNED:
            raise IllegalMove(_("Only a planned activity is moved to other days."), run)
        if ends_on < starts_on:
            raise IllegalMove(_("The last day lies before the first."), run)
        if starts_on.year != run.year:
            raise IllegalMove(_("The activity of a year stays in that year."), run)
        if not reason.strip():
            raise IllegalMove(_("Please give a reason."), run)
        before = {"starts_on": run.starts_on, "ends_on": run.ends_on}
        run.starts_on, run.ends_on, run.remark = starts_on, ends_on, reason.strip()[:200]
        run.row_version += 1
        run.save(update_fields=["starts_on", "ends_on", "remark", "row_version"])
        after = {"starts_on": starts_on, "ends_on": ends_on}
        record(subject=run, action="move", actor=actor, reason=reason.strip(), before=before, after=after)
    return run


def _demand(actor: ActorContext, action: str, obj: Any) -> None:
    decision = can(actor, action, obj)
    if not decision:
        raise NotAllowed(decision.reason, obj)


def _told(activity: Activity) -> dict[str, Any]:
    organiser: Department = activity.organiser
    return {
        "title": activity.title,
        "organiser": str(organiser),
        "day": f"{activity.month}-{activity.day}",
        "days": activity.days,
        "note": activity.note,
    }
