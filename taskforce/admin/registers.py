"""Territories, units with their names over time, groups, bodies with their seats, the contact book."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from qualitycity.workflow.admin import PortalInline
from taskforce.choices import Role
from taskforce.models import (
    Body,
    Contact,
    Department,
    DepartmentAlias,
    DepartmentGroup,
    DepartmentName,
    GroupMember,
    Jurisdiction,
    Seat,
    SeatSupervision,
)

from .base import READERS, OfficeRegister

#: The system administrator gives accounts their place and therefore finds territories and units.
PLACES = READERS | {Role.SYSTEM_ADMIN}
ACCOUNTS = frozenset({Role.OFFICE_ADMIN})


@admin.register(Jurisdiction)
class JurisdictionAdmin(OfficeRegister):
    readers = PLACES
    list_display = ("name", "code", "level", "parent")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "code")
    autocomplete_fields = ("parent",)
    fixed = ("code", "parent")


class NameInline(PortalInline):
    model = DepartmentName


class AliasInline(PortalInline):
    model = DepartmentAlias


@admin.register(Department)
class DepartmentAdmin(OfficeRegister):
    readers = PLACES
    list_display = ("name", "short_name", "kind", "jurisdiction", "successor", "closed_on")
    list_filter = (
        "kind",
        ("closed_on", admin.EmptyFieldListFilter),
        ("jurisdiction", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("jurisdiction", "successor")
    search_fields = ("name", "short_name", "code", "aliases__alias", "names__name")
    autocomplete_fields = ("jurisdiction", "successor")
    fixed = ("code",)
    inlines = (NameInline, AliasInline)


class MemberInline(PortalInline):
    """名单: given on the page of the group, with the ground on which it is given."""

    model = GroupMember
    autocomplete_fields = ("department",)

    def has_add_permission(self, request: HttpRequest, obj: DepartmentGroup | None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DepartmentGroup | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("department")


@admin.register(DepartmentGroup)
class DepartmentGroupAdmin(OfficeRegister):
    list_display = ("name", "jurisdiction", "list_given_on", "list_basis")
    list_filter = (
        ("list_given_on", admin.EmptyFieldListFilter),
        ("jurisdiction", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("jurisdiction",)
    search_fields = ("name", "code")
    autocomplete_fields = ("jurisdiction",)
    governed = ("list_given_on", "list_basis")
    fixed = ("code",)
    inlines = (MemberInline,)


class SeatInline(PortalInline):
    model = Seat
    fields = (
        "role",
        "printed_role",
        "person",
        "post",
        "department",
        "duties",
        "sort",
        "valid_from",
        "valid_until",
    )
    autocomplete_fields = ("department",)
    ordering = ("sort", "pk")


@admin.register(Body)
class BodyAdmin(OfficeRegister):
    list_display = ("name", "jurisdiction", "kind", "office_name", "roster_printed")
    list_filter = ("kind", "roster_printed", ("jurisdiction", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("jurisdiction",)
    search_fields = ("name", "code", "office_name")
    autocomplete_fields = ("jurisdiction", "office_department")
    fixed = ("code",)
    inlines = (SeatInline,)


class SupervisionInline(PortalInline):
    """分管."""

    model = SeatSupervision
    autocomplete_fields = ("department",)


@admin.register(Seat)
class SeatAdmin(OfficeRegister):
    list_display = ("printed_role", "person", "post", "department", "body", "valid_until")
    list_filter = ("role", "origin", ("body", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("body", "department")
    search_fields = ("person", "post", "printed_role", "department__short_name")
    autocomplete_fields = ("body", "department", "user")
    fixed = ("body",)
    inlines = (SupervisionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Seat | None = None):
        return _without_accounts(self, request, super().get_readonly_fields(request, obj))


@admin.register(Contact)
class ContactAdmin(OfficeRegister):
    list_display = ("name", "department", "post", "phone", "mobile", "email")
    list_filter = ("department__kind", ("department__jurisdiction", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("department",)
    search_fields = ("name", "post", "phone", "mobile", "department__name", "department__short_name")
    autocomplete_fields = ("department", "user")
    ordering = ("department__sort", "department_id", "sort", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None):
        return _without_accounts(self, request, super().get_readonly_fields(request, obj))


def _without_accounts(register: OfficeRegister, request: HttpRequest, fields):
    """Whoever may not look into the accounts cannot choose one either."""
    may = request.actor.roles & ACCOUNTS  # type: ignore[attr-defined]
    return fields if may else (*fields, "user")
