"""政策文件: the list and one document with its basis and the programmes that rest on it."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programs.models import PolicyDocument, Programme
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
    return render(request, "programs/document_list.html", {"page_obj": page})


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
    return render(request, "programs/document_detail.html", {"document": found})
