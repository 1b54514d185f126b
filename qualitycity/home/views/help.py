"""帮助: the guides by role, and the words of the trade in both languages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualitycity.access.http import actor_of
from qualitycity.home import guide


@require_safe
def help_start(request: HttpRequest) -> HttpResponse:
    """What everybody must know, and one's own guides first."""
    return _page(request, "")


@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in guide.GUIDES:
        raise Http404(_("There is no such guide."))
    return _page(request, slug)


@require_safe
def help_words(request: HttpRequest) -> HttpResponse:
    return _page(request, "words")


def _page(request: HttpRequest, slug: str) -> HttpResponse:
    roles, titles = actor_of(request).roles, guide.titles()
    mine = [name for name, whose in guide.GUIDES.items() if whose & roles]
    shown = guide.glossary() if slug == "words" else guide.guide(slug)
    context = {
        "guide": shown,
        "slug": slug,
        "mine": [(name, titles[name]) for name in mine],
        "others": [(name, title) for name, title in titles.items() if name not in mine],
    }
    return render(request, "home/help.html", context)
