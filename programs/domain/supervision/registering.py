"""立项: how an item comes into being, how it is put right before 交办, and the pages that belong to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ItemKind, ItemState, Urgency
from programs.models import ItemFile, LeaderRemark, Programme, SupervisedItem, Task
from qualitycity.access import ActorContext, Decision, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.workdays.calendar import load_calendar
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.choices import Role
from taskforce.models import Jurisdiction, Membership, User

from .item_notices import tell_registered
from .item_people import check_names, write_names
from .numbering import take_number
from .time_limits import proposed_due

#: Series and name of the number. Restricted items count apart: a gap in the open series would tell of them.
OPEN, CASE, RESTRICTED = ("item", "督办"), ("item_case", "挂牌督办"), ("item_restricted", "限阅督办")
PER_ITEM = 10
#: What can be put right as long as the item is with the office.
EDITABLE = (
    "title", "content", "basis", "given_on", "due_on", "urgency", "leader_id", "leader_label", "case_number",
    "supervising_units", "to_police", "to_police_on",
)  # fmt: skip
#: A form sent twice within this time is one press.
DOUBLE = timedelta(minutes=1)


@dataclass(frozen=True)
class Case:
    """What only a 挂牌督办案件 has. Never files of the case, only number, units, dates."""

    number: str
    supervising_units: str = ""
    to_police_on: date | None = None


def register(
    *,
    actor: ActorContext,
    jurisdiction: Jurisdiction,
    kind: str,
    title: str,
    given_on: date,
    due_on: date | None = None,
    content: str = "",
    basis: str = "",
    urgency: str = Urgency.NORMAL,
    leader: User | None = None,
    leader_label: str = "",
    restricted: bool = False,
    named: Collection[int] = (),
    case: Case | None = None,
    programme: Programme | None = None,
    task: Task | None = None,
    remark: LeaderRemark | None = None,
    uploads: Sequence[UploadedFile] = (),
) -> SupervisedItem:
    """Registers an item under the next number and returns it; sent twice it is registered once.

    Without `due_on` the usual limit of its kind and urgency is taken. A leader registers his own instruction, a
    secretary that of the leader he serves (代录). `named` are the accounts that may see a restricted item, beside whoever
    registers it and the leader whose instruction it is. Raises IllegalMove, NotAllowed or FileRefused with a sentence.
    """
    item = SupervisedItem(
        jurisdiction=jurisdiction,
        kind=kind,
        title=title.strip(),
        content=content.strip(),
        basis=basis.strip(),
        given_on=given_on,
        urgency=urgency,
        leader=leader,
        leader_label=leader_label.strip(),
        restricted=restricted or kind == ItemKind.CASE,
        programme=programme,
        task=task,
        remark=remark,
        recorded_by_id=actor.person_id,
        recorded_at=timezone.now(),
    )
    if case is not None:
        item.case_number, item.supervising_units = case.number.strip(), case.supervising_units.strip()
        item.to_police, item.to_police_on = case.to_police_on is not None, case.to_police_on
    if leader is None and kind == ItemKind.INSTRUCTION and not item.leader_label:
        item.leader = _own_leader(actor, jurisdiction)
    decision = can(actor, "register", item)
    if not decision:
        raise NotAllowed(decision.reason)
    item.by_secretary = _as_secretary(decision)
    due = due_on or proposed_due(kind, urgency, given_on, load_calendar())
    _check(item, due)
    assert due is not None
    item.due_on = item.original_due = due
    with transaction.atomic():
        # one's own presses queue up here, so that the second finds what the first has registered
        User.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        twin = _twin(item)
        if twin is not None:
            return twin
        people = {pk for pk in (*named, actor.person_id, item.leader_id) if pk is not None}
        if item.restricted:
            check_names(jurisdiction, people, new=set(named))
        item.number = _number(item)
        item.save()
        if item.restricted:
            write_names(item, people)
        record(
            subject=item, action="register", actor=actor.on_behalf(decision.grant), to_state=ItemState.REGISTERED
        )
        _attach(item, actor=actor, uploads=uploads)
        if decision.grant is not None and decision.grant.role in (Role.LEADER, Role.SECRETARY):
            tell_registered(item, actor=actor.user_id)
    return item


def from_remark(remark: LeaderRemark, *, actor: ActorContext) -> SupervisedItem:
    """立项 of a 批示 that stands in the portal, in one step: leader, words, day, task and programme are known.

    A remark becomes one item; pressing again returns it.
    """
    with transaction.atomic():
        remark = (
            LeaderRemark.objects.select_for_update(of=("self",))
            .select_related("programme__jurisdiction", "task", "leader")
            .get(pk=remark.pk)
        )
        found = SupervisedItem.objects.filter(remark=remark).first()
        if found is not None:
            if not can(actor, "view", found):
                raise IllegalMove(_("This remark has been registered already."), remark)
            return found
        about = remark.task.title if remark.task else remark.programme.short_title
        return register(
            actor=actor,
            jurisdiction=remark.programme.jurisdiction,
            kind=ItemKind.INSTRUCTION,
            title=f"{remark.leader}关于“{about}”的批示"[:200],
            content=remark.text,
            given_on=timezone.localdate(remark.at),
            leader=remark.leader,
            programme=remark.programme,
            task=remark.task,
            remark=remark,
        )


def revise(
    item: SupervisedItem, *, actor: ActorContext, values: Mapping[str, Any], row_version: int | None = None
) -> SupervisedItem:
    """Puts right what was entered, before 交办; the journal keeps what it was. Afterwards only 延期 and 调整 change it."""
    with transaction.atomic():
        item = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=item.pk)
        decision = can(actor, "edit", item)
        if not decision:
            raise NotAllowed(decision.reason, item)
        if item.state != ItemState.REGISTERED:
            raise IllegalMove(_("The item has been handed out; it is not rewritten any more."), item)
        if row_version not in (None, item.row_version):
            raise IllegalMove(
                _("Somebody else has changed this item in the meantime. Please look at it again."), item
            )
        changed = {
            name: values[name] for name in EDITABLE if name in values and getattr(item, name) != values[name]
        }
        if not changed:
            return item
        before = {name: getattr(item, name) for name in changed}
        for name, value in changed.items():
            setattr(item, name, value)
        _check(item, item.due_on)
        if not can(actor, "edit", item):
            raise NotAllowed(_("The instruction cannot be given to another leader."), item)
        item.original_due = item.due_on
        item.row_version += 1
        item.save()
        hidden = item.restricted
        record(
            subject=item,
            action="revise",
            actor=actor.on_behalf(decision.grant),
            before=None if hidden else before,
            after={"fields": sorted(changed)} if hidden else changed,
            audience="office",
        )
    return item


def attach(item: SupervisedItem, *, actor: ActorContext, uploads: Sequence[UploadedFile]) -> SupervisedItem:
    """Scanned pages and annexes, by whoever may edit the item, and by the office as long as it is open."""
    with transaction.atomic():
        item = _open_for_files(item, actor)
        _attach(item, actor=actor, uploads=uploads)
    return item


def detach(piece: ItemFile, *, actor: ActorContext) -> None:
    with transaction.atomic():
        item = _open_for_files(piece.item, actor)
        before = {"sha256": piece.file.sha256}
        if not item.restricted:
            before["file"] = piece.file.original_name
        piece.delete()
        record(subject=item, action="detach", actor=actor, before=before, audience="office")


def _open_for_files(item: SupervisedItem, actor: ActorContext) -> SupervisedItem:
    item = SupervisedItem.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=item.pk)
    decision = can(actor, "edit", item)
    if not decision:
        raise NotAllowed(decision.reason, item)
    if item.state == ItemState.CLOSED:
        raise IllegalMove(_("The item has been struck off; nothing is added to it any more."), item)
    return item


def _attach(item: SupervisedItem, *, actor: ActorContext, uploads: Sequence[UploadedFile]) -> None:
    if item.files.count() + len(uploads) > PER_ITEM:
        raise IllegalMove(_("At most %(count)s files per item.") % {"count": PER_ITEM}, item)
    for upload in uploads:
        stored = store(upload, purpose="item", actor=actor)
        ItemFile.objects.create(item=item, file=stored)
        after = {} if item.restricted else {"file": stored.original_name}
        record(subject=item, action="attach", actor=actor, after=after, audience="office")


def _own_leader(actor: ActorContext, jurisdiction: Jurisdiction) -> User | None:
    """Whose instruction it is when a leader or his secretary registers it without saying so."""
    for grant in actor.holding(Role.LEADER, Role.SECRETARY):
        leader = grant.leader_id if grant.role == Role.SECRETARY else (grant.acting_for_id or actor.user_id)
        if leader is not None and grant.covers(jurisdiction.path):
            return User.objects.get(pk=leader)
    return None


def _as_secretary(decision: Decision) -> bool:
    return decision.grant is not None and decision.grant.role == Role.SECRETARY


def _check(item: SupervisedItem, due: date | None) -> None:
    """What no item may lack; raises IllegalMove with the sentence."""
    if item.kind not in ItemKind.values or item.urgency not in Urgency.values:
        raise IllegalMove(_("Please choose the kind of the item."))
    if not item.title:
        raise IllegalMove(_("Please give the item a title."))
    if item.given_on > timezone.localdate():
        raise IllegalMove(_("The day on which it was given lies in the future."))
    if due is None:
        raise IllegalMove(_("Please give the time limit of the case."))
    if due < item.given_on:
        raise IllegalMove(_("The time limit lies before the day on which it was given."))
    if item.kind == ItemKind.INSTRUCTION and item.leader_id is None and not item.leader_label:
        raise IllegalMove(_("Please name the leader whose instruction it is."))
    if item.leader_id is not None and item.kind != ItemKind.INSTRUCTION:
        raise IllegalMove(_("Only an instruction names a leader."))
    if item.kind == ItemKind.CASE and not item.case_number:
        raise IllegalMove(_("Please give the number of the case."))
    if item.kind != ItemKind.CASE and (item.case_number or item.supervising_units or item.to_police):
        raise IllegalMove(_("Only a listed case has a case number and can be handed to the police."))
    if item.to_police != (item.to_police_on is not None):
        raise IllegalMove(_("Please give the day on which the case was handed to the police."))
    if item.leader_id is not None and not _is_leader(item):
        raise IllegalMove(_("This person is no leader in the territory of the item."))


def _is_leader(item: SupervisedItem) -> bool:
    """A leader of the territory or of one above it; one query."""
    rows = Membership.objects.current(timezone.localdate()).filter(user_id=item.leader_id, role=Role.LEADER)
    return any(item.jurisdiction.path.startswith(path) for path in rows.values_list("jurisdiction__path", flat=True))


def _twin(item: SupervisedItem) -> SupervisedItem | None:
    """The same thing registered a moment ago by the same person: a form sent twice."""
    return SupervisedItem.objects.filter(
        jurisdiction_id=item.jurisdiction_id,
        recorded_by_id=item.recorded_by_id,
        recorded_at__gt=item.recorded_at - DOUBLE,
        kind=item.kind,
        title=item.title,
        content=item.content,
        given_on=item.given_on,
        remark_id=item.remark_id,
        case_number=item.case_number,
    ).first()


def _number(item: SupervisedItem) -> str:
    """督办〔2026〕3号."""
    series, name = CASE if item.kind == ItemKind.CASE else RESTRICTED if item.restricted else OPEN
    year = timezone.localdate(item.recorded_at).year
    return f"{name}〔{year}〕{take_number(jurisdiction=item.jurisdiction, series=series, year=year)}号"
