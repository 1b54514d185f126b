"""编号: the next number of a series, per office and year, without gaps."""

from django.db import connection

from taskforce.models import Jurisdiction


def take_number(*, jurisdiction: Jurisdiction, series: str, year: int) -> int:
    """The next number, from 1. Must be called inside the transaction that writes the numbered row, as its last step
    but the writing: the series stays locked until that transaction ends, and a failure gives the number back.
    """
    return take_numbers(jurisdiction=jurisdiction, series=series, year=year, count=1)[0]


def take_numbers(*, jurisdiction: Jurisdiction, series: str, year: int, count: int) -> range:
    """So many numbers in a row, under the same rule. One statement makes the row, locks it and counts on."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO programs_numberseries AS series (jurisdiction_id, series, year, last) VALUES (%s, %s, %s, %s)
            ON CONFLICT (jurisdiction_id, series, year) DO UPDATE SET last = series.last + EXCLUDED.last
            RETURNING last
            """,
            [jurisdiction.pk, series, year, count],
        )
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)
