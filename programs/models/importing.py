"""文件导入: a policy document on its way to a programme, and what is proposed of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import DraftState, ProposalKind, ProposalState
from qualitycity.files.models import StoredFile
from taskforce.choices import Origin
from taskforce.models import Jurisdiction

from .base import Versioned, VisibleQuerySet
from .programmes import Programme


class PolicyDraft(Versioned):
    """One upload. `text` as read, every position of a proposal is an offset into it; `layout` is the packed rest of the
    source and the body's span; `head` the document's and programme's own fields as the person has them; `units` what
    the person said of printed units that the register does not answer: printed name → {"department"|"group": pk} or
    {"new": {...}}.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="policy_drafts"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded at"))
    file_name = models.CharField(_("file name"), max_length=120)
    file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="policy_draft",
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    recognise = models.BooleanField(_("recognise by itself"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=DraftState, default=DraftState.READING)
    step = models.CharField(_("step"), max_length=20, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    text = models.TextField(_("text as read"), blank=True)
    layout = models.JSONField(_("layout"), default=dict, blank=True)
    head = models.JSONField(_("document and programme"), default=dict, blank=True)
    units = models.JSONField(_("units settled"), default=dict, blank=True)
    earlier = models.ForeignKey(
        "self",
        verbose_name=_("earlier edition"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="later",
    )
    programme = models.OneToOneField(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="draft",
    )
    applied_at = models.DateTimeField(_("set up at"), null=True, blank=True)
    made = models.JSONField(_("what was set up"), default=dict, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("document import")
        verbose_name_plural = _("document imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="draft_state_known"),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True, programme__isnull=True)),
                name="draft_applied_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure=""), name="draft_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.head.get("title") or self.file_name

    @property
    def working(self) -> bool:
        return self.state == DraftState.READING


class Proposal(Versioned):
    """A piece of the text and what it stands for: `text[start:end]` is the exact quotation. `data` holds the fields of
    its kind as the person has them, `found` as they were recognised; None where a person added it."""

    draft = models.ForeignKey(
        PolicyDraft, verbose_name=_("document import"), on_delete=models.CASCADE, related_name="proposals"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ProposalKind)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))
    path = models.CharField(_("clause"), max_length=60, blank=True)
    data = models.JSONField(_("fields"), default=dict)
    found = models.JSONField(_("as recognised"), null=True, blank=True)
    questions = models.JSONField(_("open questions"), default=list, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["draft", "start", "-end", "pk"]
        indexes = [models.Index(fields=["draft", "start"])]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="proposal_not_empty"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ProposalKind.values), name="proposal_kind_known"),
        ]

    def __str__(self) -> str:
        names = ("title", "name", "rule", "duty", "person", "post", "unit")
        return next((self.data[name] for name in names if self.data.get(name)), str(self.get_kind_display()))

    @property
    def origin(self) -> str:
        return Origin.OFFICE if self.found is None else Origin.PRINTED

    @property
    def corrected(self) -> bool:
        return self.found is not None and self.found != self.data
