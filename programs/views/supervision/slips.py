"""督办单: the list – proposals, under way, ended – and what is done with several at once."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from programs.access.ground import BUSINESS, offices
from programs.domain.sources import sources
from programs.domain.supervision import slips as domain
from programs.domain.supervision.drawing_up import draw_up_returns
from programs.forms.supervision.slips import SlipFilter
from programs.queries import missing
from programs.queries.supervision import slips as queries
from programs.views.moves import NUMBER
from qualitycity.access.http import actor_of, next_page
from qualitycity.workdays import load_calendar
from qualitycity.workflow import NotAllowed, Refused

PER_PAGE = 100
ROW = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")


@require_safe
def slip_list(request: HttpRequest) -> HttpResponse:
    """Proposals are the office's; everybody else begins with what is under way."""
    actor = actor_of(request)
    if not actor.holding(*BUSINESS):
        raise PermissionDenied(_("Slips are read by units, offices and those who oversee them."))
    today, calendar, office = timezone.localdate(), load_calendar(), bool(offices(actor))
    counts = queries.tab_counts(actor)
    tab = "proposed" if office and counts["proposed"] else "open"
    form = SlipFilter(request.GET, units=queries.units_of(actor), tab=tab)
    filters = form.filters
    page = Paginator(queries.listed(actor, filters, today), PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.rows_of(list(page.object_list), today=today, calendar=calendar)
    labels = {"proposed": _("To be issued"), "open": _("Under way"), "ended": _("Ended")}
    context = {
        "form": form, "filters": filters, "page_obj": page, "rows": rows, "office": office,
        "tabs": [
            {"name": name, "label": label, "count": counts[name], "active": name == filters.tab}
            for name, label in labels.items()
            if name != "proposed" or office
        ],
        "several": filters.tab == "proposed" and any(row.slip.colour == "blue" for row in rows),
        "now": timezone.localtime(),
    }  # fmt: skip
    return render(request, "programs/supervision/slip_list.html", context)


@require_POST
def issue_several(request: HttpRequest) -> HttpResponse:
    """签发 of the ticked blue slips, all of them or none."""
    actor = actor_of(request)
    if not offices(actor):
        raise PermissionDenied(_("Only the office issues slips."))
    ticked = [int(pk) for pk in request.POST.getlist("slip") if NUMBER.fullmatch(pk)]
    if not ticked:
        messages.error(request, _("Tick the slips to be issued."))
        return redirect(f"{reverse('slips')}?tab=proposed")
    try:
        issued = domain.issue_picked(offices(actor), ticked, actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, _about(refused))
        return redirect(f"{reverse('slips')}?tab=proposed")
    said = ngettext("%(count)s slip has been issued.", "%(count)s slips have been issued.", len(issued))
    messages.success(request, said % {"count": len(issued)})
    return redirect(f"{reverse('slips')}?tab=open")


def _about(refused: Refused) -> str:
    about = f"{refused.obj}：" if refused.obj is not None else ""
    return f"{about}{refused.sentence}"


@require_POST
def draw_up_several(request: HttpRequest) -> HttpResponse:
    """Blue slips for the ticked units of 谁还没报, with proposed words; they wait to be issued like any other."""
    actor = actor_of(request)
    if not offices(actor):
        raise PermissionDenied(_("Only the office draws up slips."))
    ticked = {row for row in request.POST.getlist("row") if ROW.fullmatch(row)}
    windows = list(missing.overseen_windows(actor, timezone.localdate()))
    rows: list[Any] = [
        row
        for row in missing.missing_lines(sources(), windows, actor=actor)
        if row.enters and f"{row.window.pk}-{row.unit.pk}" in ticked
    ]
    if not rows:
        messages.error(request, _("Tick the units that are to get a slip."))
        return redirect(next_page(request, reverse("missing")))
    try:
        made = draw_up_returns([(row.window, row.unit, row.missing) for row in rows], actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    if made:
        said = ngettext("%(count)s slip has been drawn up.", "%(count)s slips have been drawn up.", made)
        messages.success(request, said % {"count": made})
    else:
        messages.info(request, _("There is a slip about each of these returns already."))
    return redirect(f"{reverse('slips')}?tab=proposed")
