"""搜索 across the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programs.queries.search import LIMIT, search
from qualitycity.access.http import actor_of

LONGEST = 100


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:LONGEST].strip()
    result = search(text, actor=actor_of(request))
    return render(request, "programs/search_results.html", {"search_text": text, "result": result, "limit": LIMIT})
