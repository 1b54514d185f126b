"""消息渠道: what may leave the portal, which of it is on, and how the latest message went."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qualitycity.access import ActorContext
from qualitycity.access.http import actor_of, demand, fetch
from qualitycity.channels.addresses import Forbidden
from qualitycity.workflow import Refused
from taskforce.access import CHANNEL_KEEPERS, CHANNEL_READERS
from taskforce.domain import channels
from taskforce.forms.channels import RobotForm
from taskforce.models import Department, Jurisdiction, Robot
from taskforce.queries import channels as queries


def _allowed(request: HttpRequest, *roles: str) -> ActorContext:
    actor = actor_of(request)
    if not actor.holding(*roles):
        raise PermissionDenied(_("Outside channels are set up by the office administrator."))
    return actor


@require_safe
def channel_list(request: HttpRequest) -> HttpResponse:
    actor = _allowed(request, *CHANNEL_READERS)
    own = [
        (name, channels.unreachable(request.user, name), queries.latest(channels.own_tests(request.user, name)))
        for name in (channels.MAIL, channels.SMS)
    ]
    context = {
        "offered": queries.offered(),
        "rows": queries.results(list(queries.robots(actor))),
        "keeps": bool(actor.holding(*CHANNEL_KEEPERS)),
        "own": {name: {"why_not": why, "result": result} for name, why, result in own},
    }
    return render(request, "taskforce/channel_list.html", context)


@require_POST
def try_own(request: HttpRequest) -> HttpResponse:
    """A trial by e-mail or short message to oneself."""
    _allowed(request, *CHANNEL_READERS)
    channel = request.POST.get("channel", "")
    if channel not in (channels.MAIL, channels.SMS):
        raise Http404(_("There is no such step."))
    try:
        channels.try_own(request.user, channel=channel)
        messages.success(request, _("A test message is on its way; how it went stands here in a moment."))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("channels")


@require_http_methods(["GET", "HEAD", "POST"])
def robot_new(request: HttpRequest) -> HttpResponse:
    actor = _allowed(request, *CHANNEL_KEEPERS)
    grant = actor.holding(*CHANNEL_KEEPERS)[0]
    units = Department.objects.open().filter(jurisdiction__path__startswith=grant.path)
    data = request.POST if request.method == "POST" else None
    form = RobotForm(data, departments=units.select_related("jurisdiction").order_by("jurisdiction__code", "sort", "pk"))
    if form.is_valid():
        place = Jurisdiction.objects.get(pk=grant.jurisdiction_id)
        try:
            robot = channels.set_up_robot(actor=actor, jurisdiction=place, **form.cleaned_data)
        except (Refused, Forbidden) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The robot is stored, and off. Send a test message, then switch it on."))
            return redirect("robot", robot.pk)
    context = {"form": form, "robot": None}
    return render(request, "taskforce/robot.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def robot(request: HttpRequest, pk: int) -> HttpResponse:
    _allowed(request, *CHANNEL_READERS)
    found: Robot = fetch(request, queries.robots(actor_of(request)), pk=pk)
    demand(actor := actor_of(request), "edit", found)
    wanted = request.POST.get("do", "")
    if request.method == "POST" and wanted != "save":
        return _act(request, found, actor, wanted)
    start: dict[str, Any] = {"initial": {"name": found.name}}
    form = RobotForm(request.POST if request.method == "POST" else None, robot=found, **start)
    if form.is_valid():
        try:
            channels.change_robot(found, actor=actor, **form.cleaned_data)
        except (Refused, Forbidden) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The robot is changed."))
            return redirect("robot", pk)
    context = {"form": form, "robot": found, "result": queries.results([found])[0][1]}
    return render(request, "taskforce/robot.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, found: Robot, actor: ActorContext, wanted: str) -> HttpResponse:
    back = redirect("robot", found.pk)
    try:
        if wanted == "test":
            channels.try_robot(found, actor=actor)
            messages.success(request, _("A test message is on its way; how it went stands here in a moment."))
        elif wanted in ("on", "off"):
            channels.switch_robot(found, actor=actor, on=wanted == "on")
            said = _("The robot is on: one message a day.") if wanted == "on" else _("The robot is off.")
            messages.success(request, said)
        elif wanted == "remove":
            channels.remove_robot(found, actor=actor)
            messages.success(request, _("The robot is removed, its keys are erased."))
            back = redirect("channels")
        else:
            raise Http404(_("There is no such step."))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        back = redirect("channels")
    return back
