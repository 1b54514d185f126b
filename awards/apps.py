from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = _("Awards and incentives")

    def ready(self) -> None:
        from . import access  # noqa: F401  (registers the permission rules of this app)
