"""未送达的提醒: e-mails and other words outside that stopped, for the office and the system administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from programs.views.moves import NUMBER, posted
from qualitycity.access.http import actor_of
from qualitycity.home.forms import SendAgainForm
from qualitycity.home.queries import failed as queries
from qualitycity.outbox.messages import retry_many
from taskforce.choices import Role

READERS = (Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE)
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def failed_messages(request: HttpRequest) -> HttpResponse:
    """POST: the ticked ones, with a reason, are sent again. What somebody else has sent meanwhile is left alone."""
    actor = actor_of(request)
    if not actor.holding(*READERS):
        raise PermissionDenied(_("Messages that did not arrive are for the office."))
    found = queries.failed(actor)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.lines(page.object_list, timezone.localdate())
    ticked = [int(pk) for pk in request.POST.getlist("message") if NUMBER.fullmatch(pk)]
    form = SendAgainForm(posted(request), seen=queries.known(actor, ticked) if ticked else ())
    if request.method == "POST" and form.is_valid():
        sent = len(retry_many(form.cleaned_data["message"], actor=actor, reason=form.cleaned_data["reason"]))
        if sent:
            said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", sent)
            messages.success(request, said % {"count": sent})
        else:
            messages.info(request, _("Somebody has sent them again already."))
        return redirect("failed_messages")
    context = {"form": form, "rows": rows, "page_obj": page, "ticked": ticked, "now": timezone.localtime()}
    return render(request, "home/failed.html", context, status=422 if form.errors else 200)
