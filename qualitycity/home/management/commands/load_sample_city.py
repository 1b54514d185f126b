"""`manage.py load_sample_city`: the fictional city 示例市 with a year of work, once."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from qualitycity.home.sample import city
from qualitycity.home.sample.handout import table
from qualitycity.workflow import Refused
from taskforce.loading.strict import FactError


class Command(BaseCommand):
    help = (
        "Build the fictional city with its programme, people and a year of work, and print its accounts. Everything "
        "is done by the portal's own domain functions under a moved clock. Where the city is there already nothing "
        "is changed: passwords are printed once and stored nowhere in the clear."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts-file", type=Path, help="also write the table of accounts there (mode 0600)")

    def handle(self, *args: Any, accounts_file: Path | None = None, **options: Any) -> None:
        try:
            facts = city.facts_for(timezone.localdate())
        except FactError as error:
            raise CommandError(str(error)) from error
        if city.is_there(facts):
            self.stdout.write("The fictional city is there already; nothing was changed.")
            return
        try:
            accounts = table(city.build(facts))
        except Refused as refused:
            raise CommandError(f"The story was refused at {refused.obj!r}: {refused.sentence}") from refused
        if accounts_file is not None:
            write_private(accounts_file, accounts)
        self.stdout.write(accounts)


def write_private(path: Path, text: str) -> None:
    """Readable by its owner alone from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
