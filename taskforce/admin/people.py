"""Accounts with a password shown once, the roles they hold, stand-ins. Every write is a call of the domain."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from qualitycity.access import can
from qualitycity.access.http import actor_of, fetch
from qualitycity.workflow import Refused
from qualitycity.workflow.admin import PortalAdmin, PortalInline, RegisterForm
from taskforce.choices import Role
from taskforce.domain import accounts, people
from taskforce.models import Delegation, Membership, User

OPENERS = frozenset({Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN})
LOOKERS = OPENERS | {Role.AUDITOR}


class AccountForm(RegisterForm):
    """A new account, or name, e-mail and telephone of one that is there."""

    def rehearse(self) -> None:
        if self.instance.pk:
            super().rehearse()
            return
        decision = can(self.actor, "create", self.instance)
        if not decision:
            raise Refused(decision.reason)


class RoleForm(RegisterForm):
    """任职: a new one in full. One that is there is ended, not rewritten: what it was stays true of the past."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, field in self.fields.items():
                field.disabled = name not in ("valid_until", "id", "user")
        elif "valid_from" in self.fields:
            self.fields["valid_from"].initial = timezone.localdate

    def rehearse(self) -> None:
        if not self.instance.pk:
            accounts.check_role(self.instance)
        super().rehearse()


class RoleInline(PortalInline):
    model = Membership
    form = RoleForm
    fk_name = "user"
    fields = ("role", "jurisdiction", "department", "leader", "valid_from", "valid_until")
    autocomplete_fields = ("jurisdiction", "department", "leader")
    verbose_name = gettext_lazy("role")
    verbose_name_plural = gettext_lazy("roles")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return bool(actor_of(request).roles & OPENERS)

    def has_add_permission(self, request: HttpRequest, obj: User | None) -> bool:
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .select_related("user", "jurisdiction", "department__jurisdiction", "leader")
        )

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs: Any):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.actor, formset.form.action = actor_of(request), "edit"
        return formset


@admin.register(User)
class AccountAdmin(PortalAdmin):
    readers = LOOKERS
    editors = OPENERS
    form = AccountForm
    change_form_template = "admin/taskforce/user/change_form.html"
    list_display = ("username", "full_name", "roles", "phone", "is_active", "last_login")
    list_filter = ("is_active", "must_change_password", "memberships__role")
    search_fields = ("username", "full_name", "phone", "email")
    ordering = ("username",)
    fields = (
        "username",
        "full_name",
        "email",
        "phone",
        "is_active",
        "is_staff",
        "must_change_password",
        "last_login",
    )
    governed = ("is_active", "is_staff", "must_change_password", "last_login")
    fixed = ("username",)
    inlines = (RoleInline,)
    actions = ("close", "open_again")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = Membership.objects.current(timezone.localdate()).select_related("department", "jurisdiction")
        return (
            super().get_queryset(request).prefetch_related(Prefetch("memberships", rows, to_attr="held_now"))
        )

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, obj: User) -> str:
        return (
            "、".join(
                f"{row.department or row.jurisdiction} {row.get_role_display()}" for row in obj.held_now
            )
            or "—"
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The office administrator does not edit accounts, but enters roles below them."""
        return bool(actor_of(request).roles & self.editors) and (
            obj is None or bool(can(actor_of(request), "view", obj))
        )

    def get_fields(self, request: HttpRequest, obj: User | None = None):
        if obj is None:
            return ("username", "full_name", "email", "phone")
        return self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None):
        fields = super().get_readonly_fields(request, obj)
        if obj is not None and not can(actor_of(request), "edit", obj):
            return (*fields, "full_name", "email", "phone")
        return fields

    def get_inlines(self, request: HttpRequest, obj: User | None):
        """First the account, on whose next page the roles are entered."""
        return self.inlines if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actor, data = actor_of(request), form.cleaned_data
        if change:
            if form.changed_data:
                accounts.change_account(
                    obj, actor=actor, **{name: data[name] for name in ("full_name", "email", "phone")}
                )
            return
        made, request.one_time_password = accounts.create_account(actor=actor, **data)  # type: ignore[attr-defined]
        obj.pk = made.pk

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Roles are given and ended by the domain; each of them leaves its own entry in the journal."""
        actor = actor_of(request)
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for row in formset.forms:
            if not row.has_changed():
                continue
            if row.instance.pk:
                _end_role(row.instance, actor)
            else:
                names = ("role", "jurisdiction", "department", "leader", "valid_from", "valid_until")
                accounts.give_role(
                    actor=actor, user=form.instance, **{name: row.cleaned_data[name] for name in names}
                )

    def journal(self, request: HttpRequest, obj: User, action: str) -> None:
        """The domain has written it down."""

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._password_page(request, obj, request.one_time_password)  # type: ignore[attr-defined]

    def _password_page(self, request: HttpRequest, obj: User, password: str) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "account": obj, "password": password,
            "title": _("One-time password"),
        }  # fmt: skip
        response = TemplateResponse(request, "admin/taskforce/user/password_once.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def get_urls(self) -> list:
        reset = self.admin_site.admin_view(never_cache(self.reset_password))
        return [path("<int:pk>/reset-password/", reset, name="taskforce_user_reset"), *super().get_urls()]

    def reset_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks, POST makes a new one-time password and shows it this once."""
        account = fetch(request, User.objects.prefetch_related("memberships__jurisdiction"), pk=pk)
        decision = can(actor_of(request), "reset_password", account)
        if not decision:
            raise PermissionDenied(str(decision.reason))
        if request.method == "POST":
            return self._password_page(
                request, account, accounts.reset_password(account, actor=actor_of(request))
            )
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "account": account,
            "title": _("Reset the password"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/taskforce/user/reset_password.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ):
        account = self.get_object(request, object_id)
        may = account is not None and can(actor_of(request), "reset_password", account)
        url = reverse("admin:taskforce_user_reset", args=[account.pk]) if may else ""
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "reset_url": url})

    @admin.action(description=gettext_lazy("Close the account"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._switch(request, queryset, accounts.deactivate, _("%(count)s accounts closed."))

    @admin.action(description=gettext_lazy("Open the account again"), permissions=["change"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._switch(request, queryset, accounts.reactivate, _("%(count)s accounts opened again."))

    def _switch(self, request: HttpRequest, queryset: QuerySet[User], move: Any, said: str) -> None:
        count = 0
        for account in queryset.prefetch_related("memberships__jurisdiction"):
            try:
                move(account, actor=actor_of(request))
                count += 1
            except Refused as refused:
                self.message_user(request, f"{account}：{refused.sentence}", messages.ERROR)
        if count:
            self.message_user(request, said % {"count": count}, messages.SUCCESS)


def _end_role(row: Membership, actor: Any) -> None:
    if row.valid_until is not None:
        last_day = row.valid_until - timedelta(days=1)
        accounts.end_role(row, actor=actor, last_day=last_day)


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    """Roles across all accounts, to look through; they are given and ended on the page of the account."""

    readers = LOOKERS | {Role.OFFICE_CLERK}
    list_display = ("user", "role", "jurisdiction", "department", "leader", "valid_from", "valid_until")
    list_filter = (
        "role",
        ("valid_until", admin.EmptyFieldListFilter),
        ("jurisdiction", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("user", "jurisdiction", "department", "leader")
    search_fields = ("user__username", "user__full_name", "department__short_name", "department__name")
    autocomplete_fields = ("user", "jurisdiction", "department", "leader")


class StandInForm(RegisterForm):
    def rehearse(self) -> None:
        people.check_stand_in(self.instance, actor=self.actor)


@admin.register(Delegation)
class DelegationAdmin(PortalAdmin):
    """A/B角 named by the office where somebody fell ill; called back by an action."""

    readers = frozenset({Role.OFFICE_ADMIN, Role.AUDITOR})
    editors = frozenset({Role.OFFICE_ADMIN})
    form = StandInForm
    list_display = ("principal", "deputy", "first_day", "last_day", "revoked_on", "reason")
    list_filter = (("revoked_on", admin.EmptyFieldListFilter), "first_day")
    list_select_related = ("principal", "deputy")
    search_fields = ("principal__username", "principal__full_name", "deputy__username", "deputy__full_name")
    autocomplete_fields = ("principal", "deputy")
    fields = ("principal", "deputy", "first_day", "last_day", "reason", "revoked_on")
    governed = ("revoked_on",)
    actions = ("call_back",)

    def has_change_permission(self, request: HttpRequest, obj: Delegation | None = None) -> bool:
        """One that is there is called back, not rewritten."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Delegation, form: forms.ModelForm, change: bool) -> None:
        names = ("principal", "deputy", "first_day", "last_day", "reason")
        row = people.name_stand_in(
            actor=actor_of(request), **{name: form.cleaned_data[name] for name in names}
        )
        obj.pk = row.pk

    def journal(self, request: HttpRequest, obj: Delegation, action: str) -> None:
        """The domain has written it down."""

    @admin.action(description=gettext_lazy("Call the stand-in back"), permissions=["change"])
    def call_back(self, request: HttpRequest, queryset: QuerySet[Delegation]) -> None:
        for row in queryset.select_related("principal").prefetch_related(
            "principal__memberships__jurisdiction"
        ):
            try:
                people.revoke_stand_in(row, actor=actor_of(request))
            except Refused as refused:
                self.message_user(request, f"{row}：{refused.sentence}", messages.ERROR)
