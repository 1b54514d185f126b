"""续期/修订/废止: the page on which the office answers that a document runs out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ProgrammeState
from programs.domain.validity import answer_expiry, seen
from programs.forms.validity import ExpiryForm
from programs.models import PolicyDocument
from programs.queries.documents import validity
from qualitycity.access.http import actor_of, fetch, next_page
from qualitycity.workflow import NotAllowed, Refused

from .moves import GET_OR_POST, posted


@GET_OR_POST
def document_validity(request: HttpRequest, pk: int) -> HttpResponse:
    queryset = PolicyDocument.objects.select_related("jurisdiction", "successor").prefetch_related("programmes")
    document = fetch(request, queryset, action="edit", pk=pk)
    today = timezone.localdate()
    others = {
        row.pk: row
        for row in PolicyDocument.objects.visible_to(actor_of(request))
        .filter(dated__gte=document.dated)
        .exclude(pk=document.pk)
        .order_by("-dated", "pk")[:200]
    }
    form = ExpiryForm(
        posted(request),
        documents=[(row.pk, f"{row.title} {row.number}".strip()) for row in others.values()],
        valid_until=document.valid_until,
        dated=document.dated,
        today=today,
    )
    back = next_page(request, reverse("document", args=[document.pk]))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = given.pop("successor")
        try:
            answer_expiry(
                document, actor=actor_of(request), successor=others[int(chosen)] if chosen else None, **given
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The decision about the document is recorded."))
            return redirect(back)
    running = any(row.state == ProgrammeState.RUNNING for row in document.programmes.all())
    context = {
        "document": document,
        "validity": validity(document, today, live=running),
        "answering": seen(document),
        "programmes": document.programmes.all(),
        "form": form,
        "back": back,
    }
    return render(request, "programs/document_validity.html", context, status=422 if form.errors else 200)
