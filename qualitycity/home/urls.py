from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from .styleguide import styleguide
from .views import account, edition, failed, health, help, inbox, search, start

urlpatterns = [
    path("", start.start, name="start"),
    path("today/", edition.edition, name="edition"),
    path("search/", search.search_page, name="search"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.mark_all_read, name="inbox_read"),
    path("inbox/<int:pk>/", inbox.open_item, name="inbox_open"),
    path("reminders/failed/", failed.failed_messages, name="failed_messages"),
    path("account/", account.account, name="account"),
    path("account/large-text/", account.set_large_text, name="set_large_text"),
    path("account/stand-in/", account.name_stand_in, name="stand_in"),
    path("account/channels/", account.choose_channels, name="choose_channels"),
    path("account/calendar/", account.calendar_address, name="calendar_address"),
    path("account/put-away/", account.put_away, name="put_away"),
    path("account/password/", account.PasswordChange.as_view(), name="password_change"),
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("help/", help.help_start, name="help"),
    path("help/words/", help.help_words, name="help_words"),
    path("help/<slug:slug>/", help.help_page, name="help_page"),
    path("style/", styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
