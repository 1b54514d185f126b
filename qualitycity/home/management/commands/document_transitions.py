"""Writes docs/transitions.md from the transition tables."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from qualitycity.home.tables import document


class Command(BaseCommand):
    help = "Writes docs/transitions.md from the transition tables."

    def handle(self, *args, **options) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "transitions.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{path.name} written")
