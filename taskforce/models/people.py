"""人员: accounts, the roles they hold and where, stand-ins (A/B角), and the contact book (通讯录)."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qualitycity.access import visible
from taskforce.choices import Role

from .departments import Department
from .jurisdictions import Jurisdiction


class User(AbstractUser):
    """An account. Rights come from `Membership`, never from `is_superuser` (no daily superuser exists)."""

    full_name = models.CharField(_("name of the person"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mail_digest = models.BooleanField(_("daily reminder by e-mail"), default=True)
    sms_digest = models.BooleanField(_("daily reminder by short message"), default=False)
    large_text = models.BooleanField(_("large text"), default=False)
    must_change_password = models.BooleanField(_("must change password at next sign-in"), default=False)
    #: Codes of `PutAway`; with the account, so that no page asks the database once more for it.
    put_away = ArrayField(models.CharField(max_length=20), verbose_name=_("put away"), default=list, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.full_name or self.username


class MembershipQuerySet(models.QuerySet):
    def current(self, day) -> "MembershipQuerySet":
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


class Membership(models.Model):
    """任职: a role held in a jurisdiction (and, for unit roles, a department) from – until (exclusive)."""

    user = models.ForeignKey(User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="memberships"
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    leader = models.ForeignKey(
        User,
        verbose_name=_("leader served"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="secretaries",
        help_text=_("For a secretary: whose instructions he records."),
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "jurisdiction", "department"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["liaison", "unit_head", "district_office"]) | Q(department__isnull=False),
                name="unit_role_has_department",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                name="membership_from_before_until",
            ),
            models.CheckConstraint(
                condition=Q(role="secretary") | Q(leader__isnull=True), name="only_a_secretary_serves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class DelegationQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "DelegationQuerySet":
        return visible(self, actor)


class Delegation(models.Model):
    """A/B角: `deputy` acts for `principal` from the first to the last day (inclusive); shown as "A for B"."""

    principal = models.ForeignKey(
        User, verbose_name=_("principal"), on_delete=models.CASCADE, related_name="delegations_given"
    )
    deputy = models.ForeignKey(
        User, verbose_name=_("stand-in"), on_delete=models.CASCADE, related_name="delegations_taken"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ["-first_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="delegation_days_in_order"),
            models.CheckConstraint(condition=~Q(principal=F("deputy")), name="nobody_stands_in_for_himself"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.principal}"


class Contact(models.Model):
    """通讯录 entry: whom to call in a unit; with or without an account."""

    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.CASCADE, related_name="contacts"
    )
    user = models.ForeignKey(
        User, verbose_name=_("account"), null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    name = models.CharField(_("name"), max_length=40)
    post = models.CharField(_("post"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    sort = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contact book")
        ordering = ["department__sort", "department", "sort", "pk"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="contact_once_per_department")]

    def __str__(self) -> str:
        return self.name
