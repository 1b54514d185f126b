from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealingConfig(AppConfig):
    name = "qualitycity.sealing"
    label = "sealing"
    verbose_name = _("Sealed rules")
    default_auto_field = "django.db.models.BigAutoField"
