"""签收 by the unit, 审签 by its head: read, tick, sign several at once, return line by line, take a signature back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from programs.choices import EntryState, SignMode
from programs.domain import lines as moves
from programs.domain import parts as parts_domain
from programs.models import Responsibility
from qualitycity.access.http import actor_of, next_page
from qualitycity.workflow import Refused

from .sheet import refuse
from .sheet_page import OpenSheet, open_sheet


@require_POST
def sign_for(request: HttpRequest) -> HttpResponse:
    """签收 of one or many parts; only those of one's own units."""
    actor = actor_of(request)
    wanted = {int(pk) for pk in request.POST.getlist("part") if pk.isascii() and pk.isdigit() and len(pk) < 18}
    found = list(Responsibility.objects.visible_to(actor).filter(pk__in=wanted))
    if not wanted or len(found) != len(wanted):
        raise Http404(_("There is no such task to sign for."))
    try:
        parts_domain.sign_for(found, actor=actor)
        said = ngettext("%(count)s task signed for.", "%(count)s tasks signed for.", len(found))
        messages.success(request, said % {"count": len(found)})
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(next_page(request, reverse("sheets")))


@never_cache
def sign_off(request: HttpRequest, window: int, department: int) -> HttpResponse:
    opened = open_sheet(request, window, department)
    if not opened.can_sign:
        raise PermissionDenied(_("Only the head of the unit signs."))
    if request.method != "POST":
        return _render(request, opened)
    if "return" in request.POST:
        return _return(request, opened)
    if request.POST.get("do") == "unsign":
        return _unsign(request, opened)
    return _sign(request, opened)


def _ticked(request: HttpRequest, opened: OpenSheet, name: str) -> list:
    return [opened.line(key) for key in dict.fromkeys(request.POST.getlist(name))]


def _sign(request: HttpRequest, opened: OpenSheet) -> HttpResponse:
    lines = _ticked(request, opened, "line")
    if not lines:
        messages.error(request, _("Tick the lines you have read, then sign."))
        return _render(request, opened, status=422)
    read = {line.key: request.POST.get(f"{line.key}-version", "") for line in lines}
    versions = {key: int(text) for key, text in read.items() if text.isascii() and text.isdigit()}
    try:
        moves.sign(lines, actor=opened.actor, versions=versions)
    except Refused as refusal:
        return _refused(request, opened, refusal)
    said = ngettext("%(count)s line signed.", "%(count)s lines signed.", len(lines)) % {"count": len(lines)}
    messages.success(request, said)
    return redirect("sign_off", *opened.args)


def _return(request: HttpRequest, opened: OpenSheet) -> HttpResponse:
    line = opened.line(request.POST["return"])
    reason = request.POST.get(f"{line.key}-reason", "")
    if not reason.strip():
        return _render(request, opened, wrong={line.key: _("Please say what is to be corrected.")}, status=422)
    try:
        moves.return_by_head([line], actor=opened.actor, reason=reason)
    except Refused as refusal:
        return _refused(request, opened, refusal)
    messages.success(request, _("“%(line)s” has been returned.") % {"line": line.title})
    return redirect("sign_off", *opened.args)


def _unsign(request: HttpRequest, opened: OpenSheet) -> HttpResponse:
    lines = _ticked(request, opened, "signed")
    if not lines:
        messages.error(request, _("Tick the lines whose signature you take back."))
        return _render(request, opened, status=422)
    try:
        moves.unsign(lines, actor=opened.actor)
    except Refused as refusal:
        return _refused(request, opened, refusal)
    messages.success(request, _("The signature has been taken back."))
    return redirect("sign_off", *opened.args)


def _refused(request: HttpRequest, opened: OpenSheet, refusal: Refused) -> HttpResponse:
    """Nothing was signed or returned; the sentence names the line it stands at, and the page shows what is true now."""
    refuse(request, refusal)
    return _render(request, open_sheet(request, *opened.args), about=refusal.obj, status=422)


def _render(request, opened: OpenSheet, *, wrong=None, about=None, status: int = 200) -> HttpResponse:
    views = opened.views()
    mine = opened.actor.user_ids()
    ticked = set(request.POST.getlist("line"))
    waiting = [view for view in views if view.line.row.state == EntryState.SUBMITTED]
    rows = [
        {
            "view": view,
            "own": view.line.row.filed_by_id in mine,
            "ticked": view.key in ticked,
            "reason": request.POST.get(f"{view.key}-reason", ""),
            "wrong": (wrong or {}).get(view.key, ""),
            "about": about is not None and type(about) is type(view.line.row) and about.pk == view.line.row.pk,
        }
        for view in waiting
    ]
    context = {
        "sheet": opened,
        "rows": rows,
        "signable": sum(not row["own"] for row in rows),
        "signed": [
            view
            for view in views
            if view.line.row.state == EntryState.SIGNED
            and view.line.row.signed_by_id in mine
            and view.line.row.sign_mode == SignMode.ELECTRONIC
        ],
        "elsewhere": [view for view in views if view.line.row.state in EntryState.editable()],
    }
    return render(request, "programs/sign_off.html", context, status=status)
