from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkdaysConfig(AppConfig):
    name = "qualitycity.workdays"
    label = "workdays"
    verbose_name = _("Working days")
    default_auto_field = "django.db.models.BigAutoField"
