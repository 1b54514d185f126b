"""What supervision asks of the units, as the burden counter counts it (填报负担): papers due, and slips.

Papers are asks of the office's own making: putting one on the register is weighed against the limit. A slip speaks of
what is owed already, so issuing it is counted and never refused: an office that asks for much must not be kept from
urging, it only sees what that costs the units.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db.models import CharField, DateField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone

from programs.choices import MaterialState, SlipKind, SlipState
from programs.models import Material, MaterialDue, Slip
from taskforce.models import Department

from ..burden import Ask
from .material_dates import dates_to_lay_out, due_dates

#: So far ahead a new paper is weighed against the limit.
COMING_YEAR: Final = timedelta(days=365)
LAID_OUT, REGISTERED, SLIP = 1, 2, 3


class Row(NamedTuple):
    """One line of the common statement. `first` and `on`: of a paper laid out its original date and the one that
    stands, of a line of the register its first date twice, of a slip the day of issue twice."""

    what: int
    pk: int
    material: int
    unit: int
    first: date
    on: date
    title: str
    detail: str
    more: str


class SupervisionAsks:
    """应报材料: papers that are due, handed in or not, on the day that stands now; waived ones ask for nothing. Dates of
    the register that are not laid before the units yet count as well: they will be.

    三单三色: every slip wants the unit's answer; it counts on the day it was issued, one made void does not count. It is
    named by its number alone, for what it speaks of may be meant for named people only.
    """

    def asked(self, *, path: str, first: date, last: date) -> Iterable[Ask]:
        found = _laid_out(path, first, last).union(_registered(path, last), _slips(path, first, last))
        rows = [Row(*row) for row in found]
        taken = {(row.material, row.unit, row.first) for row in rows if row.what == LAID_OUT}
        for row in rows:
            if row.what == REGISTERED:
                yield from _to_come(row, taken, max(first, timezone.localdate()), last)
            elif row.what == SLIP:
                title = str(SlipKind(row.title).label)
                yield Ask(f"slip-{row.pk}", row.unit, row.on, title, row.detail, reverse("slip", args=[row.pk]))
            elif row.more != MaterialState.WAIVED and first <= row.on <= last:
                url = reverse("material_due", args=[row.pk])
                yield Ask(_key(row.material, row.first), row.unit, row.on, row.title, row.detail, url)


def _laid_out(path: str, first: date, last: date) -> QuerySet:
    """Due between the two days, or laid out for one of them and put off since."""
    rows = MaterialDue.objects.filter(material__jurisdiction__path__startswith=path)
    near = rows.filter(due_on__range=(first, last)) | rows.filter(original_due__range=(first, last))
    return near.order_by().values_list(
        _number(LAID_OUT), "pk", "material_id", "department_id", "original_due", "due_on", "material__title", "label",
        "state",
    )  # fmt: skip


def _registered(path: str, last: date) -> QuerySet:
    """Lines of the register that still ask, once for each unit."""
    lines = Material.objects.filter(
        jurisdiction__path__startswith=path, ended_on__isnull=True, first_due__lte=last, units__isnull=False
    )
    previous = Cast("about_previous", CharField())
    return lines.order_by().values_list(
        _number(REGISTERED), "pk", F("pk"), "units", "first_due", F("first_due"), "title", "recurrence", previous
    )


def _slips(path: str, first: date, last: date) -> QuerySet:
    issued = Slip.objects.filter(jurisdiction__path__startswith=path, issued_at__date__range=(first, last))
    day = TruncDate("issued_at", output_field=DateField())
    return issued.exclude(state=SlipState.WITHDRAWN).order_by().values_list(
        _number(SLIP), "pk", F("pk"), "department_id", day, day, "kind", "number", Value("")
    )  # fmt: skip


def _number(what: int) -> Value:
    return Value(what, IntegerField())


def _to_come(line: Row, taken: set[tuple[int, int, date]], since: date, last: date) -> Iterator[Ask]:
    dates = due_dates(
        recurrence=line.detail, first_due=line.first, about_previous=line.more == "true", since=since, until=last
    )
    for due in dates:
        if (line.material, line.unit, due.due_on) not in taken:
            yield Ask(_key(line.material, due.due_on), line.unit, due.due_on, line.title, due.label)


ASKS = SupervisionAsks()


def of_paper(material: Material, units: Iterable[Department], *, today: date) -> list[Ask]:
    """What a line of the register asks of these units in the coming year, its next date in any case."""
    dates = dates_to_lay_out(
        recurrence=material.recurrence, first_due=material.first_due, about_previous=material.about_previous,
        ended_on=material.ended_on, today=today, ahead=COMING_YEAR,
    )  # fmt: skip
    return [
        Ask(_key(material.pk, due.due_on), unit.pk, due.due_on, material.title, due.label)
        for unit in units
        for due in dates
    ]


def _key(material: int, original_due: date) -> str:
    """The same whether the date is laid out already or still to come."""
    return f"paper-{material}-{original_due}"
