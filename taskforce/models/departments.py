"""单位: departments with dated names, aliases and successors; groups of departments."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qualitycity.access import visible
from taskforce.choices import DepartmentKind

from .jurisdictions import Jurisdiction


class DepartmentQuerySet(models.QuerySet):
    def visible_to(self, actor) -> "DepartmentQuerySet":
        return visible(self, actor)

    def open(self) -> "DepartmentQuerySet":
        return self.filter(closed_on__isnull=True)

    def named(self, text: str) -> "DepartmentQuerySet":
        """Departments that carry, or ever carried, a name or alias containing `text`."""
        return self.filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(aliases__alias__icontains=text)
            | Q(names__name__icontains=text)
            | Q(names__short_name__icontains=text)
        ).distinct()


class Department(models.Model):
    """A unit that can be made responsible. Reform (机构改革) never deletes one: it closes it and names a successor."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="departments"
    )
    code = models.SlugField(_("key"), max_length=60, unique=True, allow_unicode=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DepartmentKind)
    name = models.CharField(_("full name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40)
    successor = models.ForeignKey(
        "self", verbose_name=_("successor"), null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    phone = models.CharField(_("office phone"), max_length=40, blank=True)
    sort = models.PositiveIntegerField(_("order"), default=100)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "name"], name="department_name_once"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")), name="department_not_own_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def today(self) -> "Department":
        """The unit that answers now: follows successors to the end (市质监局 → 市市场监管局)."""
        unit, seen = self, {self.pk}
        while unit.successor_id and unit.successor_id not in seen:
            unit = unit.successor
            seen.add(unit.pk)
        return unit


class DepartmentName(models.Model):
    """曾用名: the name of a department in a span of time; `valid_until` is exclusive, empty means still."""

    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.CASCADE, related_name="names"
    )
    name = models.CharField(_("full name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("dated name")
        verbose_name_plural = _("dated names")
        ordering = ["department", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"], condition=Q(valid_until__isnull=True), name="one_open_name_per_department"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                name="name_from_before_until",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentAlias(models.Model):
    """别称 as documents print it: 质监局, 市质量技术监督局."""

    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.CASCADE, related_name="aliases"
    )
    alias = models.CharField(_("alias"), max_length=60)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["department", "alias"], name="alias_once_per_department")]

    def __str__(self) -> str:
        return self.alias


class DepartmentGroup(models.Model):
    """单位组 named by a document (成员单位, 各镇政府, 相关部门). Until the office gives the list: 名单待定."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="department_groups"
    )
    code = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    list_given_on = models.DateField(_("list given on"), null=True, blank=True)
    list_basis = models.CharField(_("basis of the list"), max_length=200, blank=True)
    members = models.ManyToManyField(
        Department, through="GroupMember", verbose_name=_("members"), related_name="groups", blank=True
    )

    class Meta:
        verbose_name = _("group of departments")
        verbose_name_plural = _("groups of departments")
        ordering = ["jurisdiction", "pk"]
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "name"], name="group_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def pending(self) -> bool:
        """名单待定."""
        return self.list_given_on is None


class GroupMember(models.Model):
    group = models.ForeignKey(
        DepartmentGroup,
        verbose_name=_("group of departments"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="group_memberships"
    )

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["group", "department"], name="department_once_per_group")]

    def __str__(self) -> str:
        return str(self.department)
