"""All addresses of the portal. A test lists every one of them with the answer each role gets."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("qualitycity.home.urls")),
    path("", include("qualitycity.home.board_urls")),
    path("", include("taskforce.urls")),
    path("", include("programs.urls")),
    path("", include("kpis.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "qualitycity.home.errors.bad_request"
handler403 = "qualitycity.home.errors.permission_denied"
handler404 = "qualitycity.home.errors.not_found"
handler500 = "qualitycity.home.errors.server_error"
