"""本单位报表: my sheets, one sheet, saving while typing, 无变化 and taking back."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.access.ground import UNIT
from programs.domain import lines as moves
from programs.domain import sheet as domain
from programs.domain.sources import sources
from programs.domain.standings import board_day
from programs.forms.sheet import LineForm, fingerprint, posted_forms
from programs.queries.kept import keep
from programs.queries.sheet import open_windows, own_units
from qualitycity.access import ActorContext
from qualitycity.access.http import actor_of
from qualitycity.workflow import NotAllowed, Refused

from .sheet_page import OpenSheet, open_sheet, render_sheet, retyped


@require_safe
@never_cache
def sheet_list(request: HttpRequest) -> HttpResponse:
    """Every sheet my units owe or have handed in, newest first; two queries per kind of line."""
    actor, day = actor_of(request), board_day()
    rows = keep("sheets", lambda: _sheets(actor, day.today), actor=actor, day=day)
    several = len({grant.unit_id for grant in actor.holding(*UNIT)}) > 1
    return render(request, "programs/sheet_list.html", {"rows": rows, "several": several})


def _sheets(actor: ActorContext, today: date) -> list[dict[str, Any]]:
    departments = actor.departments(*UNIT)
    units = own_units(departments)
    windows = list(open_windows(actor, day=today))
    counts: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for source in sources():
        for line in source.states(windows, departments):
            counts[line.window_id, units[line.department_id].pk][line.state] += 1
    return [
        {"window": window, "unit": unit, "url": reverse("sheet", args=[window.pk, unit.pk]), "counts": found}
        for window in windows
        for unit in dict.fromkeys(units.values())
        if (found := counts.get((window.pk, unit.pk)))
    ]


@never_cache
def sheet(request: HttpRequest, window: int, department: int) -> HttpResponse:
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return render_sheet(request, opened)
    posted = posted_forms(request.POST)
    final = request.POST.get("do") == "submit"
    chosen = posted if final else {key: form for key, form in posted.items() if form.touched}
    outcome = _write(request, opened, chosen, final=final)
    if outcome is None or not outcome.ok:
        return sheet_again(request, window, department, posted, outcome)
    if final:
        tell_filed(request, outcome.moved)
    elif request.POST.get("do") == "preview":
        return redirect("sheet_preview", *opened.args)
    else:
        messages.success(request, _("The draft is saved."))
    return redirect(opened.url)


def _write(
    request: HttpRequest, opened: OpenSheet, chosen: Mapping[str, LineForm], *, final: bool
) -> domain.Outcome | None:
    """Hands the typed lines to the domain; None when it refused the sheet as a whole, which is told on the page."""
    act = domain.submit if final else domain.save
    try:
        return act(**typed_sheet(opened, chosen))
    except Refused as refusal:
        refuse(request, refusal)
        return None


def typed_sheet(opened: OpenSheet, forms: Mapping[str, LineForm]) -> dict[str, Any]:
    """Arguments of the domain: who, which sheet, what is typed, and in which lines something cannot be read."""
    return {
        "actor": opened.actor,
        "window": opened.window,
        "departments": opened.covers,
        "typed": {key: form.typed() for key, form in forms.items()},
        "broken": [key for key, form in forms.items() if not form.is_valid()],
    }


def refuse(request: HttpRequest, refusal: Refused) -> None:
    """A move that the person may never make is a 403; one that is not open now is told on the page."""
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied(str(refusal.sentence)) from refusal
    messages.error(request, str(refusal.sentence))


def sheet_again(
    request: HttpRequest,
    window: int,
    department: int,
    posted: Mapping[str, LineForm],
    outcome: domain.Outcome | None,
) -> HttpResponse:
    """The sheet as it stands now, with what was typed and what is wrong."""
    opened = open_sheet(request, window, department)
    views = opened.views()
    retyped(views, request.POST, outcome or domain.Outcome(), posted)
    return render_sheet(request, opened, views, status=422)


def tell_filed(request: HttpRequest, count: int) -> None:
    """Short, for the page itself says who has it now and by when; a form sent twice is answered without fuss."""
    if count:
        said = ngettext("%(count)s line submitted.", "%(count)s lines submitted.", count) % {"count": count}
        messages.success(request, said)
    else:
        messages.info(request, _("Already submitted."))


@never_cache
def sheet_autosave(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """The draft, posted while typing. Answers {"ok", "saved_at", "versions"}, or "message" and "errors" by field."""
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return redirect(opened.url)
    touched = {key: form for key, form in posted_forms(request.POST).items() if form.touched}
    try:
        outcome = domain.save(**typed_sheet(opened, touched))
    except Refused as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return JsonResponse({"ok": False, "message": str(refusal.sentence), "final": True}, status=status)
    answer: dict[str, Any] = {"ok": True, "saved_at": timezone.now().isoformat(), "versions": {}}
    for key, version in outcome.versions.items():
        answer["versions"][f"{key}-version"] = version
        answer["versions"][f"{key}-seen"] = fingerprint(touched[key].values())
    errors = {f"{key}-{name}": str(text) for key, found in outcome.errors.items() for name, text in found.items()}
    for key, form in touched.items():
        errors |= {f"{key}-{name}": str(found[0]) for name, found in form.errors.items()}
    if outcome.conflicts:
        names = {line.key: f"{line.number} {line.title}" for line in opened.lines}
        message = " ".join(f"“{names[key]}”: {text}" for key, text in outcome.conflicts.items())
        return JsonResponse(answer | {"ok": False, "message": message, "errors": errors, "final": True}, status=409)
    if errors:
        return JsonResponse(answer | {"ok": False, "message": next(iter(errors.values())), "errors": errors}, status=422)
    return JsonResponse(answer)


@never_cache
def sheet_unchanged(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """无变化: one line filed in one click; what stands typed in the other lines is kept as a draft."""
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return redirect(opened.url)
    key = request.POST.get("key", "")
    posted = posted_forms(request.POST)
    touched = {other: form for other, form in posted.items() if form.touched or other == key}
    outcome: domain.Outcome | None = None
    try:
        version = touched[key].typed().row_version if key in touched else None
        outcome = domain.unchanged(**typed_sheet(opened, touched), key=key, row_version=version)
        if outcome.moved:
            tell_filed(request, outcome.moved)
    except Refused as refusal:
        refuse(request, refusal)
    if outcome is None or not outcome.ok:
        return sheet_again(request, window, department, posted, outcome)
    return redirect(f"{opened.url}#line-{key}")


@never_cache
def sheet_withdraw(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """撤回 of one line or of all that wait for the head; texts typed elsewhere on the sheet are saved first."""
    opened = open_sheet(request, window, department)
    if request.method != "POST":
        return redirect(opened.url)
    posted = posted_forms(request.POST)
    outcome = _write(request, opened, {key: form for key, form in posted.items() if form.touched}, final=False)
    if "key" in request.POST:
        wanted = [opened.line(request.POST["key"])]
    else:
        wanted = [view.line for view in opened.views() if view.withdrawable]
    try:
        moves.withdraw(wanted, actor=opened.actor)
    except Refused as refusal:
        refuse(request, refusal)
        return sheet_again(request, window, department, posted, outcome)
    messages.success(request, _("Taken back. You can change it and submit again."))
    if outcome is None or not outcome.ok:
        return sheet_again(request, window, department, posted, outcome)
    return redirect(f"{opened.url}#line-{wanted[0].key}" if len(wanted) == 1 else opened.url)
