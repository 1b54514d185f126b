"""三单三色: slips and the units' answers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from programs.choices import SlipColour, SlipKind, SlipLevel, SlipState
from qualitycity.files.models import StoredFile
from taskforce.models import Department, Jurisdiction

from ..base import VisibleQuerySet
from ..filing import Filed
from ..progress import ReportingWindow
from ..responsibility import Responsibility
from .items import ItemPart
from .numbered import NumberedPaper

USER = settings.AUTH_USER_MODEL


class SlipQuerySet(VisibleQuerySet):
    def open(self) -> "SlipQuerySet":
        return self.filter(state__in=SlipState.open())

    def overdue(self, day) -> "SlipQuerySet":
        """Unanswered after their date."""
        return self.filter(state__in=SlipState.with_unit(), due_on__lt=day)


class Slip(NumberedPaper):
    """One slip about one matter (一事一单) to one unit. What it says is never changed once it is issued.

    The system only proposes (`proposed_by` empty, `reason` says why); a person of the office issues. `to_leader` is
    only ever named by a person. `previous` is the slip whose date was missed.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="slips"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=SlipKind)
    colour = models.CharField(_("colour"), max_length=8, choices=SlipColour, blank=True)
    level = models.CharField(_("addressed to"), max_length=8, choices=SlipLevel, default=SlipLevel.UNIT)
    to_leader = models.ForeignKey(
        USER,
        verbose_name=_("leader in charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    part = models.ForeignKey(
        Responsibility,
        verbose_name=_("responsibility"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slips",
    )
    item_part = models.ForeignKey(
        ItemPart,
        verbose_name=_("part of a supervised item"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slips",
    )
    window = models.ForeignKey(
        ReportingWindow,
        verbose_name=_("reporting window"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slips",
    )
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="slips"
    )
    matter = models.CharField(_("matter"), max_length=200)
    situation = models.TextField(_("how it stands"), max_length=1000, blank=True)
    demands = models.TextField(_("what is demanded"), max_length=1000)
    due_on = models.DateField(_("to be answered by"))
    responsible = models.CharField(_("responsible person"), max_length=60, blank=True)
    contact = models.CharField(_("contact of the office"), max_length=80, blank=True)
    previous = models.ForeignKey(
        "self",
        verbose_name=_("follows the slip"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
    )
    state = models.CharField(_("state"), max_length=12, choices=SlipState, default=SlipState.PROPOSED)
    proposed_on = models.DateField(_("proposed on"))
    proposed_by = models.ForeignKey(
        USER, verbose_name=_("drawn up by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("why it is proposed"), max_length=400, blank=True)
    proposal_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)
    acknowledged_by = models.ForeignKey(
        USER,
        verbose_name=_("acknowledged by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        ordering = ["-issued_at", "-pk"]
        indexes = [
            models.Index(fields=["jurisdiction", "state", "due_on"], name="slip_list"),
            models.Index(fields=["department", "state"], name="slip_unit"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SlipState.values), name="slip_state_known"),
            models.CheckConstraint(condition=Q(kind__in=SlipKind.values), name="slip_kind_known"),
            models.CheckConstraint(
                condition=Q(part__isnull=False, item_part__isnull=True, window__isnull=True)
                | Q(part__isnull=True, item_part__isnull=False, window__isnull=True)
                | Q(part__isnull=True, item_part__isnull=True, window__isnull=False),
                name="slip_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(kind="assignment", colour="")
                | (Q(colour__in=SlipColour.values) & ~Q(kind="assignment")),
                name="slip_colour_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(level="leader") | Q(to_leader__isnull=True), name="slip_leader_fits_level"
            ),
            models.CheckConstraint(
                condition=~Q(level="leader")
                | Q(state__in=["proposed", "dismissed"])
                | Q(to_leader__isnull=False),
                name="slip_leader_is_named",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["proposed", "dismissed"])
                    & Q(year__isnull=True, seq__isnull=True, number="", issued_at__isnull=True)
                )
                | (
                    ~Q(state__in=["proposed", "dismissed"])
                    & Q(
                        year__isnull=False,
                        seq__isnull=False,
                        issued_by__isnull=False,
                        issued_at__isnull=False,
                    )
                    & ~Q(number="")
                ),
                name="slip_numbered_when_issued",
            ),
            models.UniqueConstraint(fields=["jurisdiction", "kind", "year", "seq"], name="slip_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["acknowledged", "answered", "settled"])
                | Q(acknowledged_at__isnull=False),
                name="slip_acknowledged_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False)
                | (~Q(state="settled") & Q(settled_at__isnull=True)),
                name="slip_settled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="slip_void_has_time",
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | ~Q(previous=F("id")), name="slip_not_after_itself"
            ),
            # 一事一单: one that waits to be issued per matter
            models.UniqueConstraint(
                fields=["part"], condition=Q(state="proposed"), name="one_slip_to_be_issued_per_part"
            ),
            models.UniqueConstraint(
                fields=["item_part"],
                condition=Q(state="proposed"),
                name="one_slip_to_be_issued_per_item_part",
            ),
            models.UniqueConstraint(
                fields=["window", "department"],
                condition=Q(state="proposed"),
                name="one_slip_to_be_issued_per_return",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.matter}" if self.number else self.matter

    @property
    def title(self) -> str:
        """督办通知单 and the colour in words; a colour never stands without its word."""
        return f"{self.get_kind_display()}" + (f"（{self.get_colour_display()}）" if self.colour else "")


class SlipAnswer(Filed):
    """What the unit answers: filed by the liaison, signed by the head, reviewed by the office. A returned answer is
    the refusal; the slip stays open until one is accepted."""

    slip = models.ForeignKey(Slip, verbose_name=_("slip"), on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("how it stands now"), max_length=2000, blank=True)
    measures = models.TextField(_("measures taken"), max_length=2000, blank=True)
    promised_on = models.DateField(_("to be done by"), null=True, blank=True)

    class Meta(Filed.Meta):
        verbose_name = _("answer to a slip")
        verbose_name_plural = _("answers to slips")
        ordering = ["slip", "-version"]
        constraints = [
            *Filed.Meta.constraints,
            models.UniqueConstraint(fields=["slip", "version"], name="slip_answer_version_once"),
            models.UniqueConstraint(
                fields=["slip"],
                condition=~Q(state__in=["accepted", "superseded"]),
                name="one_open_answer_per_slip",
            ),
        ]

    def __str__(self) -> str:
        return str(self.slip)

    @property
    def jurisdiction_id(self) -> int:
        return self.slip.jurisdiction_id

    @property
    def department_id(self) -> int:
        return self.slip.department_id


class SlipAnswerFile(models.Model):
    """A file that goes with an answer."""

    answer = models.ForeignKey(SlipAnswer, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="slip_answer_file")

    class Meta:
        verbose_name = _("file of an answer")
        verbose_name_plural = _("files of answers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.original_name
