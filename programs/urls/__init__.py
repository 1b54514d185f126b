"""Addresses of this app, one module per room."""

from . import (
    extensions,
    filing,
    importing,
    items,
    lists,
    materials,
    matters,
    meetings,
    office,
    reports,
    slips,
    tasks,
)

rooms = (
    filing, importing, items, lists, tasks, office, reports, extensions, materials, slips, matters, meetings,
)  # fmt: skip
urlpatterns = [pattern for room in rooms for pattern in room.urlpatterns]
