"""What the document prints of tasks, responsibilities, milestones and deliverables.

Here the printed facts are mended. Dates, units added by the office and every state move on the pages of the portal.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from programs.choices import PartState
from programs.models import Deliverable, Milestone, Responsibility, Task
from taskforce.admin.base import OfficeRegister


@admin.register(Task)
class TaskAdmin(OfficeRegister):
    edit_action = "manage"
    list_display = ("__str__", "programme", "section", "nature", "role_mode", "state", "due_on")
    list_filter = (
        "state", "nature", "kind", "role_mode", "origin", ("programme", admin.RelatedOnlyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("programme", "section")
    search_fields = ("title", "number", "clause_path", "requirement", "programme__short_title")
    autocomplete_fields = ("programme", "section", "phase", "parent", "carried_from", "responsible_leader")
    ordering = ("programme_id", "sort", "pk")
    governed = (
        "state", "due_on", "original_due", "assigned_on", "completed_on", "closed_on", "suspended_on", "suspended_why",
        "suspended_basis", "responsible_leader", "carried_from",
    )  # fmt: skip
    fixed = ("programme", "nature", "phase", "origin")


@admin.register(Responsibility)
class ResponsibilityAdmin(OfficeRegister):
    edit_action = "manage"
    list_display = ("task", "department", "group", "role", "printed", "state", "convenor", "origin")
    list_filter = ("role", "state", "origin", ("task__programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("task", "department", "group")
    search_fields = ("task__title", "department__short_name", "department__name", "group__name", "printed")
    autocomplete_fields = ("task", "department", "group", "expanded_from", "contact_user")
    governed = (
        "state", "convenor", "contact_user", "responsible_person", "expanded_from", "assigned_on", "signed_for_by",
        "signed_for_on", "settled_on", "settled_note",
    )  # fmt: skip
    fixed = ("task", "origin")

    def get_readonly_fields(self, request: HttpRequest, obj: Responsibility | None = None) -> Sequence[str]:
        """Who answers in which role is mended before it is assigned, not after."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.state == PartState.PENDING:
            return fields
        return (*fields, "department", "group", "role")


@admin.register(Milestone)
class MilestoneAdmin(OfficeRegister):
    edit_action = "manage"
    list_display = ("title", "task", "programme", "due_on", "state", "origin")
    list_filter = ("state", "origin", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("task", "programme")
    search_fields = ("title", "task__title", "programme__short_title")
    autocomplete_fields = ("programme", "task", "phase")
    date_hierarchy = "due_on"
    governed = ("state", "original_due", "done_on")
    fixed = ("programme", "task", "due_on", "origin")

    def save_model(self, request: HttpRequest, obj: Milestone, form: Any, change: bool) -> None:
        if not change:
            obj.original_due = obj.due_on
        super().save_model(request, obj, form, change)


@admin.register(Deliverable)
class DeliverableAdmin(OfficeRegister):
    edit_action = "manage"
    list_display = ("name", "kind", "task", "programme", "due_on", "done_on")
    list_filter = ("kind", "origin", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("task", "programme")
    search_fields = ("name", "task__title", "programme__short_title")
    autocomplete_fields = ("programme", "task")
    governed = ("done_on", "done_note")
    fixed = ("programme", "task", "origin")
