"""Addresses of this app, one module per room."""

from . import extensions, filing, items, lists, materials, matters, meetings, office, reports, slips, tasks

rooms = (
    filing, items, lists, tasks, office, reports, extensions, materials, slips, matters, meetings,
)  # fmt: skip
urlpatterns = [pattern for room in rooms for pattern in room.urlpatterns]
