"""政策文件: the list and one document with its basis and the programmes that rest on it."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.choices import ProgrammeState
from programs.models import PolicyDocument, Programme
from programs.queries.documents import validity
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch

PER_PAGE = 30


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    programmes = Prefetch("programmes", Programme.objects.visible_to(actor).order_by("-year", "pk"))
    documents = (
        PolicyDocument.objects.visible_to(actor).select_related("jurisdiction", "successor").prefetch_related(programmes)
    )
    page = Paginator(documents.order_by("-dated", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [(document, validity(document, today, live=False)) for document in page.object_list]
    return render(request, "programs/document_list.html", {"page_obj": page, "rows": rows})


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    programmes = Prefetch("programmes", Programme.objects.visible_to(actor).order_by("-year", "pk"))
    found = fetch(
        request,
        PolicyDocument.objects.select_related("jurisdiction", "successor").prefetch_related(
            programmes, "basis", "replaces"
        ),
        pk=pk,
    )
    running = any(
        row.state == ProgrammeState.RUNNING and row.jurisdiction_id == found.jurisdiction_id
        for row in found.programmes.all()
    )
    context = {
        "document": found,
        "validity": validity(found, timezone.localdate(), live=running),
        "answer_url": reverse("document_validity", args=[found.pk]) if can(actor, "edit", found) else "",
    }
    return render(request, "programs/document_detail.html", context)
