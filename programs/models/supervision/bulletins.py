"""电话催办 and 督查通报."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import BulletinState
from taskforce.models import Department, Jurisdiction

from ..base import VisibleQuerySet
from ..programmes import Programme
from ..progress import ReportingWindow
from ..responsibility import Responsibility
from .items import ItemPart
from .numbered import NumberedPaper
from .slips import Slip

USER = settings.AUTH_USER_MODEL


class PhoneCall(models.Model):
    """电话催办: a call of the office, beside the urge it belongs to. Written once, never changed."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="phone_calls")
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="phone_calls"
    )
    window = models.ForeignKey(
        ReportingWindow, null=True, blank=True, on_delete=models.PROTECT, related_name="phone_calls"
    )
    part = models.ForeignKey(
        Responsibility, null=True, blank=True, on_delete=models.PROTECT, related_name="phone_calls"
    )
    item_part = models.ForeignKey(
        ItemPart, null=True, blank=True, on_delete=models.PROTECT, related_name="phone_calls"
    )
    slip = models.ForeignKey(
        Slip, null=True, blank=True, on_delete=models.PROTECT, related_name="phone_calls"
    )
    called_at = models.DateTimeField(_("called at"))
    called_by = models.ForeignKey(
        USER, verbose_name=_("called by"), on_delete=models.PROTECT, related_name="+"
    )
    reached = models.CharField(_("whom reached"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    said = models.CharField(_("what was said"), max_length=300)
    promised_on = models.DateField(_("promised until"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("telephone call")
        verbose_name_plural = _("telephone calls")
        ordering = ["-called_at", "-pk"]
        indexes = [models.Index(fields=["window", "department", "-called_at"], name="call_last")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    window__isnull=False, part__isnull=True, item_part__isnull=True, slip__isnull=True
                )
                | Q(window__isnull=True, part__isnull=False, item_part__isnull=True, slip__isnull=True)
                | Q(window__isnull=True, part__isnull=True, item_part__isnull=False, slip__isnull=True)
                | Q(window__isnull=True, part__isnull=True, item_part__isnull=True, slip__isnull=False),
                name="call_has_one_subject",
            ),
            models.CheckConstraint(condition=~Q(said=""), name="call_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.called_at:%Y-%m-%d %H:%M}"


class Bulletin(NumberedPaper):
    """督查通报: tables read from the portal at one moment (`tables`), and the office's own words around them.

    `ranked` adds the order of units; off by default.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="bulletins"
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bulletins",
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    title = models.CharField(_("title"), max_length=120)
    opening = models.TextField(_("overall picture"), max_length=3000, blank=True)
    findings = models.TextField(_("problems found"), max_length=3000, blank=True)
    demands = models.TextField(_("what is demanded"), max_length=3000, blank=True)
    ranked = models.BooleanField(_("with the order of units"), default=False)
    tables = models.JSONField(default=list, editable=False)
    as_of = models.DateTimeField(_("data as of"))
    state = models.CharField(_("state"), max_length=12, choices=BulletinState, default=BulletinState.DRAFT)
    drafted_by = models.ForeignKey(
        USER, verbose_name=_("drafted by"), on_delete=models.PROTECT, related_name="+"
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BulletinState.values), name="bulletin_state_known"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="bulletin_dates_in_order"),
            models.CheckConstraint(
                condition=(Q(state__in=["draft", "discarded"]) & Q(number="", seq__isnull=True))
                | (
                    Q(state__in=["issued", "withdrawn"], seq__isnull=False, issued_at__isnull=False)
                    & ~Q(number="")
                ),
                name="bulletin_numbered_when_issued",
            ),
            models.UniqueConstraint(fields=["jurisdiction", "year", "seq"], name="bulletin_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title
