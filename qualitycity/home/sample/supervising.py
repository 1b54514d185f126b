"""督办 in the fictional city: items, papers due and the activities of the year, told beside the quarters.

What begins in the last whole quarter is begun by `begin`, day by day; what is left open there is late by the present.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from programs.choices import ActivityState, ItemRole
from programs.domain.supervision import (
    activities,
    contributions,
    item_parts,
    item_reports,
    item_units,
    items,
    materials,
)
from programs.domain.supervision.registering import Case, register
from programs.models import ActivityRun, ItemPart, MaterialDue, SupervisedItem
from taskforce.models import Jurisdiction

from . import gathering
from .attachments import letter
from .stage import Agenda, Stage, Stumbled
from .supervision_facts import ItemFacts, ItemReportFacts, MaterialFacts, ToldFacts

#: The office on whose register everything stands.
CLERK, OFFICE, COLLEAGUE = "clerk1", "office", "clerk2"
#: Working days after a report within which head and office have done their part.
SIGNED_AFTER, DECIDED_AFTER, REFILED_AFTER = 1, 2, 4


def keep_registers(stage: Stage) -> None:
    """The year's activities, as the office enters them when the programme begins."""
    place = _place(stage)
    for facts in stage.facts.supervision.activities:
        activities.add(
            actor=stage.actor(CLERK), jurisdiction=place, title=facts.title, organiser=stage.units[facts.organiser],
            month=facts.month, day=facts.day, days=facts.days, note=facts.note,
        )  # fmt: skip


def write_results(stage: Stage) -> None:
    """Organisers write what came of the activities that are over; the newest one is still missing."""
    today = stage.clock.today
    words = {facts.title: facts for facts in stage.facts.supervision.activities}
    over = ActivityRun.objects.filter(state=ActivityState.PLANNED, ends_on__lt=today).select_related("activity")
    for run in over.order_by("starts_on"):
        facts = words[run.activity.title]
        if facts.result and run.ends_on < today - timedelta(days=20):
            activities.hold(run, actor=stage.actor(stage.filer(facts.organiser)), result=facts.result)


def tell(stage: Stage, quarter: int) -> None:
    """Everything of the quarter, in the order of the calendar."""
    agenda: Agenda = defaultdict(list)
    end = stage.timeline.quarters[quarter].end
    for item in stage.facts.supervision.items:
        _plan_item(stage, agenda, end, item)
    for paper in stage.facts.supervision.materials:
        _plan_paper(stage, agenda, stage.clock.workday(end, 50), paper)
    gathering.plan_meeting(stage, agenda, end)
    for day in sorted(agenda):
        stage.clock.go(day, "10:05")
        for act in agenda[day]:
            act()
            stage.clock.pause(2)


def _place(stage: Stage) -> Jurisdiction:
    return stage.programme.jurisdiction


def _later(stage: Stage, day: date, count: int) -> date:
    return stage.clock.calendar.add_working_days(day, count)


# --- items -----------------------------------------------------------------------------------------------------------


def _plan_item(stage: Stage, agenda: Agenda, end: date, facts: ItemFacts) -> None:
    day = stage.clock.workday(end, facts.before)
    agenda[day].append(lambda: _register(stage, facts))
    if facts.ending == "registered":
        return
    agenda[day].append(lambda: items.assign(_item(facts), actor=stage.actor(OFFICE)))
    for unit in facts.units:
        if unit.signs is not None:
            agenda[_later(stage, day, unit.signs)].append(lambda unit=unit: _sign_for(stage, facts, unit.unit))
    for told in facts.told:
        agenda[_later(stage, day, told.after)].append(lambda told=told: _tell(stage, facts, told))
    last = day
    for report in facts.reports:
        last = _plan_report(stage, agenda, day, facts, report)
    if facts.ending in ("completed", "closed"):
        agenda[_later(stage, last, 1)].append(lambda: items.complete(_item(facts), actor=stage.actor(OFFICE)))
    if facts.ending == "closed":
        agenda[_later(stage, last, 2)].append(lambda: items.close(_item(facts), actor=stage.actor(OFFICE)))


def _register(stage: Stage, facts: ItemFacts) -> None:
    today = stage.clock.today
    case = None
    if facts.case_number:
        number = facts.case_number.format(year=today.year)
        case = Case(number, facts.supervising or "", today if facts.to_police else None)
    item = register(
        actor=stage.actor(facts.by), jurisdiction=_place(stage), kind=facts.kind, title=facts.title,
        content=facts.content, basis=facts.basis, given_on=today, urgency=facts.urgency, case=case,
        due_on=_later(stage, today, facts.days) if facts.days else None, programme=stage.programme,
        leader=stage.users[facts.leader] if facts.leader else None,
        named=[stage.users[login].pk for login in facts.named],
    )  # fmt: skip
    roles = [(stage.units[row.unit], ItemRole.LEAD if row.lead else ItemRole.SUPPORT) for row in facts.units]
    item_units.name_units(item, units=roles, actor=stage.actor(OFFICE))


def _item(facts: ItemFacts) -> SupervisedItem:
    return SupervisedItem.objects.select_related("jurisdiction").get(title=facts.title)


def _part(facts: ItemFacts, stage: Stage, unit: str) -> ItemPart:
    return ItemPart.objects.select_related("item__jurisdiction", "department").get(
        item__title=facts.title, department=stage.units[unit]
    )


def _sign_for(stage: Stage, facts: ItemFacts, unit: str) -> None:
    item_parts.sign_for([_part(facts, stage, unit)], actor=stage.actor(stage.filer(unit)))


def _tell(stage: Stage, facts: ItemFacts, told: ToldFacts) -> None:
    """协办单位报主办, adopted at once or left beside the handling unit's report; or asked for by it."""
    lead = stage.actor(stage.filer(next(row.unit for row in facts.units if row.lead)))
    if not told.text:
        contributions.ask_about_item(item=_item(facts), actor=lead)
        return
    unit = stage.actor(stage.filer(told.unit))
    row = contributions.hand_in_about_item(part=_part(facts, stage, told.unit), actor=unit, text=told.text)
    if told.adopted:
        contributions.adopt(row, actor=lead)


def _plan_report(stage: Stage, agenda: Agenda, day: date, facts: ItemFacts, report: ItemReportFacts) -> date:
    """Filed, signed, decided; sent back and filed again where the story says so. Returns the day of the decision."""
    day = _later(stage, day, report.after)
    agenda[day].append(lambda: _file(stage, facts, report))
    if report.stage in ("draft", "submitted"):
        return day
    day = _later(stage, day, SIGNED_AFTER)
    agenda[day].append(lambda: _sign(stage, facts, report))
    if report.stage == "signed":
        return day
    day = _later(stage, day, DECIDED_AFTER)
    if report.returned is not None:
        agenda[day].append(lambda: _send_back(stage, facts, report))
        day = _later(stage, day, REFILED_AFTER)
        agenda[day].append(lambda: _file(stage, facts, report))
        agenda[day].append(lambda: _sign(stage, facts, report))
        day = _later(stage, day, DECIDED_AFTER)
    agenda[day].append(lambda: _accept(stage, facts, report))
    return day


def _file(stage: Stage, facts: ItemFacts, report: ItemReportFacts) -> None:
    part, actor = _part(facts, stage, report.unit), stage.actor(stage.filer(report.unit))
    open_row = part.reports.exclude(state="accepted").first()
    # what was adopted meanwhile stands in the draft already
    adopted = [f"{row.department}：{row.text}" for row in open_row.adopted.order_by("pk")] if open_row else []
    values = {
        "progress": "\n".join((report.progress, *adopted)), "result": report.result or "",
        "problems": report.problems or "", "final": report.final,
    }  # fmt: skip
    row = item_reports.save(part, actor=actor, values=values, row_version=open_row.row_version if open_row else None)
    if report.stage != "draft":
        item_reports.submit(row, actor=actor)


def _open_report(stage: Stage, facts: ItemFacts, report: ItemReportFacts):
    row = _part(facts, stage, report.unit).reports.exclude(state="accepted").first()
    if row is None:
        raise Stumbled(f"{facts.title}: {report.unit} has no report on its way")
    return row


def _sign(stage: Stage, facts: ItemFacts, report: ItemReportFacts) -> None:
    row, head = _open_report(stage, facts, report), stage.head(report.unit)
    if head is None:
        item_reports.countersign(row, actor=stage.actor(COLLEAGUE))
    else:
        item_reports.sign(row, actor=stage.actor(head))


def _send_back(stage: Stage, facts: ItemFacts, report: ItemReportFacts) -> None:
    row = _open_report(stage, facts, report)
    item_reports.send_back(row, actor=stage.actor(OFFICE), by="office", reason=report.returned or "")


def _accept(stage: Stage, facts: ItemFacts, report: ItemReportFacts) -> None:
    item_reports.accept(_open_report(stage, facts, report), actor=stage.actor(OFFICE))


# --- papers ----------------------------------------------------------------------------------------------------------


def _plan_paper(stage: Stage, agenda: Agenda, day: date, facts: MaterialFacts) -> None:
    agenda[day].append(lambda: _register_paper(stage, facts))
    handed = _later(stage, day, facts.due_after - 3)
    for row in facts.handed_in:
        agenda[handed].append(lambda row=row: _hand_in(stage, facts, row.unit, row.note))
        decided = _later(stage, handed, 2)
        agenda[decided].append(lambda row=row: _decide(stage, facts, row.unit, row.returned))


def _register_paper(stage: Stage, facts: MaterialFacts) -> None:
    materials.register(
        actor=stage.actor(CLERK), jurisdiction=_place(stage), units=[stage.units[code] for code in facts.units],
        title=facts.title, recipient=facts.recipient, recurrence=facts.often, hint=facts.hint, basis=facts.basis,
        first_due=_later(stage, stage.clock.today, facts.due_after), about_previous=facts.about_previous,
        document=None, programme=stage.programme,
    )  # fmt: skip


def _due(stage: Stage, facts: MaterialFacts, unit: str) -> MaterialDue:
    dues = MaterialDue.objects.filter(material__title=facts.title, department=stage.units[unit])
    found = dues.order_by("due_on").first()
    if found is None:
        raise Stumbled(f"{facts.title}: nothing is due from {unit}")
    return found


def _hand_in(stage: Stage, facts: MaterialFacts, unit: str, note: str) -> None:
    row = _due(stage, facts, unit)
    name = f"{facts.title}（{stage.units[unit]}）.pdf"
    paper = SimpleUploadedFile(name, letter(facts.title, stage.clock.now), content_type="application/pdf")
    materials.hand_in(row, actor=stage.actor(stage.filer(unit)), uploads=[paper], note=note)


def _decide(stage: Stage, facts: MaterialFacts, unit: str, returned: str | None) -> None:
    row = _due(stage, facts, unit)
    if returned:
        materials.send_back(row, actor=stage.actor(OFFICE), reason=returned)
    else:
        materials.accept([row], actor=stage.actor(OFFICE))
