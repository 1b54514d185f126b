"""Lists over all programmes one may see: calendar, who has not reported, all tasks as a file."""

from django.urls import path

from programs.views import calendar, exports, feed, ledger_views, missing, reminders

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/month.csv", calendar.calendar_csv, name="calendar_csv"),
    path("calendar/month.xlsx", calendar.calendar_xlsx, name="calendar_xlsx"),
    path("calendar/feed/<slug:secret>.ics", feed.calendar_feed, name="calendar_feed"),
    path("missing/", missing.missing, name="missing"),
    path("missing/urge/", missing.urge, name="missing_urge"),
    path("missing/list.csv", missing.missing_csv, name="missing_csv"),
    path("missing/list.xlsx", missing.missing_xlsx, name="missing_xlsx"),
    path("reminders/", reminders.reminder_preview, name="reminder_preview"),
    path("programmes/<int:pk>/views/", ledger_views.ledger_views, name="ledger_views"),
    path("ledger-views/<int:pk>/remove/", ledger_views.ledger_view_remove, name="ledger_view_remove"),
    path("tasks/export.csv", exports.tasks_csv, name="tasks_csv"),
]
