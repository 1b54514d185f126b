"""本单位报表 before it is sent: every line as the head will read it, and what is still missing in it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.forms.sheet import shown_values

from .sheet_page import LineView, open_sheet


@dataclass(frozen=True)
class PreviewLine:
    """A line as it stands saved; `missing` are the sentences that keep it from being submitted."""

    view: LineView
    missing: list[Any]


@require_safe
@never_cache
def sheet_preview(request: HttpRequest, window: int, department: int) -> HttpResponse:
    """Shows the drafts and changes nothing. Its form carries the very values shown to the sheet, which submits them:
    what somebody else changes in the meantime is a conflict there, as with any other form."""
    opened = open_sheet(request, window, department)
    if not opened.can_file:
        raise PermissionDenied(_("Only the unit's liaison files this line."))
    views = opened.views()
    rows = [PreviewLine(view, _missing(view)) for view in views if view.form is not None]
    if not rows:
        return redirect(opened.url)
    context = {
        "sheet": opened,
        "rows": rows,
        "incomplete": sum(bool(row.missing) for row in rows),
        "others": len(views) - len(rows),
    }
    return render(request, "programs/sheet_preview.html", context)


def _missing(view: LineView) -> list[Any]:
    return list(view.line.source.check(view.line, shown_values(view.line), final=True).values())
