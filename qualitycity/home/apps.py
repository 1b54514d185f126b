from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "qualitycity.home"
    label = "home"
    default = True
    verbose_name = _("Portal")

    def ready(self) -> None:
        # here and not in the package: the child process that sets papers must not load Celery
        from qualitycity import celery  # noqa: F401

        from . import access  # noqa: F401  (registers the permission rules of what no app owns)


class PortalAdminConfig(admin.AdminConfig):
    """Django's admin with the portal's site as the default one."""

    default = False
    default_site = "qualitycity.home.site.PortalAdminSite"
