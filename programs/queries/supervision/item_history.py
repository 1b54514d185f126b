"""办理过程 of a supervised item: its journal, that of its parts, of their reports and of what assisting units told, in
words for this reader."""

from typing import Any

from django.utils.translation import gettext_lazy

from programs.access.ground import UNIT, office_grant
from programs.models import SupervisedItem
from programs.queries.history import ACTIONS, REPORT, Event
from qualitycity.access import ActorContext

from .items import PartRow
from .journal import WORDS as OTHER_WORDS
from .journal import events

ITEM, PART, ITEM_REPORT = "programs.superviseditem", "programs.itempart", "programs.itemreport"
CONTRIBUTION = "programs.contribution"
#: Words of the journal's action codes, by kind of object. A test compares them with the transition tables.
WORDS: dict[str, dict[str, Any]] = {
    ITEM: {
        "register": gettext_lazy("Item registered"),
        "revise": gettext_lazy("Item put right"),
        "name_units": gettext_lazy("Units named"),
        "add_unit": gettext_lazy("Unit added"),
        "name_people": gettext_lazy("People named"),
        "attach": gettext_lazy("File added"),
        "detach": gettext_lazy("File removed"),
        "assign": gettext_lazy("Item handed out"),
        "complete": gettext_lazy("Item completed"),
        "reopen": gettext_lazy("Taken up again"),
        "ask_extension": gettext_lazy("Extension asked for"),
        "refuse_extension": gettext_lazy("Extension refused"),
        "extend": gettext_lazy("Time limit extended"),
        "ask_delisting": gettext_lazy("Delisting asked for"),
        "endorse": gettext_lazy("Word of the leader"),
        "ask_supporters": gettext_lazy("Assisting units asked for their part"),
        "close": gettext_lazy("Struck off"),
        "suspend": gettext_lazy("Suspended"),
        "resume": gettext_lazy("Resumed"),
        "restore": gettext_lazy("Put back among the registered"),
    },
    PART: {
        "assign": gettext_lazy("Handed out to the unit"),
        "sign_for": gettext_lazy("Signed for the item"),
        "finish": gettext_lazy("Unit's part done"),
        "waive": gettext_lazy("Part waived"),
        "reopen": gettext_lazy("Part taken up again"),
    },
    ITEM_REPORT: ACTIONS[REPORT],
    CONTRIBUTION: OTHER_WORDS[CONTRIBUTION],
}
GOOD = {"accept", "complete", "finish", "sign", "sign_on_paper", "countersign", "close", "endorse"}
BAD = {"return_by_head", "return_by_office", "suspend"}


def history(item: SupervisedItem, parts: list[PartRow], actor: ActorContext) -> list[Event]:
    """Newest first; one query. A unit reads what is meant for all, and of its own reports what is meant for units."""
    rows: list[tuple[Any, str]] = [(item, "")]
    for row in parts:
        rows.append((row.part, str(row.part.department)))
        rows += [(one, str(row.part.department)) for one in (*row.reports, *row.told)]
    own = actor.departments(*UNIT)
    return events(
        rows,
        WORDS,
        good=GOOD,
        bad=BAD,
        office=office_grant(actor, item) is not None,
        unit=any(row.part.department_id in own for row in parts),
    )
