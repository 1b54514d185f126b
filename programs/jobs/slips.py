"""Celery jobs and outbox handlers of slips and bulletins. Thin: ids in, one domain call."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.domain.supervision import papers, proposals
from programs.models import Bulletin, Slip
from programs.papers import slips as slip_papers
from qualitycity.outbox.messages import enqueue
from qualitycity.outbox.models import Message
from qualitycity.outbox.registry import GiveUp, handler
from qualitycity.reports.blocks import ReportContent
from qualitycity.reports.codec import digest, to_json
from qualitycity.reports.rendering import RenderFailed, render_pdf


@shared_task(name="programs.propose_slips")
def propose_slips() -> None:
    """Rung by beat every hour; the work itself is an outbox message, once per hour."""
    now = timezone.localtime()
    enqueue("slips.propose", key=f"slips.propose:{now:%Y%m%d%H}", payload={})


@handler("slips.propose")
def run_proposals(message: Message) -> None:
    proposals.propose_slips()


@handler("slip.papers")
def ask_for_each(message: Message) -> None:
    """One message per sheet: one that cannot be set holds up no other."""
    for slip in Slip.objects.filter(pk__in=message.payload["slips"]).only(
        "pk", "row_version", "withdrawn_at"
    ):
        enqueue(
            "slip.build",
            key=f"slip:{slip.pk}:{'void' if slip.withdrawn_at else 'issued'}",
            queue="pdf",
            payload={"slip": slip.pk, "void": slip.withdrawn_at is not None},
        )


def slip_with_words(pk: int) -> Slip:
    """A slip with everything its paper names; one query."""
    return Slip.objects.select_related(
        "jurisdiction", "department", "to_leader", "previous", "part__task__programme__body", "window__programme__body",
        "item_part__item",
    ).get(pk=pk)  # fmt: skip


def _set(content: ReportContent, void: bool) -> dict[str, Any]:
    try:
        pdf = render_pdf(content)
    except RenderFailed as failure:
        raise GiveUp(str(failure)) from failure
    return {"content": to_json(content), "sha256": digest(content), "pdf": pdf, "void": void}


def prepare_slip(message: Message) -> dict[str, Any]:
    """Outside any transaction: what the slip says does not change any more."""
    slip = slip_with_words(message.payload["slip"])
    if not message.payload["void"]:
        slip.withdrawn_at = None  # the paper as it was issued, also where it was made void meanwhile
    return _set(slip_papers.slip_paper(slip), message.payload["void"])


def slip_failed(message: Message) -> None:
    papers.paper_failed(
        Slip.objects.get(pk=message.payload["slip"]), sentence=message.last_error or _failed()
    )


@handler("slip.build", prepare=prepare_slip, on_parked=slip_failed)
def build_slip(message: Message, result: dict[str, Any]) -> None:
    papers.keep_paper(Slip.objects.get(pk=message.payload["slip"]), **result)


def _bulletin(message: Message) -> Bulletin:
    return Bulletin.objects.select_related("jurisdiction", "programme__body").get(
        pk=message.payload["bulletin"]
    )


def prepare_bulletin(message: Message) -> dict[str, Any]:
    bulletin = _bulletin(message)
    if not message.payload["void"]:
        bulletin.withdrawn_at = None
    return _set(slip_papers.bulletin_paper(bulletin), message.payload["void"])


def bulletin_failed(message: Message) -> None:
    papers.paper_failed(_bulletin(message), sentence=message.last_error or _failed())


@handler("bulletin.build", prepare=prepare_bulletin, on_parked=bulletin_failed)
def build_bulletin(message: Message, result: dict[str, Any]) -> None:
    papers.keep_paper(_bulletin(message), **result)


def _failed() -> str:
    return _("The paper could not be set.")
