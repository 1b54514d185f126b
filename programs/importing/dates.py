"""Dates, months and terms as they are printed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from . import numerals

_Y = r"(?:(?P<y>(?:19|20)\d{2})|(?P<cy>[一二][〇○零oO0一二三四五六七八九]{3}))"
# 2016年10月10日 · 2016年1010 · 2016-10-10 · 2016.10.10 · 二〇一六年十月十日, with stray blanks
DAY = re.compile(
    _Y
    + r"\s?(?:年\s?(?:(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})\s?月\s?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?[日号]?"
    r"|(?P<run>\d{3,4})(?!\d))|[-./]\s?(?P<m2>\d{1,2})\s?[-./]\s?(?P<d2>\d{1,2})(?!\d))"
)
MONTH = re.compile(r"((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月")
_DAY_OF = r"(?:\s?(?:\d{1,2}\s?日|[上中下]旬|底前?|末|初|份))?"
RANGE = re.compile(
    r"((?:19|20)\d{2})\s?年\s?(\d{1,2})\s?月" + _DAY_OF + r"\s?(?:起)?\s?(?:至|到|-{1,2}|—{1,2}|–|~|～|－)\s?"
    r"(?:(?:(?P<y2>(?:19|20)\d{2})|同|当|次)\s?年\s?)?(?:(\d{1,2})\s?月|底|末|年底)" + _DAY_OF
)
YEARS = re.compile(r"((?:19|20)\d{2})\s?年?\s?(?:至|到|-{1,2}|—{1,2}|–|~)\s?((?:19|20)\d{2})\s?年")
YEAR = re.compile(r"((?:19|20)\d{2})\s?年")
MONTHS_ONLY = re.compile(
    r"(?<!\d)(\d{1,2})\s?月" + _DAY_OF + r"\s?(?:至|到|-{1,2}|—{1,2}|–|~)\s?(\d{1,2})\s?月" + _DAY_OF
)
QUARTER = re.compile(r"第?([一二三四])季度")


def day(match: "re.Match[str]") -> date | None:
    """The day of a match of DAY. A run of figures is month and day: 1010 is 10月10日, 603 is 6月3日."""
    year = _year(match)
    if match["run"]:
        run = match["run"]
        month, number = int(run[:-2]), int(run[-2:])
    else:
        found = numerals.number(match["m"] or match["m2"]), numerals.number(match["d"] or match["d2"])
        month, number = found[0] or 0, found[1] or 0
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _year(match: "re.Match[str]") -> int:
    if match["y"]:
        return int(match["y"])
    return numerals.number(match["cy"].translate(str.maketrans("oO0", "〇〇〇"))) or 0


def is_run(match: "re.Match[str]") -> bool:
    return bool(match["run"])


@dataclass(frozen=True)
class Months:
    """First and last month "YYYY-MM", either may be open; [start, end) where it is printed."""

    first: str | None
    last: str | None
    start: int
    end: int


def month_range(text: str, start: int, end: int, year: int | None = None) -> Months | None:
    """The first period printed in [start, end). `year`: for months without one."""
    match = RANGE.search(text, start, end)
    if match:
        first = int(match[1])
        last_year = int(match["y2"]) if match["y2"] else first
        if text[match.start() : match.end()].find("次") >= 0:
            last_year = first + 1
        last_month = int(match[4]) if match[4] else 12
        return Months(_month(first, int(match[2])), _month(last_year, last_month), match.start(), match.end())
    match = YEARS.search(text, start, end)
    if match:
        return Months(_month(int(match[1]), 1), _month(int(match[2]), 12), match.start(), match.end())
    match = MONTH.search(text, start, end)
    if match:
        until = re.match(
            r"\s?\S{0,3}(?:底|日|末|旬)?(?:之?前|以前)", text[match.end() : min(end, match.end() + 8)]
        )
        found = _month(int(match[1]), int(match[2]))
        return Months(None if until else found, found, match.start(), match.end())
    match = MONTHS_ONLY.search(text, start, end)
    if match:
        own = YEAR.search(text, start, match.start())
        known = int(own[1]) if own else year
        if known is not None:
            return Months(
                _month(known, int(match[1])), _month(known, int(match[2])), match.start(), match.end()
            )
    match = YEAR.search(text, start, end)
    if match:
        return Months(_month(int(match[1]), 1), _month(int(match[1]), 12), match.start(), match.end())
    return None


def _month(year: int, month: int) -> str | None:
    return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None


def add_years(start: date, years: int) -> date:
    """The same day years later; 29 February becomes the 28th."""
    year = start.year + years
    return date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))


def add_days(start: date, days: int) -> date:
    return start + timedelta(days=days)
