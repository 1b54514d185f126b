"""封存本期: nothing of a period changes any more; and its opposite, with a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.choices import EntryState
from programs.domain import programmes as domain
from programs.domain.sources import sources
from programs.forms.office import ReasonForm
from programs.models import ReportingWindow
from programs.queries.review import outstanding_units
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST, posted


@GET_OR_POST
def window_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what is still outstanding and asks; locks an open window, unlocks a locked one."""
    window = fetch(
        request, ReportingWindow.objects.select_related("programme__jurisdiction"), action="decide", pk=pk
    )
    locked = window.locked_at is not None
    units = [] if locked else outstanding_units(sources(), window, done={EntryState.ACCEPTED})
    lines = sum(unit.missing for unit in units)
    form = ReasonForm(posted(request), required=locked or bool(lines))
    back = next_page(request, reverse("programme", args=[window.programme_id]))
    if request.method == "POST" and form.is_valid():
        act = domain.unlock_window if locked else domain.lock_window
        try:
            act(window, actor=actor_of(request), reason=form.cleaned_data["reason"])
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            said = _("The period is open again.") if locked else _("The period is closed.")
            messages.success(request, said)
            return redirect(back)
    context = {"window": window, "locked": locked, "units": units, "lines": lines, "form": form, "back": back}
    return render(request, "programs/window_lock.html", context, status=422 if form.errors else 200)
