"""方案 with sections, phases, periods, duties and rules of assessment; two jobs can be asked for from the list."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.choices import ProgrammeState, ReportScope
from programs.domain import reports
from programs.models import AssessmentRule, Duty, Phase, Programme, ReportingWindow, Section
from qualitycity.access import can
from qualitycity.access.http import actor_of
from qualitycity.audit.journal import record
from qualitycity.outbox.messages import enqueue
from qualitycity.workflow import Refused
from taskforce.admin.base import OfficeRegister
from taskforce.choices import Role


@admin.register(Programme)
class ProgrammeAdmin(OfficeRegister):
    edit_action = "manage"
    list_display = ("short_title", "year", "state", "jurisdiction", "starts_on", "ends_on", "report_every")
    list_filter = ("state", "year", ("jurisdiction", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("jurisdiction",)
    search_fields = ("title", "short_title", "key", "document__number")
    autocomplete_fields = ("jurisdiction", "document", "parent", "carried_from", "body", "office_department")
    governed = ("state",)
    fixed = ("key", "jurisdiction", "carried_from")
    actions = ("build_report", "send_reminders")

    def get_readonly_fields(self, request: HttpRequest, obj: Programme | None = None) -> Sequence[str]:
        """Once it runs, its periods are cut: what they were cut by stays."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.state == ProgrammeState.DRAFT:
            return fields
        return (*fields, "starts_on", "ends_on", "report_every", "report_opens_before", "report_due_after")

    @admin.action(description=gettext_lazy("Build progress report"), permissions=["change"])
    def build_report(self, request: HttpRequest, queryset: QuerySet[Programme]) -> None:
        """A PDF of each chosen programme for its newest period that has opened; a worker builds it."""
        opened = ReportingWindow.objects.filter(opens_on__lte=timezone.localdate()).order_by("-starts_on")
        chosen = queryset.select_related("jurisdiction").prefetch_related(Prefetch("windows", opened, to_attr="opened"))
        for programme in chosen:
            if not programme.opened:
                self._say(request, programme, _("no period has opened yet."))
                continue
            try:
                report = reports.request(
                    actor=actor_of(request), programme=programme, window=programme.opened[0], scope=ReportScope.PROGRAMME
                )
            except Refused as refused:
                self._say(request, programme, str(refused.sentence))
                continue
            link = format_html('<a href="{}">{}</a>', reverse("report", args=[report.pk]), report.title)
            self.message_user(request, format_html(_("{} is being built."), link), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Send reminders now"), permissions=["change"])
    def send_reminders(self, request: HttpRequest, queryset: QuerySet[Programme]) -> None:
        """What is due to be told is told now, not at the next full hour; pressed twice in a minute it runs once."""
        actor = actor_of(request)
        running = [
            programme
            for programme in queryset.select_related("jurisdiction")
            if programme.state == ProgrammeState.RUNNING and can(actor, "manage", programme)
        ]
        if not running:
            self.message_user(
                request, _("Reminders go out for running programmes of your own office only."), messages.ERROR
            )
            return
        ids = sorted(programme.pk for programme in running)
        key = f"reminders:{timezone.localtime():%Y%m%d%H%M}:{'-'.join(str(pk) for pk in ids)}"
        if enqueue("reminders.scan", key=key[:200], payload={"programmes": ids}):
            for programme in running:
                record(subject=programme, action="send_reminders", actor=actor, audience="office")
        said = ngettext(
            "Reminders of %(count)s programme are on their way; nobody is told twice.",
            "Reminders of %(count)s programmes are on their way; nobody is told twice.",
            len(ids),
        )
        self.message_user(request, said % {"count": len(ids)}, messages.SUCCESS)

    def _say(self, request: HttpRequest, programme: Programme, sentence: str) -> None:
        self.message_user(request, f"{programme}：{sentence}", messages.ERROR)


class OfProgramme(OfficeRegister):
    """Rows of one programme, which stays the same."""

    list_filter: Sequence[Any] = (("programme", admin.RelatedOnlyFieldListFilter),)
    list_select_related: Any = ("programme",)
    autocomplete_fields: Sequence[str] = ("programme",)
    fixed = ("programme",)


@admin.register(Section)
class SectionAdmin(OfProgramme):
    list_display = ("__str__", "path", "programme", "sort")
    search_fields = ("title", "number", "path", "programme__short_title")


@admin.register(Phase)
class PhaseAdmin(OfProgramme):
    list_display = ("name", "number", "starts_on", "ends_on", "programme", "origin")
    search_fields = ("name", "number", "programme__short_title")


@admin.register(Duty)
class DutyAdmin(OfProgramme):
    list_display = ("who", "summary", "department", "group", "programme")
    list_select_related = ("programme", "department", "group")
    search_fields = ("who", "summary", "department__short_name")
    autocomplete_fields = ("programme", "department", "group")


@admin.register(AssessmentRule)
class AssessmentRuleAdmin(OfProgramme):
    list_display = ("rule", "kind", "subject", "by", "programme")
    search_fields = ("rule", "subject", "by", "consequence")


@admin.register(ReportingWindow)
class ReportingWindowAdmin(OfProgramme):
    """Cut when the programme starts. Until a period is locked its days can be moved; locking has its own page."""

    list_display = ("label", "programme", "opens_on", "due_on", "locked_at")
    list_filter = (
        ("programme", admin.RelatedOnlyFieldListFilter), "kind", ("locked_at", admin.EmptyFieldListFilter),
    )  # fmt: skip
    search_fields = ("programme__title", "programme__short_title")
    governed = ("kind", "starts_on", "ends_on", "locked_at")
    date_hierarchy = "due_on"

    @admin.display(description=gettext_lazy("period"), ordering="starts_on")
    def label(self, obj: ReportingWindow) -> str:
        return obj.label

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ReportingWindow | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (obj.locked_at is None and Role.OFFICE_ADMIN in actor_of(request).roles)
