"""Words of the journal's action codes, for whoever reads the journal outside a task's own history."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from programs.queries.history import ACTIONS
from programs.queries.importing import ACTIONS as IMPORT_ACTIONS
from programs.queries.supervision.item_history import WORDS as ITEM_ACTIONS
from programs.queries.supervision.journal import WORDS as SUPERVISION_ACTIONS
from programs.queries.supervision.matters import ACTIONS as MATTER_ACTIONS
from programs.queries.supervision.meetings import ACTIONS as MEETING_ACTIONS
from programs.queries.supervision.slips import ACTIONS as SLIP_ACTIONS
from qualitycity.audit.models import Entry

#: Codes that mean the same whatever they are about.
GENERAL: dict[str, Any] = {
    "register_add": _("Entered in a register"),
    "register_change": _("Changed in a register"),
    "enrol": _("Entered for a document brought in"),
    "also_called": _("Alias remembered"),
    "seat": _("Seats entered"),
    "strike_off": _("Entry taken back"),
    "load_facts": _("Taken from the printed facts"),
    "export": _("List exported"),
    "export_contacts": _("Contact book exported"),
    "export_tasks": _("All tasks exported"),
    "export_missing": _("Call list exported"),
    "export_items": _("Supervised items exported"),
    "export_materials": _("Papers due exported"),
    "call": _("Call logged"),
    "export_calls": _("Log of calls exported"),
    "draw_up": _("Drawn up"),
    "draft_bulletin": _("Drafted"),
    "read_again": _("Tables read again"),
    "print": _("Paper kept"),
    "print_void": _("Paper marked as void"),
    "urge": _("Units urged"),
    "export_calendar": _("Calendar exported"),
    "save_view": _("View of the ledger kept"),
    "delete_view": _("View of the ledger removed"),
    "download": _("File downloaded"),
    "create_account": _("Account opened"),
    "change_account": _("Account changed"),
    "deactivate": _("Account closed"),
    "reactivate": _("Account opened again"),
    "reset_password": _("Password reset"),
    "issue_password": _("One-time password issued"),
    "upload_people": _("Workbook of units and people uploaded"),
    "import_people": _("Units and people brought in from a workbook"),
    "discard_people": _("Uploaded workbook thrown away"),
    "export_workbook": _("Workbook of a unit's return downloaded"),
    "upload_workbook": _("Workbook of a unit's return uploaded"),
    "import_workbook": _("Unit's return brought in from a workbook"),
    "discard_workbook": _("Uploaded workbook thrown away"),
    "set_burden_cap": _("Limit of reports asked changed"),
    "exceed_burden": _("More reports asked than the limit"),
    "import_unit": _("Unit brought in from a workbook"),
    "import_contact": _("Contact brought in from a workbook"),
    "unlock_account": _("Pause of sign-in ended"),
    "change_password": _("Password changed"),
    "give_role": _("Role given"),
    "end_role": _("Role ended"),
    "withdraw_role": _("Role withdrawn"),
    "name_stand_in": _("Stand-in named"),
    "revoke_stand_in": _("Stand-in called back"),
    "set_up_robot": _("Group robot set up"),
    "change_robot": _("Group robot changed"),
    "switch_robot_on": _("Group robot switched on"),
    "switch_robot_off": _("Group robot switched off"),
    "try_robot": _("Test message sent to a group"),
    "remove_robot": _("Group robot removed"),
    "renew_calendar_feed": _("Address of the calendar subscription made anew"),
    "remove_calendar_feed": _("Calendar subscription removed"),
    "give_list": _("List of a group given"),
    "enter_contact": _("Contact entered"),
    "enter_phone": _("Telephone entered"),
    "seat_account": _("Account of a seat named"),
    "supervise": _("Supervised units named"),
    "name_reporter": _("Reporting unit named"),
    "settle_doubt": _("Doubtful figure settled"),
    "draft_adjustment": _("Adjustment drafted"),
    "answer_expiry": _("Expiry of the document answered"),
    "start": _("Programme started"),
    "close": _("Programme closed"),
    "reopen": _("Taken up again"),
    "archive": _("Filed as historical record"),
    "roll_forward": _("Carried over into a new programme"),
    "rolled_forward": _("Carried over into a new programme"),
    "create": _("Created"),
    "arrange": _("Dates and periods arranged"),
    "add_task": _("Task added"),
    "add_milestone": _("Milestone added"),
    "add_deliverable": _("Deliverable added"),
    "deliver": _("Deliverable delivered"),
    "milestone_done": _("Milestone reached"),
    "milestone_dropped": _("Milestone dropped"),
    "open_consultation": _("Sent out for comment"),
    "close_consultation": _("Round of comments closed"),
    "answer_comments": _("Comments answered"),
    "comment": _("Comment of a unit"),
    "remark": _("Leader's remark"),
    "lock": _("Period closed"),
    "unlock": _("Period opened again"),
    "paper_signature": _("Signed on paper"),
    "request_report": _("Report asked for"),
    "begin": _("Report being built"),
    "finish": _("Report built"),
    "fail": _("Report could not be built"),
    "retry": _("Report asked for again"),
    "send_reminders": _("Reminders sent"),
    "change_rules": _("Rules of lights and reminders changed"),
    "outbox.retry": _("Message tried again"),
}


#: Registers of supervision whose codes mean something of their own.
REGISTERS: dict[str, dict[str, Any]] = {
    "programs.material": {
        "register": _("Paper due registered"), "change": _("Paper due changed"), "end": _("Paper due ended"),
    },
    "programs.activity": {
        "add": _("Yearly activity entered"), "change": _("Yearly activity changed"), "end": _("Yearly activity ended"),
    },
}  # fmt: skip
#: Every table of words by kind of object.
MATTERS: dict[str, dict[str, Any]] = {"programs.coordinationmatter": MATTER_ACTIONS}
BY_KIND = (
    ACTIONS | IMPORT_ACTIONS | SLIP_ACTIONS | ITEM_ACTIONS | MEETING_ACTIONS | MATTERS | REGISTERS | SUPERVISION_ACTIONS
)


def words_of(entry: Entry) -> str:
    """What was done, in the page's language; a code that nobody has put into words yet stands as it is."""
    known = BY_KIND.get(entry.subject_type)
    if known is None and entry.subject_type == "kpis.indicatorreading":
        known = ACTIONS["programs.progressentry"]
    return str((known or {}).get(entry.action) or GENERAL.get(entry.action, entry.action))


def states_of(entry: Entry) -> str:
    """From which state to which, as the object itself names its states: 草稿 → 待审签. Empty where none changed."""
    if not entry.to_state:
        return ""
    try:
        field = apps.get_model(entry.subject_type)._meta.get_field("state")
        named = {value: str(label) for value, label in field.flatchoices}
    except (LookupError, ValueError, FieldDoesNotExist):
        named = {}
    before = named.get(entry.from_state, entry.from_state) or "—"
    return f"{before} → {named.get(entry.to_state, entry.to_state)}"
