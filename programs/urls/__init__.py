"""Addresses of this app, one module per room."""

from . import filing, lists, office, reports, tasks

rooms = (filing, lists, tasks, office, reports)
urlpatterns = [pattern for room in rooms for pattern in room.urlpatterns]
