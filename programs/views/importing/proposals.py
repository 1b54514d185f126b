"""One proposal: correcting, splitting, merging; adding one from a piece of the text."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from programs.choices import DraftState, ProposalKind, ProposalState
from programs.domain.importing import editing
from programs.forms.importing import SplitForm
from programs.forms.proposals import ProposalForm
from programs.models import PolicyDraft, Proposal
from programs.queries import importing as queries
from qualitycity.access import can
from qualitycity.access.http import actor_of
from qualitycity.workflow import NotAllowed, Refused

from ..moves import GET_OR_POST, NUMBER, posted
from .drafts import open_draft
from .review import frame, review_page

#: Characters of the document shown before and behind a piece.
AROUND = 240
#: Pieces nearby that one can be merged with.
NEAR = 6


@GET_OR_POST
@never_cache
def proposal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Fields beside the text they come from. Buttons: save, save and confirm, split, merge."""
    found = open_draft(request, pk, action="edit" if request.method == "POST" else "")
    rows = list(found.proposals.all())
    row = next((one for one in rows if one.pk == number), None)
    if row is None or row.kind == ProposalKind.NOTE:
        raise Http404(_("There is no such page, or it is not meant for you."))
    row.draft = found
    wanted = request.POST.get("do", "save")
    form = ProposalForm(
        posted(request) if wanted in ("save", "accept") else None,
        draft=found,
        kind=row.kind,
        sections=_sections(rows),
        row=row,
    )
    split = SplitForm(posted(request) if wanted == "split" else None, row=row, text=found.text)
    if request.method == "POST":
        answer = _act(request, found, row, rows, wanted, form, split)
        if answer is not None:
            return answer
    context = frame(request, found, rows, "review") | {
        "row": row,
        "form": form,
        "split": split,
        "card": queries.cards(found, [row])[0],
        "before": found.text[max(0, row.start - AROUND) : row.start],
        "after": found.text[row.end : row.end + AROUND],
        "near": _near(row, rows),
        "back": review_page(pk, request, f"#p{row.pk}"),
    }
    return render(
        request,
        "programs/importing/proposal.html",
        context,
        status=422 if form.errors or split.errors else 200,
    )


def _act(
    request: HttpRequest,
    draft: PolicyDraft,
    row: Proposal,
    rows: list[Proposal],
    wanted: str,
    form: ProposalForm,
    split: SplitForm,
) -> HttpResponse | None:
    """What the button does; None shows the page again with what is wrong."""
    actor = actor_of(request)
    try:
        if wanted in ("save", "accept"):
            if not form.is_valid():
                return None
            editing.correct(
                row, actor=actor, data=form.values(), path=form.cleaned_data["path"], span=form.span,
                accept=wanted == "accept", row_version=form.cleaned_data["version"],
            )  # fmt: skip
            return redirect(_next(request, draft, row, rows) if wanted == "accept" else review_page(
                draft.pk, request, f"#p{row.pk}"
            ))  # fmt: skip
        if wanted == "split":
            if not split.is_valid():
                return None
            second = editing.split(
                row, actor=actor, at=split.cleaned_data["begins"], title=split.cleaned_data["title"]
            )
            messages.success(request, _("One piece has become two; look at both."))
            return redirect("policy_proposal", draft.pk, second.pk)
        if wanted == "merge":
            other = next((one for one in rows if str(one.pk) == request.POST.get("other")), None)
            if other is None:
                form.errors.setdefault("__all__", form.error_class([_("Choose the piece to merge with.")]))
                return None
            editing.merge(row, other, actor=actor)
            messages.success(request, _("Two pieces have become one; look at it."))
            return redirect("policy_proposal", draft.pk, row.pk)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        form.is_valid()
        form.add_error(None, str(refused.sentence))
        return None
    raise Http404(_("There is no such step."))


def _next(request: HttpRequest, draft: PolicyDraft, row: Proposal, rows: list[Proposal]) -> str:
    """The next one with a question, so that they are gone through in one go; the list when there is none."""
    asked = [one for one in rows if one.state == ProposalState.OPEN and one.questions and one.pk != row.pk]
    following = next((one for one in asked if one.start > row.start), asked[0] if asked else None)
    if following is None:
        return review_page(draft.pk, request, f"#p{row.pk}")
    return reverse("policy_proposal", args=[draft.pk, following.pk])


def _sections(rows: list[Proposal]) -> list[tuple[str, str]]:
    return [
        (row.path, f"{row.path} {row.data.get('title', '')}"[:60])
        for row in rows
        if row.kind == ProposalKind.SECTION and row.state != ProposalState.DROPPED and row.path
    ]


def _near(row: Proposal, rows: list[Proposal]) -> list[tuple[int, str]]:
    """The pieces of the kind around this one, by their place."""
    kin = [
        one
        for one in rows
        if one.kind == row.kind and one.pk != row.pk and one.state != ProposalState.DROPPED
    ]
    kin.sort(key=lambda one: abs(one.start - row.start))
    return [(one.pk, f"{one.data.get('number', '')} {one}".strip()[:60]) for one in kin[:NEAR]]


@GET_OR_POST
@never_cache
def proposal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """From a selection in the text (`start`, `end`), or with the words copied into the field."""
    found = open_draft(request, pk, action="edit")
    if found.state != DraftState.REVIEW:
        return redirect("policy_draft", pk=pk)
    asked: dict[str, Any] = {**request.GET.dict(), **request.POST.dict()}
    # the pieces of some kinds have a field of that name themselves
    kind = asked.get("piece", "")
    if kind not in ProposalKind.values or kind == ProposalKind.NOTE:
        kind = ProposalKind.TASK
    start, end = (
        int(asked[name]) if NUMBER.fullmatch(asked.get(name, "")) else 0 for name in ("start", "end")
    )
    if not 0 <= start < end <= len(found.text):
        start = end = 0
    rows = list(found.proposals.all())
    form = ProposalForm(posted(request), draft=found, kind=kind, sections=_sections(rows), span=(start, end))
    if request.method == "POST" and form.is_valid():
        try:
            row = editing.add(
                found,
                actor=actor_of(request),
                kind=kind,
                span=form.span,
                data=form.values(),
                path=form.cleaned_data["path"],
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("“%(proposal)s” is added.") % {"proposal": row})
            return redirect(f"{reverse('policy_draft', args=[pk])}?show=all#p{row.pk}")
    context = frame(request, found, rows, "review") | {
        "form": form,
        "kind": kind,
        "start": start,
        "end": end,
        "kind_label": ProposalKind(kind).label,
        "kinds": [(code, label) for code, label in ProposalKind.choices if code != ProposalKind.NOTE],
        "before": found.text[max(0, start - AROUND) : start] if end else "",
        "after": found.text[end : end + AROUND] if end else "",
        "quote": found.text[start:end],
        "may_edit": bool(can(actor_of(request), "edit", found)),
    }
    return render(
        request, "programs/importing/proposal_new.html", context, status=422 if form.errors else 200
    )
