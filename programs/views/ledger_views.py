"""保存视图: filters and columns of the ledger under a name; the list of those one has, to be removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programs.domain.standings import board_day
from programs.domain.views import delete_view, save_view
from programs.forms.ledger import SaveViewForm
from programs.models import Programme, SavedView
from programs.queries import programmes as queries
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST
from .programmes import Ledger, query_of


class _Asked(Ledger):
    """The ledger of an address that is handed in, not of the page itself."""

    @property
    def address(self) -> QueryDict:
        text = self.request.POST.get("query", "") if self.request.method == "POST" else self.request.GET.urlencode()
        return QueryDict(text.removeprefix("?")[:2000])


@GET_OR_POST
def ledger_views(request: HttpRequest, pk: int) -> HttpResponse:
    """Says in words what the view will hold, asks for its name, keeps it and goes back to the ledger."""
    actor = actor_of(request)
    found: Programme = fetch(request, queries.programme_heads(actor), pk=pk)
    shown = _Asked(request, found, board_day())
    query, may_share = query_of(shown.wanted), bool(can(actor, "manage", found))
    posted = request.POST if request.method == "POST" else None
    form = SaveViewForm(posted, may_share=may_share)
    if posted is not None and form.is_valid():
        try:
            save_view(
                programme=found, actor=actor, name=form.cleaned_data["name"], query=query,
                shared=form.cleaned_data.get("shared", False),
            )  # fmt: skip
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error("name", str(refused.sentence))
        else:
            messages.success(request, _("The view is kept and stands above the ledger."))
            return redirect(f"{shown.path}{query}#ledger")
    views = SavedView.objects.visible_to(actor).filter(programme=found)
    views = views.select_related("owner", "programme__jurisdiction")
    context = {
        "programme": found,
        "form": form,
        "query": query,
        "words": [*shown.form.summary, *shown.layout.summary],
        "views": [(view, f"{shown.path}{view.query}#ledger", bool(can(actor, "remove", view))) for view in views],
        "back": f"{shown.path}{query}#ledger",
    }
    return render(request, "programs/ledger_views.html", context, status=422 if form.errors else 200)


@require_POST
def ledger_view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The address stays in the message: a view removed by mistake is one click away."""
    view: SavedView = fetch(request, SavedView.objects.select_related("programme__jurisdiction"), action="remove", pk=pk)
    programme = view.programme_id
    delete_view(view, actor=actor_of(request))
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect(reverse("ledger_views", args=[programme]) + view.query)
