"""Is the portal alive (process) and ready (database, worker, outbox)?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from qualitycity.outbox.health import snapshot

#: Seconds without a sign of life after which the worker counts as gone.
SILENT = 120
#: Seconds a message may wait before background work counts as stuck.
STUCK = 600


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when people can work and jobs run, 503 with the reason otherwise."""
    try:
        state = snapshot()
    except DatabaseError:
        return JsonResponse({"ready": False, "problems": ["database"]}, status=503)
    problems = []
    if state["last_heartbeat_age"] is None or state["last_heartbeat_age"] > SILENT:
        problems.append("worker")
    if state["oldest_pending_seconds"] > STUCK:
        problems.append("outbox")
    return JsonResponse({"ready": not problems, "problems": problems, **state}, status=503 if problems else 200)
