"""`manage.py extract_policy FILE`: what the portal finds in a policy document, as JSON (docs/importing.md)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programs.importing.output import as_json
from programs.importing.parsing import parse
from programs.importing.reading.kinds import check_size
from programs.importing.source import Unreadable


class Command(BaseCommand):
    help = (
        "Read a policy document (.txt .html .docx .pdf) and print what is found in it as JSON. Nothing is written. "
        "A file that is no such document gets one sentence on standard error and exit code 2."
    )
    # reads a file, no database: nothing of it need be there
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            check_size(file.stat().st_size)
            parsed = parse(file.name, file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from error
        except Unreadable as error:
            raise CommandError(f"{file.name}: {error}", returncode=2) from error
        assert parsed.extraction is not None, "parse recognises unless told not to"
        said = json.dumps(as_json(parsed.source, parsed.extraction), ensure_ascii=False, indent=1)
        self.stdout.write(said)
