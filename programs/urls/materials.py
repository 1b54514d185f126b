"""应报材料 and the yearly activities."""

from django.urls import path

from programs.views.supervision import activities, material_register, materials

urlpatterns = [
    path("materials/", materials.material_list, name="materials"),
    path("materials/list.csv", materials.materials_csv, name="materials_csv"),
    path("materials/list.xlsx", materials.materials_xlsx, name="materials_xlsx"),
    path("materials/accept/", materials.accept_several, name="materials_accept"),
    path("materials/register/", material_register.register, name="material_register"),
    path("materials/register/new/", material_register.new, name="material_new"),
    path("materials/register/<int:pk>/", material_register.edit, name="material_edit"),
    path("materials/register/<int:pk>/end/", material_register.end, name="material_end"),
    path("materials/<int:pk>/", materials.material_due, name="material_due"),
    path("materials/<int:pk>/move/", materials.material_move, name="material_move"),
    path("activities/", activities.activity_list, name="activities"),
    path("activities/new/", activities.new, name="activity_new"),
    path("activities/<int:pk>/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/end/", activities.end, name="activity_end"),
    path("activities/runs/<int:pk>/", activities.run, name="activity_run"),
    path("activities/runs/<int:pk>/move/", activities.run_move, name="activity_move"),
    path("activities/runs/<int:pk>/days/", activities.run_days, name="activity_days"),
]
