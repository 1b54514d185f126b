"""Rooms of the admin that no app owns: holidays, the journal, the outbox."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualitycity.access.http import actor_of
from qualitycity.audit.models import Entry
from qualitycity.home.words import words_of
from qualitycity.outbox.messages import NotRetryable, retry
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workdays.models import Holiday
from qualitycity.workflow.admin import PortalAdmin, ReadOnlyAdmin
from taskforce.choices import Role

SYSTEM = frozenset({Role.SYSTEM_ADMIN})


class HolidayYear(admin.SimpleListFilter):
    """One year of the table, as one notice announces it."""

    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Holiday.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Holiday]) -> QuerySet[Holiday]:
        year = self.value()
        return queryset.filter(date__year=int(year)) if year and year.isdigit() else queryset


@admin.register(Holiday)
class HolidayAdmin(PortalAdmin):
    readers = SYSTEM | {Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.AUDITOR}
    editors = SYSTEM | {Role.OFFICE_ADMIN}
    list_display = ("date", "weekday", "kind", "name", "source")
    list_filter = (HolidayYear, "kind")
    list_per_page = 60
    search_fields = ("name", "source")
    date_hierarchy = "date"
    ordering = ("-date",)
    fixed = ("date",)

    @admin.display(description=gettext_lazy("day of the week"), ordering="date")
    def weekday(self, obj: Holiday) -> str:
        return date_format(obj.date, "l")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Says of this year and the next whether their notice is in."""
        year = timezone.localdate().year
        for sentence in load_calendar().warnings([year, year + 1]):
            messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    readers = frozenset({Role.AUDITOR})
    list_display = ("at", "actor_label", "acting_for_label", "what", "subject_label", "from_state", "to_state")
    list_filter = ("audience", "subject_type")
    search_fields = ("subject_label", "actor_label", "action", "=request_id")
    date_hierarchy = "at"

    @admin.display(description=gettext_lazy("action"), ordering="action")
    def what(self, obj: Entry) -> str:
        return words_of(obj)


class ReasonForm(ActionForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    readers = SYSTEM
    list_display = ("kind", "dedup_key", "queue", "state", "attempts", "created_at", "finished_at")
    list_filter = ("state", "queue", "kind")
    search_fields = ("kind", "dedup_key", "last_error")
    action_form = ReasonForm
    actions = ("retry_messages",)

    @admin.action(description=gettext_lazy("Try again (with a reason)"), permissions=["view"])
    def retry_messages(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Puts parked and doubtful messages back. A doubtful e-mail may arrive twice: hence a person, and a reason."""
        reason, count = request.POST.get("reason", "").strip(), 0
        if not reason:
            self.message_user(request, _("Please give a reason."), messages.ERROR)
            return
        for message in queryset:
            try:
                retry(message, actor=actor_of(request), reason=reason)
                count += 1
            except NotRetryable:
                self.message_user(
                    request, _("%(message)s does not wait for a person.") % {"message": message}, messages.WARNING
                )
        if count:
            self.message_user(request, _("%(count)s messages are tried again.") % {"count": count}, messages.SUCCESS)



@admin.register(InboxItem)
class InboxItemAdmin(ReadOnlyAdmin):
    readers = SYSTEM
    list_display = ("title", "recipient", "kind", "urgent", "created_at", "read_at")
    list_filter = ("kind", "urgent", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipient",)
    search_fields = ("title", "recipient__username", "recipient__full_name")
    #: The text is between the portal and its reader.
    exclude = ("body",)
