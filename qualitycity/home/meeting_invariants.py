"""What must always be true of meetings, their minutes and decisions, and of matters for coordination."""

from collections.abc import Iterator

from django.db.models import F, Q

from programs.choices import MeetingState
from programs.models import CoordinationMatter, Decision, Meeting


def matters_of_other_lines() -> Iterator[str]:
    """A matter belongs to the unit, programme and territory of the line that raised it."""
    same = Q(entry__part=F("part"), entry__window=F("window"), department=F("part__department"))
    same &= Q(programme=F("part__task__programme"), jurisdiction=F("programme__jurisdiction"))
    for row in CoordinationMatter.objects.exclude(same).only("pk"):
        yield f"{row._meta.label} {row.pk}: its unit, programme or report is not that of its line"


def minutes_out_of_number() -> Iterator[str]:
    """纪要 of an office and year are numbered without gaps, and each issued one has its frozen content."""
    places: dict[tuple[int, str], list[int]] = {}
    rows = Meeting.objects.filter(state=MeetingState.MINUTED).order_by("pk")
    for place, number in rows.values_list("body__jurisdiction_id", "number"):
        head, _bracket, tail = number.partition("〕")
        places.setdefault((place, head), []).append(int(tail.removesuffix("号")))
    for (place, head), numbers in places.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"programs.Meeting: the minutes {head}〕 of jurisdiction {place} are numbered {sorted(numbers)}"


def decisions_handed_over_too_early() -> Iterator[str]:
    rows = Decision.objects.filter(item__isnull=False).exclude(meeting__state=MeetingState.MINUTED)
    for row in rows.only("pk", "meeting_id"):
        yield f"{row._meta.label} {row.pk}: supervised before the minutes of meeting {row.meeting_id} were issued"


MEETING_CHECKS = (matters_of_other_lines, minutes_out_of_number, decisions_handed_over_too_early)
