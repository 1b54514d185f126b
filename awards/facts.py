"""Award and incentive schemes of a programme as printed, for the page of printed facts (PROGRAMME_FACTS)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.contracts import FactBlock
from programs.queries.facts import FactCell, FactRow
from qualitycity.access import ActorContext
from taskforce.choices import Origin

from .choices import SchemeRole
from .models import AwardScheme


def scheme_facts(*, programme: Any, actor: ActorContext) -> FactBlock:
    """Schemes of the document's own first, then the titles that others give and that it aims at; one query."""
    schemes = list(
        AwardScheme.objects.visible_to(actor).filter(programme=programme, origin=Origin.PRINTED).order_by("role", "pk")
    )
    own = sum(scheme.role == SchemeRole.SCHEME for scheme in schemes)
    aimed = len(schemes) - own
    note = ngettext("and %(count)s title aimed at", "and %(count)s titles aimed at", aimed) % {"count": aimed}
    return FactBlock(
        key="schemes",
        title=_("Award and incentive schemes of its own"),
        headers=(_("Clause"), _("Scheme or title"), _("Level"), _("Given by"), _("Who may receive it, and how")),
        rows=[_row(scheme) for scheme in schemes],
        figure=str(own),
        note=note if aimed else "",
        empty=_("The document sets up no award and aims at no title."),
    )


def _row(scheme: AwardScheme) -> FactRow:
    own = scheme.role == SchemeRole.SCHEME
    return FactRow(
        kind=scheme.role,
        quote=scheme.quote or "",
        cells=(
            FactCell(scheme.clause_path),
            FactCell(scheme.name, sub=scheme.kind, tag="" if own else _("title aimed at")),
            FactCell(str(scheme.get_level_display()) if scheme.level else "—"),
            FactCell(scheme.sponsor or "—", tag=_("inferred") if scheme.sponsor_inferred else ""),
            FactCell(scheme.eligible or "—", sub=" · ".join(filter(None, [scheme.process, scheme.quota]))),
        ),
    )
