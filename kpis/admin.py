"""指标 as printed with what the office adds; readings to look up."""

from django.contrib import admin

from kpis.models import Indicator, IndicatorReading
from taskforce.admin.base import OfficeRecord, OfficeRegister


@admin.register(Indicator)
class IndicatorAdmin(OfficeRegister):
    list_display = ("name", "programme", "kind", "comparator", "value", "unit", "reporter", "doubtful")
    list_filter = ("kind", "doubtful", "strict", ("programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("programme", "reporter")
    search_fields = ("name", "clause_path", "programme__short_title", "reporter__short_name")
    autocomplete_fields = ("programme", "task", "reporter")
    fixed = ("programme", "origin")


@admin.register(IndicatorReading)
class IndicatorReadingAdmin(OfficeRecord):
    list_display = ("indicator", "window", "value", "state", "sign_mode", "on_behalf", "version", "filed_at")
    list_filter = ("state", "sign_mode", ("window__programme", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("indicator", "window__programme")
    search_fields = ("indicator__name", "indicator__reporter__short_name", "note")
