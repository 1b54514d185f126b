"""应报材料: the register, what it lays before the units, and the transition table of one paper due.

| from | action | to | who |
|---|---|---|---|
| due, returned | file 报送 | filed | liaison or head of the unit, or the office for it (代填); a file is attached |
| filed | withdraw 撤回 | due | the side that handed it in |
| filed | accept 接收 | accepted | office, not who handed it in |
| filed | return 退回 | returned | office, with a reason |
| accepted | take_back 退回重报 | returned | office administrator, with a reason |
| due, returned | waive 免报 | waived | office administrator, with a reason |
| waived | reopen 恢复 | due | office administrator, with a reason |

The paper carries the unit's seal: no further signature in the portal is asked (减负).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from programs.choices import MaterialState
from programs.models import Material, MaterialDue, MaterialFile
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.workflow import IllegalMove, Machine, NotAllowed, Transition, advance, advance_many
from taskforce.models import Department, Jurisdiction

from .. import burden
from . import asks
from . import material_notices as notices
from .material_dates import dates_to_lay_out

DUE, FILED, RETURNED = MaterialState.DUE, MaterialState.FILED, MaterialState.RETURNED
ACCEPTED, WAIVED = MaterialState.ACCEPTED, MaterialState.WAIVED
#: Files of one paper: the paper itself, its annexes.
PER_PAPER = 10
FIELDS = ("title", "basis", "document", "programme", "recipient", "recurrence", "first_due", "about_previous", "hint")
#: What may still change once dates have been laid out; with other dates a paper is registered anew.
CHANGEABLE = ("basis", "document", "programme", "recipient", "hint")


def _has_paper(row: MaterialDue, actor: ActorContext) -> Any:
    return "" if row.files.all() else _("Please attach the paper: a scan or a document.")


def _own_side(row: MaterialDue, actor: ActorContext) -> Any:
    if can(actor, "accept" if row.on_behalf else "file_own", row):
        return ""
    return _("Only the side that handed the paper in can take it back.")


def _move(action: str, source: set[str], target: str, who: str, label: Any, **more: Any) -> Transition:
    return Transition(action, frozenset(source), target, who, label, **more)


MATERIALS = Machine(
    model="programs.MaterialDue",
    field="state",
    related=("material__jurisdiction", "department"),
    prefetch=("files",),
    snapshot=("due_on", "filed_on"),
    transitions=(
        _move(
            "file", {DUE, RETURNED}, FILED, "file", gettext_lazy("Hand in"),
            guard=_has_paper, effects=(notices.tell_filed,),
        ),
        _move("withdraw", {FILED}, DUE, "file", gettext_lazy("Take back"), guard=_own_side),
        _move(
            "accept", {FILED}, ACCEPTED, "accept", pgettext_lazy("paper", "Accept"), effects=(notices.tell_decided,),
            second_person=("filed_by_id",),
            second_person_sentence=gettext_lazy("You handed this paper in yourself; a colleague must accept it."),
        ),
        _move(
            "return", {FILED}, RETURNED, "accept", gettext_lazy("Return"),
            reason_required=True, effects=(notices.tell_decided,),
        ),
        _move(
            "take_back", {ACCEPTED}, RETURNED, "decide", gettext_lazy("Ask for it again"),
            reason_required=True, effects=(notices.tell_decided,),
        ),
        _move("waive", {DUE, RETURNED}, WAIVED, "decide", pgettext_lazy("paper", "Waive"), reason_required=True),
        _move("reopen", {WAIVED}, DUE, "decide", gettext_lazy("Take up again"), reason_required=True),
    ),
)  # fmt: skip


def register(
    *,
    actor: ActorContext,
    jurisdiction: Jurisdiction,
    units: Collection[Department],
    reason: str = "",
    **values: Any,
) -> Material:
    """A paper is put on the register and laid before its units. `values` as in FIELDS; `reason` is needed where units
    would then be asked for more than the limit of the territory (填报负担).

    Raises NotAllowed, or IllegalMove where no unit is named or the same paper to the same recipient is registered,
    AskedTooMuch where the reason is missing.
    """
    if unknown := set(values) - set(FIELDS):
        raise ValueError(f"not a column of the register: {sorted(unknown)}")
    material = Material(
        jurisdiction=jurisdiction, registered_by_id=actor.person_id, registered_on=timezone.localdate(), **values
    )
    _demand(actor, "manage", material)
    if not units:
        raise IllegalMove(_("Name at least one unit from which the paper is due."), None)
    try:
        with transaction.atomic():
            material.save()
            material.units.add(*units)
            record(subject=material, action="register", actor=actor, after=_told(material, units))
            _weigh(material, units, actor=actor, reason=reason)
            laid = _lay_out({material: units}, timezone.localdate(), new=True)
            notices.tell_asked(material, laid)
    except IntegrityError as error:
        raise IllegalMove(_("This paper to this recipient is on the register already."), None) from error
    return material


def change(
    material: Material,
    *,
    actor: ActorContext,
    units: Collection[Department],
    row_version: int,
    reason: str = "",
    **values: Any,
) -> Material:
    """Recipient, contents, basis and units; a unit that is added owes from its next date on, one that is taken off
    owes nothing of later dates – what it has still open stays and is waived by hand. `reason` is needed where an added
    unit would be asked for more than the limit."""
    if unknown := set(values) - set(CHANGEABLE):
        raise ValueError(f"does not change: {sorted(unknown)}")
    with transaction.atomic():
        material = Material.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=material.pk)
        _demand(actor, "manage", material)
        if material.row_version != row_version:
            raise IllegalMove(
                _("Somebody else has changed this line in the meantime. Please look at it again."), material
            )
        if material.ended_on is not None:
            raise IllegalMove(_("This paper has been taken off the register."), material)
        if not units:
            raise IllegalMove(_("Name at least one unit from which the paper is due."), material)
        named = list(material.units.all())
        before = _told(material, named)
        for name, value in values.items():
            setattr(material, name, value)
        material.row_version += 1
        material.save(update_fields=[*values, "row_version"])
        material.units.remove(*(unit for unit in named if unit not in units))
        added = [unit for unit in units if unit not in named]
        material.units.add(*added)
        record(subject=material, action="change", actor=actor, before=before, after=_told(material, units))
        _weigh(material, added, actor=actor, reason=reason)
        notices.tell_asked(material, _lay_out({material: units}, timezone.localdate()))
    return material


def end(material: Material, *, actor: ActorContext, reason: str) -> Material:
    """The paper is asked for no more: later dates are waived, what is overdue stays owed until it is decided."""
    with transaction.atomic():
        material = Material.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=material.pk)
        _demand(actor, "decide", material)
        if material.ended_on is not None:
            return material
        if not reason.strip():
            raise IllegalMove(_("Please give a reason."), material)
        today = timezone.localdate()
        material.ended_on = today
        material.row_version += 1
        material.save(update_fields=["ended_on", "row_version"])
        record(subject=material, action="end", actor=actor, reason=reason.strip())
        later = list(material.dues.owed().filter(due_on__gt=today))
        if later:
            advance_many(MATERIALS, later, "waive", actor=actor, reason=reason, fields=_remarks(later, reason))
    return material


def lay_out(*, today: date | None = None) -> int:
    """What has come near is laid before the units; run every hour, repeating it changes nothing. Returns how many."""
    with transaction.atomic():
        rows = Material.objects.filter(ended_on__isnull=True).prefetch_related("units").order_by("pk")
        return len(_lay_out({row: row.units.all() for row in rows}, today or timezone.localdate()))


def _lay_out(
    asked: Mapping[Material, Iterable[Department]], today: date, *, new: bool = False
) -> list[MaterialDue]:
    """Two statements for any number of papers: those that stand already, those that are new. `new`: the papers have
    just been registered, nothing of them stands."""
    wanted = [
        MaterialDue(
            material=material, department=unit, label=found.label, due_on=found.due_on, original_due=found.due_on
        )
        for material, units in asked.items()
        for found in dates_to_lay_out(
            recurrence=material.recurrence,
            first_due=material.first_due,
            about_previous=material.about_previous,
            ended_on=material.ended_on,
            today=today,
        )
        for unit in units
    ]
    if not wanted:
        return []
    if not new:
        standing = MaterialDue.objects.filter(
            material__in={row.material_id for row in wanted}, original_due__gte=today
        ).values_list("material_id", "department_id", "original_due")
        stand = set(standing)
        wanted = [row for row in wanted if (row.material_id, row.department_id, row.original_due) not in stand]
    # another process may be laying out the same dates
    MaterialDue.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1000)
    return wanted


def hand_in(
    due: MaterialDue,
    *,
    actor: ActorContext,
    uploads: Sequence[UploadedFile] = (),
    dropped: Collection[int] = (),
    note: str = "",
) -> MaterialDue:
    """报送: files are checked and stored, `dropped` ones of an earlier attempt taken off, and the paper goes to the
    office, all or nothing. Raises FileRefused with a sentence for the person."""
    with transaction.atomic():
        due = MaterialDue.objects.select_for_update(of=("self",)).select_related(*MATERIALS.related).get(pk=due.pk)
        _demand(actor, "file", due)
        if due.state in MaterialState.with_unit():
            _exchange(due, actor=actor, uploads=uploads, dropped=dropped)
        fields = {
            "filed_by_id": actor.person_id,
            "filed_on": timezone.localdate(),
            "on_behalf": not can(actor, "file_own", due),
            "note": note.strip()[:300],
        }
        return advance(MATERIALS, due, "file", actor=actor, fields=fields)


def _exchange(
    due: MaterialDue, *, actor: ActorContext, uploads: Sequence[UploadedFile], dropped: Collection[int]
) -> None:
    gone = list(due.files.filter(pk__in=dropped).select_related("file"))
    if due.files.count() - len(gone) + len(uploads) > PER_PAPER:
        raise IllegalMove(_("At most %(count)s files per paper.") % {"count": PER_PAPER}, due)
    for row in gone:
        before = {"file": row.file.original_name, "sha256": row.file.sha256}
        row.delete()
        record(subject=due, action="detach", actor=actor, before=before, audience="unit")
    for upload in uploads:
        stored = store(upload, purpose="material", actor=actor)
        MaterialFile.objects.create(due=due, file=stored)
        record(subject=due, action="attach", actor=actor, after={"file": stored.original_name}, audience="unit")


def withdraw(due: MaterialDue, *, actor: ActorContext) -> MaterialDue:
    fields = {"filed_by_id": None, "filed_on": None, "on_behalf": False}
    return advance(MATERIALS, due, "withdraw", actor=actor, fields=fields)


def accept(dues: Iterable[MaterialDue], *, actor: ActorContext, remark: str = "") -> list[MaterialDue]:
    """接收, one or many."""
    dues = list(dues)
    given = {"decided_by_id": actor.person_id, "decided_on": timezone.localdate(), "remark": remark.strip()[:400]}
    return advance_many(
        MATERIALS, dues, "accept", actor=actor, reason=remark, fields={due.pk: given for due in dues}
    )


def send_back(due: MaterialDue, *, actor: ActorContext, reason: str) -> MaterialDue:
    """退回; of an accepted paper 退回重报."""
    action = "take_back" if due.state == ACCEPTED else "return"
    fields = {"remark": reason.strip()[:400], "decided_by_id": None, "decided_on": None}
    return advance(MATERIALS, due, action, actor=actor, reason=reason, fields=fields)


def waive(due: MaterialDue, *, actor: ActorContext, reason: str) -> MaterialDue:
    return advance(MATERIALS, due, "waive", actor=actor, reason=reason, fields=_remarks([due], reason)[due.pk])


def reopen(due: MaterialDue, *, actor: ActorContext, reason: str) -> MaterialDue:
    return advance(MATERIALS, due, "reopen", actor=actor, reason=reason, fields={"remark": ""})


def _remarks(dues: Iterable[MaterialDue], reason: str) -> dict[int, Mapping[str, Any] | None]:
    return {due.pk: {"remark": reason.strip()[:400]} for due in dues}


def _demand(actor: ActorContext, action: str, obj: Any) -> None:
    decision = can(actor, action, obj)
    if not decision:
        raise NotAllowed(decision.reason, obj)


def _weigh(material: Material, units: Collection[Department], *, actor: ActorContext, reason: str) -> None:
    """填报负担: what the paper will ask of these units in the coming year."""
    asked = asks.of_paper(material, units, today=timezone.localdate())
    burden.check_burden(
        actor=actor, subject=material, jurisdiction=material.jurisdiction, asks=asked, reason=reason
    )


def _told(material: Material, units: Collection[Department]) -> dict[str, Any]:
    """What the journal keeps of a line of the register."""
    return {
        "recipient": material.recipient,
        "recurrence": material.recurrence,
        "first_due": material.first_due,
        "basis": material.basis,
        "hint": material.hint,
        "units": "、".join(str(unit) for unit in units),
    }
