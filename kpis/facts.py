"""The indicators of a programme as its document prints them, for the page of printed facts (PROGRAMME_FACTS)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.contracts import FactBlock
from programs.queries.facts import FactCell, FactRow
from qualitycity.access import ActorContext, can
from taskforce.choices import Origin

from .domain.readings import target_text
from .models import Indicator

STRICT, SOFT = "strict", "soft"


def indicator_facts(*, programme: Any, actor: ActorContext) -> FactBlock:
    """Printed indicators with target, day and source; a doubtful figure is grey and leads to the act that settles it.

    One query. The figure counts those that can be judged, the note says how many are only a direction.
    """
    indicators = list(
        Indicator.objects.visible_to(actor)
        .filter(programme=programme, origin=Origin.PRINTED)
        .select_related("reporter")
        .order_by("pk")
    )
    base = reverse("indicator_doubt", args=[0]).removesuffix("0/doubt/")
    for indicator in indicators:
        indicator.programme = programme
    rows = [_row(indicator, f"{base}{indicator.pk}/doubt/", actor) for indicator in indicators]
    strict = sum(row.kind == STRICT for row in rows)
    soft = len(rows) - strict
    note = ngettext(
        "and %(count)s that gives a direction without a figure",
        "and %(count)s that give a direction without a figure",
        soft,
    )
    return FactBlock(
        key="indicators",
        title=_("Strict indicators"),
        headers=(_("Clause"), _("Indicator"), _("Target"), _("By when"), _("Source of the figure")),
        rows=rows,
        figure=str(strict),
        note=note % {"count": soft} if soft else "",
        empty=_("The document prints no indicator."),
    )


def _row(indicator: Indicator, settle_url: str, actor: ActorContext) -> FactRow:
    tag, tone, sub, url = "" if indicator.strict else _("direction"), "", "", ""
    if indicator.doubtful:
        tag, tone, sub = _("Doubtful"), "grey", indicator.doubt_note
        url = settle_url if can(actor, "edit", indicator) else ""
    elif indicator.settled_on:
        tag, tone = _("Settled by the office"), "green"
        sub = _("%(doubt)s Settled on %(day)s: %(basis)s") % {
            "doubt": indicator.doubt_note,
            "day": f"{indicator.settled_on:%Y-%m-%d}",
            "basis": indicator.settled_basis,
        }
    # what the document prints stands here, whatever an adjustment (调整单) has made of it
    target = indicator.original_target or target_text(indicator)
    words = indicator.value_text if indicator.value_text != target else ""
    return FactRow(
        kind=STRICT if indicator.strict else SOFT,
        quiet=indicator.doubtful,
        quote=indicator.quote or "",
        cells=(
            FactCell(indicator.clause_path),
            FactCell(indicator.name, sub=indicator.area),
            FactCell(target, sub=" ".join(filter(None, [words, sub])), tag=tag, tone=tone, url=url),
            FactCell(indicator.deadline or "—"),
            FactCell(indicator.data_source or "—", sub=str(indicator.reporter or "")),
        ),
    )
