"""The quarters that are over: filed, signed, sent back and filed again, accepted, and what happened besides.

A sheet is filed in the last days of its quarter, so that whatever day the city is built on, the past quarters are
whole. Days are counted in working days back from the quarter's end.
"""

from dataclasses import replace
from datetime import timedelta

from programs.choices import EntryState, MilestoneState
from programs.domain import breakdown, corrections, parts, programmes, remarks, tasks
from programs.domain.sources import Line
from programs.models import Milestone, Responsibility
from qualitycity.outbox.inbox import mark_read

from . import filing
from .facts import CorrectionFacts, ReportFacts
from .stage import Pairs, Said, Stage

FILED, SIGNED, REFILED, REVIEWED, MENDED, ACCEPTED, CORRECTED, CLOSING = 9, 8, 7, 5, 4, 3, 2, 1
#: Days into the following quarter on which the office closes a period.
LOCKED_AFTER = 25


def tell(stage: Stage, quarter: int) -> None:
    """One quarter, counted from 0."""
    clock, end = stage.clock, stage.timeline.quarters[quarter].end
    if quarter:
        _lock_previous(stage, quarter)
    _waive(stage, quarter)
    units = stage.reporting(quarter)
    facts = stage.facts.breakdown
    paper = facts.paper.unit if facts.paper.quarter == quarter + 1 else None
    behalf = facts.on_behalf.unit if facts.on_behalf.quarter == quarter + 1 else None

    clock.go(clock.workday(end, FILED), "09:40")
    _reach_milestones(stage, quarter)
    for unit, pairs in stage.sheets(quarter, units).items():
        _file(stage, unit, quarter, pairs, by="clerk1" if unit == behalf else None)
        clock.pause()
    clock.go(clock.workday(end, SIGNED), "10:30")
    for unit, pairs in stage.sheets(quarter, units).items():
        if unit == paper:
            filing.sign_on_paper(stage, unit, quarter)
        else:
            wanting = [pair for pair in pairs if _sent_back(pair[1], "head")]
            filing.send_back_by_head(stage, unit, wanting)
            filing.sign(stage, unit, [pair for pair in pairs if pair not in wanting])
        clock.pause(3)
    clock.go(clock.workday(end, REFILED), "15:10")
    _mend(stage, units, quarter, by="head")
    clock.go(clock.workday(end, REVIEWED), "09:50")
    for pairs in stage.sheets(quarter, units).values():
        filing.send_back_by_office(stage, [pair for pair in pairs if _sent_back(pair[1], "office")], by="clerk2")
    clock.go(clock.workday(end, MENDED), "11:15")
    _mend(stage, units, quarter, by="office")
    clock.go(clock.workday(end, ACCEPTED), "14:30")
    _accept(stage, units, quarter)
    clock.go(clock.workday(end, CORRECTED), "10:00")
    _correct(stage, quarter)
    clock.go(clock.workday(end, CLOSING), "16:00")
    _close_tasks(stage, quarter)
    _remark(stage, quarter)
    for user in stage.users.values():
        mark_read(recipient_id=user.pk)


def _file(stage: Stage, unit: str, quarter: int, pairs: Pairs, *, by: str | None) -> None:
    """What has files is saved as a draft before, for files hang on a saved line."""
    if any(isinstance(said, ReportFacts) and said.evidence for _line, said in pairs):
        filing.save(stage, unit, quarter, [(line, filing.at_first(said)) for line, said in pairs])
        pairs = stage.sheets(quarter, [unit])[unit]
        filing.attach(stage, unit, pairs)
    filing.submit(stage, unit, quarter, [(line, filing.at_first(said)) for line, said in pairs], by=by)


def _sent_back(said: Said, by: str) -> bool:
    back = filing.returned(said)
    return back is not None and back.by == by


def _mend(stage: Stage, units: list[str], quarter: int, *, by: str) -> None:
    """What came back is filed anew and signed."""
    mended = {}
    for unit, pairs in stage.sheets(quarter, units).items():
        back = [pair for pair in pairs if pair[0].row.state == EntryState.RETURNED and _sent_back(pair[1], by)]
        if back:
            filing.submit(stage, unit, quarter, back)
            mended[unit] = {line.key for line, _said in back}
    stage.clock.pause(45)
    for unit, pairs in stage.sheets(quarter, mended).items():
        filing.sign(stage, unit, [pair for pair in pairs if pair[0].key in mended[unit]])


def _accept(stage: Stage, units: list[str], quarter: int) -> None:
    """A clerk accepts many lines at once; lines countersigned by the office itself go to its director."""
    signed = stage.sheets(quarter, units)
    theirs = [line for unit in units if stage.head(unit) is not None for line, _said in signed[unit]]
    ours = [line for unit in units if stage.head(unit) is None for line, _said in signed[unit]]
    filing.accept(stage, theirs, by="clerk2")
    stage.clock.pause(20)
    filing.accept(stage, ours, by="office")


def _correct(stage: Stage, quarter: int) -> None:
    """更正 after acceptance: a new version through all hands."""
    for (_what, unit, of), said in stage.said.items():
        if of != quarter or not isinstance(said, ReportFacts) or said.correction is None:
            continue
        new = _corrected(said, said.correction)
        filer = stage.actor(stage.filer(unit))
        corrections.correct(_pair(stage, unit, quarter, said)[0].row, actor=filer, reason=said.correction.reason)
        filing.submit(stage, unit, quarter, [(_pair(stage, unit, quarter, said)[0], new)])
        stage.clock.pause(45)
        filing.sign(stage, unit, [_pair(stage, unit, quarter, said)])
        stage.clock.pause(60)
        filing.accept(stage, [_pair(stage, unit, quarter, said)[0]], by="clerk1")


def _pair(stage: Stage, unit: str, quarter: int, said: Said) -> tuple[Line, Said]:
    """The line of which this is said, as it stands now."""
    return next(pair for pair in stage.sheets(quarter, [unit])[unit] if pair[1] is said)


def _corrected(said: ReportFacts, correction: CorrectionFacts) -> ReportFacts:
    return replace(said, progress=correction.progress, result=correction.result or said.result)


def _waive(stage: Stage, quarter: int) -> None:
    facts = stage.facts.breakdown.waived
    if facts.quarter == quarter + 1:
        part = Responsibility.objects.get(task=stage.task(facts.task), department=stage.units[facts.unit])
        parts.waive(part, actor=stage.actor("office"), reason=facts.reason)


def _lock_previous(stage: Stage, quarter: int) -> None:
    stage.clock.go(stage.timeline.quarters[quarter].start + timedelta(days=LOCKED_AFTER), "09:15")
    programmes.lock_window(stage.windows[quarter - 1], actor=stage.actor("office"))


def _reach_milestones(stage: Stage, quarter: int) -> None:
    for row in stage.facts.breakdown.milestones:
        if row.reached_in == quarter + 1:
            milestone = Milestone.objects.get(programme=stage.programme, title=row.title)
            breakdown.settle_milestone(milestone, actor=stage.actor("clerk1"), state=MilestoneState.DONE)


def _close_tasks(stage: Stage, quarter: int) -> None:
    """办结: the deliverables are there and every part is done."""
    office = stage.actor("office")
    for row in stage.facts.breakdown.completed:
        if row.quarter == quarter + 1:
            task = stage.task(row.task)
            breakdown.deliver(task.deliverables.select_related("task__programme"), actor=office, note=row.note)
            tasks.complete(task, actor=office)


def _remark(stage: Stage, quarter: int) -> None:
    for row in stage.facts.breakdown.remarks:
        if row.quarter == quarter + 1:
            task = stage.task(row.task) if row.task else None
            remarks.remark(programme=stage.programme, task=task, actor=stage.actor(row.by), text=row.text)
            stage.clock.pause(15)
