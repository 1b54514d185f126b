"""政策文件: the documents that programmes rest on. Computed dates are marked 推算."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import ExpiryAnswer
from taskforce.models import Jurisdiction

from .base import VisibleQuerySet


class PolicyDocument(models.Model):
    key = models.SlugField(_("key"), max_length=60, unique=True)
    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=80)
    approved_by = models.CharField(_("approved by"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    addressees = models.CharField(_("addressees"), max_length=300, blank=True)
    dated = models.DateField(_("date of the document"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    effective_computed = models.BooleanField(_("effective date computed"), default=False)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    valid_until_computed = models.BooleanField(_("validity computed"), default=False)
    validity_note = models.CharField(_("validity as printed"), max_length=120, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
    )
    expiry_answer = models.CharField(
        _("office's answer to the expiry"), max_length=10, choices=ExpiryAnswer, blank=True, editable=False
    )
    expiry_answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    expiry_basis = models.CharField(_("basis of the answer"), max_length=200, blank=True, editable=False)
    repealed_on = models.DateField(_("repealed on"), null=True, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        ordering = ["-dated", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(effective_on__lt=F("valid_until")),
                name="document_validity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(expiry_answer="")
                | Q(expiry_answered_on__isnull=False, expiry_answer__in=ExpiryAnswer.values),
                name="document_answer_has_day",
            ),
            models.CheckConstraint(
                condition=Q(expiry_answer=ExpiryAnswer.REPEALED, repealed_on__isnull=False)
                | (~Q(expiry_answer=ExpiryAnswer.REPEALED) & Q(repealed_on__isnull=True)),
                name="document_repealed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentBasis(models.Model):
    """依据: a document named as the ground of another, with its number where printed."""

    document = models.ForeignKey(
        PolicyDocument, verbose_name=_("policy document"), on_delete=models.CASCADE, related_name="basis"
    )
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issuer = models.CharField(_("issuing body"), max_length=80, blank=True)
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    sort = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("basis")
        verbose_name_plural = _("basis")
        ordering = ["sort", "pk"]
        constraints = [models.UniqueConstraint(fields=["document", "title"], name="basis_once_per_document")]

    def __str__(self) -> str:
        return self.title
