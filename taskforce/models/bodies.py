"""领导机构: bodies and their seats in the document's own words. Named persons of a roster get no account."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taskforce.choices import BodyKind, Origin, SeatRole

from .departments import Department
from .jurisdictions import Jurisdiction


class Body(models.Model):
    """领导小组, 推进委员会: sits above the office that runs the programme."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="bodies"
    )
    code = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind)
    name = models.CharField(_("name"), max_length=80)
    office_name = models.CharField(_("name of its office"), max_length=80, blank=True)
    office_department = models.ForeignKey(
        Department,
        verbose_name=_("office sits in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offices",
    )
    source = models.CharField(_("source document"), max_length=120, blank=True)
    clause_path = models.CharField(_("clause"), max_length=60, blank=True)
    roster_printed = models.BooleanField(_("roster printed"), default=True)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["jurisdiction", "pk"]

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet):
    def in_office(self, day) -> "SeatQuerySet":
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gt=day)
        )


class Seat(models.Model):
    """席位: a place in a body. Person where the document prints one, otherwise the post; several per person possible."""

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="seats")
    role = models.CharField(_("role"), max_length=20, choices=SeatRole)
    printed_role = models.CharField(_("role as printed"), max_length=40, blank=True)
    person = models.CharField(_("person as printed"), max_length=40, blank=True)
    post = models.CharField(_("post"), max_length=120, blank=True)
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="seats"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="seats",
    )
    duties = models.CharField(_("duties as printed, in short"), max_length=300, blank=True)
    sort = models.PositiveIntegerField(_("order"), default=100)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source document"), max_length=120, blank=True)
    clause_path = models.CharField(_("clause"), max_length=60, blank=True)
    quote = models.TextField(_("quotation"), null=True, blank=True)  # noqa: DJ001 - null: no quotation is kept
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.PRINTED)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["body", "sort", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(person="") & Q(post="") & Q(department__isnull=True)), name="seat_names_someone"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                name="seat_from_before_until",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.post, self.person) if part) or str(self.department)


class SeatSupervision(models.Model):
    """分管: which departments a seat supervises, from – until (exclusive)."""

    seat = models.ForeignKey(
        Seat, verbose_name=_("seat"), on_delete=models.CASCADE, related_name="supervisions"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="supervised_by"
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("supervised department")
        verbose_name_plural = _("supervised departments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "department", "valid_from"], name="supervision_once"),
        ]

    def __str__(self) -> str:
        return str(self.department)
