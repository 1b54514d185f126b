"""填报负担: how many returns units are asked for, by unit and quarter; each figure leads to its rows; and the limit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from programs.access.ground import offices
from programs.domain import burden as domain
from programs.forms.burden import BurdenFilter, CapForm
from programs.models import BurdenCap
from programs.queries.burden import reasons
from qualitycity.access import can
from qualitycity.access.http import actor_of
from qualitycity.workflow import NotAllowed
from taskforce.models import Jurisdiction


@require_safe
def burden(request: HttpRequest) -> HttpResponse:
    return _page(request, _place(request))


@require_http_methods(["GET", "HEAD", "POST"])
def burden_cap(request: HttpRequest) -> HttpResponse:
    """The limit, by the office administrator."""
    place = _place(request)
    if request.method != "POST":
        return redirect("burden")
    if not can(actor_of(request), "set", BurdenCap(jurisdiction=place)):
        raise PermissionDenied(_("The limit is set by the office administrator."))
    form = CapForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        domain.set_cap(actor=actor_of(request), jurisdiction=place, per_quarter=form.cleaned_data["per_quarter"])
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    messages.success(request, _("The limit is saved."))
    return redirect("burden")


@require_safe
def burden_rows(request: HttpRequest) -> HttpResponse:
    """The returns behind one figure."""
    place = _place(request)
    wanted = BurdenFilter(request.GET).wanted(timezone.localdate())
    found = [row for row in domain.burden(place, wanted["year"]) if row.unit.pk == wanted["unit"]]
    if not found:
        raise Http404(_("There is no such page, or it is not meant for you."))
    (row,) = found
    quarters = [wanted["quarter"]] if wanted["quarter"] else [1, 2, 3, 4]
    asks = [(quarter, ask) for quarter in quarters for ask in row.quarters[quarter]]
    context = {"place": place, "row": row, "asks": asks, **wanted, "back": f"{reverse('burden')}?year={wanted['year']}"}
    return render(request, "programs/burden_rows.html", context)


def _page(request: HttpRequest, place: Jurisdiction, form: CapForm | None = None, *, status: int = 200) -> HttpResponse:
    year = BurdenFilter(request.GET).wanted(timezone.localdate())["year"]
    cap = domain.cap_of(place)
    limit = cap.per_quarter if cap else None
    rows = [
        {
            "unit": row.unit,
            "cells": [
                (quarter, len(asks), limit is not None and len(asks) > limit) for quarter, asks in row.quarters.items()
            ],
            "total": row.total,
        }
        for row in domain.burden(place, year)
    ]
    context = {
        "place": place, "year": year, "rows": rows, "cap": cap, "limit": limit,
        "above": sum(any(over for _quarter, _count, over in row["cells"]) for row in rows),
        "most": max((row["total"] for row in rows), default=0),
        "total": sum(row["total"] for row in rows),
        "form": form or CapForm(initial={"per_quarter": limit}),
        "may_set": bool(can(actor_of(request), "set", BurdenCap(jurisdiction=place))),
        "reasons": reasons(place), "rows_url": reverse("burden_rows"),
    }  # fmt: skip
    return render(request, "programs/burden.html", context, status=status)


def _place(request: HttpRequest) -> Jurisdiction:
    found = offices(actor_of(request))
    if not found:
        raise PermissionDenied(_("The burden of reports is counted for the offices."))
    return Jurisdiction.objects.get(pk=found[0])
