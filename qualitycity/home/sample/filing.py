"""The hands a sheet goes through, as acts of the people concerned."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.domain import evidence, lines, paper, reviewing, sheet
from programs.domain.sources import Line
from programs.papers.units import unit_form
from qualitycity.reports.rendering import render_pdf

from .attachments import stamped, workbook
from .facts import FigureFacts, ReportFacts, SentBackFacts
from .stage import Pairs, Said, Stage, Stumbled

TEXTS = ("progress", "result", "problems", "next_steps", "coordination")


def values(said: Said) -> dict[str, Any]:
    """What the person types."""
    if isinstance(said, FigureFacts):
        return {"value": said.value, "note": said.note}
    if said.unchanged:
        return {"unchanged": True}
    return {name: getattr(said, name) or "" for name in TEXTS} | {"percent": said.percent}


def at_first(said: Said) -> Said:
    """The line before it was sent back."""
    back = returned(said)
    if back is None:
        return said
    return replace(
        said, progress=back.progress, result=back.result or said.result, percent=back.percent or said.percent
    )


def returned(said: Said) -> SentBackFacts | None:
    return said.sent_back if isinstance(said, ReportFacts) else None


def typed(pairs: Iterable[tuple[Line, Said]]) -> dict[str, sheet.Typed]:
    return {
        line.key: sheet.Typed(values(said), line.row.row_version if line.row.pk else None) for line, said in pairs
    }


def save(stage: Stage, unit: str, quarter: int, pairs: Pairs) -> None:
    """Drafts."""
    outcome = sheet.save(
        actor=stage.actor(stage.filer(unit)),
        window=stage.windows[quarter],
        departments={stage.units[unit].pk},
        typed=typed(pairs),
    )
    _smooth(outcome, unit, quarter)


def submit(
    stage: Stage, unit: str, quarter: int, pairs: Pairs, *, by: str | None = None
) -> None:
    """提交 in one go; with `by` the office types for the unit (代填)."""
    outcome = sheet.submit(
        actor=stage.actor(by or stage.filer(unit)),
        window=stage.windows[quarter],
        departments={stage.units[unit].pk},
        typed=typed(pairs),
    )
    _smooth(outcome, unit, quarter)


def _smooth(outcome: sheet.Outcome, unit: str, quarter: int) -> None:
    if not outcome.ok:
        said = {key: {name: str(text) for name, text in wrong.items()} for key, wrong in outcome.errors.items()}
        raise Stumbled(f"{unit}, quarter {quarter + 1}: {said or outcome.conflicts}")


def attach(stage: Stage, unit: str, pairs: Pairs) -> None:
    """佐证材料 of the saved drafts."""
    for line, said in pairs:
        if isinstance(said, ReportFacts) and said.evidence is not None:
            upload = SimpleUploadedFile(said.evidence.name, workbook(said.evidence))
            evidence.attach(line.row, actor=stage.actor(stage.filer(unit)), uploads=[upload])


def sign(stage: Stage, unit: str, pairs: Pairs) -> None:
    """审签 by the head; where the unit has one account, 会签 by the office."""
    head = stage.head(unit)
    if not pairs:
        return
    if head is not None:
        lines.sign([line for line, _said in pairs], actor=stage.actor(head), versions={})
    else:
        reviewing.countersign(_marks(line for line, _said in pairs), actor=stage.actor("clerk1"))


def sign_on_paper(stage: Stage, unit: str, quarter: int) -> None:
    """纸质审签: the form of the portal, printed, signed, stamped, scanned and uploaded by the liaison."""
    window, department = stage.windows[quarter], stage.units[unit]
    waiting = paper.lines_to_sign(window, {department.pk})
    filer, head = stage.filer(unit), stage.head(unit)
    form = unit_form(window=window, department=department, lines=waiting, filler=str(stage.users[filer]))
    scan = SimpleUploadedFile(f"{department.short_name}{window.label}报送表.pdf", stamped(render_pdf(form)))
    paper.accept_scan(
        window=window,
        department=department,
        departments={department.pk},
        actor=stage.actor(filer),
        upload=scan,
        signer=str(stage.users[head or filer]),
        code=paper.check_code(waiting),
    )


def send_back_by_head(stage: Stage, unit: str, pairs: Pairs) -> None:
    """退回 by the head, each line with its reason."""
    head = stage.head(unit)
    for line, said in pairs:
        back = returned(said)
        if head is not None and back is not None:
            lines.return_by_head([line], actor=stage.actor(head), reason=back.reason)


def send_back_by_office(stage: Stage, pairs: Pairs, *, by: str) -> None:
    for line, said in pairs:
        back = returned(said)
        if back is not None:
            reviewing.send_back(_marks([line]), actor=stage.actor(by), reason=back.reason)


def accept(stage: Stage, taken: Iterable[Line], *, by: str, remark: str = "") -> None:
    """通过, all lines at once."""
    reviewing.accept(_marks(taken), actor=stage.actor(by), remark=remark)


def _marks(taken: Iterable[Line]) -> list[reviewing.Chosen]:
    return [reviewing.Chosen(line.source, line.row.pk, line.row.row_version) for line in taken]
