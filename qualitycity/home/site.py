"""The admin as a room of the portal: one sign-in, one password page, the portal's name."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from qualitycity.workflow.admin import PortalAdmin


class PortalAdminSite(admin.AdminSite):
    """Rooms of the admin are open to whoever has a register to keep; everybody else is told so in words."""

    site_url = "/"
    index_title = gettext_lazy("Settings")
    enable_nav_sidebar = True

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        named = {"site_header": settings.PORTAL_NAME, "site_title": settings.PORTAL_NAME}
        return {**super().each_context(request), **named}

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only drawers under the portal's rules: Django's groups and the throttle's tables would ask model
        permissions, which nobody holds here."""
        if admin_class is not None and issubclass(admin_class, PortalAdmin):
            super().register(model_or_iterable, admin_class, **options)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The portal's own page signs people in; who is signed in and comes here has no register to keep."""
        if request.user.is_authenticated:
            raise PermissionDenied(_("The settings are kept by the office and the system administrator."))
        return redirect("login")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to choose a password, and it is journalled."""
        return redirect("password_change")
