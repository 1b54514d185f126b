"""`manage.py check_invariants`: silent when the database is consistent, otherwise one line per fault and exit code 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from qualitycity.home.invariants import violations


class Command(BaseCommand):
    help = "Look for what must never be: rows that contradict the journal, each other or the disk. Mends nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        found = False
        for sentence in violations():
            self.stdout.write(sentence)
            found = True
        if found:
            sys.exit(1)
