"""The style page draws every component, and only for those who write the code."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template.loader import render_to_string

from qualitycity.home import styleguide

TEMPLATES = settings.BASE_DIR / "templates"
INCLUDE = re.compile(r'\{%\s*include\s+"(components/[a-z_]+\.html)"')


def included_by(name: str) -> set[str]:
    """Components a template draws, also through other components."""
    found = set(INCLUDE.findall((TEMPLATES / name).read_text(encoding="utf-8")))
    return found.union(*(included_by(inner) for inner in found)) if found else found


def test_every_component_is_on_the_style_page():
    every = {f"components/{path.name}" for path in (TEMPLATES / "components").glob("*.html")}
    assert every - included_by("styleguide.html") - included_by("base.html") == set()


def test_the_style_page_is_drawn_without_a_database_row(rf):
    request = rf.get("/style/")
    request.user = AnonymousUser()
    context = styleguide.sample_context() | {"portal": styleguide.sample_portal()}
    html = render_to_string("styleguide.html", context, request=request)
    assert html.count("<h1>") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    for label in re.findall(r'<label[^>]*\sfor="([^"]+)"', html):
        assert label in ids


def test_the_style_page_does_not_exist_outside_development(rf):
    assert not settings.DEBUG
    with pytest.raises(Http404):
        styleguide.styleguide(rf.get("/style/"))
