"""编号: the next number of a series, per office and year, without gaps."""

from programs.models import NumberSeries
from taskforce.models import Jurisdiction


def take_number(*, jurisdiction: Jurisdiction, series: str, year: int) -> int:
    """The next number, from 1. Must be called inside the transaction that writes the numbered row, as its last step
    but the writing: the series stays locked until that transaction ends, and a failure gives the number back.
    """
    NumberSeries.objects.get_or_create(jurisdiction=jurisdiction, series=series, year=year)
    row = NumberSeries.objects.select_for_update().get(jurisdiction=jurisdiction, series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
