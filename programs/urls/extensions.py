"""延期, 调整单 and parts of supporting units: asking, signing, deciding, and the papers."""

from django.urls import path

from programs.views.supervision import adjustments, contributions, extensions

urlpatterns = [
    path("extensions/", extensions.extension_list, name="extensions"),
    path("extensions/<int:pk>/", extensions.extension, name="extension"),
    path("extensions/<int:pk>/move/", extensions.extension_move, name="extension_move"),
    path("extensions/<int:pk>/form.pdf", extensions.extension_form, name="extension_form"),
    path("tasks/<int:pk>/extension/", extensions.ask_for_task, name="ask_extension"),
    path("milestones/<int:pk>/extension/", extensions.ask_for_milestone, name="ask_extension_milestone"),
    path("items/<int:pk>/extension/", extensions.ask_for_item, name="ask_extension_item"),
    path("windows/<int:window>/contributions/<int:part>/", contributions.contribution, name="contribution"),
    path("windows/<int:window>/contributions/ask/<int:task>/", contributions.contribution_ask, name="contribution_ask"),
    path("item-parts/<int:pk>/contribution/", contributions.item_contribution, name="item_contribution"),
    path("items/<int:pk>/contributions/ask/", contributions.item_contribution_ask, name="item_contribution_ask"),
    path("contributions/<int:pk>/move/", contributions.contribution_move, name="contribution_move"),
    path("adjustments/", adjustments.adjustment_list, name="adjustments"),
    path("adjustments/<int:pk>/", adjustments.adjustment, name="adjustment"),
    path("adjustments/<int:pk>/move/", adjustments.adjustment_move, name="adjustment_move"),
    path("adjustments/<int:pk>/form.pdf", adjustments.adjustment_form, name="adjustment_form"),
    path("tasks/<int:pk>/adjust/", adjustments.adjust, name="adjust"),
]
