"""原文要点: what the document of a programme prints, block by block, with a count of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.choices import ProgrammeState
from programs.contracts import programme_facts
from programs.models import Programme
from programs.queries import facts as queries
from programs.queries.documents import validity
from qualitycity.access.http import actor_of, fetch


@require_safe
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """The blocks of this floor around those of the apps above (PROGRAMME_FACTS)."""
    actor = actor_of(request)
    found: Programme = fetch(request, queries.fact_programmes(actor), pk=pk)
    tasks = list(queries.printed_tasks(found, actor))
    unit_base = reverse("department", args=[0]).removesuffix("0/")
    task_base = reverse("task", args=[0]).removesuffix("0/")
    blocks = [
        queries.task_block(tasks, task_base=task_base, unit_base=unit_base),
        *programme_facts(programme=found, actor=actor),
        queries.phase_block(found),
        queries.body_block(found, unit_base=unit_base),
        queries.deliverable_block(found),
        queries.rule_block(found),
        queries.duty_block(found),
    ]
    context = {
        "programme": found,
        "blocks": blocks,
        "counts": queries.summary(blocks, tasks),
        "validity": validity(found.document, timezone.localdate(), live=found.state == ProgrammeState.RUNNING),
    }
    return render(request, "programs/facts.html", context)
