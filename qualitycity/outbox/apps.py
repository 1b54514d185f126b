from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "qualitycity.outbox"
    label = "outbox"
    verbose_name = _("Outbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Handlers register when their module is read; every process that may drain must have read all.
        autodiscover_modules("jobs")
        from . import checks  # noqa: F401  (registers itself)
