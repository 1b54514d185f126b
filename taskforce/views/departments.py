"""One unit: its names now and formerly, who leads it on, its parts with their lights, whom to call."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qualitycity.access import can, visible
from qualitycity.access.http import actor_of, fetch
from taskforce.contracts import unit_tasks
from taskforce.models import Contact
from taskforce.queries import departments as queries


@require_safe
def department_detail(request: HttpRequest, pk: int) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    department = fetch(request, queries.described(), pk=pk)
    tasks = unit_tasks(department_id=department.pk, actor=actor, today=today)
    staff = request.user.is_staff and can(actor, "edit", department)  # type: ignore[union-attr]
    context = {
        "department": department,
        "names": [_dated(row) for row in department.all_names],
        "predecessors": [_dated(row) for row in department.predecessors_now],
        "seats": queries.seats_of(department, day=today),
        "supervisors": queries.supervisors_of(department, day=today),
        "contacts": visible(Contact.objects.filter(department=department), actor).order_by("sort", "pk"),
        "tasks": [task for task in tasks if not task.historical],
        "former_tasks": [task for task in tasks if task.historical],
        "edit_url": reverse("admin:taskforce_department_change", args=[department.pk]) if staff else "",
    }
    return render(request, "taskforce/department_detail.html", context)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """Dates come out of JSON as text."""
    days = ("first", "last", "closed_on")
    return {name: date.fromisoformat(value) if name in days and value else value for name, value in row.items()}
