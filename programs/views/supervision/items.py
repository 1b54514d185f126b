"""督办事项: the list with its figures, its exports, and one item with units side by side."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from programs.access.ground import FILERS, OVERSIGHT, UNIT, has_business_role, offices
from programs.choices import EntryState, ItemKind, ItemOverdue, ItemPartState, ItemState
from programs.domain.standings import board_day
from programs.domain.supervision.contributions import assisting
from programs.domain.supervision.extensions import settled
from programs.domain.supervision.item_parts import ITEM_PARTS
from programs.domain.supervision.items import ITEMS
from programs.forms.supervision.items import ItemFilter
from programs.models import ItemPart, SupervisedItem
from programs.queries.supervision import items as queries
from programs.queries.supervision.extensions import asked_of
from programs.queries.supervision.item_history import history
from programs.queries.supervision.slips import slips_about_item
from programs.views.buttons import Button, buttons
from programs.views.exports import LIGHTS
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import csv_response, xlsx_response
from qualitycity.workdays.calendar import format_days_left
from taskforce.choices import Role
from taskforce.models import Jurisdiction

from .item_moves import ITEM_PART_STEPS, ITEM_STEPS

PER_PAGE = 50
#: Head and width in characters.
COLUMNS = (
    ("编号", 16), ("类别", 14), ("事项", 40), ("办理要求", 50), ("依据", 24), ("批示领导", 12), ("交办（批示）日期", 14), ("紧急程度", 10),
    ("主办单位", 24), ("协办单位", 24), ("办理时限", 13), ("原定时限", 13), ("延期次数", 10), ("状态", 10), ("灯", 10), ("灯的理由", 40),
    ("办结日期", 13), ("销号日期", 13),
)  # fmt: skip


def registers(actor: ActorContext) -> bool:
    """Whether this person can register anything at all."""
    return bool(offices(actor)) or bool(actor.holding(Role.LEADER, Role.SECRETARY))


def _reader(request: HttpRequest) -> ActorContext:
    actor = actor_of(request)
    if not has_business_role(actor):
        raise PermissionDenied(_("Supervised items are read by the units concerned and by whoever oversees them."))
    return actor


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """Every figure above the list leads to the rows it counts."""
    actor, day = _reader(request), board_day()
    form = ItemFilter(request.GET, units=queries.units_of(actor))
    items = queries.visible_items(actor, day)
    chosen = queries.in_order(queries.narrowed(items, form.wanted, actor))
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": queries.rows(queries.with_parts(page.object_list), day),
        "tiles": _tiles(queries.figures(items), office=bool(offices(actor))),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "may_register": registers(actor),
        "filtered": bool(form.summary),
        "now": timezone.localtime(),
    }
    return render(request, "programs/supervision/item_list.html", context)


def _tiles(counts: dict[str, int], *, office: bool) -> list[dict[str, Any]]:
    path, unit = reverse("items"), pgettext("counted", "items")

    def tile(name: str, label: str, query: str, tone: str, note: str = "") -> dict[str, Any]:
        figure = counts[name]
        url, shown = f"{path}?{query}", tone if figure else ""
        return {"figure": figure, "unit": unit, "label": label, "url": url, "tone": shown, "note": note}

    tiles = [tile("open", _("Being handled"), "state=assigned", "blue")]
    if office:
        tiles.append(tile("registered", _("To be handed out"), "state=registered", "amber"))
    tiles += [
        tile(ItemOverdue.UNSIGNED, _("Not signed for in time"), "overdue=unsigned", "red"),
        tile(ItemOverdue.UNREPORTED, _("Not reported in time"), "overdue=unreported", "red"),
        tile("amber", _("Near the limit or returned"), "state=assigned&light=amber", "amber"),
    ]
    if office:
        tiles.append(tile("review", _("Reports to review"), "waiting=signed", "blue"))
    tiles.append(tile("completed", _("Completed, not struck off"), "state=completed", "green"))
    return tiles


# --- exports ---------------------------------------------------------------------------------------


@require_safe
def items_csv(request: HttpRequest) -> StreamingHttpResponse:
    form, lines = _chosen(request, "csv")
    return csv_response(_name(), [head for head, _width in COLUMNS], lines)


@require_safe
def items_xlsx(request: HttpRequest) -> FileResponse:
    form, lines = _chosen(request, "xlsx")
    filters = f"；筛选：{'，'.join(form.summary)}" if form.summary else ""
    note = f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(lines)}项{filters}"
    return xlsx_response(_name(), COLUMNS, lines, title="督办事项台账", note=note, freeze="D4")


def _name() -> str:
    return f"督办事项台账{timezone.localdate():%Y%m%d}"


def _chosen(request: HttpRequest, kind: str) -> tuple[ItemFilter, list[tuple[Any, ...]]]:
    """The lines of the address in Chinese; restricted items never leave the portal in a list. Journalled."""
    actor = _reader(request)
    with translation.override("zh-hans"):
        day = board_day()
        form = ItemFilter(request.GET, units=queries.units_of(actor))
        items = queries.visible_items(actor, day).filter(restricted=False)
        chosen = queries.in_order(queries.narrowed(items, form.wanted, actor))
        lines = [tuple(_values(row)) for row in queries.rows(queries.with_parts(chosen), day)]
        after = {"kind": kind, "lines": len(lines), "filters": form.summary}
    places = Jurisdiction.objects.filter(pk__in={grant.jurisdiction_id for grant in actor.grants})
    place = places.order_by("path").first()
    if place is not None:
        record(subject=place, action="export_items", actor=actor, audience="office", after=after)
    return form, lines


def _values(row: queries.ItemRow) -> Iterable[Any]:
    item = row.item
    return (
        item.number, item.get_kind_display(), item.title, item.content, item.basis,
        item.leader_label or str(item.leader or ""), item.given_on, item.get_urgency_display(), row.lead, row.support,
        item.due_on, item.original_due, item.extended, item.get_state_display(), LIGHTS[row.light.code],
        row.light.sentence, item.completed_on, item.closed_on,
    )  # fmt: skip


# --- one item --------------------------------------------------------------------------------------


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    actor, day = actor_of(request), board_day()
    found: SupervisedItem = fetch(request, queries.item_page(actor), pk=pk)
    parts = queries.part_rows(found, actor, day)
    light = queries.light_of(found, day)
    part_url = reverse("item_part_move", args=[0]).removesuffix("0/move/")
    office = bool(can(actor, "manage", found))
    files = actor.departments(*FILERS)
    case = found.kind == ItemKind.CASE
    to_sign = [
        row.part for row in parts
        if row.part.state == ItemPartState.ASSIGNED and not _blocked(row.part) and can(actor, "sign_for", row.part)
    ]  # fmt: skip
    mine = [row.part for row in parts if _may_report(row, files)]
    own = actor.departments(*UNIT)
    to_contribute = [part for part in assisting(found) if part.department_id in own and not _blocked(part)]
    entries = [
        {
            "row": row,
            "moves": buttons(ITEM_PARTS, row.part, actor, ITEM_PART_STEPS, f"{part_url}{row.part.pk}/move/"),
            "files": _may_report(row, files) or (office and _may_report(row, None)),
        }
        for row in parts
    ]
    asked = asked_of(found.extension_list)  # type: ignore[attr-defined]
    may_extend = any((office or row.part.department_id in files) and not settled(row.part) for row in parts)
    context = {
        "item": found,
        "light": light,
        "stages": stages(found, parts),
        "parts": entries,
        "any_step": any(entry["files"] or entry["moves"] for entry in entries),
        "to_sign": to_sign,
        "to_report": mine,
        "to_contribute": to_contribute,
        "own": {part.pk for part in mine},
        "slips": slips_about_item(found, actor),
        "extensions": asked,
        "under_way": next((row for row in asked if row.waits), None),
        "may_extend": may_extend,
        "may_slip": [row.part for row in parts if office and _owes(row.part)],
        "any_report": any(row.reports for row in parts),
        "moves": item_buttons(found, actor),
        "events": history(found, parts, actor),
        # invited units read their decisions there too, but who is invited is not asked here
        "sees_meeting": actor.sees_territory(found.jurisdiction.path, *OVERSIGHT),
        "days_left": format_days_left(day.today, found.due_on, day.calendar),
        "open": found.state in (ItemState.REGISTERED, ItemState.ASSIGNED),
        "may_edit": found.state == ItemState.REGISTERED and bool(can(actor, "edit", found)),
        "may_name_units": office and found.state == ItemState.REGISTERED,
        "may_add_unit": found.state == ItemState.ASSIGNED and bool(can(actor, "decide", found)),
        "may_name_people": office and found.restricted,
        "may_add_files": found.state != ItemState.CLOSED and bool(can(actor, "edit", found)),
        "may_delist": office and case and found.state == ItemState.COMPLETED and not found.delisting_asked_by_id,
        "may_endorse": found.state in (ItemState.COMPLETED, ItemState.CLOSED) and bool(can(actor, "endorse", found)),
        "has_paper": found.state in (ItemState.COMPLETED, ItemState.CLOSED),
        "named": queries.named_labels(found) if office and found.restricted else [],
    }
    return render(request, "programs/supervision/item_detail.html", context)


def item_buttons(found: SupervisedItem, actor: ActorContext) -> list[Button]:
    """Moves of the item; 交办 is made on the page of the units, so that they are looked at once more."""
    moves = buttons(ITEMS, found, actor, ITEM_STEPS, reverse("item_move", args=[found.pk]))
    return [move for move in moves if move.action != "assign"]


def _blocked(part: ItemPart) -> bool:
    return part.item.state != ItemState.ASSIGNED


def _owes(part: ItemPart) -> bool:
    return part.state in ItemPartState.owing() and not _blocked(part)


def _may_report(row: queries.PartRow, units: Collection[int] | None) -> bool:
    """Whether a report can be begun or gone on with in one of these units; `units` None: by the office for any."""
    part = row.part
    if not part.answers or not _owes(part) or (units is not None and part.department_id not in units):
        return False
    if units is None and row.newest == EntryState.DRAFT and not (row.report and row.report.on_behalf):
        return False  # the unit has begun a draft of its own
    return row.newest in ("", *EntryState.editable(), EntryState.ACCEPTED)


def stages(found: SupervisedItem, parts: list[queries.PartRow]) -> list[dict[str, Any]]:
    """立项 → 交办 → 签收 → 办理反馈 → 审核 → 办结 → 销号, for the component `steps`."""
    answering = [row.part for row in parts if row.part.answers and row.part.state != ItemPartState.WAIVED]
    signed = [part for part in answering if part.state not in (ItemPartState.PENDING, ItemPartState.ASSIGNED)]
    done = [part for part in answering if part.state == ItemPartState.DONE]
    out = found.assigned_on is not None
    finished = found.completed_on is not None
    total = len(answering)

    def count(have: list[ItemPart]) -> str:
        return f"{len(have)}/{total}" if out and total > 1 else ""

    passed = [
        (_("Registered"), True, found.recorded_at),
        (_("Handed out"), out, found.assigned_on),
        (_("Signed for"), out and len(signed) == total and total > 0, count(signed)),
        (_("Handled and accepted"), out and len(done) == total and total > 0, count(done)),
        (_("Completed"), finished, found.completed_on),
        (_("Struck off"), found.closed_on is not None, found.closed_on),
    ]
    current = next((n for n, (_label, reached, _note) in enumerate(passed) if not reached), len(passed))
    suspended = found.state == ItemState.SUSPENDED
    steps = []
    for n, (label, reached, note) in enumerate(passed):
        state = "done" if reached else "current" if n == current else "todo"
        if suspended and n == current:
            state, note = "returned", _("Suspended")
        steps.append({"label": label, "who": "", "note": note, "state": state})
    return steps
