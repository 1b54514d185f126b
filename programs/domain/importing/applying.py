"""建立方案: what was confirmed becomes document, programme, tasks, indicators, schemes, body and seats in one
transaction; and 撤销, which takes all of it back while nothing has begun."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ProgrammeState, ProposalKind, ProposalState, TaskState
from programs.models import PolicyDocument, PolicyDraft, Programme, Proposal, Responsibility, Task
from qualitycity.access import ActorContext
from qualitycity.workflow import IllegalMove, advance
from taskforce.choices import BodyKind
from taskforce.domain import enrolling
from taskforce.domain.naming import NameIndex, plain
from taskforce.models import Body, Department, DepartmentAlias, DepartmentGroup, Jurisdiction, Seat

from ..breakdown import expand_group
from ..loading import load_programme
from ..syncing import LoadError
from .drafts import DRAFTS
from .editing import locked
from .facts import Register, programme_facts

#: Fields without which there is no document and no programme.
NEEDED = ("title", "issuing_body", "dated", "short_title", "starts_on", "ends_on")
BODY_KINDS = (("委员会", BodyKind.COMMITTEE), ("联席会议", BodyKind.JOINT_MEETING))


@dataclass(frozen=True)
class Lack:
    """One reason why the programme cannot be set up yet; `field` names one of the head's fields, or ""."""

    sentence: str
    field: str = ""


def lacks(draft: PolicyDraft, counts: dict[tuple[str, str], int]) -> list[Lack]:
    """Everything that stands in the way. `counts`: proposals by kind and state."""
    head = draft.head
    found = [Lack(str(_("Please fill this in.")), name) for name in NEEDED if not head.get(name)]
    if head.get("starts_on") and head.get("ends_on") and head["starts_on"] > head["ends_on"]:
        found.append(Lack(str(_("The programme ends before it starts.")), "ends_on"))
    if head.get("effective_on") and head.get("valid_until") and head["effective_on"] >= head["valid_until"]:
        found.append(Lack(str(_("The validity ends before it begins.")), "valid_until"))
    waiting = sum(number for (_kind, state), number in counts.items() if state == ProposalState.OPEN)
    if waiting:
        found.append(Lack(str(_("%(count)s proposals are not settled yet.") % {"count": waiting})))
    if not counts.get((ProposalKind.TASK, ProposalState.ACCEPTED)):
        found.append(Lack(str(_("No task is confirmed yet."))))
    return found


def apply(draft: PolicyDraft, *, actor: ActorContext) -> Programme:
    """Sets the programme up as a draft; pressed twice it is set up once. Raises NotAllowed, IllegalMove."""
    if draft.programme_id and draft.programme is not None:
        return draft.programme
    with transaction.atomic():
        draft, _acting = locked(draft, actor)
        rows = list(draft.proposals.order_by("start", "-end", "pk"))
        counts: dict[tuple[str, str], int] = {}
        for row in rows:
            counts[row.kind, row.state] = counts.get((row.kind, row.state), 0) + 1
        for lack in lacks(draft, counts):
            raise IllegalMove(lack.sentence, draft)
        same = PolicyDocument.objects.filter(sha256=draft.sha256).first()
        if same is not None:
            raise IllegalMove(
                _("This very file was set up already: “%(title)s”.") % {"title": same.title}, draft
            )
        basis = draft.head["title"]
        # one at a time per territory, so that the running numbers are free
        place = Jurisdiction.objects.select_for_update(of=("self",)).get(pk=draft.jurisdiction_id)
        confirmed = [row for row in rows if row.state == ProposalState.ACCEPTED]
        made: dict[str, Any] = {}
        draft.units = _enrol(draft, confirmed, place, actor, basis, made)
        index = NameIndex(place)
        body = _body(draft, confirmed, place, actor, basis, made, index)
        register = Register(
            departments=Department.objects.in_bulk(_pks(draft, "department")),
            groups=DepartmentGroup.objects.in_bulk(_pks(draft, "group")),
            body=body.code if body else None,
        )
        _demand_known(draft, confirmed, register)
        year = draft.head["starts_on"][:4]
        facts = programme_facts(
            draft,
            confirmed,
            register,
            key=_free_key(Programme, f"{place.code}-{year}-"),
            document_key=_free_key(PolicyDocument, f"{place.code}-d"),
        )
        try:
            load_programme(facts=facts, actor=actor)
        except LoadError as error:
            raise IllegalMove(str(error), draft) from error
        programme = Programme.objects.select_related("document", "jurisdiction").get(key=facts.programme.key)
        programme.report_every, programme.contact = draft.head["report_every"], draft.head["contact"]
        programme.save(update_fields=["report_every", "contact"])
        PolicyDocument.objects.filter(key=facts.document.key).update(sha256=draft.sha256)
        _expand(draft, programme, actor)
        fields = {
            "programme_id": programme.pk,
            "applied_at": timezone.now(),
            "made": made,
            "units": draft.units,
        }
        advance(DRAFTS, draft, "apply", actor=actor, fields=fields)
    return programme


def _demand_known(draft: PolicyDraft, rows: Iterable[Proposal], register: Register) -> None:
    """Units that were answered once may have left the register since."""
    for name in sorted({unit["name"] for row in rows for unit in row.data.get("units", [])}):
        answer = draft.units.get(name, {})
        if (
            answer.get("department") not in register.departments
            and answer.get("group") not in register.groups
        ):
            raise IllegalMove(
                _("“%(unit)s” is not in the register any more; say again what it means.") % {"unit": name},
                draft,
            )


def _pks(draft: PolicyDraft, what: str) -> list[int]:
    return [answer[what] for answer in draft.units.values() if what in answer]


def _free_key(model: Any, stem: str) -> str:
    taken = set(model.objects.filter(key__startswith=stem).values_list("key", flat=True))
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _enrol(
    draft: PolicyDraft,
    rows: Iterable[Proposal],
    place: Jurisdiction,
    actor: ActorContext,
    basis: str,
    made: dict[str, Any],
) -> dict[str, Any]:
    """Units and groups that the person called new, and aliases to be remembered; the answers then name rows."""
    wanted = {unit["name"] for row in rows for unit in row.data.get("units", [])}
    answers = {name: draft.units[name] for name in sorted(wanted & draft.units.keys())}
    new = {name: answer["new"] for name, answer in answers.items() if "new" in answer}
    # somebody may have entered it in the meantime, an earlier edition for instance
    known = {plain(unit.name): unit for unit in place.departments.select_related("successor")} if new else {}
    groups = {group.name: group for group in place.department_groups.all()} if new else {}
    fresh = {n["name"]: n for n in new.values() if not n.get("group") and plain(n["name"]) not in known}
    for unit in enrolling.enrol_units(
        actor=actor, place=place, basis=basis,
        units=[enrolling.NewUnit(n["name"], n["short_name"], n["kind"]) for n in fresh.values()],
    ):  # fmt: skip
        made.setdefault("departments", []).append(unit.pk)
        known[plain(unit.name)] = unit
    names = list(dict.fromkeys(n["name"] for n in new.values() if n.get("group") and n["name"] not in groups))
    for group in enrolling.enrol_groups(actor=actor, place=place, names=names, basis=basis):
        made.setdefault("groups", []).append(group.pk)
        groups[group.name] = group
    units = dict(draft.units)
    for name, one in new.items():
        row = (
            {"group": groups[one["name"]].pk}
            if one.get("group")
            else {"department": known[plain(one["name"])].today().pk}
        )
        units[name] = {**answers[name], **row}
    aliases: dict[int, list[str]] = {}
    for name, answer in answers.items():
        if answer.get("remember") and "department" in answer:
            aliases.setdefault(answer["department"], []).append(name)
    rows_made = enrolling.also_called(aliases, actor=actor, basis=basis)
    if rows_made:
        made["aliases"] = [row.pk for row in rows_made]
    return units


def _body(
    draft: PolicyDraft,
    rows: Iterable[Proposal],
    place: Jurisdiction,
    actor: ActorContext,
    basis: str,
    made: dict[str, Any],
    index: NameIndex,
) -> Body | None:
    """The leading body that the document names: the register's own of that name, or a new one with its seats. Seats of
    a body that is there already are kept up by the office and not added to."""
    name = draft.head.get("group_name", "").strip()
    if not name:
        return None
    body = Body.objects.filter(jurisdiction=place, name=name).select_related("jurisdiction").first()
    if body is not None:
        return body
    kind = next((kind for word, kind in BODY_KINDS if word in name), BodyKind.LEADING_GROUP)
    office = index.find(draft.head.get("office_seat", "")) if draft.head.get("office_seat") else None
    source = draft.head.get("number") or basis
    body = enrolling.found_body(
        actor=actor,
        place=place,
        name=name,
        kind=kind,
        source=source,
        office=office.department if office else None,
    )
    made["body"] = body.pk
    seats = [_seat(draft, row, index) for row in rows if row.kind == ProposalKind.SEAT]
    if seats:
        made["seats"] = [row.pk for row in enrolling.seat(body, actor=actor, seats=seats, source=source)]
    return body


def _seat(draft: PolicyDraft, row: Proposal, index: NameIndex) -> Seat:
    data = row.data
    match = index.find(data["unit"]) if data.get("unit") else None
    department = match.department if match else None
    return Seat(
        role=data["role"],
        printed_role=data.get("printed_role", ""),
        person=data.get("person", ""),
        post=data.get("post") or ("" if department else data.get("unit", "")),
        department=department,
        clause_path=row.path,
        quote=draft.text[row.start : row.end],
    )


def _expand(draft: PolicyDraft, programme: Programme, actor: ActorContext) -> None:
    """Groups that the person wants as single units, where their list is given."""
    groups = [
        answer["group"] for answer in draft.units.values() if answer.get("expand") and "group" in answer
    ]
    parts = Responsibility.objects.filter(
        task__programme=programme, group_id__in=groups, group__list_given_on__isnull=False
    ).select_related("task__programme__jurisdiction", "group")
    for part in parts:
        expand_group(part, actor=actor)


def why_not_undo(draft: PolicyDraft) -> str:
    """Why the import cannot be taken back; "" while nothing has begun."""
    programme = draft.programme
    if programme is None:
        return str(_("The programme of this import is gone."))
    if programme.state != ProgrammeState.DRAFT:
        return str(_("The programme has been started: it is changed by the office, not undone."))
    if programme.tasks.exclude(state=TaskState.DRAFT).exists() or programme.consultations.exists():
        return str(_("Work on the programme has begun (tasks are out for comment or confirmed)."))
    if programme.children.exists() or programme.carried_to.exists():
        return str(_("Another programme rests on this one."))
    return ""


def undo(draft: PolicyDraft, *, actor: ActorContext) -> list[str]:
    """Takes back the programme, its document and what was entered into the registers for it; the confirmed proposals
    stay. Returns what had to stay because something else rests on it by now."""
    with transaction.atomic():
        draft = (
            PolicyDraft.objects.select_related("jurisdiction")
            .select_for_update(of=("self",))
            .get(pk=draft.pk)
        )
        programme, made = draft.programme, draft.made
        if programme is not None:
            Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        reason = why_not_undo(draft)
        if reason:
            raise IllegalMove(reason, draft)
        units = {
            name: {
                key: value
                for key, value in answer.items()
                if "new" not in answer or key not in ("department", "group")
            }
            for name, answer in draft.units.items()
        }
        fields = {"programme_id": None, "applied_at": None, "made": {}, "units": units}
        advance(DRAFTS, draft, "undo", actor=actor, fields=fields)
        if programme is not None:
            _remove(programme)
        rows: list[Any] = [
            *Seat.objects.filter(pk__in=made.get("seats", [])).select_related("body__jurisdiction"),
            *Body.objects.filter(pk=made.get("body")).select_related("jurisdiction"),
            *DepartmentAlias.objects.filter(pk__in=made.get("aliases", [])).select_related(
                "department__jurisdiction"
            ),
            *Department.objects.filter(pk__in=made.get("departments", [])).select_related("jurisdiction"),
            *DepartmentGroup.objects.filter(pk__in=made.get("groups", [])).select_related("jurisdiction"),
        ]
        kept = enrolling.strike_off(rows, actor=actor, reason=str(draft))
    return [str(row) for row in kept]


def _remove(programme: Programme) -> None:
    """Sub-items first, then tasks, then all else goes with the programme."""
    document = programme.document
    while programme.tasks.exists():
        leaves = Task.objects.filter(programme=programme, items__isnull=True)
        Task.objects.filter(pk__in=list(leaves.values_list("pk", flat=True))).delete()
    programme.delete()
    if document is not None and not document.programmes.exists():
        document.delete()
