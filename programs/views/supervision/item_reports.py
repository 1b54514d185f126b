"""反馈 of a unit: typed here, read here by the head and the office, and moved from hand to hand on the same page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.choices import EntryState, ItemState
from programs.domain.people import unit_people
from programs.domain.standings import board_day
from programs.domain.supervision import item_reports as domain
from programs.domain.supervision.contributions import adopt_into_draft
from programs.forms.office import AcceptForm, ReturnForm
from programs.forms.sheet import EVIDENCE_MB
from programs.forms.supervision.items import PaperForm, ReportForm
from programs.models import Contribution, ItemPart, ItemReport, ItemReportFile
from programs.queries.supervision.contributions import beside_item, taken_in
from programs.queries.supervision.item_waiting import next_report
from programs.views.moves import GET_OR_POST, NUMBER
from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.workdays.calendar import format_days_left
from qualitycity.workflow import NotAllowed, Refused, available
from taskforce.choices import Role

#: Moves made by one press on the page of a report; the others have a form of their own there.
PRESSED = {
    "withdraw": domain.withdraw,
    "sign": domain.sign,
    "countersign": domain.countersign,
    "unsign": domain.unsign,
}
TONES = {"draft": "", "submitted": "blue", "returned": "red", "signed": "blue", "accepted": "green"}


def _part(request: HttpRequest, pk: int) -> ItemPart:
    part: ItemPart = fetch(request, ItemPart.objects.select_related("item__jurisdiction", "department"), pk=pk)
    return part


def _open_report(part: ItemPart) -> ItemReport | None:
    """The report of the part that is on its way."""
    settled = [EntryState.ACCEPTED, EntryState.SUPERSEDED]
    found = ItemReport.objects.filter(part=part).exclude(state__in=settled).first()
    if found is not None:
        found.part = part
    return found


@never_cache
@GET_OR_POST
def item_report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the unit, or of the office for it (代填)."""
    actor, part = actor_of(request), _part(request, pk)
    report = _open_report(part)
    asked = report or ItemReport(part=part)
    decision = can(actor, "file", asked)
    if not decision:
        raise PermissionDenied(str(decision.reason))
    if report is not None and not can(actor, "view", report):
        raise PermissionDenied(_("The unit has begun a report of its own; its draft is not shown to the office."))
    if report is not None and report.state not in EntryState.editable():
        return redirect("item_report", pk=report.pk)
    blocked = domain.still_owed(asked)
    if blocked:
        messages.error(request, str(blocked))
        return redirect("item", pk=part.item_id)
    handing_in = request.POST.get("do") == "submit"
    form = _report_form(request, report, handing_in)
    if request.method == "POST" and form.is_valid():
        gone, taken = request.POST.get("remove", ""), request.POST.get("adopt", "")
        typed = {
            "values": form.values, "row_version": form.cleaned_data["version"], "uploads": form.cleaned_data["files"]
        }  # fmt: skip
        try:
            if taken:
                saved = adopt_into_draft(_handed_in(part, taken, actor), part, actor=actor, **typed)
            else:
                saved = domain.save(part, actor=actor, **typed)
            if gone:
                _remove(saved, gone, actor)
            if handing_in:
                saved = domain.submit(saved, actor=actor)
        except FileRefused as refused:
            form.add_error("files", str(refused.sentence))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            if handing_in:
                messages.success(request, _("The report is handed in for signature."))
                return redirect("item_report", pk=saved.pk)
            messages.success(request, _("Adopted; the draft is saved.") if taken else _("The draft is saved."))
            return redirect("item_report_edit", pk=pk)
    day = board_day()
    before = ItemReport.objects.visible_to(actor).filter(part=part, state=EntryState.ACCEPTED).order_by("-pk").first()
    on_behalf, sides = not can(actor, "file_own", asked), beside_item(part, actor)
    context = {
        "part": part, "item": part.item, "report": report, "form": form, "before": before, "max_mb": EVIDENCE_MB,
        "on_behalf": on_behalf, "files": report.files.select_related("file") if report else [],
        "beside": sides, "may_collect": bool(sides) and not on_behalf,
        "anybody_missing": any(side.missing for side in sides),
        "ask_url": reverse("item_contribution_ask", args=[part.item_id]), "move_base": "/contributions/",
        "adopt_form": "report-form",
        "back": f"{request.path}#supporters",
        "days_left": format_days_left(day.today, part.item.due_on, day.calendar),
    }  # fmt: skip
    return render(request, "programs/supervision/report_form.html", context, status=422 if form.errors else 200)


def _report_form(request: HttpRequest, report: ItemReport | None, handing_in: bool) -> ReportForm:
    if request.method == "POST":
        return ReportForm(request.POST, request.FILES, handing_in=handing_in)
    if report is None:
        return ReportForm(initial={"final": "0"})
    initial = {name: getattr(report, name) for name in ("progress", "result", "problems")}
    return ReportForm(initial={**initial, "final": "1" if report.final else "0", "version": report.row_version})


def _handed_in(part: ItemPart, wanted: str, actor: ActorContext) -> Contribution:
    """The part of an assisting unit of the same item that is to be adopted."""
    number = int(wanted) if NUMBER.fullmatch(wanted) else 0
    found = Contribution.objects.visible_to(actor).filter(item_part__item_id=part.item_id, pk=number).first()
    if found is None:
        raise Http404(_("There is no such page, or it is not meant for you."))
    return found


def _remove(report: ItemReport, wanted: str, actor: ActorContext) -> None:
    number = int(wanted) if NUMBER.fullmatch(wanted) else 0
    piece = ItemReportFile.objects.select_related("report__part", "file").filter(report=report, pk=number).first()
    if piece is None:
        raise Http404(_("There is no such file, or it is not meant for you."))
    domain.detach(piece, actor=actor)


def _reports() -> Any:
    return ItemReport.objects.select_related(
        "part__item__jurisdiction", "part__department", "filed_by", "signed_by", "reviewed_by"
    )


@never_cache
@require_safe
def item_report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as its readers see it, with the buttons of whoever has it now."""
    return _page(request, fetch(request, _reports(), pk=pk))


def _page(
    request: HttpRequest,
    report: ItemReport,
    *,
    returning: ReturnForm | None = None,
    paper: PaperForm | None = None,
    accepting: AcceptForm | None = None,
    refusal: Any = "",
) -> HttpResponse:
    actor, day = actor_of(request), board_day()
    open_moves = {move.action for move in available(domain.ITEM_REPORTS, report, actor)}
    item = report.part.item
    bound = any(form is not None and form.errors for form in (returning, paper, accepting))
    context = {
        "report": report, "part": report.part, "item": item, "files": report.files.select_related("file"),
        "adopted": taken_in(report), "moves": open_moves, "tone": TONES.get(report.state, ""),
        "return_action": "return_by_office" if "return_by_office" in open_moves
        else "return_by_head" if "return_by_head" in open_moves else "",
        "returning": returning or ReturnForm(about="item"), "paper": paper or PaperForm(),
        "accepting": accepting or AcceptForm(),
        "refusal": refusal, "holder": holder(report),
        "may_edit": report.state in EntryState.editable() and item.state == ItemState.ASSIGNED
        and bool(can(actor, "file", report)),
        "days_left": format_days_left(day.today, item.due_on, day.calendar),
        "next_report": next_report(actor, report),
        "may_countersign": "countersign" in open_moves and part_without_signer(report),
    }  # fmt: skip
    status = 422 if bound or refusal else 200
    return render(request, "programs/supervision/report_detail.html", context, status=status)


def part_without_signer(report: ItemReport) -> bool:
    """Nobody in the unit but the filer could sign: the office countersigns."""
    heads = unit_people([report.department_id], Role.UNIT_HEAD)[report.department_id]
    return not heads - {report.filed_by_id}


def holder(report: ItemReport) -> str:
    """Who has the report now."""
    match report.state:
        case EntryState.SUBMITTED:
            return _("the head of the unit, for signature")
        case EntryState.SIGNED:
            return _("the office, for review")
        case EntryState.DRAFT | EntryState.RETURNED:
            return _("whoever files it")
    return ""


@never_cache
@GET_OR_POST
def item_report_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The moves of a report; what is refused or still missing is said on the page of the report."""
    report: ItemReport = fetch(request, _reports(), pk=pk)
    if request.method != "POST":
        return redirect("item_report", pk=pk)
    actor, action = actor_of(request), request.POST.get("action", "")
    rule = next((move for move in domain.ITEM_REPORTS.transitions if move.action == action), None)
    if rule is None or rule.by != "person" or action == "submit":
        raise Http404(_("There is no such step."))
    decision = can(actor, rule.who, report)
    if not decision:
        raise PermissionDenied(str(decision.reason))
    forms: dict[str, Any] = {}
    try:
        if action in PRESSED:
            PRESSED[action](report, actor=actor)
        elif action == "accept":
            forms["accepting"] = form = AcceptForm(request.POST)
            if not form.is_valid():
                return _page(request, report, **forms)
            version = request.POST.get("version", "")
            domain.accept(
                report, actor=actor, remark=form.cleaned_data["remark"],
                row_version=int(version) if NUMBER.fullmatch(version) else None,
            )  # fmt: skip
        elif action == "sign_on_paper":
            forms["paper"] = form = PaperForm(request.POST, request.FILES)
            if not form.is_valid():
                return _page(request, report, **forms)
            domain.sign_on_paper(report, actor=actor, scan=form.cleaned_data["scan"])
        else:
            forms["returning"] = form = ReturnForm(request.POST, about="item")
            if not form.is_valid():
                return _page(request, report, **forms)
            by = "office" if action == "return_by_office" else "head"
            domain.send_back(report, actor=actor, by=by, reason=form.reason)
    except FileRefused as refused:
        forms["paper"].add_error("scan", str(refused.sentence))
        return _page(request, report, **forms)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        return _page(request, report, refusal=refused.sentence, **forms)
    messages.success(request, _("%(step)s: done.") % {"step": rule.label})
    if request.POST.get("next_one"):
        following = next_report(actor, report)
        if following is not None:
            return redirect("item_report", pk=following)
    # a report taken back is a draft, which is not everybody's to read any more
    moved = _reports().get(pk=pk)
    return redirect("item_report", pk=pk) if can(actor, "view", moved) else redirect("item", pk=report.part.item_id)
