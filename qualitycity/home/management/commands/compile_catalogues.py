"""Compile the translation catalogues (django.po → django.mo) where they are newer than what was compiled."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

from qualitycity.home.catalogues import catalogues


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for source in catalogues(Path(settings.BASE_DIR)):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            # written aside and renamed: a running process never reads half a catalogue
            aside = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(aside))
            aside.replace(target)
            self.stdout.write(f"{target.relative_to(settings.BASE_DIR)} compiled")
