from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpisConfig(AppConfig):
    name = "kpis"
    verbose_name = _("How much: indicators and assessment")

    def ready(self) -> None:
        from . import access  # noqa: F401  (registers the permission rules of this app)
