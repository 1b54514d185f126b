"""延期申请: the transition table, asking in time, and the new date that the office states.

| from | action | to | who |
|---|---|---|---|
| draft | submit 提交审签 | submitted | liaison, or the office on behalf (代填); in time |
| draft, submitted, signed | withdraw 撤回申请 | withdrawn | the side that filed it |
| submitted | sign 审签 | signed | head of the unit, not the filer |
| submitted | countersign 会签 | signed | office, where the unit has no head; not the filer |
| submitted | return_by_head 退回 | draft | head, with a reason |
| signed | grant 同意延期 | granted | office administrator, neither filer nor signer; states the new date |
| signed | refuse 不同意延期 | refused | office administrator, neither filer nor signer; with a reason |

Of a supervised item a handling unit (主办) asks; the time limit moves for all units of the item. In time is who hands
the request in on or before the date in force; the head's signature and the office's decision may come later. What the
head returns keeps the day of the first handing in. Until the decision lights go by the date in force: asking changes
nothing.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import (
    ExtensionState,
    ItemPartState,
    MilestoneState,
    ProgrammeState,
    ResponsibilityRole,
    SignMode,
    TaskState,
)
from programs.models import Extension, ItemPart, Milestone, Responsibility, SupervisedItem, Task
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import Change, IllegalMove, Machine, NotAllowed, Transition, advance
from taskforce.models import Department

from ..breakdown import check_due, edit_task, postpone_milestone
from ..filing import side_that_filed, signature
from . import extension_notices as notices
from .extension_people import signers
from .item_parts import in_hand
from .items import extend_item

DRAFT, SUBMITTED, SIGNED = ExtensionState.DRAFT, ExtensionState.SUBMITTED, ExtensionState.SIGNED
GRANTED, REFUSED, WITHDRAWN = ExtensionState.GRANTED, ExtensionState.REFUSED, ExtensionState.WITHDRAWN


def settled(subject: Task | Milestone | ItemPart) -> Any:
    """Why nothing more can be extended; "" while the matter is open."""
    if isinstance(subject, ItemPart):
        return _settled_part(subject)
    task = subject if isinstance(subject, Task) else subject.task
    if task is None:
        return _("A milestone of the whole programme is moved by the office; no unit asks for it.")
    if task.programme.state != ProgrammeState.RUNNING:
        return _("The programme is not running.")
    if task.state != TaskState.ACTIVE:
        return _("The task is not in progress (%(state)s).") % {"state": task.get_state_display()}
    if isinstance(subject, Milestone) and subject.state != MilestoneState.OPEN:
        return _("The milestone is settled already.")
    if subject.due_on is None:
        return _("The task has no due date that could be extended.")
    return ""


def _settled_part(part: ItemPart) -> Any:
    if not part.answers:
        return _("Only a handling unit asks; an assisting unit turns to it.")
    if part.state in ItemPartState.settled():
        return _("This unit's part is settled; nothing more is owed on it.")
    return in_hand(part)


def too_late(due_on: date, today: date) -> Any:
    """Asked for up to the date itself. Afterwards the sentence says what to do instead."""
    if today <= due_on:
        return ""
    return _(
        "It is too late for an extension: it had to be asked for on %(day)s at the latest. Say in the next report why "
        "the date was missed and by when it will be done, and call the office."
    ) % {"day": date_format(due_on)}


def _postpone(changes: list[Change]) -> None:
    """Effect of `grant`: the subject gets the new date and counts one more extension."""
    for change in changes:
        row, actor = change.obj, change.actor
        blocked = wrong_date(row.subject, row.granted_on)
        if blocked:
            raise IllegalMove(blocked, row)
        count = row.subject.extended + 1
        reason = f"{row.department}延期申请获准（第{count}次延期）：{row.reason}"
        if row.item_part is not None:
            reason = f"延期申请获准（第{count}次延期）" if row.restricted else reason
            extend_item(row.item_part.item, actor=actor, due_on=row.granted_on, reason=reason)
        elif row.milestone is not None:
            postpone_milestone(row.milestone, actor=actor, due_on=row.granted_on, reason=reason)
        else:
            edit_task(
                row.task,
                actor=actor,
                values={"due_on": row.granted_on},
                row_version=row.task.row_version,
                reason=reason,
                extended=True,
            )


def _refused(changes: list[Change]) -> None:
    """Effect of `refuse`: the history of the task or item says so, too."""
    for change in changes:
        row = change.obj
        record(
            subject=row.task or row.item_part.item,
            action="refuse_extension",
            actor=change.actor,
            reason="" if row.restricted else change.reason,
            after=_named(row),
        )


def _open(row: Extension, actor: ActorContext) -> Any:
    return settled(row.item_part or row.subject)


def _ready(row: Extension, actor: ActorContext) -> Any:
    return _open(row, actor) or too_late(row.due_then, row.asked_on)


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    more = {"effects": (notices.tell_next,), **more}
    return Transition(action, frozenset(source), target, who, label, **more)


NOT_ONES_OWN: dict[str, Any] = {
    "second_person": ("filed_by_id",),
    "second_person_sentence": gettext_lazy("You entered this request yourself; somebody else must sign it."),
}
THIRD_PERSON: dict[str, Any] = {
    "second_person": ("filed_by_id", "signed_by_id"),
    "second_person_sentence": gettext_lazy(
        "You entered or countersigned this request; another office administrator must decide it."
    ),
}
EXTENSIONS = Machine(
    model="programs.Extension",
    field="state",
    related=(
        "task__programme__jurisdiction", "milestone__task__programme", "item_part__item__jurisdiction", "department",
    ),
    snapshot=("wanted_on", "granted_on"),
    transitions=(
        _move("submit", {DRAFT}, SUBMITTED, "file", gettext_lazy("Submit for sign-off"), guard=_ready),
        _move(
            "withdraw",
            {DRAFT, SUBMITTED, SIGNED},
            WITHDRAWN,
            "file",
            gettext_lazy("Withdraw the request"),
            guard=side_that_filed,
        ),
        _move("sign", {SUBMITTED}, SIGNED, "sign", gettext_lazy("Sign off"), guard=_open, **NOT_ONES_OWN),
        _move(
            "countersign", {SUBMITTED}, SIGNED, "review", gettext_lazy("Countersign"), guard=_open, **NOT_ONES_OWN
        ),
        _move("return_by_head", {SUBMITTED}, DRAFT, "sign", gettext_lazy("Return"), reason_required=True),
        _move(
            "grant",
            {SIGNED},
            GRANTED,
            "decide",
            gettext_lazy("Grant"),
            guard=_open,
            effects=(_postpone, notices.tell_next),
            **THIRD_PERSON,
        ),
        _move(
            "refuse",
            {SIGNED},
            REFUSED,
            "decide",
            gettext_lazy("Refuse"),
            reason_required=True,
            effects=(_refused, notices.tell_next),
            **THIRD_PERSON,
        ),
    ),
)  # fmt: skip


def asking_parts(task: Task) -> list[Responsibility]:
    """Parts whose units may ask for this task: those that answer for it (牵头, 单独, 共同, 全体成员)."""
    return [
        part
        for part in task.parts.all()
        if part.department_id is not None and part.role in ResponsibilityRole.filing() and part.state != "waived"
    ]


def ask(
    *,
    task: Task,
    milestone: Milestone | None = None,
    department: Department,
    actor: ActorContext,
    reason: str,
    progress: str,
    wanted_on: date,
) -> Extension:
    """A unit hands in its request; its head has it next. On or before the date in force, one at a time."""
    with transaction.atomic():
        # the lock on the task is the queue in which two units of one task ask
        task = Task.objects.select_for_update(of=("self",)).select_related("programme__jurisdiction").get(pk=task.pk)
        if milestone is not None and milestone.task_id != task.pk:
            raise IllegalMove(_("The milestone belongs to another task."), task)
        if department.pk not in {part.department_id for part in asking_parts(task)}:
            raise IllegalMove(_("Only a unit that answers for the task asks; supporting units turn to the lead."), task)
        row = Extension(task=task, milestone=milestone, department=department, wanted_on=wanted_on)
        others = Extension.objects.filter(task=task, milestone=milestone)
        return _hand_in(row, task, others, actor, _texts(reason, progress, wanted_on))


def ask_for_item(
    *, part: ItemPart, actor: ActorContext, reason: str, progress: str, wanted_on: date
) -> Extension:
    """A handling unit asks for a later time limit of the item; one request at a time, whichever unit of it asks."""
    with transaction.atomic():
        # the lock on the item is the queue in which two handling units ask
        items = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction")
        item = items.get(pk=part.item_id)
        part = ItemPart.objects.select_related("department").get(pk=part.pk)
        part.item = item
        row = Extension(item_part=part, department=part.department, wanted_on=wanted_on)
        others = Extension.objects.filter(item_part__item=item)
        return _hand_in(row, item, others, actor, _texts(reason, progress, wanted_on))


def _hand_in(
    row: Extension, matter: Task | SupervisedItem, others: Any, actor: ActorContext, texts: dict[str, Any]
) -> Extension:
    """The request about a task or item under lock, judged, written and submitted."""
    today, subject = timezone.localdate(), row.subject
    blocked = settled(row.item_part or subject)
    blocked = blocked or too_late(subject.due_on, today) or wrong_date(subject, row.wanted_on)
    if blocked:
        raise IllegalMove(blocked, matter)
    for name, value in {**texts, **_filed(actor), "due_then": subject.due_on, "asked_on": today}.items():
        setattr(row, name, value)
    decision = can(actor, "file", row)
    if not decision:
        raise NotAllowed(decision.reason, matter)
    other = others.open().select_related("department").first()
    if other is not None:
        raise IllegalMove(
            _("A request of %(unit)s for this date is under way already.") % {"unit": other.department}, matter
        )
    row.on_behalf = not can(actor, "file_own", row)
    row.save()
    record(
        subject=matter,
        action="ask_extension",
        actor=actor.on_behalf(decision.grant),
        reason="" if row.restricted else row.reason,
        after={**_named(row), "due_on": row.wanted_on.isoformat()},
    )
    return advance(EXTENSIONS, row, "submit", actor=actor)


def wrong_date(subject: Task | Milestone | SupervisedItem, wanted_on: date, due_on: date | None = None) -> Any:
    """Why this cannot be the new date; `due_on` is the date in force where that is not the subject's own."""
    due_on = due_on or subject.due_on
    if due_on is not None and wanted_on <= due_on:
        return _("The new date must lie after the date in force (%(day)s).") % {"day": date_format(due_on)}
    match subject:
        case Task():
            return check_due(subject.programme, wanted_on)
        case Milestone():
            return check_due(subject.task.programme, wanted_on) if subject.task is not None else ""
    return ""


def _texts(reason: str, progress: str, wanted_on: date) -> dict[str, Any]:
    if not reason.strip() or not progress.strip():
        raise IllegalMove(_("Please give the reason and say how far the work is."))
    return {"reason": reason.strip()[:500], "progress": progress.strip()[:500], "wanted_on": wanted_on}


def _filed(actor: ActorContext) -> dict[str, Any]:
    return {"filed_by_id": actor.person_id, "filed_at": timezone.now()}


def _named(row: Extension) -> dict[str, Any]:
    """What the journal says of it: the unit, the milestone; nothing of a restricted item."""
    if row.restricted:
        return {}
    named = {"unit": str(row.department)}
    return {**named, "milestone": row.milestone.title} if row.milestone is not None else named


def submit_again(
    extension: Extension, *, actor: ActorContext, reason: str, progress: str, wanted_on: date, row_version: int
) -> Extension:
    """A request that the head returned, worded anew; the day of its first handing in counts."""
    blocked = wrong_date(extension.subject, wanted_on, extension.due_then)
    if blocked:
        raise IllegalMove(blocked, extension)
    fields = {**_texts(reason, progress, wanted_on), **_filed(actor), "on_behalf": not can(actor, "file_own", extension)}
    return advance(EXTENSIONS, extension, "submit", actor=actor, fields=fields, row_version=row_version)


def withdraw(extension: Extension, *, actor: ActorContext) -> Extension:
    return advance(EXTENSIONS, extension, "withdraw", actor=actor)


def sign(extension: Extension, *, actor: ActorContext) -> Extension:
    """审签 by the head."""
    return advance(EXTENSIONS, extension, "sign", actor=actor, fields=signature(actor, SignMode.ELECTRONIC))


def countersign(extension: Extension, *, actor: ActorContext) -> Extension:
    """会签 by the office; only where the unit has no head but the one who filed."""
    if signers([extension])[extension.pk]:
        raise IllegalMove(_("This unit has a head of its own with an account; he signs."), extension)
    return advance(EXTENSIONS, extension, "countersign", actor=actor, fields=signature(actor, SignMode.OFFICE))


def return_by_head(extension: Extension, *, actor: ActorContext, reason: str) -> Extension:
    fields = {"answer": reason.strip()[:400]}
    return advance(EXTENSIONS, extension, "return_by_head", actor=actor, reason=reason, fields=fields)


def refuse(extension: Extension, *, actor: ActorContext, reason: str) -> Extension:
    """不同意: the date in force stands."""
    return advance(EXTENSIONS, extension, "refuse", actor=actor, reason=reason, fields=_decided(actor, reason))


def _decided(actor: ActorContext, answer: str) -> dict[str, Any]:
    return {"decided_by_id": actor.user_id, "decided_at": timezone.now(), "answer": answer.strip()[:400]}


def grant(
    extension: Extension, *, actor: ActorContext, granted_on: date, answer: str = "", row_version: int | None = None
) -> Extension:
    """同意: the office states the new date, which may differ from the wanted one; the original date stays for ever."""
    if extension.state != GRANTED:
        blocked = wrong_date(extension.subject, granted_on, extension.due_then)
        if blocked:
            raise IllegalMove(blocked, extension)
    fields = {**_decided(actor, answer), "granted_on": granted_on}
    return advance(
        EXTENSIONS, extension, "grant", actor=actor, reason=answer, fields=fields, row_version=row_version
    )
