"""核对: source left, proposals right, linked both ways; confirming and leaving out; sentences nothing stands for."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.choices import DraftState, ProposalKind, ProposalState, Question
from programs.domain.importing import editing
from programs.domain.importing.applying import why_not_undo
from programs.domain.importing.covering import Coverage, coverage
from programs.models import PolicyDraft, Proposal
from programs.queries import importing as queries
from qualitycity.access import can
from qualitycity.access.http import actor_of
from qualitycity.workflow import NotAllowed, Refused

from ..moves import GET_OR_POST, NUMBER
from .drafts import open_draft

OPEN, ACCEPTED, DROPPED = ProposalState.OPEN, ProposalState.ACCEPTED, ProposalState.DROPPED
#: Cards on one page; the next ones move up.
CARDS = 120
#: Which proposals the right side lists. "asked": those with an open question, the gravest first.
SHOWN = {
    "asked": gettext_lazy("To look at"),
    "open": gettext_lazy("To be confirmed"),
    "all": gettext_lazy("All"),
    "dropped": gettext_lazy("Left out"),
}
SENTENCE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


def frame(request: HttpRequest, draft: PolicyDraft, rows: list[Proposal], here: str) -> dict[str, Any]:
    """What every page of an import shows: how far it is, and the way to its other pages."""
    states = queries.counts(rows)
    settled = sum(number for (_kind, state), number in states.items() if state != OPEN)
    seen = covered(draft, rows)
    unknown = sum(Question.UNIT_UNKNOWN in row.questions and row.state != DROPPED for row in rows)
    return {
        "draft": draft,
        "here": here,
        "settled": settled,
        "total": len(rows),
        "waiting": len(rows) - settled,
        "coverage": seen,
        "unknown": unknown,
        "may_edit": draft.state == DraftState.REVIEW and bool(can(actor_of(request), "edit", draft)),
        "may_undo": draft.state == DraftState.APPLIED and bool(can(actor_of(request), "edit", draft)),
    }


def covered(draft: PolicyDraft, rows: list[Proposal]) -> Coverage:
    """Proposals that were left out stand for nothing; fields of the document do."""
    spans = [(row.start, row.end) for row in rows if row.state != DROPPED]
    spans += [(start, end) for start, end in draft.head.get("places", [])]
    body = draft.layout.get("body", [0, len(draft.text)])
    return coverage(draft.text, (body[0], body[1]), spans)


@require_safe
@never_cache
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """By state: being read, cannot be read, or under review (and afterwards what became of it)."""
    found = open_draft(request, pk)
    if found.state in (DraftState.READING, DraftState.FAILED):
        edit = bool(can(actor_of(request), "edit", found))
        name = "_draft_state.html" if request.htmx and found.working else "draft_wait.html"  # type: ignore[attr-defined]
        response = render(request, f"programs/importing/{name}", {"draft": found, "may_edit": edit})
        return response
    if request.htmx:  # type: ignore[attr-defined]
        # the page that waited is replaced as a whole
        response = HttpResponse()
        response["HX-Redirect"] = reverse("policy_draft", args=[pk])
        return response
    rows = list(found.proposals.all())
    context = frame(request, found, rows, "review")
    asked = [row for row in rows if row.state == OPEN and row.questions]
    waiting = [row for row in rows if row.state == OPEN]
    wanted = request.GET.get("show", "")
    if wanted not in SHOWN:
        wanted = "asked" if asked else "open" if waiting else "all"
    lists = {
        "asked": sorted(asked, key=_gravity),
        "open": waiting,
        "all": [row for row in rows if row.state != DROPPED],
        "dropped": [row for row in rows if row.state == DROPPED],
    }
    kinds = {kind for kind in ProposalKind.values if any(row.kind == kind for row in rows)}
    kind = request.GET.get("kind", "")
    listed = [row for row in lists[wanted] if not kind or row.kind == kind]
    page = queries.page_of(found.text, rows, _number(request.GET.get("part")))
    if page.total > 1 and wanted in ("open", "all"):
        listed = [row for row in listed if page.start <= row.start < page.end]
    context |= {
        "cards": queries.cards(found, listed[:CARDS]),
        "more": max(len(listed) - CARDS, 0),
        "page": page,
        "parts": range(1, page.total + 1) if page.total > 1 else [],
        "show": wanted,
        "kind": kind if kind in kinds else "",
        "kinds": [(code, label) for code, label in ProposalKind.choices if code in kinds],
        "tabs": [(code, label, len(lists[code])) for code, label in SHOWN.items()],
        "ready": sum(row.state == OPEN and not row.questions for row in rows),
        "why_not_undo": why_not_undo(found) if found.state == DraftState.APPLIED else "",
        "back": request.get_full_path(),
        "add_kinds": [(code, label) for code, label in ProposalKind.choices if code != ProposalKind.NOTE],
    }
    return render(request, "programs/importing/review.html", context)


def _gravity(row: Proposal) -> tuple[int, int]:
    order = list(Question.values)
    return min(order.index(code) for code in row.questions), row.start


def _number(text: str | None) -> int:
    return int(text) if text and NUMBER.fullmatch(text) else 1


def review_page(pk: int, request: HttpRequest, anchor: str = "") -> str:
    """Where the list stood (`back`), with the place."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    here = reverse("policy_draft", args=[pk])
    query = back.partition("?")[2].partition("#")[0] if back.startswith(here) else ""
    return f"{here}{'?' if query else ''}{query}{anchor}"


@require_POST
@never_cache
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One button of a card, the ticked ones, or everything that nobody needs to be asked about."""
    found = open_draft(request, pk)
    actor, sent = actor_of(request), request.POST
    states = {"accept": ACCEPTED, "drop": DROPPED, "reopen": OPEN}
    try:
        if sent.get("do") == "ready":
            done = editing.accept_ready(found, actor=actor)
            messages.success(
                request,
                ngettext("%(count)s proposal confirmed.", "%(count)s proposals confirmed.", done)
                % {"count": done},
            )
            return redirect(review_page(pk, request))
        single = next(((name, sent[name]) for name in states if NUMBER.fullmatch(sent.get(name, ""))), None)
        action, rows = (single[0], [int(single[1])]) if single else (sent.get("do", ""), [
            int(text) for text in sent.getlist("row") if NUMBER.fullmatch(text)
        ])  # fmt: skip
        if action not in states:
            raise Http404(_("There is no such step."))
        if not rows:
            messages.warning(request, _("Tick at least one proposal first."))
            return redirect(review_page(pk, request))
        moved, held_up = editing.settle(found, actor=actor, proposals=rows, state=states[action])
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect(review_page(pk, request))
    if held_up:
        messages.warning(
            request,
            ngettext(
                "%(count)s proposal cannot be confirmed yet: see what is marked.",
                "%(count)s proposals cannot be confirmed yet: see what is marked.",
                held_up,
            )
            % {"count": held_up},
        )
    elif not single:
        messages.success(request, _("%(count)s proposals changed.") % {"count": moved})
    return redirect(review_page(pk, request, f"#p{rows[0]}" if single else ""))


@GET_OR_POST
@never_cache
def unassigned(request: HttpRequest, pk: int) -> HttpResponse:
    """Sentences that nothing stands for: add something, or say that nothing needs to be made of them."""
    found = open_draft(request, pk, action="edit" if request.method == "POST" else "")
    rows = list(found.proposals.all())
    seen = covered(found, rows)
    if request.method == "POST":
        wanted = {
            match[0] for text in request.POST.getlist("sentence") if (match := SENTENCE.fullmatch(text))
        }
        spans = [(row.start, row.end) for row in seen.open if f"{row.start}-{row.end}" in wanted]
        if not spans:
            messages.warning(request, _("Tick at least one sentence first."))
            return redirect("policy_unassigned", pk=pk)
        try:
            editing.set_aside(found, actor=actor_of(request), spans=spans)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            messages.error(request, str(refused.sentence))
        else:
            done = len(spans)
            said = ngettext("%(count)s sentence set aside.", "%(count)s sentences set aside.", done) % {
                "count": done
            }
            messages.success(request, said)
        return redirect("policy_unassigned", pk=pk)
    add = reverse("policy_proposal_new", args=[pk])
    sentences = [
        {
            "value": f"{row.start}-{row.end}",
            "text": found.text[row.start : row.end],
            "add": f"{add}?{urlencode({'piece': 'task', 'start': row.start, 'end': row.end})}",
        }
        for row in seen.open
    ]
    return render(
        request,
        "programs/importing/unassigned.html",
        frame(request, found, rows, "open") | {"sentences": sentences},
    )
