from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaskforceConfig(AppConfig):
    name = "taskforce"
    verbose_name = _("Who: units, leading groups, people")

    def ready(self) -> None:
        from . import access  # noqa: F401  (registers the permission rules of this app)
