"""政策文件 with what they rest on."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin

from programs.models import DocumentBasis, PolicyDocument
from qualitycity.workflow.admin import PortalInline
from taskforce.admin.base import OfficeRegister


class KindsInUse(admin.AllValuesFieldListFilter):
    """The kinds that documents have; documents without one are a choice that can be seen and hit."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            yield choice if choice["display"] else choice | {"display": changelist.model_admin.get_empty_value_display()}


class BasisInline(PortalInline):
    model = DocumentBasis


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(OfficeRegister):
    list_display = ("title", "number", "issuing_body", "dated", "valid_until", "jurisdiction")
    list_filter = (("kind", KindsInUse), ("jurisdiction", admin.RelatedOnlyFieldListFilter), "valid_until_computed")
    list_select_related = ("jurisdiction",)
    search_fields = ("title", "number", "key", "issuing_body")
    autocomplete_fields = ("jurisdiction", "successor")
    date_hierarchy = "dated"
    fixed = ("key",)
    inlines = (BasisInline,)
