"""转入新年度: the form by which a programme is copied into a new one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import TaskNature, TaskState
from programs.domain.rollforward import may_roll_forward
from programs.domain.rollforward import roll_forward as copy
from programs.forms.office import RollForwardForm, proposed
from programs.models import Programme
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST, posted


@GET_OR_POST
def roll_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposes dates, titles and key; says what comes along and what stays behind."""
    queryset = Programme.objects.select_related("jurisdiction", "document", "body")
    programme = fetch(request, queryset, action="decide", pk=pk)
    possible = may_roll_forward(programme)
    form = RollForwardForm(posted(request), source=programme, initial=proposed(programme, timezone.localdate()))
    if request.method == "POST" and possible and form.is_valid():
        try:
            made = copy(programme, actor=actor_of(request), **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        except IntegrityError:
            # two clicks at once: the other one has taken the key since the form was looked at
            form.add_error("key", _("A programme with this key exists already."))
        else:
            messages.success(request, _("“%(programme)s” is there as a draft.") % {"programme": made})
            return redirect("programme", pk=made.pk)
    states = list(programme.tasks.values_list("state", "nature"))
    behind = sum(state in TaskState.finished() and nature == TaskNature.OUTCOME for state, nature in states)
    context = {
        "programme": programme, "form": form, "possible": possible, "coming": len(states) - behind, "behind": behind,
        "suspended": sum(state == TaskState.SUSPENDED for state, _nature in states),
        "earlier": programme.carried_to.order_by("-starts_on"),
    }  # fmt: skip
    return render(request, "programs/roll_forward.html", context, status=422 if form.errors else 200)
