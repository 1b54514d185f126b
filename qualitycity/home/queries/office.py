"""Desk of the office beside the sheets: rounds of comments, reports that failed, documents that run out."""

from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from programs.access.ground import offices
from programs.choices import BuildState, ExtensionState
from programs.domain.supervision.extension_people import signers
from programs.models import Consultation, Extension, PolicyDocument, ProgressReport
from programs.queries.documents import running_out
from programs.queries.supervision.extensions import before_office
from qualitycity.access import ActorContext

#: A failed report older than this is nobody's concern any more.
RECENT = timedelta(days=30)


def open_consultations(actor: ActorContext) -> list[Consultation]:
    """Rounds of comments of the person's office that are open, with `answered` units."""
    return list(
        Consultation.objects.visible_to(actor)
        .filter(closed_on__isnull=True, programme__jurisdiction_id__in=offices(actor))
        .select_related("programme")
        .annotate(answered=Count("replies__department", distinct=True))
        .order_by("due_on", "pk")
    )


def expiring_documents(actor: ActorContext, today: date) -> list[tuple[PolicyDocument, int]]:
    """Documents of the person's office that ask for 续期/修订/废止 with the days left, the most urgent first."""
    own = PolicyDocument.objects.visible_to(actor).filter(jurisdiction_id__in=offices(actor))
    return [
        (document, (document.valid_until - today).days)
        for document in running_out(own, today).order_by("valid_until", "pk")
        if document.valid_until
    ]


def extensions_to_decide(actor: ActorContext) -> list[Extension]:
    """待定延期, and the requests of units without a head, which the office countersigns; the nearest date first."""
    found = list(before_office(actor))
    unsigned = [row for row in found if row.state == ExtensionState.SUBMITTED]
    heads = signers(unsigned) if unsigned else {}
    return [row for row in found if row.state == ExtensionState.SIGNED or not heads[row.pk]]


def failed_reports(actor: ActorContext) -> list[ProgressReport]:
    return list(
        ProgressReport.objects.visible_to(actor)
        .filter(
            state=BuildState.FAILED,
            programme__jurisdiction_id__in=offices(actor),
            requested_at__gte=timezone.now() - RECENT,
        )
        .select_related("programme", "window", "requested_by")
        .defer("content")
        .order_by("-requested_at")[:10]
    )
