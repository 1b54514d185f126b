from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("What: programmes, tasks, progress")

    def ready(self) -> None:
        from . import access  # noqa: F401  (registers the permission rules of this app)
