"""First steps: what a person new to the portal does first, by role. Shown on the start page until put away."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from qualitycity.access import ActorContext
from taskforce.choices import Role


@dataclass(frozen=True)
class Step:
    """`page` is the name of an address without parameters, "" where the step is done on the start page itself."""

    text: Any
    page: str = ""


@dataclass(frozen=True)
class Hint:
    """`guide` is the name of the guide that goes on from here."""

    roles: frozenset[str]
    title: Any
    guide: str
    steps: tuple[Step, ...]


HINTS = (
    Hint(
        frozenset({Role.LIAISON}), _("First steps of a liaison"), "liaison",
        (
            Step(_("Sign for new tasks below: everything is ticked, one click does it.")),
            Step(_("Open the unit's return of the period; what you type is saved by itself."), "sheets"),
            Step(_("Submit the return; your head signs it off, then the office reviews it.")),
            Step(_("What is returned to you stands on top of this page, with the reason in full.")),
        ),
    ),
    Hint(
        frozenset({Role.UNIT_HEAD}), _("First steps of a unit head"), "unit-head",
        (
            Step(_("“Read and sign” below opens everything your liaison has submitted; tick and sign several at once.")),
            Step(_("What is not right goes back with one sentence; the liaison reads it at once.")),
            Step(_("Before you travel, name a stand-in under “My account”."), "account"),
        ),
    ),
    Hint(
        frozenset({Role.OFFICE_ADMIN, Role.OFFICE_CLERK}), _("First steps of the office"), "office",
        (
            Step(_("Bring units, people and telephone numbers in from one Excel file."), "people_import"),
            Step(_("Set up a programme and break its tasks down to units."), "programmes"),
            Step(_("For tasks that were running before the portal, record where they stood (on the programme's page).")),
            Step(_("Reports of the units arrive in the review."), "review"),
        ),
    ),
    Hint(
        frozenset({Role.DISTRICT_OFFICE}), _("First steps of a district office"), "district",
        (
            Step(_("File the district's return for the city, as every unit does."), "sheets"),
            Step(_("Bring the units and people of your district in from one Excel file."), "people_import"),
            Step(_("Run the district's own programme under “Programmes” and “Review”."), "programmes"),
        ),
    ),
    Hint(
        frozenset({Role.LEADER, Role.SECRETARY}), _("How to read this page"), "leader",
        (
            Step(_("First what is put before you. Each programme: sentences, lights, matters brought up, newest PDF.")),
            Step(_("A figure leads to its tasks; a light says in one sentence why it has its colour.")),
            Step(_("One field takes your remark; the office and the units concerned are told at once.")),
        ),
    ),
    Hint(
        frozenset({Role.SUPERVISOR, Role.AUDITOR}), _("How to look things up"), "leader",
        (
            Step(_("The ledger of a programme can be filtered, printed and exported."), "programmes"),
            Step(_("The page of a task shows everything that happened, with who and when.")),
        ),
    ),
    Hint(
        frozenset({Role.SYSTEM_ADMIN}), _("First steps of the system administrator"), "administrator",
        (
            Step(
                _("Open the account of the first office administrator and give the role; the office does the rest."),
                "people",
            ),
            Step(_("Enter next year's public holidays once they are announced.")),
            Step(_("Look here now and then whether background work is running.")),
        ),
    ),
)  # fmt: skip


def hints_for(actor: ActorContext) -> list[Hint]:
    """One for each kind of work the person does."""
    return [hint for hint in HINTS if hint.roles & actor.roles]
