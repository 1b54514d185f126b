"""督办事项 outside programmes: 批示, 会议议定, 上级交办, 挂牌督办案件."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from programs.choices import Endorsement, ItemKind, ItemPartState, ItemRole, ItemState, Urgency
from qualitycity.files.models import StoredFile
from taskforce.models import Department, Jurisdiction

from ..base import Versioned, VisibleQuerySet
from ..programmes import Programme
from ..remarks import LeaderRemark
from ..tasks import Task

USER = settings.AUTH_USER_MODEL


class ItemQuerySet(VisibleQuerySet):
    def open(self) -> "ItemQuerySet":
        return self.filter(state__in=ItemState.open())

    def overdue(self, day) -> "ItemQuerySet":
        return self.filter(state=ItemState.ASSIGNED, due_on__lt=day)


class SupervisedItem(Versioned):
    """One matter that is followed up until it is struck off. `original_due` never changes.

    `leader` is whose instruction it is, `recorded_by` who entered it (代录 where the two differ and the secretary
    did). `restricted` items – 挂牌督办案件 always – are seen by the persons named for them alone. Case files are never
    kept here, only number, units, dates.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="supervised_items"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind)
    number = models.CharField(_("number"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    content = models.TextField(_("what is asked for"), max_length=2000, blank=True)
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    given_on = models.DateField(_("given on"))
    leader = models.ForeignKey(
        USER, verbose_name=_("leader"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    leader_label = models.CharField(_("leader, as written"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(USER, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))
    by_secretary = models.BooleanField(_("recorded by the secretary"), default=False)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    restricted = models.BooleanField(_("for named persons only"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=ItemState, default=ItemState.REGISTERED)
    due_on = models.DateField(_("due on"))
    original_due = models.DateField(_("original due date"), editable=False)
    extended = models.PositiveSmallIntegerField(_("extensions granted"), default=0, editable=False)
    assigned_on = models.DateField(_("handed out on"), null=True, blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("struck off on"), null=True, blank=True, editable=False)
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme concerned"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="supervised_items",
    )
    task = models.ForeignKey(
        Task,
        verbose_name=_("task concerned"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="supervised_items",
    )
    remark = models.OneToOneField(
        LeaderRemark,
        verbose_name=_("opened from the remark"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="item",
    )
    endorsement = models.CharField(
        _("word of the leader"), max_length=8, choices=Endorsement, blank=True, editable=False
    )
    endorsed_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    endorsed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # 挂牌督办案件 alone
    case_number = models.CharField(_("case number"), max_length=60, blank=True)
    supervising_units = models.CharField(_("supervising units"), max_length=200, blank=True)
    to_police = models.BooleanField(_("handed to the police"), default=False)
    to_police_on = models.DateField(_("handed to the police on"), null=True, blank=True)
    delisting_asked_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    delisting_basis = models.CharField(_("basis of the delisting"), max_length=300, blank=True)
    delisting_approved_by = models.CharField(_("delisting approved by"), max_length=80, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervised item")
        verbose_name_plural = _("supervised items")
        ordering = ["-given_on", "-pk"]
        permissions = [("follow_item", "Can see the restricted item (named person)")]
        indexes = [models.Index(fields=["jurisdiction", "state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="item_number_once"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="item_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="item_kind_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["completed", "closed"]) | Q(completed_on__isnull=False),
                name="item_completed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="item_closed_has_date",
            ),
            models.CheckConstraint(
                condition=Q(to_police=False, to_police_on__isnull=True)
                | Q(to_police=True, to_police_on__isnull=False),
                name="item_police_has_date",
            ),
            models.CheckConstraint(
                condition=Q(endorsement="", endorsed_by__isnull=True, endorsed_at__isnull=True)
                | (Q(endorsement__in=Endorsement.values) & Q(endorsed_by__isnull=False, endorsed_at__isnull=False)),
                name="item_endorsed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(kind="case") | (Q(restricted=True) & ~Q(case_number="")), name="case_is_restricted"
            ),
            models.CheckConstraint(condition=Q(original_due__gte=F("given_on")), name="item_due_after_given"),
        ]

    def __str__(self) -> str:
        """A restricted item is named by its number alone: the journal and lists of others may print this."""
        return self.number if self.restricted else self.title


class SupervisedItemUserObjectPermission(UserObjectPermissionBase):
    """A person named for a restricted item. Direct key, so that it goes with the item."""

    content_object = models.ForeignKey(SupervisedItem, on_delete=models.CASCADE)


class ItemFile(models.Model):
    """The scanned page of an instruction, an annex. Never a case file."""

    item = models.ForeignKey(SupervisedItem, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="item_file")
    caption = models.CharField(_("caption"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("file of a supervised item")
        verbose_name_plural = _("files of supervised items")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption or self.file.original_name


class ItemPartQuerySet(VisibleQuerySet):
    def open(self) -> "ItemPartQuerySet":
        """Parts of items handed out that still owe something."""
        return self.filter(item__state=ItemState.ASSIGNED).exclude(state__in=ItemPartState.settled())


class ItemPart(Versioned):
    """One unit's part of an item. The handling unit (主办) answers for the whole, the assisting one reports to it."""

    item = models.ForeignKey(SupervisedItem, on_delete=models.CASCADE, related_name="parts")
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="item_parts"
    )
    role = models.CharField(_("role"), max_length=8, choices=ItemRole, default=ItemRole.LEAD)
    state = models.CharField(_("state"), max_length=12, choices=ItemPartState, default=ItemPartState.PENDING)
    sort = models.PositiveIntegerField(_("order"), default=0)
    assigned_on = models.DateField(_("handed out on"), null=True, blank=True, editable=False)
    signed_for_by = models.ForeignKey(
        USER, verbose_name=_("signed for by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_for_on = models.DateField(_("signed for on"), null=True, blank=True, editable=False)
    settled_on = models.DateField(_("settled on"), null=True, blank=True, editable=False)
    settled_note = models.CharField(_("why waived"), max_length=200, blank=True, editable=False)

    objects = ItemPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a supervised item")
        verbose_name_plural = _("parts of supervised items")
        ordering = ["item", "sort", "pk"]
        indexes = [models.Index(fields=["department", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["item", "department"], name="unit_once_per_item"),
            models.CheckConstraint(condition=Q(state__in=ItemPartState.values), name="item_part_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "waived"]) | Q(settled_on__isnull=False),
                name="item_part_settled_has_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.item) if self.item.restricted else f"{self.department} · {self.item}"

    @property
    def jurisdiction_id(self) -> int:
        return self.item.jurisdiction_id

    @property
    def answers(self) -> bool:
        """Whether this unit answers for the item to the office; an assisting one reports to the handling unit."""
        return self.role == ItemRole.LEAD
