"""办结报告单 as PDF, set while the person waits."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.choices import ItemState
from programs.domain.standings import board_day
from programs.models import SupervisedItem
from programs.papers.items import completion_form
from programs.queries.supervision import items as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.audit.journal import record
from qualitycity.reports.rendering import RenderFailed, render_pdf


@require_safe
@never_cache
def completion_report(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever sees the item, once it is completed; with the reports that this reader may see. Journalled."""
    actor, day = actor_of(request), board_day()
    found: SupervisedItem = fetch(request, queries.item_page(actor), pk=pk)
    if found.state not in (ItemState.COMPLETED, ItemState.CLOSED):
        raise Http404(_("There is no such page, or it is not meant for you."))
    rows = queries.part_rows(found, actor, day)
    content = completion_form(
        item=found,
        parts=[(row.part, row.light.sentence, row.report) for row in rows],
        light=queries.light_of(found, day).sentence,
    )
    try:
        pdf = render_pdf(content)
    except RenderFailed as failure:
        messages.error(request, str(failure))
        return redirect("item", pk=pk)
    record(subject=found, action="download", actor=actor, audience="office")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{found.number}办结报告单.pdf")
    return response
