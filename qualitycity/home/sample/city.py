"""The whole story, in one transaction; the report is built after it, as a worker would."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from programs.domain import reminders
from programs.domain.loading import load_programme
from programs.domain.supervision import activities, materials
from programs.models import Programme
from qualitycity.outbox.drain import drain
from qualitycity.workdays.calendar import load_calendar

from . import beginning, importing, people, present, quarters, supervising, urging
from .clock import Clock
from .facts import AccountFacts, CityFacts
from .reader import read_city
from .stage import Stage
from .timeline import PAST_QUARTERS, Timeline

FOLDER = settings.BASE_DIR / "fixtures" / "sample"


@dataclass(frozen=True)
class Account:
    """An account of the city as it is handed out: the password is nowhere else in the clear."""

    facts: AccountFacts
    unit: str
    password: str


def facts_for(today: date, folder: Path = FOLDER) -> CityFacts:
    return read_city(folder, today)


def is_there(facts: CityFacts) -> bool:
    return Programme.objects.filter(key=facts.programme.programme.key).exists()


def build(facts: CityFacts) -> list[Account]:
    """Builds the city up to this very moment and returns its accounts."""
    timeline = Timeline.of(timezone.localdate())
    first = facts.programme.document.written_on
    with transaction.atomic(), Clock(load_calendar(), start=first, weekly=_weekly) as clock:
        stage = Stage(facts, timeline, clock)
        clock.go(first, "09:00")
        passwords = people.settle(stage)
        clock.go(facts.programme.document.published_on or first, "10:00")
        load_programme(facts=facts.programme, actor=stage.actor("office"))
        clock.pause(30)
        beginning.break_down(stage)
        beginning.consult(stage)
        beginning.assign(stage)
        supervising.keep_registers(stage)
        for quarter in range(PAST_QUARTERS):
            if quarter == PAST_QUARTERS - 1:
                supervising.tell(stage, quarter)
            quarters.tell(stage, quarter)
            supervising.write_results(stage)
        urging.tell(stage)
        present.tell(stage)
        present.ask_report(stage)
        urging.propose(stage)
        present.read_some(stage)
        importing.bring_in(stage)
        accounts = [
            Account(row, stage.units[row.unit].short_name if row.unit else "", passwords[row.login])
            for row in facts.people.accounts
        ]
    drain("pdf")
    drain("import")
    return accounts


def _weekly() -> None:
    materials.lay_out()
    activities.lay_out()
    reminders.scan()
