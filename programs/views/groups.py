"""名单: the office says which units a printed group consists of."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from programs.forms.office import GroupListForm
from programs.models import Task
from programs.queries.breakdown import group_choices
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.workflow import NotAllowed, Refused
from taskforce.domain.groups import give_list
from taskforce.models import Department, DepartmentGroup

from .moves import GET_OR_POST, posted


@GET_OR_POST
def group_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody in the territory reads the list; the office gives it, or gives it anew."""
    group = fetch(request, DepartmentGroup.objects.select_related("jurisdiction"), pk=pk)
    actor = actor_of(request)
    may_edit = can(actor, "edit", group)
    members = list(group.members.all())
    back = next_page(request, "")
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(str(may_edit.reason))
    form = GroupListForm(
        posted(request),
        departments=group_choices(group, members) if may_edit else [],
        initial={"departments": [str(member.pk) for member in members], "basis": group.list_basis},
    )
    if request.method == "POST" and form.is_valid():
        chosen = Department.objects.filter(pk__in=form.cleaned_data["departments"])
        try:
            give_list(group, list(chosen), form.cleaned_data["basis"], actor)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The list of “%(group)s” is given.") % {"group": group})
            return redirect(back) if back else redirect("group_list", pk=pk)
    tasks = (
        Task.objects.visible_to(actor)
        .filter(parts__group=group)
        .select_related("programme")
        .order_by("-programme__starts_on", "sort", "pk")
    )
    context = {
        "group": group, "members": members, "form": form, "may_edit": bool(may_edit), "tasks": tasks, "back": back,
        "edit": bool(may_edit) and (group.pending or "edit" in request.GET or form.is_bound),
    }  # fmt: skip
    return render(request, "programs/group_list.html", context, status=422 if form.errors else 200)
