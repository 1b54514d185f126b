"""`manage.py load_programmes`: registers, holidays and programmes from the data files, repeatable."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from programs.domain.loading import load_programme
from programs.domain.syncing import LoadError
from programs.loading.facts import CalendarFacts, Counts, ProgrammeFacts
from programs.loading.reader import count, read_calendar, read_programmes
from qualitycity.workdays.loading import load_holidays
from taskforce.domain.registers import load_registers
from taskforce.loading.reader import read_registers
from taskforce.loading.strict import FactError


class Command(BaseCommand):
    help = (
        "Load registers, holidays and programmes from the data files of a folder. Running it again changes nothing; "
        "facts that were mended in the files are updated in place, what the office has added is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="folder with registers/, programmes/ and workdays/holidays.yaml (default: the project's own)",
        )
        parser.add_argument("--check", action="store_true", help="read and check the files, load nothing")
        parser.add_argument(
            "--refresh-registers",
            action="store_true",
            help="take kind, names and order of units that are there from the files as well",
        )

    def handle(self, *args: Any, folder: Path, check: bool, refresh_registers: bool, **options: Any) -> None:
        try:
            registers = read_registers(folder / "registers")
            programmes = read_programmes(folder / "programmes", registers)
            calendar = read_calendar(folder / "workdays" / "holidays.yaml")
        except FactError as error:
            raise CommandError(str(error)) from error
        for facts in programmes:
            self.stdout.write(describe(facts, count(facts)))
        if check:
            self.stdout.write(self.style.SUCCESS("All files are in order; nothing was loaded."))
            return
        try:
            with transaction.atomic():
                days = load_holidays(published(calendar))
                self.stdout.write(f"holidays: {days} dates on record")
                added = load_registers(registers=registers, refresh=refresh_registers)
                self.stdout.write(f"registers: {added} rows added or mended")
                for facts in programmes:
                    tally = load_programme(facts=facts)
                    self.stdout.write(
                        f"{facts.programme.key}: {tally.created} rows created, {tally.updated} mended, "
                        f"{tally.removed} removed"
                    )
        except LoadError as error:
            raise CommandError(str(error)) from error
        except IntegrityError as error:
            raise CommandError(
                f"Nothing was loaded: something in the portal has the same name. {error}"
            ) from error


def published(calendar: CalendarFacts) -> list[dict[str, Any]]:
    """The checked notices in the form the holiday table takes them."""
    return [
        {
            "year": row.year,
            "notice": row.notice,
            "number": row.number,
            "holidays": [
                {
                    "name": span.name,
                    "first": span.first.isoformat(),
                    "last": span.last.isoformat(),
                    "make_up": [day.isoformat() for day in span.make_up],
                }
                for span in row.holidays
            ],
        }
        for row in calendar.years
    ]


def describe(facts: ProgrammeFacts, counts: Counts) -> str:
    return (
        f"{facts.programme.key} {facts.programme.title}: {counts.tasks} tasks, {counts.safeguards} safeguards, "
        f"{counts.links} links ({counts.lead} lead, {counts.support} support, {counts.responsible} responsible), "
        f"{counts.units} units, {counts.groups} groups, {counts.strict_indicators} strict indicators"
    )
