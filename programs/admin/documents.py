"""政策文件 with what they rest on."""

from django.contrib import admin

from programs.models import DocumentBasis, PolicyDocument
from qualitycity.workflow.admin import PortalInline
from taskforce.admin.base import OfficeRegister


class BasisInline(PortalInline):
    model = DocumentBasis


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(OfficeRegister):
    list_display = ("title", "number", "issuing_body", "dated", "valid_until", "jurisdiction")
    list_filter = ("kind", ("jurisdiction", admin.RelatedOnlyFieldListFilter), "valid_until_computed")
    list_select_related = ("jurisdiction",)
    search_fields = ("title", "number", "key", "issuing_body")
    autocomplete_fields = ("jurisdiction", "successor")
    date_hierarchy = "dated"
    fixed = ("key",)
    inlines = (BasisInline,)
