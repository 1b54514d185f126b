"""登记: a unit, a group of units, a body or a seat that a document names and the register lacks; and taking them back.

Everything is journalled. What was entered is struck off again only while nothing rests on it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Body, Department, DepartmentAlias, DepartmentGroup, Jurisdiction, Seat

from .naming import plain


def _demand(actor: ActorContext, row: Any) -> ActorContext:
    decision = can(actor, "edit", row)
    if not decision:
        raise NotAllowed(decision.reason, row if row.pk else None)
    return actor.on_behalf(decision.grant)


def _free_code(model: Any, stem: str) -> str:
    taken = set(model.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number = 1
    while f"{stem}{number:03d}" in taken:
        number += 1
    return f"{stem}{number:03d}"


def enrol_unit(
    *, actor: ActorContext, place: Jurisdiction, name: str, short_name: str, kind: str, basis: str
) -> Department:
    """A new unit of `place`. Raises IllegalMove where a unit of that name is there already."""
    name, short_name = name.strip(), short_name.strip() or name.strip()[:40]
    row = Department(jurisdiction=place, name=name, short_name=short_name, kind=kind)
    acting = _demand(actor, row)
    if not name:
        raise IllegalMove(_("The unit is missing."))
    if any(plain(name) == plain(other) for other in place.departments.values_list("name", flat=True)):
        raise IllegalMove(_("There is a unit “%(name)s” already.") % {"name": name})
    with transaction.atomic():
        Jurisdiction.objects.select_for_update(of=("self",)).get(pk=place.pk)
        row.code = _free_code(Department, f"{place.code}-")
        row.save()
        record(subject=row, action="enrol", actor=acting, reason=basis, after={"name": name, "kind": kind})
    return row


def enrol_group(*, actor: ActorContext, place: Jurisdiction, name: str, basis: str) -> DepartmentGroup:
    """A group as the document names it, 名单待定. Raises IllegalMove where one of that name is there already."""
    row = DepartmentGroup(jurisdiction=place, name=name.strip())
    acting = _demand(actor, row)
    if DepartmentGroup.objects.filter(jurisdiction=place, name=row.name).exists():
        raise IllegalMove(_("There is a group “%(name)s” already.") % {"name": row.name})
    with transaction.atomic():
        Jurisdiction.objects.select_for_update(of=("self",)).get(pk=place.pk)
        row.code = _free_code(DepartmentGroup, f"{place.code}-g")
        row.save()
        record(subject=row, action="enrol", actor=acting, reason=basis, after={"name": row.name})
    return row


def also_called(unit: Department, *, actor: ActorContext, alias: str, basis: str) -> DepartmentAlias | None:
    """别称: from now on documents may call the unit so. None where it is called so already."""
    acting = _demand(actor, unit)
    alias = alias.strip()[:60]
    known = {unit.name, unit.short_name, *unit.aliases.values_list("alias", flat=True)}
    if not alias or alias in known:
        return None
    with transaction.atomic():
        row = DepartmentAlias.objects.create(department=unit, alias=alias)
        record(subject=unit, action="also_called", actor=acting, reason=basis, after={"alias": alias})
    return row


def found_body(
    *,
    actor: ActorContext,
    place: Jurisdiction,
    name: str,
    kind: str,
    source: str,
    office: Department | None = None,
) -> Body:
    """领导机构 as the document sets it up. Raises IllegalMove where one of that name is there already."""
    row = Body(
        jurisdiction=place, name=name.strip(), kind=kind, source=source[:120], office_department=office
    )
    acting = _demand(actor, row)
    if Body.objects.filter(jurisdiction=place, name=row.name).exists():
        raise IllegalMove(_("There is a body “%(name)s” already.") % {"name": row.name})
    with transaction.atomic():
        Jurisdiction.objects.select_for_update(of=("self",)).get(pk=place.pk)
        row.code = _free_code(Body, f"{place.code}-b")
        row.save()
        record(subject=row, action="enrol", actor=acting, reason=source, after={"name": row.name})
    return row


def seat(body: Body, *, actor: ActorContext, seats: Sequence[Seat], source: str) -> list[Seat]:
    """席位 as printed, in their order; unsaved rows come in, saved ones go out. One entry for the whole roster."""
    acting = _demand(actor, body)
    with transaction.atomic():
        highest = max((row.sort for row in body.seats.all()), default=0)
        for number, row in enumerate(seats, 1):
            row.body, row.sort, row.source = body, highest + number * 10, source[:120]
        rows = Seat.objects.bulk_create(seats)
        record(
            subject=body,
            action="seat",
            actor=acting,
            reason=source,
            after={"seats": [str(row) for row in rows][:100]},
        )
    return rows


def strike_off(rows: Collection[Any], *, actor: ActorContext, reason: str) -> list[Any]:
    """Takes back what was entered (units, groups, aliases, bodies, seats), as far as nothing rests on it. Returns what
    had to stay."""
    kept = []
    for row in rows:
        owner: Any = row
        if isinstance(row, DepartmentAlias):
            owner = row.department
        elif isinstance(row, Seat):
            owner = row.body
        acting = _demand(actor, owner)
        # rows that would go along silently count as something that rests on it
        if (isinstance(row, Body) and row.seats.exists()) or (isinstance(row, Department) and row.contacts.exists()):
            kept.append(row)
            continue
        try:
            with transaction.atomic():
                record(subject=owner, action="strike_off", actor=acting, reason=reason, before={"row": str(row)})
                row.delete()
        except ProtectedError:
            kept.append(row)
    return kept
