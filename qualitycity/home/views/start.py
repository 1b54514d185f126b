"""工作台: what the portal wants from this person today, one block per role he holds, in a fixed order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from programs.access.ground import UNIT, offices
from programs.domain.standings import board_day
from programs.queries.kept import BoardDay, keep
from programs.queries.rules import holiday_warnings
from programs.queries.supervision import extensions, item_waiting, items, materials, matters, meetings, slips
from programs.queries.supervision.contributions import asked_of
from programs.queries.together import Figures, read_figures
from qualitycity.access import ActorContext
from qualitycity.access.http import actor_of
from qualitycity.home.hints import hints_for
from qualitycity.home.queries import failed, office, papers, picture, sheets, system, unit
from qualitycity.outbox.health import snapshot
from qualitycity.workdays.calendar import Calendar
from taskforce.choices import PutAway, Role

FILERS = (Role.LIAISON, Role.DISTRICT_OFFICE)
OFFICE = (Role.OFFICE_ADMIN, Role.OFFICE_CLERK, Role.DISTRICT_OFFICE)
#: Working days so far ahead are counted on the office's desk: the year they lie in should be on record.
AHEAD = timedelta(days=60)
#: Requests named on a start page; the list has them all.
LONGEST = 50
SIGNING_FOR = (Role.LIAISON, Role.DISTRICT_OFFICE)


@dataclass
class Desk:
    """What several blocks read is read once."""

    actor: ActorContext
    day: BoardDay

    @property
    def today(self) -> date:
        return self.day.today

    @property
    def calendar(self) -> Calendar:
        return self.day.calendar

    def keep(self, name: str, make: Callable[[], Any]) -> Any:
        return keep(f"start:{name}", make, actor=self.actor, day=self.day)

    @cached_property
    def windows(self) -> list[Any]:
        return sheets.open_windows(self.actor, today=self.today)

    @cached_property
    def standings(self) -> list[Any]:
        return sheets.standings(self.windows, self.actor)

    @cached_property
    def programmes(self) -> list[picture.ProgrammePicture]:
        return self.keep("programmes", lambda: picture.programme_pictures(self.actor))

    @cached_property
    def to_decide(self) -> list[Any]:
        return matters.to_decide(self.actor)

    @cached_property
    def leading(self) -> list[picture.ProgrammePicture]:
        kept = self.keep("leading", lambda: picture.with_leading(self.programmes, self.actor))
        return picture.add_matters(kept, self.actor, self.to_decide)

    @property
    def dated(self) -> dict[str, Any]:
        return {"today": self.today, "calendar": self.calendar}


def _filing(desk: Desk) -> dict[str, Any]:
    departments = desk.actor.departments(*SIGNING_FOR)
    open_sheets = sheets.open_sheets(desk.windows, desk.standings, desk.actor, roles=FILERS, **desk.dated)
    return {
        "slips": _slips(desk, departments),
        "to_sign_for": unit.to_sign_for(departments),
        "contributions": list(asked_of(departments, desk.actor)[:LONGEST]),
        "sheets": [sheet for sheet in open_sheets if sheet.open],
        "with_head": [sheet for sheet in open_sheets if not sheet.open],
        "returned": unit.returned_lines(desk.actor, *FILERS),
        "milestones": unit.next_milestones(desk.actor, departments, **desk.dated),
        "papers": papers.at_unit(departments, desk.today, desk.calendar),
        "items": item_waiting.owed_parts(desk.actor, desk.day, roles=FILERS),
        "several_units": len({grant.unit_id for grant in desk.actor.holding(*FILERS)}) > 1,
    }


def _signing(desk: Desk) -> dict[str, Any]:
    # what he also files for stands in the block of the liaison
    departments = desk.actor.departments(Role.UNIT_HEAD) - desk.actor.departments(*SIGNING_FOR)
    return {
        "slips": _slips(desk, departments),
        "to_sign_off": unit.to_sign_off(desk.actor, **desk.dated),
        "extensions": list(extensions.to_sign(desk.actor)[:LONGEST]),
        "item_reports": item_waiting.to_sign_off(desk.actor),
        "items": item_waiting.owed_parts(desk.actor, desk.day, roles=(Role.UNIT_HEAD,)),
        "to_sign_for": unit.to_sign_for(departments),
        "several_units": len({grant.unit_id for grant in desk.actor.holding(Role.UNIT_HEAD)}) > 1,
        "pictures": unit.unit_pictures(desk.actor, **desk.dated),
    }


def _slips(desk: Desk, units: frozenset[int]) -> list[slips.DeskSlip]:
    """督办单 that wait for him in these units."""
    return slips.unit_desk(desk.actor, units, today=desk.today, calendar=desk.calendar)


def _office(desk: Desk) -> dict[str, Any]:
    """What boards do not count – comments, reports that failed, documents that run out – is read afresh."""
    return {
        **desk.keep("office", lambda: _office_board(desk)),
        **_waiting(desk),
        "consultations": office.open_consultations(desk.actor),
        "extensions": office.extensions_to_decide(desk.actor),
        "failed": office.failed_reports(desk.actor),
        "expiring": office.expiring_documents(desk.actor, desk.today),
    }


def _waiting(desk: Desk) -> dict[str, Any]:
    """What is counted for an office, all in one query: slips, papers, 需协调事项, words outside that did not arrive; and
    working days that may be counted wrong."""
    found = read_figures(
        desk.actor,
        slips=slips.office_slips(desk.actor, desk.today),
        papers=materials.at_office(offices(desk.actor), desk.today),
        matters=matters.at_office(desk.actor),
        outside=Figures(failed.failed(desk.actor), {"failed": Q()}),
    )
    return {
        "slips": slips.OfficeSlips(**found["slips"]),
        "papers": found["papers"],
        "matters": found["matters"],
        "not_arrived": found["outside"]["failed"],
        "holiday_warnings": holiday_warnings(desk.day, desk.today + AHEAD),
    }


def _office_board(desk: Desk) -> dict[str, Any]:
    silent = sheets.silent_units(desk.windows, desk.standings, desk.actor, **desk.dated)
    return {
        "to_review": sheets.to_review(desk.windows, desk.standings, desk.actor),
        "silent": silent,
        "silent_lines": sum(row.missing for row in silent),
        "turning": picture.turning_red(desk.actor, desk.today),
        "items": items.figures(items.visible_items(desk.actor, desk.day)),
        **_picture(desk),
    }


def _district(desk: Desk) -> dict[str, Any]:
    """The queue and the picture of the district's own programmes; who is silent there stands in the review."""
    return {
        **desk.keep("district", lambda: _district_board(desk)),
        **_waiting(desk),
        "extensions": office.extensions_to_decide(desk.actor),
        "expiring": office.expiring_documents(desk.actor, desk.today),
    }


def _district_board(desk: Desk) -> dict[str, Any]:
    return {
        "to_review": sheets.to_review(desk.windows, desk.standings, desk.actor),
        "items": items.figures(items.visible_items(desk.actor, desk.day)),
        **_picture(desk),
    }


def _leading(desk: Desk) -> dict[str, Any]:
    programmes = desk.leading
    picture.add_reports(programmes, desk.actor)
    speaks = desk.actor.holding(Role.LEADER, Role.SECRETARY)
    return {
        "programmes": programmes,
        "red_slips": slips.red_slips(desk.actor),
        "speaks_for": speaks[0].leader_label or speaks[0].acting_for_label,
        "instructions": desk.keep("instructions", lambda: item_waiting.own_instructions(desk.actor, desk.day)),
    }


def _coordination_unit(desk: Desk) -> dict[str, Any]:
    """What came back of 需协调事项, and invitations to meetings; read afresh, for no board counts them."""
    return {"come_back": matters.come_back(desk.actor), "invitations": meetings.to_answer(desk.actor)}


def _coordination_leader(desk: Desk) -> dict[str, Any]:
    return {
        "to_decide": desk.to_decide,
        "meetings": meetings.coming(desk.actor),
        "invitations": meetings.to_answer(desk.actor),
    }


def _picture(desk: Desk) -> dict[str, Any]:
    bars, more = picture.department_bars(desk.actor)
    programmes = picture.programme_bars(desk.programmes)
    return {
        "programme_bars": programmes,
        "programme_full": max((bar.total for bar in programmes), default=0),
        "bars": bars,
        "bars_full": max((bar.total for bar in bars), default=0),
        "more_bars": more,
    }


def _overseeing(desk: Desk) -> dict[str, Any]:
    """The picture for those who read everything, 督办 first."""
    return {"oversees": True, "items": items.figures(items.visible_items(desk.actor, desk.day)), **_picture(desk)}


def _journal(desk: Desk) -> dict[str, Any]:
    return {"entries": system.latest_entries(desk.actor)}


def _system(desk: Desk) -> dict[str, Any]:
    return {
        "accounts": system.accounts_without_role(desk.actor, today=desk.today),
        "stopped": system.stopped_messages(desk.actor),
        "health": snapshot(),
    }


@dataclass(frozen=True)
class Block:
    """One part of the page: for whom, which template, what it reads. `unless` roles have a fuller block already."""

    roles: tuple[str, ...]
    template: str
    read: Callable[[Desk], dict[str, Any]]
    unless: tuple[str, ...] = ()
    #: Everything in it comes from what boards count: it is kept as a whole.
    kept: bool = False
    #: Without anything in it the block is left out.
    optional: bool = False

    def content(self, desk: Desk) -> dict[str, Any]:
        return desk.keep(self.template, lambda: self.read(desk)) if self.kept else self.read(desk)


OVERSEEING = (Role.SUPERVISOR, Role.AUDITOR)
BLOCKS = (
    Block(FILERS, "home/_filing.html", _filing, kept=True),
    Block((Role.UNIT_HEAD,), "home/_signing.html", _signing, kept=True),
    Block((Role.OFFICE_ADMIN, Role.OFFICE_CLERK), "home/_office.html", _office),
    Block((Role.DISTRICT_OFFICE,), "home/_district.html", _district, unless=(Role.OFFICE_ADMIN, Role.OFFICE_CLERK)),
    Block(UNIT, "home/_coordination_unit.html", _coordination_unit, optional=True),
    Block(
        (Role.LEADER, Role.SECRETARY), "home/_coordination_leader.html", _coordination_leader, optional=True
    ),
    Block((Role.LEADER, Role.SECRETARY), "home/_leading.html", _leading),
    Block(OVERSEEING, "home/_picture.html", _overseeing, unless=(Role.LEADER, *OFFICE), kept=True),
    Block((Role.AUDITOR,), "home/_journal.html", _journal),
    Block((Role.SYSTEM_ADMIN,), "home/_system.html", _system),
)


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """A person with several roles gets their blocks one below the other; one without is told whom to ask."""
    actor = actor_of(request)
    desk = Desk(actor, board_day())
    blocks = []
    for block in BLOCKS:
        if actor.roles & set(block.roles) and not actor.roles & set(block.unless):
            content = block.content(desk)
            if any(content.values()) or not block.optional:
                blocks.append({"template": block.template, **content})
    acting_for = dict.fromkeys(grant.acting_for_label for grant in actor.grants if grant.acting_for_label)
    context = {
        "blocks": blocks,
        "day": desk.day,
        # addresses of rows are put together in the templates: one look-up for each kind, not for each row
        "paths": {name: reverse(name, args=[0]).removesuffix("0/") for name in ("task", "programme", "department")},
        "today": desk.today,
        "as_of": timezone.now(),
        "office_contact": settings.PORTAL_OFFICE_CONTACT,
        "acting_for": "、".join(acting_for),
        "in_unit": bool(actor.departments(*UNIT)),
        "hints": [] if PutAway.HINTS in request.user.put_away else hints_for(actor),  # type: ignore[union-attr]
    }
    return render(request, "home/start.html", context)
