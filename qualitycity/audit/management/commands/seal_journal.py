from typing import Any

from django.core.management.base import BaseCommand

from qualitycity.audit.sealer import seal_pending


class Command(BaseCommand):
    help = "Seals every journal entry that has no seal yet, wherever it stands."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while count := seal_pending(complete=True):
            total += count
        self.stdout.write(f"sealed: {total}")
