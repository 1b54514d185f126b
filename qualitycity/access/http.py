"""The bridge from requests to rules: fetch and authorise in one call."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from .context import ActorContext
from .engine import can, visible


def actor_of(request: HttpRequest) -> ActorContext:
    """The person behind the request, with the roles of today."""
    return request.actor  # type: ignore[attr-defined]


def fetch(request: HttpRequest, queryset: QuerySet, *, action: str = "", **lookup: Any) -> Any:
    """One object. Somebody else's is not there (404); one's own without the right is refused with the reason (403)."""
    actor = actor_of(request)
    obj = visible(queryset, actor).filter(**lookup).first()
    if obj is None:
        raise Http404(_("There is no such page, or it is not meant for you."))
    if action:
        demand(actor, action, obj)
    return obj


def demand(actor: ActorContext, action: str, obj: Any) -> ActorContext:
    """Refuses with the reason (403) or returns the actor, marked "A for B" where he stands in for somebody."""
    decision = can(actor, action, obj)
    if not decision:
        raise PermissionDenied(str(decision.reason))
    return actor.on_behalf(decision.grant)


def next_page(request: HttpRequest, default: str) -> str:
    """Where the person came from (`next`), when that is a path of this portal; anything else leads to `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # `redirect` takes a word without a slash for the name of a page
    return wanted if own and wanted.startswith("/") else default
