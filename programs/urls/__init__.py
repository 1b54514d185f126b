"""Addresses of this app, one module per room."""

from . import filing, items, lists, materials, office, reports, tasks

rooms = (filing, items, lists, tasks, office, reports, materials)
urlpatterns = [pattern for room in rooms for pattern in room.urlpatterns]
