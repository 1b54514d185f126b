"""领导小组会议: agenda with papers, who is invited and who came, 纪要, and what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.choices import BuildState, InvitationReply, ItemRole, MeetingPdfKind, MeetingState, Presence
from qualitycity.files.models import StoredFile
from taskforce.models import Body, Department, Seat

from ..base import Versioned, VisibleQuerySet
from .items import SupervisedItem

USER = settings.AUTH_USER_MODEL


class Meeting(Versioned):
    """One meeting of a body. Number and content of the minutes are frozen together when they are issued."""

    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("title"), max_length=120)
    session = models.PositiveSmallIntegerField(_("which meeting (第N次)"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    chair = models.ForeignKey(
        Seat, verbose_name=_("chaired by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    chair_label = models.CharField(_("chaired by, as written"), max_length=80, blank=True)
    note = models.CharField(_("note to the invited"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    notified_on = models.DateField(_("invitations sent on"), null=True, blank=True, editable=False)
    opening = models.TextField(_("opening of the minutes"), max_length=1500, blank=True)
    number = models.CharField(_("number of the minutes"), max_length=40, blank=True, editable=False)
    minuted_on = models.DateField(_("minutes issued on"), null=True, blank=True, editable=False)
    minutes = models.JSONField(null=True, blank=True, editable=False)
    minutes_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(USER, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "number"], condition=~Q(number=""), name="minutes_number_once"),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(
                condition=Q(state="minuted", minuted_on__isnull=False, minutes__isnull=False) & ~Q(number="")
                | ~Q(state="minuted") & Q(number="", minuted_on__isnull=True),
                name="meeting_minuted_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def jurisdiction_id(self) -> int:
        return self.body.jurisdiction_id

    @property
    def chaired_by(self) -> str:
        return self.chair_label or (str(self.chair) if self.chair else "")


class AgendaItem(models.Model):
    """议题. `minutes` is what the 纪要 says under it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    sort = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("topic"), max_length=200)
    department = models.ForeignKey(
        Department, verbose_name=_("reported by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    planned = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    matter = models.ForeignKey(
        "programs.CoordinationMatter",
        verbose_name=_("matter for coordination"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    minutes = models.TextField(_("what the minutes say"), max_length=3000, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "matter"], condition=Q(matter__isnull=False), name="matter_once_per_agenda"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MeetingPaper(models.Model):
    """会议材料 of one agenda item: a PDF or a picture; `pages` as counted when it was taken in."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="meeting_paper")
    title = models.CharField(_("title"), max_length=120)
    pages = models.PositiveSmallIntegerField(_("pages"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting paper")
        verbose_name_plural = _("meeting papers")
        ordering = ["item", "pk"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One invited seat, unit or person: 回执 before, 签到 at the meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(
        Seat, verbose_name=_("seat"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    user = models.ForeignKey(
        USER, verbose_name=_("account"), null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    sort = models.PositiveSmallIntegerField(_("order"), default=100)
    observer = models.BooleanField(_("sits in (列席)"), default=False)
    reply = models.CharField(_("reply"), max_length=10, choices=InvitationReply, default=InvitationReply.NONE)
    reply_note = models.CharField(_("reason of the leave"), max_length=200, blank=True)
    who_comes = models.CharField(_("who comes: name"), max_length=40, blank=True)
    who_comes_post = models.CharField(_("who comes: post"), max_length=60, blank=True)
    replied_by = models.ForeignKey(
        USER, verbose_name=_("answered by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    replied_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    presence = models.CharField(_("presence"), max_length=10, choices=Presence, default=Presence.UNKNOWN)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["meeting", "sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=Q(seat__isnull=False), name="seat_invited_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "department"],
                condition=Q(department__isnull=False, seat__isnull=True),
                name="unit_invited_once",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=False) | Q(department__isnull=False) | ~Q(name=""),
                name="attendance_names_someone",
            ),
            models.CheckConstraint(
                condition=~Q(reply="substitute") | ~Q(who_comes=""), name="substitute_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The seat in the body's words, the unit, or the name as entered."""
        return self.name or (str(self.seat) if self.seat_id else str(self.department))


class MeetingPdf(Versioned):
    """The papers joined into one PDF, or the 纪要: asked for, built by a job, stored. `asked` goes up with every change
    of what it is built from; what was built from an older state is thrown away."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pdfs")
    kind = models.CharField(_("kind"), max_length=10, choices=MeetingPdfKind)
    state = models.CharField(_("state"), max_length=10, choices=BuildState, default=BuildState.QUEUED)
    asked = models.PositiveIntegerField(default=1, editable=False)
    asked_by = models.ForeignKey(USER, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meeting_pdf",
    )
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    built_at = models.DateTimeField(_("built at"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("PDF of a meeting")
        verbose_name_plural = _("PDFs of meetings")
        ordering = ["meeting", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="meeting_pdf_once"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(file__isnull=False, built_at__isnull=False),
                name="meeting_pdf_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} · {self.get_kind_display()}"

    @property
    def jurisdiction_id(self) -> int:
        return self.meeting.jurisdiction_id


class Decision(models.Model):
    """议定事项: once the minutes are issued it becomes a supervised item, followed until it is struck off."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    agenda_item = models.ForeignKey(
        AgendaItem, verbose_name=_("topic"), null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("what was decided"), max_length=600)
    due_on = models.DateField(_("to be done by"))
    item = models.OneToOneField(
        SupervisedItem,
        verbose_name=_("supervised item"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meeting_decision",
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decision_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="decision_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def jurisdiction_id(self) -> int:
        return self.meeting.jurisdiction_id


class DecisionUnit(models.Model):
    """主办 or 协办 of a decision."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="units")
    department = models.ForeignKey(
        Department, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=8, choices=ItemRole, default=ItemRole.LEAD)

    class Meta:
        verbose_name = _("unit of a decision")
        verbose_name_plural = _("units of decisions")
        ordering = ["decision", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "department"], name="unit_once_per_decision")
        ]

    def __str__(self) -> str:
        return str(self.department)
