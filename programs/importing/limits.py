"""完成时限: the day that a printed time limit names, so that nobody types it a second time. Pure."""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

#: What comes back or never ends has no last day.
_NO_DAY: Final = re.compile(r"每[年月季周日半]|长期|持续|常年|经常|定期|适时|同步")
_MONTHS: Final = {"上半年": 6, "下半年": 12, "一季度": 3, "二季度": 6, "三季度": 9, "四季度": 12}
_CHINESE: Final = str.maketrans("1234", "一二三四")
_WHEN: Final = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s*(?:年度?|[-./]))?\s*"
    r"(?:(?P<month>\d{1,2})\s*(?:月份?|[-./])\s*(?:(?P<day>\d{1,2})\s*[日号]?|(?P<third>[上中]旬))?"
    r"|第?(?P<part>[一二三四1-4]季度|[上下]半年)|(?P<end>年?[底末]))?"
)


def day_of(words: str, first: date, last: date) -> date | None:
    """The last day that `words` allow – "2026年6月底前", "三季度", "2026-06-30" – of a programme from `first` to `last`.

    Of several the last one counts. Words without a year mean the only year of the programme. None where no day is
    named, where several years could be meant, where it comes back each year, or where it lies outside the programme.
    """
    text = unicodedata.normalize("NFKC", words)
    if _NO_DAY.search(text):
        return None
    year = first.year if first.year == last.year else None
    found = None
    for match in _WHEN.finditer(text):
        # a year alone is a time limit too: 2026年
        if not match[0].strip():
            continue
        year = int(match["year"]) if match["year"] else year
        after = text[match.end() : match.end() + 2]
        if year is None or after.startswith(("起", "启", "开")):
            continue
        day = _last_day(match, year)
        found = day if day is not None else found
    return found if found is not None and first <= found <= last else None


def _last_day(match: re.Match[str], year: int) -> date | None:
    month, day = 12, 0
    if match["month"]:
        month, day = int(match["month"]), int(match["day"] or 0)
        day = {"上旬": 10, "中旬": 20}.get(match["third"] or "", day)
    elif match["part"]:
        month = _MONTHS[match["part"].translate(_CHINESE)]
    elif not match["year"] and not (match["end"] or "").startswith("年"):
        return None
    if not 1 <= month <= 12:
        return None
    longest = calendar.monthrange(year, month)[1]
    return date(year, month, day or longest) if 0 <= day <= longest else None


def due_day(words: str, head: Mapping[str, Any]) -> date | None:
    """The same for the programme of a draft's head (`starts_on`, `ends_on` as ISO dates), as far as it has its dates."""
    if not words or not head.get("starts_on") or not head.get("ends_on"):
        return None
    return day_of(words, date.fromisoformat(head["starts_on"]), date.fromisoformat(head["ends_on"]))
