"""奖励 and incentive schemes as printed."""

from django.contrib import admin

from awards.models import AwardScheme
from taskforce.admin.base import OfficeRegister


@admin.register(AwardScheme)
class AwardSchemeAdmin(OfficeRegister):
    list_display = ("name", "programme", "role", "level", "sponsor", "eligible")
    list_filter = ("role", "level", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("programme",)
    search_fields = ("name", "sponsor", "eligible", "programme__short_title")
    autocomplete_fields = ("programme", "task")
    fixed = ("programme", "origin")
