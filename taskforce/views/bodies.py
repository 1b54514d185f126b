"""领导小组 and other bodies: who sits where, in the document's own words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from taskforce.models import Body
from taskforce.queries import bodies as queries


@require_safe
def body_list(request: HttpRequest) -> HttpResponse:
    rows = queries.bodies(actor_of(request), day=timezone.localdate())
    return render(request, "taskforce/body_list.html", {"bodies": rows})


@require_safe
def body_detail(request: HttpRequest, pk: int) -> HttpResponse:
    body = fetch(request, Body.objects.select_related("jurisdiction", "office_department"), pk=pk)
    staff = request.user.is_staff and can(actor_of(request), "edit", body)  # type: ignore[union-attr]
    context = {
        "body": body,
        "roster": queries.roster(body, day=timezone.localdate()),
        "edit_url": reverse("admin:taskforce_body_change", args=[body.pk]) if staff else "",
    }
    return render(request, "taskforce/body_detail.html", context)
