"""批示 on a programme or a task: by the leader, or recorded for him by his secretary (代录)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.domain.remarks import remark as write
from programs.forms.office import RemarkForm
from programs.models import LeaderRemark, Programme, Task
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.workflow import NotAllowed, Refused
from taskforce.choices import Role
from taskforce.models import User

from .moves import GET_OR_POST, posted


@GET_OR_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    programme = fetch(request, Programme.objects.select_related("jurisdiction"), action="remark", pk=pk)
    return _page(request, programme, None, reverse("programme", args=[pk]))


@GET_OR_POST
def remark_task(request: HttpRequest, pk: int) -> HttpResponse:
    queryset = Task.objects.select_related("programme__jurisdiction").prefetch_related("parts__department")
    task = fetch(request, queryset, action="remark", pk=pk)
    return _page(request, task.programme, task, reverse("task", args=[pk]))


def _page(request: HttpRequest, programme: Programme, task: Task | None, default: str) -> HttpResponse:
    actor, back = actor_of(request), next_page(request, default)
    form = RemarkForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            write(programme=programme, task=task, actor=actor, text=form.cleaned_data["text"])
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error("text", str(refused.sentence))
        else:
            messages.success(request, _("The remark is recorded; the office has been told."))
            return redirect(back)
    context = {
        "programme": programme, "task": task, "form": form, "back": back, "leader": _leader(task or programme, actor),
        "earlier": LeaderRemark.objects.visible_to(actor).filter(programme=programme, task=task)
        .select_related("leader", "recorded_by")[:10],
    }  # fmt: skip
    return render(request, "programs/remark.html", context, status=422 if form.errors else 200)


def _leader(target: Any, actor: Any) -> User | None:
    """Whose words a secretary records; None for a leader himself."""
    grant = can(actor, "remark", target).grant
    if grant is None or grant.role != Role.SECRETARY:
        return None
    return User.objects.filter(pk=grant.leader_id).first()
