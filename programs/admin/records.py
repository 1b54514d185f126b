"""What the work has left behind: to look up, never to rewrite."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from programs.models import LeaderRemark, ProgressEntry, ProgressReport, ReminderDelivery
from taskforce.admin.base import OfficeRecord


@admin.register(ProgressEntry)
class ProgressEntryAdmin(OfficeRecord):
    list_display = ("part", "window", "state", "percent", "sign_mode", "on_behalf", "version", "filed_at")
    list_filter = (
        "state", "sign_mode", "on_behalf", "unchanged", ("window__programme", admin.RelatedOnlyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("part__task", "part__department", "part__group", "window__programme")
    search_fields = ("part__task__title", "part__department__short_name", "progress", "remark")


@admin.register(ProgressReport)
class ProgressReportAdmin(OfficeRecord):
    list_display = ("title", "scope", "state", "requested_by", "requested_at", "built_at")
    list_filter = ("state", "scope", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("requested_by",)
    search_fields = ("title", "programme__short_title", "requested_by__full_name")
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without the frozen content, which is large and is read as the PDF."""
        return super().get_queryset(request).defer("content")


@admin.register(LeaderRemark)
class LeaderRemarkAdmin(OfficeRecord):
    list_display = ("leader", "text", "programme", "task", "recorded_by", "at")
    list_filter = (("programme", admin.RelatedOnlyFieldListFilter), ("leader", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("leader", "recorded_by", "programme", "task")
    search_fields = ("text", "leader__full_name", "task__title")
    date_hierarchy = "at"


@admin.register(ReminderDelivery)
class ReminderDeliveryAdmin(OfficeRecord):
    list_display = ("subject", "recipient", "due_on", "rung", "digest_on")
    list_filter = ("digest_on", "rung")
    list_select_related = ("recipient",)
    search_fields = ("subject", "recipient__full_name", "recipient__username", "key")
    date_hierarchy = "digest_on"
