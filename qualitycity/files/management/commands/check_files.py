from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qualitycity.files.sweeping import missing, orphans, sweep


class Command(BaseCommand):
    help = "Compares stored files with their rows; ends with an error when a row has lost its file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete-orphans", action="store_true", help="remove files that no row knows")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["delete_orphans"]:
            self.stdout.write(f"removed: {sweep()}")
        else:
            for name in orphans():
                self.stdout.write(f"no row knows {name}")
        lost = list(missing())
        for stored in lost:
            self.stderr.write(
                f"#{stored.pk} {stored.storage_name} {stored.original_name}: missing or of another size"
            )
        if lost:
            raise CommandError(f"{len(lost)} files are not as they were stored.")
        self.stdout.write("Every row has its file.")
