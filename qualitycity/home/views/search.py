"""搜索 across the portal: a few of every kind, or one kind in pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qualitycity.access.http import actor_of
from qualitycity.home.queries.search import PER_PAGE, search
from qualitycity.searching import LONGEST

#: Pages of one kind that can be turned; who needs more narrows the words.
LAST = 100


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    text, only = request.GET.get("q", "")[:LONGEST].strip(), request.GET.get("kind", "")
    number = request.GET.get("page", "")
    page = min(LAST, max(1, int(number))) if number.isdecimal() and len(number) < 5 else 1
    words, groups = search(text, actor=actor_of(request), only=only, page=page if only else 1)
    first = PER_PAGE * (page - 1) if only else 0
    context = {
        "search_text": text,
        "words": words,
        "groups": groups,
        "only": only,
        "page": page,
        "first": first + 1,
        "more": only and any(group.total > first + len(group.hits) for group in groups),
    }
    return render(request, "home/search.html", context)
