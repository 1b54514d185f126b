"""Collect the texts of code and templates into the catalogues, keeping every translation."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import to_locale

from qualitycity.home.catalogues import DOMAIN, collect, faults, update


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        messages = collect(root)
        for code, _name in settings.LANGUAGES:
            if code.startswith("en"):  # the texts in the code are English
                continue
            path = root / "locale" / to_locale(code) / DOMAIN
            catalogue = polib.pofile(str(path), wrapwidth=78) if path.exists() else self._begin(path)
            added, dropped = update(catalogue, messages)
            catalogue.save(str(path))
            left = len(faults(catalogue, messages))
            name = path.relative_to(root)
            self.stdout.write(f"{name}: {added} new, {dropped} dropped, {left} to translate")

    def _begin(self, path: Path) -> polib.POFile:
        path.parent.mkdir(parents=True)
        catalogue = polib.POFile(wrapwidth=78)
        # one form: Chinese does not tell one from many
        catalogue.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
        return catalogue
