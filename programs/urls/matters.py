"""需协调事项."""

from django.urls import path

from programs.views.supervision import matters

urlpatterns = [
    path("matters/", matters.matter_list, name="matters"),
    path("matters/list.xlsx", matters.matter_xlsx, name="matters_xlsx"),
    path("matters/<int:pk>/", matters.matter, name="matter"),
]
