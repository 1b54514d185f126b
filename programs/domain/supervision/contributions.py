"""配合单位报牵头: the transition table of a supporting unit's part, of a task in one period or of a supervised item.

| from | action | to | who |
|---|---|---|---|
| asked, asked_back | hand_in 报牵头单位 | handed_in | the supporting unit |
| handed_in | take_back 撤回 | asked | the supporting unit |
| handed_in | adopt 采纳 | adopted | liaison of the lead; the text goes into the lead's draft, the files with it |
| handed_in | ask_back 退回补充 | asked_back | liaison of the lead, with a reason |

Decided: it is never owed. A window is in time without it and no light looks at it, for a second report about the same
work would be a burden (减负); nor does the supporting unit's head sign it, for the lead answers for the whole and its
head signs that. The office sees what was adopted. Of an item (协办单位报主办) one part is under way at a time; handing it
in signs for the item as well.
"""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.access.ground import FILERS, unit_grant
from programs.access.supervision.contributions import leading_parts
from programs.choices import (
    ContributionState,
    EntryState,
    ItemPartState,
    ItemRole,
    PartState,
    ResponsibilityRole,
    TaskState,
)
from programs.models import (
    Contribution,
    ContributionFile,
    Evidence,
    ItemPart,
    ItemReport,
    ProgressEntry,
    ReportingWindow,
    Responsibility,
    SupervisedItem,
    Task,
)
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.models import StoredFile
from qualitycity.files.storing import store
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance

from ..entries import LONGEST
from ..evidence import PER_LINE
from ..filing import period_open, with_words
from ..rules import CONTRIBUTION_DAYS
from ..sheet import Typed, save, sheet_lines
from . import contribution_notices as notices
from . import item_reports
from .item_parts import in_hand, sign_for

ASKED, HANDED_IN = ContributionState.ASKED, ContributionState.HANDED_IN
ADOPTED, ASKED_BACK = ContributionState.ADOPTED, ContributionState.ASKED_BACK


def _open(row: Contribution, actor: ActorContext) -> Any:
    if row.item_part:
        return in_hand(row.item_part)
    task = row.matter
    if task.state != TaskState.ACTIVE:
        return _("The task is not in progress (%(state)s).") % {"state": task.get_state_display()}
    return period_open(row, actor)


def still_asked(row: Contribution, actor: ActorContext) -> Any:
    """Guard of `hand_in`, and why the page of the unit offers nothing to type: a part of an item that is settled needs
    no more words."""
    blocked = _open(row, actor)
    if not blocked and row.item_part and row.item_part.state in ItemPartState.settled():
        return _("This unit's part is settled; nothing more is reported on it.")
    return blocked


def _sign_for_item(changes: list[Change]) -> None:
    """Effect of `hand_in`: who reports has taken the part on."""
    waiting = [change.obj.item_part for change in changes if change.obj.item_part]
    waiting = [part for part in waiting if part.state == ItemPartState.ASSIGNED]
    if waiting:
        sign_for(waiting, actor=changes[0].actor)


def _insert(changes: list[Change]) -> None:
    """Effect of `adopt`: text and files go into the lead's draft, where the lead edits them like its own."""
    for change in changes:
        row, actor = change.obj, change.actor
        lead = next(part for part in leading_parts(row) if can_file(actor, part))
        said = f"{row.department}：{row.text.strip()}"
        files = [piece.file for piece in row.files.select_related("file")]
        if isinstance(lead, ItemPart):
            taken: dict[str, Any] = {
                "adopted_report": item_reports.take_over(lead, actor=actor, said=said, files=files)
            }
        else:
            taken = {"adopted_into": _into_line(row, lead, said, files, actor)}
        Contribution.objects.filter(pk=row.pk).update(**taken)


def _into_line(
    row: Contribution, lead: Responsibility, said: str, files: Sequence[StoredFile], actor: ActorContext
) -> ProgressEntry:
    """The lead's line of the window with the words and files added to its draft."""
    assert row.window is not None
    unit = {lead.department_id or 0}
    line = next(
        (line for line in sheet_lines(row.window, unit, lock=True) if line.key == f"task-{lead.pk}"), None
    )
    if line is None or line.row.state not in EntryState.editable():
        raise IllegalMove(_("Your report has been handed in already; take it back first."), row)
    text = with_words(line.row.progress, said, longest=LONGEST, row=row)
    typed = Typed({"progress": text, "unchanged": False}, line.row.row_version if line.row.pk else None)
    outcome = save(actor=actor, window=row.window, departments=unit, typed={line.key: typed})
    if not outcome.ok:
        raise IllegalMove(next(iter(outcome.conflicts.values()), _("The report could not be changed.")), row)
    entry = lead.entries.filter(window=row.window).order_by("-version").first()
    assert entry is not None
    if entry.evidence.count() + len(files) > PER_LINE:
        raise IllegalMove(_("At most %(count)s files per line.") % {"count": PER_LINE}, row)
    Evidence.objects.bulk_create(
        Evidence(entry=entry, file=file, caption=f"{row.department}：{file.original_name}"[:120]) for file in files
    )
    return entry


def can_file(actor: ActorContext, part: Responsibility | ItemPart) -> bool:
    """Does the person file for this part's unit?"""
    return unit_grant(actor, part.department_id, *FILERS) is not None


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(
        action, frozenset(source), target, who, label,
        **{"guard": _open, "effects": (notices.tell_next,), "audience": "unit", **more},
    )  # fmt: skip


CONTRIBUTIONS = Machine(
    model="programs.Contribution",
    field="state",
    related=(
        "part__task__programme__jurisdiction", "part__department", "window", "adopted_into",
        "item_part__item__jurisdiction", "item_part__department", "adopted_report",
    ),
    prefetch=("part__task__parts", "item_part__item__parts"),
    transitions=(
        _move(
            "hand_in", {ASKED, ASKED_BACK}, HANDED_IN, "contribute", gettext_lazy("To the lead"),
            guard=still_asked, effects=(_sign_for_item, notices.tell_next),
        ),
        _move("take_back", {HANDED_IN}, ASKED, "contribute", gettext_lazy("Take back")),
        _move(
            "adopt", {HANDED_IN}, ADOPTED, "collect", gettext_lazy("Adopt"), effects=(_insert, notices.tell_next)
        ),
        _move(
            "ask_back", {HANDED_IN}, ASKED_BACK, "collect", gettext_lazy("Ask back"), reason_required=True
        ),
    ),
)  # fmt: skip


def supporting(task: Task) -> list[Responsibility]:
    """Units whose part the lead collects."""
    return [
        part
        for part in task.parts.all()
        if part.role == ResponsibilityRole.SUPPORT
        and part.department_id is not None
        and part.state in (PartState.ASSIGNED, PartState.SIGNED_FOR, PartState.DONE)
    ]


def assisting(item: SupervisedItem) -> list[ItemPart]:
    """协办单位 whose part of the item is not settled."""
    return [
        part
        for part in item.parts.all()
        if part.role == ItemRole.SUPPORT and part.state in ItemPartState.owing()
    ]


def _new(part: Responsibility, window: ReportingWindow) -> Contribution:
    due = load_calendar().add_working_days(window.due_on, -CONTRIBUTION_DAYS)
    return Contribution(part=part, window=window, due_on=due)


def _new_of_item(part: ItemPart) -> Contribution:
    """Wanted some days before the limit of the item, and not before tomorrow."""
    calendar = load_calendar()
    due = calendar.add_working_days(part.item.due_on, -CONTRIBUTION_DAYS)
    return Contribution(item_part=part, due_on=max(due, calendar.add_working_days(timezone.localdate(), 1)))


def ask(*, task: Task, window: ReportingWindow, actor: ActorContext) -> list[Contribution]:
    """催: every supporting unit that has not handed in hears of it, once a day at most."""
    with transaction.atomic():
        # asking twice at once must not make two rows of one part
        task = Task.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction").get(pk=task.pk)
        there = {
            row.part_id: row
            for row in Contribution.objects.filter(part__task=task, window=window).select_for_update(of=("self",))
        }
        rows = []
        for part in supporting(task):
            row = there.get(part.pk) or _new(part, window)
            part.task, row.part, row.window = task, part, window
            rows.append(row)
        return _ask(task, rows, actor)


def ask_about_item(*, item: SupervisedItem, actor: ActorContext) -> list[Contribution]:
    """催 by the handling unit: every assisting unit whose part is with it hears of it, once a day at most."""
    with transaction.atomic():
        item = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=item.pk)
        under_way = Contribution.objects.filter(item_part__item=item).exclude(state=ADOPTED)
        there = {row.item_part_id: row for row in under_way.select_for_update(of=("self",))}
        rows = []
        for part in assisting(item):
            part.item = item
            row = there.get(part.pk) or _new_of_item(part)
            row.item_part = part
            rows.append(row)
        return _ask(item, rows, actor)


def _ask(matter: Task | SupervisedItem, rows: Sequence[Contribution], actor: ActorContext) -> list[Contribution]:
    if not rows:
        raise IllegalMove(_("There is no supporting unit to ask."), matter)
    asked = []
    for row in rows:
        decision = can(actor, "collect", row)
        if not decision:
            raise NotAllowed(decision.reason, matter)
        blocked = _open(row, actor)
        if blocked:
            raise IllegalMove(blocked, matter)
        if row.state not in ContributionState.with_unit():
            continue
        row.asked_by_id, row.asked_at = actor.user_id, timezone.now()
        row.row_version += 1 if row.pk else 0
        row.save()
        asked.append(row)
    if asked:
        record(
            subject=matter,
            action="ask_supporters",
            actor=actor,
            after={"units": [str(row.department) for row in asked]},
        )
        notices.tell_asked(asked, actor)
    return asked


def hand_in(
    *,
    part: Responsibility,
    window: ReportingWindow,
    actor: ActorContext,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    row_version: int | None = None,
) -> Contribution:
    """报牵头单位, asked or not. Raises FileRefused with a sentence for the person."""
    with transaction.atomic():
        Responsibility.objects.select_for_update(of=("self",)).get(pk=part.pk)
        if part.role != ResponsibilityRole.SUPPORT:
            raise IllegalMove(_("Only a supporting unit reports to the lead; your unit reports to the office."), part)
        found = Contribution.objects.filter(part=part, window=window).first()
        return _hand_in(part, found or _new(part, window), actor, text, uploads, row_version)


def hand_in_about_item(
    *,
    part: ItemPart,
    actor: ActorContext,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    row_version: int | None = None,
) -> Contribution:
    """报主办单位, asked or not; a new one after the last was adopted. Raises FileRefused with a sentence."""
    with transaction.atomic():
        locked = ItemPart.objects.select_for_update(of=("self",)).select_related("item__jurisdiction", "department")
        part = locked.get(pk=part.pk)
        if part.answers:
            raise IllegalMove(_("Only a supporting unit reports to the lead; your unit reports to the office."), part)
        found = Contribution.objects.filter(item_part=part).exclude(state=ADOPTED).first()
        return _hand_in(part, found or _new_of_item(part), actor, text, uploads, row_version)


def _hand_in(
    part: Any,
    row: Contribution,
    actor: ActorContext,
    text: str,
    uploads: Sequence[UploadedFile],
    row_version: int | None,
) -> Contribution:
    decision = can(actor, "contribute", row)
    if not decision:
        raise NotAllowed(decision.reason, part)
    if row.pk is None:
        blocked = still_asked(row, actor)
        if blocked:
            raise IllegalMove(blocked, part)
        row.save()
    if row.files.count() + len(uploads) > PER_LINE:
        raise IllegalMove(_("At most %(count)s files per line.") % {"count": PER_LINE}, part)
    fields = {"text": text.strip()[:1000], "filed_by_id": actor.user_id, "filed_at": timezone.now()}
    if not fields["text"]:
        raise IllegalMove(_("Please say what your unit has done."), part)
    if row.state == HANDED_IN and row.text != fields["text"]:
        raise IllegalMove(_("Your part is with the lead already; take it back before you change it."), part)
    version = row.row_version
    moved = advance(
        CONTRIBUTIONS, row, "hand_in", actor=actor, fields=fields, row_version=row_version if row_version else None
    )
    if moved.row_version != version:
        ContributionFile.objects.bulk_create(
            ContributionFile(contribution=moved, file=store(upload, purpose="contribution", actor=actor))
            for upload in uploads
        )
    return moved


def take_back(contribution: Contribution, *, actor: ActorContext) -> Contribution:
    return advance(CONTRIBUTIONS, contribution, "take_back", actor=actor)


def adopt(contribution: Contribution, *, actor: ActorContext) -> Contribution:
    """采纳."""
    fields = {"adopted_by_id": actor.user_id, "adopted_at": timezone.now()}
    return advance(CONTRIBUTIONS, contribution, "adopt", actor=actor, fields=fields)


def adopt_into_draft(
    contribution: Contribution, part: ItemPart, *, actor: ActorContext, **typed: Any
) -> ItemReport:
    """采纳 from the handling unit's form: what stands typed there (`item_reports.save`) is saved with it. What is refused
    leaves the draft as it was."""
    with transaction.atomic():
        report = item_reports.save(part, actor=actor, **typed)
        adopt(contribution, actor=actor)
    return report


def ask_back(contribution: Contribution, *, actor: ActorContext, reason: str) -> Contribution:
    """退回补充."""
    fields = {"remark": reason.strip()[:300]}
    return advance(CONTRIBUTIONS, contribution, "ask_back", actor=actor, reason=reason, fields=fields)
