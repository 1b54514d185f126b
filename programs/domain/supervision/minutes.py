"""纪要 and 议定事项: written topic by topic, issued under a number, each decision handed over to be followed up."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ItemKind, ItemRole, MeetingState
from programs.models import AgendaItem, Decision, DecisionUnit, Meeting, SupervisedItem
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.reports.codec import digest, to_json
from qualitycity.workflow import IllegalMove, NotAllowed, advance
from taskforce.models import Department

from . import item_units, items, meeting_pdfs, meeting_wording, registering
from .meetings import MEETINGS, opened
from .numbering import take_number

HELD, MINUTED = MeetingState.HELD, MeetingState.MINUTED
SERIES = "minutes"
MOST_DECISIONS = 60


def write(meeting: Meeting, *, actor: ActorContext, opening: str, topics: Mapping[int, str]) -> Meeting:
    """The draft: opening and, by primary key of the topic, what the minutes say under it."""
    with transaction.atomic():
        meeting = opened(meeting, actor, HELD)
        items = [item for item in meeting.agenda.all() if item.pk in topics and item.minutes != topics[item.pk].strip()]
        changed = bool(items) or meeting.opening != opening.strip()
        for item in items:
            item.minutes = topics[item.pk].strip()[:3000]
        AgendaItem.objects.bulk_update(items, ["minutes"])
        if changed:
            meeting.opening = opening.strip()[:1500]
            meeting.row_version += 1
            meeting.save(update_fields=["opening", "row_version"])
            record(subject=meeting, action="write_minutes", actor=actor, audience="office")
    return meeting


def decide(
    meeting: Meeting,
    *,
    actor: ActorContext,
    text: str,
    due_on: date,
    lead: Collection[Department],
    support: Collection[Department] = (),
    agenda_item: AgendaItem | None = None,
) -> Decision:
    """议定事项: what was decided, which units do it, by when."""
    with transaction.atomic():
        meeting = opened(meeting, actor, HELD)
        _check(meeting, text, due_on, lead, agenda_item, meeting.decisions.all())
        held = list(meeting.decisions.order_by("number").values_list("number", flat=True))
        if len(held) >= MOST_DECISIONS:
            raise IllegalMove(_("At most %(count)s decisions.") % {"count": MOST_DECISIONS}, meeting)
        decision = Decision.objects.create(
            meeting=meeting,
            agenda_item=agenda_item,
            number=(held[-1] if held else 0) + 1,
            text=text.strip()[:600],
            due_on=due_on,
        )
        _name_units(decision, lead, support)
        _number_in_order(meeting)
        record(subject=meeting, action="add_decision", actor=actor, after={"decision": decision.text}, audience="office")
    return decision


def change_decision(
    decision: Decision,
    *,
    actor: ActorContext,
    text: str,
    due_on: date,
    lead: Collection[Department],
    support: Collection[Department] = (),
    agenda_item: AgendaItem | None = None,
) -> Decision:
    with transaction.atomic():
        meeting = opened(decision.meeting, actor, HELD)
        others = meeting.decisions.exclude(pk=decision.pk)
        _check(meeting, text, due_on, lead, agenda_item, others)
        before = {"decision": decision.text, "due_on": decision.due_on}
        decision.text, decision.due_on, decision.agenda_item = text.strip()[:600], due_on, agenda_item
        decision.save(update_fields=["text", "due_on", "agenda_item"])
        decision.units.all().delete()
        _name_units(decision, lead, support)
        _number_in_order(meeting)
        after = {"decision": decision.text, "due_on": decision.due_on}
        record(
            subject=meeting, action="change_decision", actor=actor, before=before, after=after, audience="office"
        )
    return decision


def remove_decision(decision: Decision, *, actor: ActorContext) -> None:
    """As long as the minutes are a draft; the decisions after it move up."""
    with transaction.atomic():
        meeting = opened(decision.meeting, actor, HELD)
        text = decision.text
        deleted, _rows = Decision.objects.filter(pk=decision.pk).delete()
        if not deleted:
            return
        _number_in_order(meeting)
        record(subject=meeting, action="remove_decision", actor=actor, before={"decision": text}, audience="office")


def _check(
    meeting: Meeting,
    text: str,
    due_on: date,
    lead: Collection[Department],
    agenda_item: AgendaItem | None,
    others: QuerySet[Decision],
) -> None:
    if not text.strip():
        raise IllegalMove(_("Please write what was decided."), meeting)
    if not lead:
        raise IllegalMove(_("Please name the handling unit."), meeting)
    if due_on < timezone.localdate(meeting.starts_at):
        raise IllegalMove(_("The time limit lies before the meeting."), meeting)
    if agenda_item is not None and agenda_item.meeting_id != meeting.pk:
        raise IllegalMove(_("This topic belongs to another meeting."), meeting)
    same = others.filter(text=text.strip()[:600]).first()
    if same is not None:
        raise IllegalMove(_("Decision %(number)s says the same.") % {"number": same.number}, meeting)


def _number_in_order(meeting: Meeting) -> None:
    """Numbers follow the agenda, what belongs to no topic comes last. Two steps: no number may stand twice meanwhile."""
    rows = list(meeting.decisions.order_by(F("agenda_item__sort").asc(nulls_last=True), "number"))
    for shift in (1000, 0):
        for number, row in enumerate(rows, shift + 1):
            row.number = number
        Decision.objects.bulk_update(rows, ["number"])


def _name_units(decision: Decision, lead: Collection[Department], support: Collection[Department]) -> None:
    leading = {unit.pk for unit in lead}
    rows = [DecisionUnit(decision=decision, department=unit, role=ItemRole.LEAD) for unit in lead]
    rows += [
        DecisionUnit(decision=decision, department=unit, role=ItemRole.SUPPORT)
        for unit in support
        if unit.pk not in leading
    ]
    DecisionUnit.objects.bulk_create(rows)


def issue(meeting: Meeting, *, actor: ActorContext) -> Meeting:
    """印发: number, content and state in one transaction; the PDF is set from the frozen content by a job. Issuing what
    is issued already changes nothing and takes no number."""
    with transaction.atomic():
        meeting = (
            Meeting.objects.select_for_update(of=("self",))
            .select_related("body__jurisdiction", "body__office_department", "chair")
            .get(pk=meeting.pk)
        )
        fields = {}
        if meeting.state == HELD and can(actor, "decide", meeting):
            now = timezone.now()
            year = timezone.localdate(now).year
            taken = take_number(jurisdiction=meeting.body.jurisdiction, series=SERIES, year=year)
            number = f"纪要〔{year}〕{taken}号"
            content = meeting_wording.minutes(
                meeting,
                list(meeting.agenda.select_related("department").order_by("sort", "pk")),
                list(meeting.attendances.select_related("seat", "department").order_by("sort", "pk")),
                list(meeting.decisions.prefetch_related("units__department").order_by("number")),
                number=number,
                at=now,
            )
            fields = {
                "number": number,
                "minuted_on": timezone.localdate(now),
                "minutes": to_json(content),
                "minutes_sha256": digest(content),
            }
        moved = advance(MEETINGS, meeting, "issue", actor=actor, fields=fields)
        if fields:
            meeting_pdfs.ask_for_minutes(moved, actor=actor)
    return moved


def register_decision(decision: Decision, *, actor: ActorContext) -> SupervisedItem:
    """One decision becomes a supervised item with its units and time limit; pressing again returns it."""
    with transaction.atomic():
        decision = (
            Decision.objects.select_for_update(of=("self",))
            .select_related("meeting__body__jurisdiction", "agenda_item")
            .prefetch_related("units__department")
            .get(pk=decision.pk)
        )
        allowed = can(actor, "register", decision)
        if not allowed:
            raise NotAllowed(allowed.reason, decision)
        # read after the lock, not joined to it: whoever waited for it would still join to no item
        if decision.item is not None:
            return decision.item
        meeting = decision.meeting
        if meeting.state != MINUTED:
            raise IllegalMove(_("Decisions are handed over once the minutes are issued."), decision)
        item = _registered(decision, meeting, actor)
        decision.item = item
        decision.save(update_fields=["item"])
        record(
            subject=meeting, action="register_decision", actor=actor,
            after={"decision": decision.number, "item": item.number},
        )  # fmt: skip
    return item


def register_all(meeting: Meeting, *, actor: ActorContext) -> list[SupervisedItem]:
    """All decisions that are not items yet, or none."""
    with transaction.atomic():
        return [
            register_decision(decision, actor=actor)
            for decision in meeting.decisions.filter(item__isnull=True).order_by("number")
        ]


def basis_of(decision: Decision) -> str:
    topic = f"“{decision.agenda_item.title}”" if decision.agenda_item else ""
    return f"{decision.meeting.number}议定事项{decision.number}{topic}"[:300]


def _registered(decision: Decision, meeting: Meeting, actor: ActorContext) -> SupervisedItem:
    """立项 with the units; whoever may hand items out hands it out in the same act (交办)."""
    item = registering.register(
        actor=actor,
        jurisdiction=meeting.body.jurisdiction,
        kind=ItemKind.MEETING,
        title=decision.text[:200],
        content=decision.text if len(decision.text) > 200 else "",
        basis=basis_of(decision),
        given_on=timezone.localdate(meeting.starts_at),
        due_on=decision.due_on,
    )
    units = [(unit.department, unit.role) for unit in decision.units.all()]
    item = item_units.name_units(item, units=units, actor=actor)
    if can(actor, "decide", item):
        item = items.assign(item, actor=actor)
    return item
