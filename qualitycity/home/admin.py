"""Rooms of the admin that no app owns: holidays (`holidays.py`), the journal, the outbox."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualitycity.access.http import actor_of
from qualitycity.audit.models import Entry
from qualitycity.home.words import words_of
from qualitycity.outbox.messages import NotRetryable, retry
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workflow.admin import ReadOnlyAdmin
from taskforce.choices import Role

from . import holidays  # noqa: F401  registers its room

SYSTEM = frozenset({Role.SYSTEM_ADMIN})


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
