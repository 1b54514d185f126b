"""电话催办: a call is logged beside the urge it belongs to; the log as a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.access.ground import OVERSIGHT, offices
from programs.domain.supervision.calls import log_call
from programs.forms.supervision.slips import CallForm
from programs.models import PhoneCall, Slip
from programs.queries.supervision import calls as queries
from programs.views.moves import GET_OR_POST, NUMBER, posted
from qualitycity.access.http import actor_of, demand, fetch, next_page
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import xlsx_response
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Jurisdiction

from .slip_page import subject_of_request

#: Head and width in characters.
COLUMNS = (
    ("通话时间", 18), ("单位", 20), ("事项", 36), ("通话人", 12), ("接听人", 14), ("电话", 18), ("通话情况", 40),
    ("承诺时间", 13),
)  # fmt: skip
#: Calls of one file, the newest.
MOST = 5000


@GET_OR_POST
def call_new(request: HttpRequest) -> HttpResponse:
    """`?window=&department=`, `?part=`, `?item_part=` or `?slip=`."""
    actor = actor_of(request)
    if not offices(actor):
        raise PermissionDenied(_("Only the office logs its calls."))
    asked = request.POST.get("slip") or request.GET.get("slip") or ""
    slip: Slip | None = None
    subject = None
    if asked:
        rows = Slip.objects.select_related("jurisdiction", "department", "item_part__item")
        slip = fetch(request, rows, pk=int(asked) if NUMBER.fullmatch(asked) else 0, action="manage")
    else:
        subject = subject_of_request(request)
        if subject is None:
            raise Http404(_("Say which matter the call is about."))
        demand(actor, "manage", PhoneCall(**subject.columns))
    about = slip or subject
    assert about is not None
    unit = about.department
    reached, phone = ("", "") if request.method == "POST" else queries.first_contact(unit.pk)
    back = next_page(request, reverse("slip", args=[slip.pk]) if slip else reverse("missing"))
    form = CallForm(posted(request), initial={"reached": reached, "phone": phone})
    if request.method == "POST" and form.is_valid():
        try:
            log_call(actor=actor, subject=subject, slip=slip, **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(
                "promised_on" if form.cleaned_data["said"].strip() else "said", str(refused.sentence)
            )
        else:
            messages.success(request, _("The call is logged."))
            return redirect(back)
    context = {
        "form": form, "department": unit, "slip": slip, "subject": subject, "back": back,
        "hidden": {
            name: request.POST.get(name) or request.GET.get(name) or ""
            for name in ("window", "department", "part", "item_part", "slip")
        },
    }  # fmt: skip
    return render(request, "programs/supervision/call_form.html", context, status=422 if form.errors else 200)


@require_safe
def calls_xlsx(request: HttpRequest) -> FileResponse:
    """The log of calls of the territory; journalled, since telephone numbers leave the portal."""
    actor = actor_of(request)
    grants = actor.holding(*OVERSIGHT)
    if not grants:
        raise PermissionDenied(_("Only whoever oversees a programme reads the log of calls."))
    rows = [
        (
            timezone.localtime(call.called_at).strftime("%Y-%m-%d %H:%M"), str(call.department), queries.about(call),
            str(call.called_by), call.reached, call.phone, call.said, call.promised_on or "",
        )
        for call in queries.log(actor)[:MOST]
    ]  # fmt: skip
    place = Jurisdiction.objects.get(pk=grants[0].jurisdiction_id)
    record(subject=place, action="export_calls", actor=actor, audience="office", after={"lines": len(rows)})
    note = f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{len(rows)}条"
    return xlsx_response(
        f"电话催办记录{timezone.localdate():%Y%m%d}",
        COLUMNS,
        rows,
        title="电话催办记录",
        note=note,
        freeze="B4",
    )
