"""站内消息: what the portal told this person."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from qualitycity.outbox.inbox import mark_read
from qualitycity.outbox.models import InboxItem

PER_PAGE = 30


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Newest first; `?unread=1` leaves out what was read."""
    items = InboxItem.objects.filter(recipient_id=request.user.pk).order_by("-created_at", "-pk")
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        items = items.filter(read_at=None)
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "home/inbox.html", {"page": page, "only_unread": only_unread})


@require_POST
def open_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one item as read and goes to what it is about."""
    item = get_object_or_404(InboxItem, pk=pk, recipient_id=request.user.pk)
    mark_read(recipient_id=request.user.pk, item_ids=[item.pk])
    if item.url.startswith("/") and url_has_allowed_host_and_scheme(item.url, allowed_hosts=None):
        return redirect(item.url)
    return redirect("inbox")


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    mark_read(recipient_id=request.user.pk)
    return redirect("inbox")
