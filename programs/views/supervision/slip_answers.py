"""回复 of a slip: written by the liaison, signed by the head, judged by the office."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from programs.domain.supervision import slip_answers as domain
from programs.forms.sheet import EVIDENCE_MB
from programs.forms.supervision.slips import AnswerForm
from programs.models import Slip, SlipAnswer, SlipAnswerFile
from programs.queries.supervision import slips as queries
from programs.views.moves import GET_OR_POST, NUMBER, Step, move_page
from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.files.refusals import FileRefused
from qualitycity.workflow import IllegalMove, NotAllowed, Refused

from .slip_page import ANSWER_STEPS


@GET_OR_POST
@never_cache
def slip_answer(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    slip: Slip = fetch(request, queries.slip_pages(actor), pk=pk)
    answer: SlipAnswer | None = next(iter(slip.shown_answers), None)  # type: ignore[attr-defined]
    decision = can(actor, "file", SlipAnswer(slip=slip))
    if not decision:
        raise PermissionDenied(str(decision.reason))
    if request.method == "POST":
        form = AnswerForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return _take(request, slip, form)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused.sentence)) from refused
            except FileRefused as refusal:
                form.add_error("evidence", refusal.sentence)
            except Refused as refused:
                missing = request.POST.get("do") == "submit" and not form.cleaned_data["text"].strip()
                form.add_error("text" if missing else None, str(refused.sentence))
    else:
        form = AnswerForm(initial=_typed(answer))
    context = {
        "slip": slip, "answer": answer, "form": form, "facts": _what_is_asked(slip), "max_mb": EVIDENCE_MB,
        "files": list(answer.files.all()) if answer is not None else [],
    }  # fmt: skip
    return render(
        request, "programs/supervision/slip_answer.html", context, status=422 if form.errors else 200
    )


def _typed(answer: SlipAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {}
    return {name: getattr(answer, name) for name in domain.FIELDS} | {"version": answer.row_version}


def _what_is_asked(slip: Slip) -> list[tuple[Any, Any]]:
    return [
        (_("Matter"), slip.matter),
        (_("How it stands"), slip.situation),
        (_("What is demanded"), slip.demands),
    ]


def _take(request: HttpRequest, slip: Slip, form: AnswerForm) -> HttpResponse:
    final = request.POST.get("do") == "submit"
    act = domain.submit if final else domain.save
    act(
        slip=slip, actor=actor_of(request), values=form.values, uploads=form.cleaned_data["evidence"],
        row_version=form.cleaned_data["version"],
    )  # fmt: skip
    if final:
        messages.success(request, _("The answer waits for the signature of the unit's head."))
        return redirect("slip", pk=slip.pk)
    messages.success(request, _("The draft is saved."))
    return redirect("slip_answer", pk=slip.pk)


@require_POST
def file_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    actor = actor_of(request)
    slip: Slip = fetch(request, Slip.objects.select_related("jurisdiction", "item_part__item"), pk=pk)
    found = (
        SlipAnswerFile.objects.filter(
            pk=file, answer__slip=slip, answer__in=SlipAnswer.objects.visible_to(actor)
        )
        .select_related("answer__slip", "file")
        .first()
    )
    if found is None:
        raise Http404(_("There is no such file on this answer."))
    try:
        domain.detach(found, actor=actor)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("slip", pk=pk)
    messages.success(request, _("“%(file)s” has been removed.") % {"file": found.file.original_name})
    return redirect("slip_answer", pk=pk)


@GET_OR_POST
def slip_answer_move(request: HttpRequest, pk: int) -> HttpResponse:
    """提交 aside, every move of the newest answer: signed and accepted is the version that was read."""
    actor = actor_of(request)
    slip: Slip = fetch(request, queries.slip_pages(actor), pk=pk)
    answer: SlipAnswer | None = next(iter(slip.shown_answers), None)  # type: ignore[attr-defined]
    if answer is None:
        raise Http404(_("There is no answer yet."))
    answer.slip = slip
    seen = request.POST.get("version", "")
    version = int(seen) if NUMBER.fullmatch(seen) else None
    keep = request.POST.get("keep") == "1"

    def run(action: str) -> Any:
        def move(row: SlipAnswer, by: Any, reason: str) -> None:
            if version is not None and version != row.row_version:
                raise IllegalMove(
                    _("Somebody else has changed this line in the meantime. Please look at it again."), row
                )
            _move(action, row, by, reason, keep)

        return move

    steps = {
        name: Step(run(name), says, asks=name in ("return_by_head", "return_by_office", "unsign"))
        for name, says in ANSWER_STEPS.items()
    }
    label = f"{slip.number} · {slip.department} · {slip.matter}"
    return move_page(request, answer, domain.ANSWERS, steps, reverse("slip", args=[pk]), label)


def _move(action: str, answer: SlipAnswer, actor: Any, reason: str, keep: bool) -> None:
    match action:
        case "withdraw":
            domain.take_back(answer, actor=actor)
        case "sign":
            domain.sign(answer, actor=actor)
        case "countersign":
            domain.countersign(answer, actor=actor)
        case "unsign":
            domain.unsign(answer, actor=actor)
        case "return_by_head" | "return_by_office":
            domain.refuse(answer, actor=actor, by=action.removeprefix("return_by_"), reason=reason)
        case "accept":
            domain.accept(answer, actor=actor, remark=reason, settled=not keep)
