from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "qualitycity.channels"
    label = "channels"
    verbose_name = _("Outside channels")

    def ready(self) -> None:
        from .checks import channels_are_configured

        register(channels_are_configured)
