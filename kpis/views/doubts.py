"""存疑核实: the page on which the office confirms or corrects a doubtful figure."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpis.domain.doubts import settle_doubt
from kpis.domain.readings import target_text
from kpis.forms import DoubtForm
from kpis.models import Indicator
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import NotAllowed, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_doubt(request: HttpRequest, pk: int) -> HttpResponse:
    queryset = Indicator.objects.select_related("programme__jurisdiction", "programme__document", "task")
    indicator = fetch(request, queryset, action="edit", pk=pk)
    back = reverse("programme_facts", args=[indicator.programme_id]) + "#indicators"
    form = DoubtForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_doubt(
                indicator,
                actor=actor_of(request),
                basis=form.cleaned_data["basis"],
                value=form.cleaned_data["value"],
                words=form.cleaned_data["words"],
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("The figure is settled; it is judged from now on."))
            return redirect(back)
    context = {"indicator": indicator, "target": target_text(indicator), "form": form, "back": back}
    return render(request, "kpis/indicator_doubt.html", context, status=422 if form.errors else 200)
