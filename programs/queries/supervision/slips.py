"""督办单 for pages: the list with its tabs and filters, one slip with its answers, what waits on the start page, the last
calls beside 谁还没报. All start at `visible_to(actor)`; a constant number of queries each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from programs.access.ground import FILERS, OFFICE
from programs.choices import EntryState, SlipColour, SlipState
from programs.models import PhoneCall, Slip, SlipAnswer
from qualitycity.access import ActorContext
from qualitycity.workdays.calendar import Calendar, format_days_left
from taskforce.choices import Role

from ..together import Figures

TABS = {
    "proposed": frozenset({SlipState.PROPOSED}),
    "open": frozenset(SlipState.open()),
    "ended": frozenset({SlipState.SETTLED, SlipState.WITHDRAWN, SlipState.DISMISSED}),
}
SLIP, ANSWER, BULLETIN = "programs.slip", "programs.slipanswer", "programs.bulletin"
#: Words of the journal's action codes.
ACTIONS: dict[str, dict[str, Any]] = {
    SLIP: {
        "propose": _("Proposed by the portal"),
        "renew": _("Date of the proposal renewed"),
        "draw_up": _("Drawn up"),
        "revise": _("Wording changed"),
        "issue": _("Slip issued"),
        "dismiss": _("Not issued"),
        "acknowledge": _("Slip acknowledged"),
        "answer": _("Slip answered"),
        "reopen_answer": _("To be answered again"),
        "settle": _("Slip settled"),
        "withdraw": _("Slip made void"),
        "print": _("Paper kept"),
        "print_void": _("Paper marked as void"),
        "download": _("File downloaded"),
    },
    ANSWER: {
        "submit": _("Answer submitted"),
        "withdraw": _("Answer taken back"),
        "sign": _("Answer signed off"),
        "countersign": _("Answer countersigned by the office"),
        "return_by_head": _("Answer returned by the head of the unit"),
        "unsign": _("Signature taken back"),
        "accept": _("Answer accepted"),
        "return_by_office": _("Answer refused by the office"),
        "attach": _("File added"),
        "detach": _("File removed"),
    },
    BULLETIN: {
        "draft_bulletin": _("Drafted"),
        "revise": _("Wording changed"),
        "read_again": _("Tables read again"),
        "issue": _("Bulletin issued"),
        "discard": _("Draft given up"),
        "withdraw": _("Bulletin made void"),
        "print": _("Paper kept"),
        "print_void": _("Paper marked as void"),
        "download": _("File downloaded"),
    },
}
GOOD = {"settle", "accept", "sign", "countersign", "answer"}
BAD = {"return_by_head", "return_by_office", "withdraw", "reopen_answer"}
SUBJECT = ("part__task__programme", "window__programme", "item_part__item")


@dataclass(frozen=True)
class Filters:
    """Narrowing from the address; empty stands for all. `waits`: "late" unanswered after its date, "unit" with the unit,
    "office" answered and not settled."""

    tab: str
    colour: str = ""
    kind: str = ""
    unit: int | None = None
    waits: str = ""


@dataclass(frozen=True)
class SlipRow:
    """One line of the list. `when`: how far the date is, in working days. A `stale` one cannot be issued as it is."""

    slip: Slip
    when: str
    late: bool
    above: str
    stale: bool


def slips_of(actor: ActorContext) -> QuerySet[Slip]:
    return Slip.objects.visible_to(actor)


def tab_counts(actor: ActorContext) -> dict[str, int]:
    """Slips per tab; one query."""
    counted = (
        slips_of(actor)
        .order_by()
        .aggregate(**{name: Count("pk", filter=Q(state__in=states)) for name, states in TABS.items()})
    )
    return {name: counted[name] for name in TABS}


def units_of(actor: ActorContext) -> list[tuple[int, str]]:
    """Units that have slips, for the filter."""
    rows = (
        slips_of(actor)
        .order_by("department__sort", "department_id")
        .values_list("department_id", "department__short_name")
    )
    return list(rows.distinct())


def listed(actor: ActorContext, filters: Filters, today: date) -> QuerySet[Slip]:
    rows = slips_of(actor).filter(state__in=TABS[filters.tab])
    if filters.colour:
        rows = rows.filter(colour="" if filters.colour == "none" else filters.colour)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.unit is not None:
        rows = rows.filter(department_id=filters.unit)
    if filters.waits == "late":
        rows = rows.overdue(today)
    elif filters.waits:
        rows = rows.filter(
            state__in=SlipState.with_unit() if filters.waits == "unit" else {SlipState.ANSWERED}
        )
    order = {"proposed": ("department__sort", "department_id", "pk"), "open": ("due_on", "pk")}
    newest = SlipAnswer.objects.filter(slip=OuterRef("pk")).order_by("-version")
    return (
        rows.select_related("department", "previous", "issued_by", "to_leader", *SUBJECT)
        .defer("content", "previous__content")
        .annotate(answer_state=Subquery(newest.values("state")[:1]))
        .order_by(*order.get(filters.tab, ("-issued_at", "-pk")))
    )


def rows_of(slips: Collection[Slip], *, today: date, calendar: Calendar) -> list[SlipRow]:
    return [
        SlipRow(
            slip,
            format_days_left(today, slip.due_on, calendar) if slip.state in SlipState.with_unit() else "",
            slip.state in SlipState.with_unit() and slip.due_on < today,
            subject_of(slip)[0],
            slip.state == SlipState.PROPOSED and slip.due_on < today,
        )
        for slip in slips
    ]


def subject_of(slip: Slip) -> tuple[str, str]:
    """What the slip is about in words, and the name of its page: (words, "task:12")."""
    if slip.part is not None:
        return f"{slip.part.task.programme.short_title} · {slip.part.task}", f"/tasks/{slip.part.task_id}/"
    if slip.window is not None:
        words = f"{slip.window.programme.short_title} · {slip.window.label}"
        return words, f"/sheets/{slip.window_id}/{slip.department_id}/"
    if slip.item_part is not None:
        return f"{slip.item_part.item.number} {slip.item_part.item.title}", f"/items/{slip.item_part.item_id}/"
    return "", ""


def slip_pages(actor: ActorContext) -> QuerySet[Slip]:
    """Slips with everything their page shows, for whoever may see them."""
    answers = (
        SlipAnswer.objects.visible_to(actor)
        .select_related("filed_by", "signed_by", "reviewed_by")
        .prefetch_related("files__file")
        .order_by("-version")
    )
    later = (
        Slip.objects.filter(previous=OuterRef("pk")).exclude(state__in=SlipState.unnumbered()).order_by("-pk")
    )
    return (
        Slip.objects.select_related(
            "jurisdiction", "department", "to_leader", "previous", "issued_by", "acknowledged_by", "proposed_by", "file",
            "void_file", "part__task__programme__body", "window__programme__body", "item_part__item",
        )
        .defer("content", "previous__content")
        .prefetch_related(Prefetch("answers", queryset=answers, to_attr="shown_answers"), "answers")
        .annotate(next_pk=Subquery(later.values("pk")[:1]), next_number=Subquery(later.values("number")[:1]))
    )  # fmt: skip


def calls_about(slip: Slip, actor: ActorContext) -> list[PhoneCall]:
    """Calls about the slip and about the matter it is about, newest first; one query."""
    about = Q(slip=slip)
    if slip.part_id is not None:
        about |= Q(part_id=slip.part_id)
    if slip.item_part_id is not None:
        about |= Q(item_part_id=slip.item_part_id)
    if slip.window_id is not None:
        about |= Q(window_id=slip.window_id, department_id=slip.department_id)
    return list(PhoneCall.objects.visible_to(actor).filter(about).select_related("called_by")[:20])


def slips_about_task(task: Any, actor: ActorContext) -> list[Slip]:
    """Slips about any part of the task, for its page; one query."""
    rows = (
        Slip.objects.visible_to(actor).filter(part__task=task).select_related("department").defer("content")
    )
    return list(rows.order_by("-issued_at", "-pk")[:20])


def slips_about_item(item: Any, actor: ActorContext) -> list[Slip]:
    """Slips about any part of a supervised item, for its page; one query."""
    rows = Slip.objects.visible_to(actor).filter(item_part__item=item).select_related("department").defer("content")
    return list(rows.order_by("-issued_at", "-pk")[:20])


def about_returns(actor: ActorContext) -> dict[str, Any]:
    """Annotations of a period: `last_calls` about the returns of its units, `slips_open` about them; each one per unit,
    as values. They ride with the query of the periods."""
    calls = (
        PhoneCall.objects.visible_to(actor)
        .filter(window=OuterRef("pk"))
        .order_by("department_id", "-called_at", "-pk")
        .distinct("department_id")
    )
    slips = (
        Slip.objects.visible_to(actor)
        .filter(window=OuterRef("pk"), state__in=[SlipState.PROPOSED, *SlipState.open()])
        .order_by("department_id", "-pk")
        .distinct("department_id")
    )
    return {
        "last_calls": ArraySubquery(
            calls.values(
                json=JSONObject(
                    unit="department_id",
                    at="called_at",
                    by="called_by__full_name",
                    said="said",
                    until="promised_on",
                )
            )
        ),
        "slips_open": ArraySubquery(
            slips.values(json=JSONObject(unit="department_id", pk="pk", number="number"))
        ),
    }


@dataclass(frozen=True)
class LastCall:
    """The newest call about one return."""

    at: datetime
    by: str
    said: str
    promised_on: date | None


def last_call(window: Any, unit: int) -> LastCall | None:
    """Of a period annotated with `about_returns`."""
    row = next((row for row in window.last_calls or () if row["unit"] == unit), None)
    if row is None:
        return None
    until = date.fromisoformat(row["until"]) if row["until"] else None
    return LastCall(datetime.fromisoformat(row["at"]), row["by"], row["said"], until)


def open_slip(window: Any, unit: int) -> dict[str, Any] | None:
    """{pk, number} of the slip under way about the return of a unit."""
    return next((row for row in window.slips_open or () if row["unit"] == unit), None)


def waiting_for_unit(actor: ActorContext, units: Collection[int]) -> list[Slip]:
    """Slips that these units have to acknowledge, answer or sign; annotated with `answer_state`; one query."""
    newest = SlipAnswer.objects.filter(slip=OuterRef("pk")).order_by("-version")
    rows = (
        Slip.objects.visible_to(actor)
        .filter(department_id__in=units, state__in=SlipState.with_unit())
        .select_related("department")
        .defer("content")
        .annotate(
            answer_state=Subquery(newest.values("state")[:1]),
            answer_remark=Subquery(newest.values("remark")[:1]),
        )
        .order_by("due_on", "pk")
    )
    return list(rows[:50])


@dataclass(frozen=True)
class DeskSlip:
    """A slip on the desk of its unit: how long there is still time, and whose turn it is."""

    slip: Slip
    when: str
    late: bool
    step: str


def unit_desk(
    actor: ActorContext, units: Collection[int], *, today: date, calendar: Calendar
) -> list[DeskSlip]:
    """Slips of these units that wait for this person: the liaison answers, the head signs. The most urgent first."""
    signs, files = actor.departments(Role.UNIT_HEAD), actor.departments(*FILERS)
    found = []
    for slip in waiting_for_unit(actor, units):
        state = slip.answer_state  # type: ignore[attr-defined]
        if state == EntryState.SUBMITTED and slip.department_id not in signs:
            continue
        step = (
            "sign" if state == EntryState.SUBMITTED else "again" if state == EntryState.RETURNED else "answer"
        )
        if step != "sign" and slip.department_id not in files:
            step = "look" if slip.state == SlipState.ACKNOWLEDGED else "acknowledge"
        found.append(
            DeskSlip(slip, format_days_left(today, slip.due_on, calendar), slip.due_on < today, step)
        )
    return found


@dataclass(frozen=True)
class OfficeSlips:
    """What slips ask of the office today."""

    proposed: int
    to_review: int
    unanswered: int

    @property
    def any(self) -> bool:
        return bool(self.proposed or self.to_review or self.unanswered)


def office_slips(actor: ActorContext, today: date) -> Figures:
    """Figures of `OfficeSlips`."""
    own = Slip.objects.visible_to(actor).filter(
        jurisdiction_id__in=actor.jurisdictions(*OFFICE, Role.DISTRICT_OFFICE)
    )
    wanted = {
        "proposed": Q(state=SlipState.PROPOSED),
        "to_review": Q(state=SlipState.ANSWERED),
        "unanswered": Q(state__in=SlipState.with_unit(), due_on__lt=today),
    }
    return Figures(own, wanted)


def red_slips(actor: ActorContext) -> int:
    """How many red slips are open in the territory: what a leader reads when he looks; nothing is sent to him."""
    return Slip.objects.visible_to(actor).open().filter(colour=SlipColour.RED).count()
