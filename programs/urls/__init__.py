"""Addresses of this app, one module per room."""

from . import filing, office, reports, tasks

urlpatterns = [*filing.urlpatterns, *tasks.urlpatterns, *office.urlpatterns, *reports.urlpatterns]
