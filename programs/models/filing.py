"""What every filed row carries (progress of a task, reading of an indicator): state, hands it went through, version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import EntryState, SignMode

from .base import Versioned, VisibleQuerySet

USER = settings.AUTH_USER_MODEL


class FiledQuerySet(VisibleQuerySet):
    def valid(self) -> "FiledQuerySet":
        """Without versions that an accepted correction has replaced."""
        return self.exclude(state=EntryState.SUPERSEDED)


class Filed(Versioned):
    """Filed by the liaison, signed by the head (or on paper, or countersigned), reviewed by the office.

    The database itself refuses a signature or an acceptance by the person who entered the row.
    """

    version = models.PositiveIntegerField(_("version"), default=1)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("corrects"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    correction_reason = models.CharField(_("reason of the correction"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=EntryState, default=EntryState.DRAFT)
    on_behalf = models.BooleanField(_("entered by the office"), default=False)
    filed_by = models.ForeignKey(
        USER, verbose_name=_("filed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        USER, verbose_name=_("signed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    sign_mode = models.CharField(_("signature"), max_length=12, choices=SignMode, blank=True)
    reviewed_by = models.ForeignKey(
        USER, verbose_name=_("reviewed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    remark = models.CharField(_("remark or reason of the return"), max_length=400, blank=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = FiledQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EntryState.values), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "signed", "accepted", "superseded"])
                | Q(filed_by__isnull=False, filed_at__isnull=False),
                name="%(class)s_filed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "accepted", "superseded"])
                | (Q(signed_at__isnull=False) & ~Q(sign_mode="")),
                name="%(class)s_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(sign_mode__in=["electronic", "office"]) | ~Q(signed_by=F("filed_by")),
                name="%(class)s_not_signed_by_filer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "superseded"])
                | (
                    Q(reviewed_by__isnull=False)
                    & ~Q(reviewed_by=F("filed_by"))
                    & ~Q(reviewed_by=F("signed_by"))
                ),
                name="%(class)s_not_accepted_by_filer",
            ),
        ]
