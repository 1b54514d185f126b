"""登记: units, groups of units, a body and its seats that a document names and the register lacks; and taking them back.

Everything is journalled, and many rows cost the statements of one. What was entered is struck off again only while
nothing rests on it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import build_entry, record, write_entries
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import (
    Body,
    Department,
    DepartmentAlias,
    DepartmentGroup,
    DepartmentName,
    GroupMember,
    Jurisdiction,
    Seat,
)

from .naming import plain

#: Rows that go with the one they belong to.
OWN: Mapping[type[models.Model], tuple[type[models.Model], ...]] = {
    Department: (DepartmentAlias, DepartmentName),
    DepartmentGroup: (GroupMember,),
}


@dataclass(frozen=True)
class NewUnit:
    """A unit to be entered; `kind` is a code of DepartmentKind."""

    name: str
    short_name: str
    kind: str


def _demand(actor: ActorContext, row: Any) -> ActorContext:
    decision = can(actor, "edit", row)
    if not decision:
        raise NotAllowed(decision.reason, row if row.pk else None)
    return actor.on_behalf(decision.grant)


def _free_codes(model: Any, stem: str) -> Iterable[str]:
    taken = set(model.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return (code for number in count(1) if (code := f"{stem}{number:03d}") not in taken)


def enrol_units(
    *, actor: ActorContext, place: Jurisdiction, units: Sequence[NewUnit], basis: str
) -> list[Department]:
    """New units of `place`, in their order. Raises IllegalMove where one of that name is there already."""
    if not units:
        return []
    rows = [
        Department(
            jurisdiction=place, name=unit.name.strip(), short_name=unit.short_name.strip() or unit.name.strip()[:40],
            kind=unit.kind,
        )
        for unit in units
    ]  # fmt: skip
    acting = _demand(actor, rows[0])
    with transaction.atomic():
        Jurisdiction.objects.select_for_update(of=("self",)).get(pk=place.pk)
        known = {plain(name) for name in place.departments.values_list("name", flat=True)}
        for row, code in zip(rows, _free_codes(Department, f"{place.code}-"), strict=False):
            if not row.name:
                raise IllegalMove(_("The unit is missing."))
            if plain(row.name) in known:
                raise IllegalMove(_("There is a unit “%(name)s” already.") % {"name": row.name})
            known.add(plain(row.name))
            row.code = code
        Department.objects.bulk_create(rows)
        write_entries(
            build_entry(
                subject=row,
                action="enrol",
                actor=acting,
                reason=basis,
                after={"name": row.name, "kind": row.kind},
            )
            for row in rows
        )
    return rows


def enrol_groups(
    *, actor: ActorContext, place: Jurisdiction, names: Sequence[str], basis: str
) -> list[DepartmentGroup]:
    """Groups as the document names them, 名单待定. Raises IllegalMove where one of that name is there already."""
    if not names:
        return []
    rows = [DepartmentGroup(jurisdiction=place, name=name.strip()) for name in names]
    acting = _demand(actor, rows[0])
    with transaction.atomic():
        Jurisdiction.objects.select_for_update(of=("self",)).get(pk=place.pk)
        known = set(place.department_groups.values_list("name", flat=True))
        for row, code in zip(rows, _free_codes(DepartmentGroup, f"{place.code}-g"), strict=False):
            if row.name in known:
                raise IllegalMove(_("There is a group “%(name)s” already.") % {"name": row.name})
            known.add(row.name)
            row.code = code
        DepartmentGroup.objects.bulk_create(rows)
        write_entries(
            build_entry(subject=row, action="enrol", actor=acting, reason=basis, after={"name": row.name})
            for row in rows
        )
    return rows


def also_called(
    names: Mapping[int, Sequence[str]], *, actor: ActorContext, basis: str
) -> list[DepartmentAlias]:
    """别称 by the unit's primary key: from now on documents may call it so. Names it bears already are passed over."""
    units = Department.objects.select_related("jurisdiction").prefetch_related("aliases").in_bulk(list(names))
    rows, entries = [], []
    for pk, unit in units.items():
        acting = _demand(actor, unit)
        known = {unit.name, unit.short_name, *(row.alias for row in unit.aliases.all())}
        for alias in dict.fromkeys(text.strip()[:60] for text in names[pk]):
            if alias and alias not in known:
                rows.append(DepartmentAlias(department=unit, alias=alias))
                entries.append(
                    build_entry(
                        subject=unit, action="also_called", actor=acting, reason=basis, after={"alias": alias}
                    )
                )
    with transaction.atomic():
        DepartmentAlias.objects.bulk_create(rows)
        write_entries(entries)
    return rows


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
        row.code = next(iter(_free_codes(Body, f"{place.code}-b")))
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
    """Takes back what was entered (units, groups, aliases, bodies, seats), as far as nothing rests on it. Rows come in
    the order in which they may go. Returns what had to stay."""
    kept: list[Any] = []
    with transaction.atomic():
        for model in dict.fromkeys(type(row) for row in rows):
            mine = [row for row in rows if type(row) is model]
            used = _used(model, [row.pk for row in mine])
            gone = [row for row in mine if row.pk not in used]
            kept += [row for row in mine if row.pk in used]
            entries = []
            for row in gone:
                owner = (
                    row.department
                    if isinstance(row, DepartmentAlias)
                    else row.body
                    if isinstance(row, Seat)
                    else row
                )
                entries.append(
                    build_entry(
                        subject=owner, action="strike_off", actor=_demand(actor, owner), reason=reason,
                        before={"row": str(row)},
                    )
                )  # fmt: skip
            write_entries(entries)
            model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
    return kept


def _used(model: type[models.Model], pks: Collection[int]) -> set[int]:
    """Which of the rows something else points at; one query for each kind of thing that can."""
    used: set[int] = set()
    for relation in model._meta.related_objects:
        other = relation.related_model
        if isinstance(other, type) and other not in OWN.get(model, ()):
            name = relation.field.attname if hasattr(relation.field, "attname") else relation.field.name
            rows = other._base_manager.filter(**{f"{relation.field.name}__in": pks})
            used |= set(rows.values_list(name, flat=True))
    return used
