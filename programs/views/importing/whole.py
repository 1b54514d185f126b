"""What concerns the whole import: printed units, the document's own fields, two editions, setting the programme up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.choices import DraftState, ProposalKind, ProposalState
from programs.domain.importing import applying, comparing, editing
from programs.forms.importing import HeadForm, UnitForm
from programs.queries import importing as queries
from qualitycity.access.http import actor_of
from qualitycity.workflow import NotAllowed, Refused
from taskforce.models import Department, DepartmentGroup

from ..moves import GET_OR_POST, posted
from .drafts import open_draft
from .review import frame

#: What has changed between two editions, in words.
WHAT = {
    "title": gettext_lazy("Title"), "name": gettext_lazy("Name"), "rule": gettext_lazy("Rule"),
    "duty": gettext_lazy("Duty"), "who": gettext_lazy("Who"), "number": gettext_lazy("Number"),
    "comparator": gettext_lazy("Comparison"), "value": gettext_lazy("Target"), "unit": gettext_lazy("Unit of measure"),
    "deadline": gettext_lazy("Deadline"), "due": gettext_lazy("Deadline"), "recurrence": gettext_lazy("Recurrence"),
    "start": gettext_lazy("From"), "end": gettext_lazy("To"), "person": gettext_lazy("Person"),
    "post": gettext_lazy("Post"), "role_mode": gettext_lazy("Responsibility"), "to": gettext_lazy("To whom"),
    "by": gettext_lazy("By whom"), "units": gettext_lazy("Units"), "wording": gettext_lazy("Wording"),
}  # fmt: skip


@GET_OR_POST
@never_cache
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Every printed unit once, the unknown ones first; one press answers for all tasks that name it."""
    draft = open_draft(request, pk, action="edit" if request.method == "POST" else "")
    rows = list(draft.proposals.all())
    context = frame(request, draft, rows, "units")
    lines = queries.unit_lines(draft, rows)
    register = Department.objects.filter(jurisdiction__path__startswith=draft.jurisdiction.path).open()
    labels = {f"d{row.pk}": row.short_name for row in register.order_by("sort", "pk")}
    groups = {
        f"g{row.pk}": row.name for row in DepartmentGroup.objects.filter(jurisdiction=draft.jurisdiction)
    }
    choices = [
        (_("New"), [("new", _("New unit…")), ("new_group", _("New group, list to come"))]),
        (_("Groups of units"), list(groups.items())),
        (_("Units"), list(labels.items())),
    ]
    labels |= groups

    def offered(line: queries.UnitLine) -> list[Any]:
        close = [] if line.answer else queries.likely(line.name, labels)
        perhaps = [(_("Perhaps"), [(key, labels[key]) for key in close])] if close else []
        return [("", "—"), *perhaps, *choices]

    wanted = posted(request)
    forms = [
        UnitForm(wanted, prefix=f"u{number}", line=line, register=offered(line))
        for number, line in enumerate(lines)
    ]
    if request.method == "POST" and all([form.is_valid() for form in forms]):
        rest = "new" if request.POST.get("do") == "rest_new" else ""
        answers = {
            form.line.name: form.answer(labels, otherwise=rest)
            for form in forms
            # a row that did not come along with the form is left as it is
            if form.add_prefix("choice") in request.POST and (form.has_changed() or form.line.answer is None)
        }
        answers = {name: answer for name, answer in answers.items() if answer != draft.units.get(name)}
        try:
            cleared = editing.settle_units(draft, actor=actor_of(request), choices=answers)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            messages.error(request, str(refused.sentence))
        else:
            said = ngettext(
                "%(count)s task has its units now.", "%(count)s tasks have their units now.", cleared
            )
            messages.success(request, said % {"count": cleared})
        return redirect("policy_units", pk=pk)
    bad = [form for form in forms if form.errors]
    return render(
        request,
        "programs/importing/units.html",
        context | {"forms": forms, "bad": bad},
        status=422 if bad else 200,
    )


@GET_OR_POST
@never_cache
def head(request: HttpRequest, pk: int) -> HttpResponse:
    draft = open_draft(request, pk, action="edit" if request.method == "POST" else "")
    form = HeadForm(posted(request), draft=draft)
    if request.method == "POST" and form.is_valid():
        try:
            editing.save_head(
                draft, actor=actor_of(request), values=form.values(), row_version=form.cleaned_data["version"]
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            form.add_error(None, str(refused.sentence))
        else:
            messages.success(request, _("Saved."))
            return redirect("policy_apply" if "on" in request.POST else "policy_head", pk=pk)
    rows = list(draft.proposals.all())
    context = frame(request, draft, rows, "head") | {"form": form}
    return render(request, "programs/importing/head.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Against the edition before: added, changed, dropped."""
    draft = open_draft(request, pk)
    if draft.earlier is None:
        return redirect("policy_draft", pk=pk)
    rows = list(draft.proposals.all())
    changes = comparing.between(draft.earlier, draft)
    shown = [
        {
            "kind": ProposalKind(one.kind).label,
            "old": change.old,
            "new": change.new,
            "what": [WHAT[code] for code in change.what],
            "state": "added" if not change.old else "changed" if change.new else "dropped",
        }
        for change in changes
        if (one := change.new or change.old) is not None
    ]
    counted = {
        state: sum(row["state"] == state for row in shown) for state in ("added", "changed", "dropped")
    }
    context = frame(request, draft, rows, "difference") | {"changes": shown, "counted": counted}
    return render(request, "programs/importing/difference.html", context)


@GET_OR_POST
@never_cache
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be set up, in numbers, and what still stands in the way; one press makes all of it."""
    draft = open_draft(request, pk, action="edit" if request.method == "POST" else "")
    if draft.state == DraftState.APPLIED and draft.programme is not None:
        return redirect("programme", pk=draft.programme.pk)
    rows = list(draft.proposals.all())
    refusal = ""
    if request.method == "POST":
        try:
            programme = applying.apply(draft, actor=actor_of(request))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused.sentence)) from refused
        except Refused as refused:
            refusal = str(refused.sentence)
        else:
            messages.success(
                request,
                _("“%(programme)s” is set up as a draft; nobody has been told yet.")
                % {"programme": programme},
            )
            return redirect("programme", pk=programme.pk)
    states = queries.counts(rows)
    labels = dict(HeadForm.base_fields)
    accepted = [
        (label, number)
        for code, label in ProposalKind.choices
        if code != ProposalKind.NOTE and (number := states.get((code, ProposalState.ACCEPTED), 0))
    ]
    new_units = [answer["label"] for answer in draft.units.values() if "new" in answer]
    context = frame(request, draft, rows, "apply") | {
        "accepted": accepted,
        "dropped": sum(number for (_kind, state), number in states.items() if state == ProposalState.DROPPED),
        "new_units": new_units,
        "lacks": [
            (labels[lack.field].label if lack.field else "", lack.sentence, lack.field)
            for lack in applying.lacks(draft, states)
        ],
        "refusal": refusal,
        "earlier": draft.earlier.programme if draft.earlier else None,
    }
    return render(request, "programs/importing/apply.html", context, status=422 if refusal else 200)
