"""Desk of the office beside the sheets: rounds of comments, reports that failed."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from programs.access.ground import offices
from programs.choices import BuildState
from programs.models import Consultation, ProgressReport
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
