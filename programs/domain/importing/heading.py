"""The document's and the programme's own fields of an import: proposed from the text, kept as the person has them."""

import re
from typing import Any

from programs.importing.extraction import Extraction
from programs.models import PolicyDraft

from .facts import last_day

#: The last word of a title names the form of the document.
FORM = re.compile(
    r"(实施意见|指导意见|意见|行动计划|工作计划|计划|实施方案|工作方案|方案|规划|纲要|工作要点|要点|办法|决定|通知|措施)(?:[（(][^（）()]{0,20}[)）])?$"
)
YEARS = re.compile(r"(20\d\d)\s?(?:年)?\s?[-—–－~～至到]{1,3}\s?(20\d\d)")
YEAR = re.compile(r"(20\d\d)年?(?:度)?")
#: Text fields a person may have to complete, with the longest value that fits.
FIELDS = {
    "title": 200, "number": 60, "issuing_body": 80, "approved_by": 80, "form": 60, "addressees": 300,
    "validity_note": 120, "short_title": 60, "group_name": 80, "office_seat": 80, "contact": 120,
}  # fmt: skip
DATES = ("dated", "published_on", "effective_on", "valid_until", "starts_on", "ends_on")


def from_findings(found: Extraction | None, text: str, draft: PolicyDraft) -> dict[str, Any]:
    """All fields with what was found; dates as "YYYY-MM-DD" or ""."""
    head: dict[str, Any] = {name: "" for name in (*FIELDS, *DATES)}
    head |= {"basis": [], "places": [], "report_every": "quarter", "effective_computed": False}
    head |= {"valid_until_computed": False, "starts_computed": True, "ends_computed": True}
    if found is None:
        return head
    document = found.document
    title = (document.title or "")[:200]
    form = FORM.search(title)
    head |= {
        "title": title,
        "number": (document.number or "")[:60],
        "issuing_body": (document.issuing_body or "")[:80],
        "form": form[1] if form else "",
        "dated": document.date or "",
        "effective_on": document.effective_date or "",
        "effective_computed": document.effective_computed,
        "valid_until": document.valid_until or "",
        "valid_until_computed": document.valid_until_computed,
        "addressees": "、".join(document.addressees)[:300],
        "basis": [{"title": row.title[:200], "number": (row.number or "")[:60]} for row in document.basis],
        "places": _places(found),
        "short_title": _short(title),
    }
    if found.leading_group is not None:
        head["group_name"] = found.leading_group.name[:80]
        head["office_seat"] = (found.leading_group.office_seat or "")[:80]
    starts, ends = _days(found, title, document.date)
    head |= {"starts_on": starts, "ends_on": ends}
    return head


def _places(found: Extraction) -> list[list[int]]:
    """Pieces of the text that stand behind no proposal of their own: fields of the document, the body's name and office,
    heads and repeated rows of tables, clauses that cover several items."""
    spans = [span for _name, span in found.document.places]
    if found.leading_group is not None:
        spans += [span for span in (found.leading_group.span, found.leading_group.office) if span is not None]
    spans += found.table_heads
    spans += [span for task in found.tasks for span in (*task.rows, *task.clauses)]
    return [list(span) for span in sorted(set(spans))]


def _short(title: str) -> str:
    """Without who issued it and 关于: what people will call the programme."""
    name = title.partition("关于")[2] or title
    name = re.sub(r"^(?:印发|进一步|切实)", "", name).strip("《》 ")
    return name[:60]


def _days(found: Extraction, title: str, dated: str | None) -> tuple[str, str]:
    """First and last day, worked out: years of the title, phases, the latest deadline of the figures, the year's end."""
    first, last = dated or "", ""
    years = YEARS.search(title)
    months = [(row.start, row.end) for row in found.phases if row.start and row.end]
    if years:
        first, last = f"{years[1]}-01-01", f"{years[2]}-12-31"
    elif (year := YEAR.search(title)) is not None:
        first, last = (
            max(first, f"{year[1]}-01-01") if first[:4] == year[1] else f"{year[1]}-01-01",
            f"{year[1]}-12-31",
        )
    elif months:
        start, end = min(row[0] for row in months), max(row[1] for row in months)
        first, last = f"{start}-01", last_day(end).isoformat()
    else:
        deadlines = [match[1] for row in found.indicators if (match := YEAR.search(row.deadline or ""))]
        if deadlines:
            last = f"{max(deadlines)}-12-31"
        elif dated:
            last = f"{dated[:4]}-12-31"
    if first and last and first > last:
        last = f"{first[:4]}-12-31"
    return first, last
