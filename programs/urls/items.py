"""督办事项: list, registering, one item, units and their reports."""

from django.urls import path

from programs.views.supervision import (
    item_moves,
    item_office,
    item_papers,
    item_register,
    item_reports,
    items,
)

urlpatterns = [
    path("items/", items.item_list, name="items"),
    path("items/list.csv", items.items_csv, name="items_csv"),
    path("items/list.xlsx", items.items_xlsx, name="items_xlsx"),
    path("items/new/", item_register.item_new, name="item_new"),
    path("items/sign-for/", item_moves.items_sign_for, name="items_sign_for"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/edit/", item_register.item_edit, name="item_edit"),
    path("items/<int:pk>/units/", item_office.item_units, name="item_units"),
    path("items/<int:pk>/people/", item_office.item_named, name="item_named"),
    path("items/<int:pk>/files/", item_office.item_files, name="item_files"),
    path("items/<int:pk>/delisting/", item_office.item_delisting, name="item_delisting"),
    path("items/<int:pk>/move/", item_moves.item_move, name="item_move"),
    path("items/<int:pk>/endorse/", item_moves.item_endorse, name="item_endorse"),
    path("items/<int:pk>/report.pdf", item_papers.completion_report, name="item_paper"),
    path("item-parts/<int:pk>/move/", item_moves.item_part_move, name="item_part_move"),
    path("item-parts/<int:pk>/report/", item_reports.item_report_edit, name="item_report_edit"),
    path("item-reports/<int:pk>/", item_reports.item_report, name="item_report"),
    path("item-reports/<int:pk>/move/", item_reports.item_report_move, name="item_report_move"),
    path("remarks/<int:pk>/item/", item_register.remark_item, name="remark_item"),
]
