"""Imports: the list, taking a document in, moving it on, its file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from programs.access.ground import offices
from programs.choices import DraftState
from programs.domain.importing import applying, drafts
from programs.forms.importing import TakeInForm
from programs.models import PolicyDraft
from programs.queries import importing as queries
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.files.serving import serve
from qualitycity.workflow import NotAllowed, Refused
from taskforce.choices import Role
from taskforce.models import Jurisdiction

from ..moves import GET_OR_POST, posted

#: Imports on one page of the list.
ROWS = 30
FAR = ("jurisdiction", "programme__jurisdiction", "earlier__programme", "file")


def open_draft(request: HttpRequest, pk: int, *, action: str = "") -> PolicyDraft:
    return fetch(request, PolicyDraft.objects.select_related(*FAR), pk=pk, action=action)


@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not offices(actor) and not actor.holding(Role.AUDITOR):
        raise PermissionDenied(_("Documents are brought in by the office."))
    page = Paginator(queries.drafts(actor), ROWS).get_page(request.GET.get("page"))
    return render(
        request, "programs/importing/draft_list.html", {"page": page, "may_add": bool(offices(actor))}
    )


@GET_OR_POST
@never_cache
def draft_new(request: HttpRequest) -> HttpResponse:
    """Upload or paste; a job reads it while the person looks on."""
    actor = actor_of(request)
    places = {row.pk: row for row in Jurisdiction.objects.filter(pk__in=offices(actor))}
    if not places:
        raise PermissionDenied(_("Documents are brought in by the office."))
    form = TakeInForm(
        posted(request), request.FILES if request.method == "POST" else None,
        places=[(str(pk), place.name) for pk, place in places.items()],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            draft = drafts.open_draft(
                actor=actor,
                jurisdiction=places[int(values["jurisdiction"])],
                upload=values["file"],
                pasted=values["text"],
                recognise=values["recognise"],
            )
            return redirect("policy_draft", pk=draft.pk)
        except FileRefused as refusal:
            form.add_error("file", refusal.sentence)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
    context = {"form": form, "max_mb": 20}
    return render(request, "programs/importing/draft_new.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
def draft_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Read again, or throw away; undoing has a page of its own."""
    draft = open_draft(request, pk)
    act = {"retry": drafts.retry, "discard": drafts.discard}.get(request.POST.get("do", ""))
    if act is None:
        raise Http404(_("There is no such step."))
    try:
        act(draft, actor=actor_of(request))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("policy_draft", pk=pk)
    if draft.state == DraftState.DISCARDED or request.POST["do"] == "discard":
        messages.success(request, _("“%(draft)s” is thrown away; nothing was created.") % {"draft": draft})
        return redirect("policy_drafts")
    return redirect("policy_draft", pk=pk)


@require_safe
@never_cache
def draft_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as it was uploaded."""
    draft = open_draft(request, pk)
    if draft.file is None:
        raise Http404(_("There is no such file."))
    return serve(draft.file)


@GET_OR_POST
@never_cache
def draft_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks with the programme's name, then takes the import back."""
    draft = open_draft(request, pk, action="edit")
    if draft.state != DraftState.APPLIED:
        return redirect("policy_draft", pk=pk)
    why_not = applying.why_not_undo(draft)
    if request.method == "POST" and not why_not:
        try:
            kept = applying.undo(draft, actor=actor_of(request))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            why_not = str(refused.sentence)
        else:
            messages.success(request, _("The import is undone; your confirmations are kept."))
            if kept:
                messages.warning(
                    request,
                    _("These stay in the register, because they are used: %(rows)s")
                    % {"rows": "、".join(kept)},
                )
            return redirect("policy_draft", pk=pk)
    context = {"draft": draft, "why_not": why_not}
    return render(
        request,
        "programs/importing/draft_undo.html",
        context,
        status=422 if request.method == "POST" else 200,
    )
