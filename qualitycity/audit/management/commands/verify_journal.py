from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qualitycity.audit.sealer import head, unsealed_count, verify


class Command(BaseCommand):
    help = (
        "Checks the hash chain of the journal; ends with an error and names every break. "
        "Note the printed last link down outside the database: it pins everything before it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        problems = verify()
        for problem in problems:
            self.stderr.write(str(problem))
        last = head()
        self.stdout.write(f"last link: {last.seq} {last.hash}" if last else "no links yet")
        self.stdout.write(f"not yet sealed: {unsealed_count()}")
        if problems:
            raise CommandError(f"The journal is not intact: {len(problems)} problems.")
        self.stdout.write("The journal is intact.")
