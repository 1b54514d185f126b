from django.urls import path

from programs.views import reports

urlpatterns = [
    path("reports/", reports.report_list, name="reports"),
    path("reports/<int:pk>/", reports.report_detail, name="report"),
    path("reports/<int:pk>/retry/", reports.report_retry, name="report_retry"),
    path("reports/<int:pk>/download/", reports.report_download, name="report_download"),
]
