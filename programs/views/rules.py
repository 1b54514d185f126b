"""亮灯与提醒规则 of a programme: the office reads them, its administrator changes them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from programs.choices import ProgrammeState
from programs.domain.ruling import OPEN, change_rules, rules_of
from programs.domain.standings import board_day
from programs.forms.rules import RulesForm
from programs.models import Programme
from programs.queries.rules import changes_of, holiday_warnings
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST, posted


@GET_OR_POST
def programme_rules(request: HttpRequest, pk: int) -> HttpResponse:
    queryset = Programme.objects.select_related("jurisdiction", "light_policy", "reminder_ladder")
    programme: Programme = fetch(request, queryset, action="manage", pk=pk)
    actor = actor_of(request)
    may_change = programme.state in OPEN and bool(can(actor, "decide", programme))
    running = programme.state == ProgrammeState.RUNNING
    initial = RulesForm.initial_of(*rules_of(programme), programme.row_version)
    form = RulesForm(posted(request), running=running, initial=initial)
    if request.method == "POST":
        if not can(actor, "decide", programme):
            raise PermissionDenied(_("The office administrator decides about these rules."))
        if form.is_valid():
            given = form.cleaned_data
            try:
                change_rules(
                    programme,
                    actor=actor,
                    light=form.light,
                    ladder=form.ladder,
                    version=given["version"],
                    reason=given.get("reason", ""),
                )
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except Refused as refused:
                form.add_error(None, str(refused.sentence))
            else:
                if form.has_changed():
                    messages.success(request, _("The rules are sealed and count from now on."))
                return redirect("programme_rules", pk)
    day = board_day()
    context = {
        "programme": programme,
        "form": form,
        "running": running,
        "may_change": may_change,
        "changes": changes_of(programme),
        "holiday_warnings": holiday_warnings(day, programme.ends_on),
        "version": programme.row_version,
    }
    return render(request, "programs/rules.html", context, status=422 if form.errors else 200)
