from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from qualitycity.workdays.loading import load_holidays


class Command(BaseCommand):
    help = (
        "Loads published holidays and make-up working days from a YAML file; loading again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = Path(settings.BASE_DIR) / "fixtures" / "workdays" / "holidays.yaml"
        parser.add_argument(
            "file", nargs="?", type=Path, default=default, help="by default the file of the project"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            records = yaml.safe_load(path.read_text(encoding="utf-8"))["years"]
            with transaction.atomic():
                count = load_holidays(records)
        except FileNotFoundError:
            raise CommandError(f"{path} does not exist.") from None
        except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise CommandError(f"{path.name}: {error}") from error
        self.stdout.write(f"{count} dates on record from {path.name}.")
