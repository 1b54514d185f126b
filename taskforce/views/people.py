"""人员账号: the office looks after the accounts of its territory. Passwords are shown once and stored nowhere readable."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qualitycity.access import ActorContext, can
from qualitycity.access.http import actor_of, demand, fetch
from qualitycity.workflow import Refused
from taskforce.access import HELPERS, IMPORTERS
from taskforce.domain import accounts
from taskforce.forms.people import PeopleFilter
from taskforce.models import User
from taskforce.queries import people as queries

PER_PAGE = 40


def helper(request: HttpRequest) -> ActorContext:
    """Who looks after accounts. Raises PermissionDenied with the sentence for everybody else."""
    actor = actor_of(request)
    if not actor.holding(*HELPERS):
        raise PermissionDenied(_("Accounts are looked after by the office administrator."))
    return actor


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    actor = helper(request)
    form = PeopleFilter(request.GET)
    rows = queries.people(actor, day=timezone.localdate(), **form.chosen())
    imports = bool(actor.holding(*IMPORTERS))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "taskforce/people_list.html", {"form": form, "page_obj": page, "imports": imports})


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles and what can be done for it. A new password is the answer to the POST, and shown once."""
    actor = helper(request)
    account = fetch(request, queries.account(), pk=pk)
    if request.method == "POST":
        return _act(request, account, actor)
    decision = can(actor, "look_after", account)
    context = {
        "account": account,
        "may": bool(decision),
        "why_not": decision.reason,
        "today": timezone.localdate(),
    }
    return render(request, "taskforce/person.html", context)


def _act(request: HttpRequest, account: User, actor: ActorContext) -> HttpResponse:
    wanted = request.POST.get("do", "")
    demand(actor, "look_after", account)
    if wanted == "password":
        return slips(request, [(account, accounts.reset_password(account, actor=actor))])
    moves: dict[str, tuple[Callable[..., Any], str]] = {
        "unlock": (accounts.unlock, _("Sign-in is open again.")),
        "close": (accounts.deactivate, _("The account is closed; whoever was signed in with it is out.")),
        "open": (accounts.reactivate, _("The account is open again.")),
    }
    if wanted not in moves:
        raise Http404(_("There is no such step."))
    move, said = moves[wanted]
    try:
        move(account, actor=actor)
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("person", account.pk)


def slips(request: HttpRequest, made: Iterable[tuple[User, str]]) -> HttpResponse:
    """One-time passwords to print or read out: this answer is the only place where they stand in the clear."""
    context = {"slips": list(made), "address": settings.PORTAL_BASE_URL}
    response = render(request, "taskforce/password_slips.html", context)
    response["Cache-Control"] = "no-store"
    return response
