"""From when and until when: 自印发之日起30日后施行,有效期3年."""

import re
from datetime import date

from .. import dates, numerals
from ..source import Span
from .frame import Frame
from .reading import Reading

_FROM_SIGNATURE = re.compile(
    r"自(?:印发|发布|公布|下发|发文|颁布)之日起(?:满)?(?:(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?:个工作)?(?P<u>日|天|个月)后?)?(?:开始|"
    r"起)?(?:正式)?(?:施行|实施|执行|生效|试行)"
)
_FROM_DAY = re.compile(r"自(?P<day>[^。,自]{8,14})起(?:正式)?(?:施行|实施|执行|生效|试行)")
_YEARS_VALID = re.compile(
    r"(?:有效期|试行期|有效期限)(?:为|是|限为)?(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})年"
)
_UNTIL = re.compile(
    r"有效期(?:限)?(?:截止|截至|至|到|为)+(?P<day>[^。,]{8,14})|(?:施行|实施|执行|有效)至(?P<day2>[^。,]{8,14})(?:止|。|$)"
)


def find_validity(
    reading: Reading, frame: Frame, written: date | None, places: list[tuple[str, Span]]
) -> tuple[date | None, bool, date | None, bool]:
    """(from, computed, until, computed) by the rule that the document prints."""
    text, start, end = reading.text, frame.body[0], frame.body[1]
    effective = until = None
    computed = until_computed = False
    match = _FROM_SIGNATURE.search(text, start, end)
    if match:
        places.append(("effective_date", reading.span(match.start(), match.end())))
        if written is not None:
            count = numerals.number(match["n"]) if match["n"] else 0
            effective = _after(written, count or 0, match["u"])
            computed = True
    else:
        match = _FROM_DAY.search(text, start, end)
        printed = dates.DAY.search(match["day"]) if match else None
        if match and printed:
            effective = dates.day(printed)
            places.append(("effective_date", reading.span(match.start(), match.end())))
    match = _UNTIL.search(text, start, end)
    printed = dates.DAY.search(match["day"] or match["day2"]) if match else None
    if match and printed:
        until = dates.day(printed)
        places.append(("valid_until", reading.span(match.start(), match.end())))
    else:
        match = _YEARS_VALID.search(text, start, end)
        if match:
            places.append(("valid_until", reading.span(match.start(), match.end())))
            base, years = effective or written, numerals.number(match["n"])
            if base is not None and years:
                until, until_computed = dates.add_years(base, years), True
    return effective, computed, until, until_computed


def _after(start: date, count: int, unit: str | None) -> date:
    if unit == "个月":
        month = start.month - 1 + count
        return dates.add_years(start.replace(day=min(start.day, 28), month=month % 12 + 1), month // 12)
    return dates.add_days(start, count)
